"""Finds a Chromium: the machine's own first, else the one inside the npm package @sparticuz/chromium.

Nothing is downloaded here. The package's libraries are used with its browser only, never with the machine's.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = ROOT / "node_modules" / ".cache" / "chromium"  # npm ci of another version empties it
# Without these a browser start looks up its maker's hosts, which only slows tests down.
FLAGS = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
UNPACK = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"


@dataclass(frozen=True)
class Chromium:
    path: str
    environment: dict[str, str] = field(default_factory=dict)

    def launch_options(self) -> dict[str, Any]:
        """For playwright.chromium.launch, which leaves out the sandbox: root could not use it anyway."""
        environment = {**os.environ, **self.environment}
        return {"executable_path": self.path, "args": list(FLAGS), "env": environment, "headless": True}


def find() -> Chromium:
    for candidate in (os.environ.get("CHROMIUM_PATH"), *map(shutil.which, NAMES)):
        if candidate and _works(candidate):
            return Chromium(candidate)
    return _from_package()


def _works(path: str) -> bool:
    """Some systems have a `chromium` that only says how to install one."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


def _from_package() -> Chromium:
    if not UNPACKED.exists():
        unfinished = UNPACKED.with_name("chromium.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        # The package unpacks into TMPDIR, and its libraries only where it believes to be on their system.
        environment = {"TMPDIR": str(unfinished), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
        node = ROOT / ".venv" / "bin" / "node"
        subprocess.run(
            [str(node), "--input-type=module", "-e", UNPACK],
            cwd=ROOT,
            env={**os.environ, **environment},
            check=True,
        )
        fonts = unfinished / "fonts" / "fonts.conf"  # names the folder of the package's usual system
        fonts.write_text(fonts.read_text().replace("/tmp/fonts", str(UNPACKED / "fonts")))
        unfinished.rename(UNPACKED)
    libraries = f"{UNPACKED / 'al2023' / 'lib'}:{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    return Chromium(
        str(UNPACKED / "chromium"),
        {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_PATH": str(UNPACKED / "fonts")},
    )
