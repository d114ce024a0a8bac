"""A PostgreSQL for tests: one server for each process, one migrated template, a clean database for each test.

A copy of the template takes a fifth of a second of processor time, so a database whose tables and rules are
as they were is emptied and used again.
"""

import itertools
import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import psycopg2
from sqlalchemy import make_url

from app import embedded, migrate

TEMPLATE = "workhub_template"
FILLED_BY_MIGRATIONS = {"alembic_version"}
# Changes with every change of the schema, not of rows: xmin tells who wrote a row of the catalog.
_SCHEMA = " union all ".join(
    f"select count(*) as rows, max(xmin::text::bigint) as latest from {catalog}"
    for catalog in (
        *("pg_class", "pg_attribute", "pg_constraint", "pg_index", "pg_policy", "pg_proc", "pg_trigger"),
        *("pg_type", "pg_namespace", "pg_default_acl", "pg_sequence", "pg_rewrite"),
    )
)
_TABLES = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
# Triggers that no mode of a session passes by.
_UNAVOIDABLE = "select tgrelid::regclass::text, tgname from pg_trigger where tgenabled = 'A'"
_PUT_OUT = """
select pg_terminate_backend(pid, 10000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
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
        with self._connection(TEMPLATE) as cursor:
            self._schema = _all(cursor, _SCHEMA)
            self._tables = sorted(
                name for (name,) in _all(cursor, _TABLES) if name not in FILLED_BY_MIGRATIONS
            )
            self._unavoidable = _all(cursor, _UNAVOIDABLE)
            assert not self._filled(cursor), "rows from migrations would not be there again"
        self._clean: list[TestDatabase] = []
        self._schemas: dict[str, list[tuple[Any, ...]]] = {}  # of databases other than the template's

    @classmethod
    @contextmanager
    def in_own_folder(cls) -> "Iterator[PostgresForTests]":
        """Not in pytest's: each run closes that to others, and root's PostgreSQL runs as another user."""
        with TemporaryDirectory(prefix="workhub-test-") as folder:
            server = cls(Path(folder))
            yield server
            server.thaw()
            server.stop()

    def create(self) -> TestDatabase:
        if self._clean:
            return self._clean.pop()
        name = f"test_{os.getpid()}_{next(_numbers)}"
        self._execute(f"create database {name} template {TEMPLATE}")
        login, admin = (self._server.address(role, name) for role in (embedded.LOGIN, embedded.ADMIN))
        return TestDatabase(name, login, admin)

    def drop(self, database: TestDatabase) -> None:
        if self._empty(database):
            self._clean.append(database)
            return
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
        self._server.stop()  # so that this process does not count as using it

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

    def _empty(self, database: TestDatabase) -> bool:
        """False if more than rows has changed or the database is gone."""
        try:
            with self._connection(database.name) as cursor:
                cursor.execute(_PUT_OUT)
                if _all(cursor, _SCHEMA) != self._schemas.get(database.name, self._schema):
                    return False
                cursor.execute("set session_replication_role = replica")  # past most triggers
                filled = self._filled(cursor)
                with self._past_triggers(cursor, database, filled):
                    for table in filled:
                        cursor.execute(f"delete from {table}")
                cursor.execute("select setval(seqrelid, seqstart, false) from pg_sequence")
                return True
        except psycopg2.OperationalError:
            return False

    @contextmanager
    def _past_triggers(self, cursor: Any, database: TestDatabase, tables: list[str]) -> Iterator[None]:
        """The audit trail refuses its owner too; what is done for that changes the catalog."""
        triggers = [(table, trigger) for table, trigger in self._unavoidable if table in tables]
        for table, trigger in triggers:
            cursor.execute(f"alter table {table} disable trigger {trigger}")
        yield
        for table, trigger in triggers:
            cursor.execute(f"alter table {table} enable always trigger {trigger}")
        if triggers:
            self._schemas[database.name] = _all(cursor, _SCHEMA)

    def _filled(self, cursor: Any) -> list[str]:
        found = (f"select '{table}' where exists (select from {table})" for table in self._tables)
        return [name for (name,) in _all(cursor, " union all ".join(found))]

    def _execute(self, statement: str) -> None:
        with self._connection("postgres") as cursor:
            cursor.execute(statement)

    @contextmanager
    def _connection(self, database: str) -> Iterator[Any]:
        url = make_url(self._server.address(embedded.ADMIN, database))
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with closing(psycopg2.connect(dsn)) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            yield cursor


def _all(cursor: Any, question: str) -> list[tuple[Any, ...]]:
    cursor.execute(question)
    return list(cursor.fetchall())
