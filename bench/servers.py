"""Starts and stops the two servers, each alone on the first core, and asks the kernel what they use.

The real one is `python wsgi.py` as an operator starts it, on the embedded PostgreSQL in a folder of its own.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import procfs
from .client import BenchError, Person, auth_json

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "bench"
HOST = "127.0.0.1"
SERVER_CORE, DRIVER_CORE = 0, 1
START_SECONDS, STOP_SECONDS = 120, 30


class Server:
    """A running server process; `name` is its column in the report."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.name = name
        self.process = process
        self.port = port
        self._log = log
        self.files_at_start = procfs.open_files(process.pid)

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu_seconds(self) -> float:
        self.must_run()
        return procfs.cpu_seconds(self.pid)

    def last_words(self) -> str:
        """The end of its log, for when it failed."""
        return self._log.read_text(errors="replace")[-2000:]

    def must_run(self) -> None:
        if self.process.poll() is not None:
            raise BenchError(f"the {self.name} server ended with code {self.process.returncode}")


def free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(name: str, command: list[str], environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Start a server on a free port and wait for its line `... is ready on ...`."""
    port = free_port()
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "HOST": HOST, "PORT": str(port), "PYTHONUNBUFFERED": "1", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"{name} to start, see {log}", lambda: _is_ready(process, log), START_SECONDS)
        procfs.pin(process.pid, SERVER_CORE)
        yield Server(name, process, port, log)
    finally:
        _stop(process)


def _is_ready(process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        raise BenchError(f"the server ended with code {process.returncode}:\n{log.read_text()[-2000:]}")
    return "is ready on" in log.read_text()


@contextmanager
def bare(folder: Path) -> Iterator[Server]:
    with running("bare", [sys.executable, "-m", "bench.bare"], {}, folder / "bare.log") as server:
        yield server


def bare_people(count: int, board_size: int) -> list[Person]:
    """Made-up people: the bare server believes what they say about themselves."""
    return [_bare_person(number, board_size) for number in range(count)]


def _bare_person(number: int, board_size: int) -> Person:
    user_id, head = f"00000000-0000-7000-8000-{number:012x}", number % board_size == 0
    return Person(
        user_id=user_id,
        board_id=f"00000000-0000-7000-9000-{number // board_size:012x}",
        task_id=f"00000000-0000-7000-a000-{number // board_size:012x}",
        cookie="session=none",
        auth=auth_json(userId=user_id, head=head),
        head=head,
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(
    condition: str, is_true: Callable[[], bool], limit_seconds: float, pause_seconds: float = 0.02
) -> float:
    """Seconds until `is_true()`; for things outside our process that cannot tell us themselves."""
    start = time.perf_counter()
    while not is_true():
        if time.perf_counter() - start > limit_seconds:
            raise BenchError(f"waited {limit_seconds:g} s for: {condition}")
        time.sleep(pause_seconds)
    return time.perf_counter() - start
