"""Installs what WorkHub needs into its own folder, nothing outside it: `install.py run` or `install.py dev`.

Needs Python and the package registries only; Node comes from a Python package. Each step leaves a stamp with
the hash of what it was made from, so that a second call does nothing. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)


def main(kind: str) -> None:
    make_virtual_environment()
    install_python_packages(kind)
    install_browser_packages(kind)
    copy_browser_libraries()


def make_virtual_environment() -> None:
    if sys.version_info < OLDEST_PYTHON:
        sys.exit("WorkHub needs Python 3.11 or newer; name another one: make run PYTHON=python3.12")
    if works(VENV_PYTHON):
        return
    say("Making a virtual environment in .venv")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if made.returncode != 0:
        sys.exit(
            "This Python cannot make virtual environments (on Debian and Ubuntu the package python3-venv is "
            "missing); install it, or name another Python: make run PYTHON=python3.12"
        )


def install_python_packages(kind: str) -> None:
    """`dev` holds all of `run`, so that going back from tests to running installs nothing."""
    files = [ROOT / "requirements.txt", ROOT / "constraints.txt"]
    wanted = {"run": digest(files), "dev": digest([*files, ROOT / "requirements-dev.txt"])}
    stamp = VENV / ".installed-packages"
    if read(stamp) in {f"{name} {wanted[name]}" for name in ("dev", kind)}:
        return
    say("Installing Python packages (the first time takes a minute)")
    requirements = ROOT / ("requirements.txt" if kind == "run" else "requirements-dev.txt")
    run(VENV_PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", requirements)
    stamp.write_text(f"{kind} {wanted[kind]}")


def install_browser_packages(kind: str) -> None:
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"])
    stamp = ROOT / "node_modules" / ".installed-packages"
    if read(stamp) in {f"{name} {wanted}" for name in ("dev", kind)}:
        return
    say("Installing browser libraries")
    run(VENV / "bin" / "npm", "ci", "--loglevel=error", *(["--omit=dev"] if kind == "run" else []))
    stamp.write_text(f"{kind} {wanted}")


def copy_browser_libraries() -> None:
    tool = ROOT / "tools" / "vendor.py"
    stamp = ROOT / "static" / "vendor" / ".installed-packages"
    wanted = digest([ROOT / "package-lock.json", tool, tool.with_name("prune_css.py")])
    if read(stamp) != wanted:
        run(VENV_PYTHON, tool)
        stamp.write_text(wanted)


def works(python: Path) -> bool:
    """False too for an environment that was copied or whose Python was removed."""
    try:
        answer = subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0


def run(*command: object) -> None:
    """With the environment's own Node, also where npm starts it by name, which trusts whom the system trusts:
    behind a company's proxy pip works by the system's certificates and npm has to as well."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, "PATH": path, "NODE_USE_SYSTEM_CA": "1"}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        sys.exit(f"Installing failed: {' '.join(str(part) for part in command)}")


def digest(files: list[Path]) -> str:
    text = b"\0".join(file.read_bytes() for file in files)
    return hashlib.sha256(text).hexdigest()


def read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def say(what: str) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
