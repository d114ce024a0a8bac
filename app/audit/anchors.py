"""Tips of all chains in a file, to be kept where whoever owns the database cannot write.

One JSON object: organization -> {seq, hash}. A later run compares, and finds even a chain that was computed
anew from its first event.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from .core import Tip


def write(file: Path, tips: Mapping[str, Tip]) -> None:
    """Whole or not at all: a half anchor would raise a false alarm."""
    shown = {organization: {"seq": tip.seq, "hash": tip.hash.hex()} for organization, tip in tips.items()}
    beside = file.with_name(f"{file.name}.new")
    beside.write_text(json.dumps(shown, indent=2) + "\n", "utf-8")
    beside.replace(file)


def read(file: Path) -> dict[str, Tip]:
    """Raises OSError or ValueError."""
    try:
        return {
            organization: Tip(int(tip["seq"]), bytes.fromhex(tip["hash"]))
            for organization, tip in json.loads(file.read_text("utf-8")).items()
        }
    except (KeyError, TypeError, AttributeError):
        raise ValueError("it is not an anchor that this command wrote") from None
