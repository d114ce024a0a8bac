"""What one head has been shown of a board: numbered, and compared before anything is sent.

Only what differs for this viewer leaves the server, so that the number and the moment of a message tell no
more of a hidden person than the message does. Knows neither privacy nor time.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

Shown = dict[str, Any]  # a member as in `presence_dashboard`


class Dashboard:
    """`shown` is what all pages of the viewer have been told, up to the message with the number `seq`."""

    __slots__ = ("seq", "shown")

    def __init__(self, shown: dict[UUID, Shown]) -> None:
        self.seq = 0
        self.shown = shown

    def take_over(
        self, looked_at: Mapping[UUID, Shown], gone: Iterable[UUID]
    ) -> tuple[list[Shown], list[UUID]]:
        """Those of `looked_at` that are news to the viewer, and those of `gone` whom the viewer knew."""
        changed = [
            shown
            for user_id, shown in looked_at.items()
            if noticeable(shown) != noticeable(self.shown.get(user_id))
        ]
        removed = sorted(user_id for user_id in gone if self.shown.pop(user_id, None) is not None)
        self.shown.update(looked_at)
        self.seq += bool(changed or removed)
        return changed, removed


def noticeable(shown: Shown | None) -> Shown | None:
    """A present person's last seen moves with every key; nobody needs to be told."""
    if shown is None or shown["status"] == "offline":
        return shown
    return {**shown, "lastSeen": None}
