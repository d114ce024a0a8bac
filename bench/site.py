"""The real server's surroundings: a database of its own with people in it, and what PostgreSQL counts.

The database outlives the server processes of a run and shares the driver's core, so that the server has its
own for itself, as the bare one has.
"""

import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg2

from app import embedded, migrate

from . import procfs
from .client import Person
from .driver import Driver
from .seed import seed
from .servers import DRIVER_CORE, Server, running

# PostgreSQL's backends report what they did when they become idle, at the latest after 10 s.
STATISTICS_SECONDS = 10.5
STATEMENT_TRIES = 10


Fill = Callable[[str, str], list[Person]]  # address, secret key of the site


class Site:
    """A prepared database, its people, and a connection of our own to watch it."""

    def __init__(self, folder: Path, database: embedded.EmbeddedServer, fill: Fill) -> None:
        self._folder = folder
        self._secret_key = secrets.token_hex(32)
        migrate.upgrade(database.admin_url)
        address = database.admin_url.replace("+psycopg2", "")
        self.people = fill(address, self._secret_key)
        self._connection = psycopg2.connect(address)
        self._connection.autocommit = True
        self._postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        self._log = folder / "postgres" / "server.log"
        self._own_transactions = 0
        self._ask("analyze")
        self._ask("checkpoint")
        procfs.pin_tree(self._postmaster, DRIVER_CORE)

    @contextmanager
    def serving(self, **settings: str) -> Iterator[Server]:
        environment = {"WORKHUB_DATA_DIR": str(self._folder), "SECRET_KEY": self._secret_key, **settings}
        with running(
            "workhub", [sys.executable, "wsgi.py"], environment, self._folder / "server.log"
        ) as server:
            yield server

    def transactions(self, driver: Driver) -> int:
        """Of the whole database so far, without our own questions. Waits until the last ones are counted."""
        driver.idle(STATISTICS_SECONDS)
        self._ask("select pg_stat_force_next_flush()")
        counted = self._number(
            "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()"
        )
        return counted - self._own_transactions

    def present(self) -> int:
        return self._number("select count(*) from board_presence where status <> 'offline'")

    def cpu_seconds(self) -> float:
        return procfs.tree_cpu_seconds(self._postmaster)

    def statements(self, ask: Callable[[], object]) -> int:
        """How many queries one request takes, the look-up of its login among them.

        Beginning and end of transactions, and the one call that says whose rights they have, are none. The
        fewest of several tries: the server goes about its periodic work meanwhile.
        """
        self._log_statements("all")
        found = []
        for _ in range(STATEMENT_TRIES):
            before = self._log.stat().st_size
            ask()
            with self._log.open("rb") as log:
                log.seek(before)
                found.append(
                    len(
                        re.findall(
                            rb"LOG:  statement: (?!BEGIN|COMMIT|ROLLBACK|select set_config)", log.read()
                        )
                    )
                )
        self._log_statements("none")
        return min(found)

    def _log_statements(self, which: str) -> None:
        self._ask(f"alter system set log_statement = '{which}'")
        self._ask("select pg_reload_conf()")
        self._ask("select pg_sleep(0.5)")  # until every backend has read it

    def close(self) -> None:
        self._connection.close()

    def _ask(self, question: str) -> list[tuple]:
        self._own_transactions += 1
        with self._connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall() if cursor.description else []

    def _number(self, question: str) -> int:
        return int(self._ask(question)[0][0])


@contextmanager
def prepared(fill: Fill | None = None, **people: int) -> Iterator[Site]:
    """`people` are the numbers that `seed` takes: count, board_size, tasks; `fill` is instead of it."""
    folder = Path(tempfile.mkdtemp(prefix="workhub-bench-"))
    database = embedded.start(folder)
    try:
        site = Site(folder, database, fill or partial(seed, **people))
        try:
            yield site
        finally:
            site.close()
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)
