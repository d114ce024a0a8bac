"""A PostgreSQL for tests: one server for the whole run, one migrated template, a fresh copy for each test."""

import itertools
import os
import signal
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2
from sqlalchemy import make_url

from app import embedded, migrate

TEMPLATE = "workhub_template"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class TestDatabase:
    """`url` is what the site uses; `admin_url` may do anything (migrations, a look behind the scenes)."""

    __test__ = False
    name: str
    url: str
    admin_url: str


class PostgresForTests:
    """`freeze`, `kill` and `stop` take the whole server away: only for one's own (fixture own_postgres)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = embedded.start(folder, durable=False)
        self._execute(f"create database {TEMPLATE}")
        migrate.upgrade(self._server.address(embedded.ADMIN, TEMPLATE))

    def create(self) -> TestDatabase:
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self._execute(f"create database {name} template {TEMPLATE}")
        login, admin = (self._server.address(role, name) for role in (embedded.LOGIN, embedded.ADMIN))
        return TestDatabase(name, login, admin)

    def drop(self, database: TestDatabase) -> None:
        self._execute(f"drop database if exists {database.name} with (force)")

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server = embedded.start(self._folder, durable=False)

    def freeze(self) -> None:
        """Connections stay open and nothing answers, as with a hung disk or a lost network."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """As by the kernel's out-of-memory killer; `start` recovers."""
        processes = self._processes()
        self._signal(signal.SIGKILL)
        psutil.wait_procs(processes, timeout=10)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _processes(self) -> list[psutil.Process]:
        pid_file = self._folder / "postgres" / "postmaster.pid"
        if not pid_file.exists():
            return []
        postmaster = psutil.Process(int(pid_file.read_text().split()[0]))
        return [postmaster, *postmaster.children()]

    def _execute(self, statement: str) -> None:
        url = make_url(self._server.address(embedded.ADMIN, "postgres"))
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(statement)
