"""Servers for the tests of the transport: real ones, each in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .client import Client

ROOT = Path(__file__).resolve().parents[2]


class Server:
    def __init__(self, log: Path, **settings: Any) -> None:
        self.log = log
        # An .env of the developer's must not decide how the tests end.
        env = {**os.environ, "PYTHONPATH": str(ROOT), **{key.upper(): str(v) for key, v in settings.items()}}
        with log.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.realtime.server"],
                cwd=log.parent, env=env, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.port = int(line.split()[1])
                return
        raise AssertionError(log.read_text())

    def client(self, **options: Any) -> Client:
        return Client(self.port, **options)

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            return json.load(response)

    def departures(self, user: str, count: int = 1) -> list[dict[str, Any]]:
        """Waits until this user has gone."""
        found: list[dict[str, Any]] = self.get(f"/departures?user={user}&count={count}")
        assert len(found) == count
        return found

    def stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = self.get("/stats")
        return stats

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=20)
        return str(output)


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that neither set it up in a way of their own nor count what it holds."""
    server = Server(tmp_path_factory.mktemp("realtime") / "server.log")
    yield server
    server.stop()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    started: list[Server] = []

    def start(**settings: Any) -> Server:
        started.append(Server(tmp_path / f"server-{len(started)}.log", **settings))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.stop()
