"""The real server as an operator starts it: `python wsgi.py` in a process of its own."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from config import Settings

from .ports import free_port
from .postgres import TestDatabase
from .waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
READY = "WorkHub is ready on "
SECRET_KEY = "for tests only, and the same after a restart"
START_SECONDS, STOP_SECONDS = 60, 20


class Server:
    """Can be killed and started again: same address, same database, same settings."""

    def __init__(self, database: TestDatabase, folder: Path, **settings: object) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self._folder = folder
        self._environment = environment(database, folder, self.port, settings)
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> "Server":
        first_line = len(self.lines)
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "wsgi.py")],
            cwd=self._folder,  # where no developer's .env lies
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
        wait_until(
            lambda: self._is_ready(first_line) or not self.is_running, START_SECONDS, "The server's start"
        )
        assert self.is_running, f"The server ended with code {self._process.poll()}:\n{self.log}"
        return self

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """kill -9: no handler runs."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As an operator stops it; the exit code."""
        return self._end(signal.SIGTERM)

    def end(self) -> None:
        """After a test, in whatever state it left the server."""
        if self.is_running:
            self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self.is_running:
            self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"The server did not end within {STOP_SECONDS} s:\n{self.log}") from None

    def _is_ready(self, first_line: int) -> bool:
        return any(READY in line for line in self.lines[first_line:])

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.lines.append(line.rstrip("\n"))


def environment(
    database: TestDatabase, folder: Path, port: int, settings: dict[str, object]
) -> dict[str, str]:
    """The test's settings and none of the developer's own."""
    ours = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    given = {
        "PORT": port,
        "DATABASE_URL": database.url,
        "MIGRATION_DATABASE_URL": database.admin_url,
        "WORKHUB_DATA_DIR": folder,
        "SECRET_KEY": SECRET_KEY,
        "PYTHONUNBUFFERED": 1,
        **settings,
    }
    return {**inherited, **{name: str(value) for name, value in given.items()}}
