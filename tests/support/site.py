"""One real server with a clean database for many tests, each of which brings people of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from .people import People
from .postgres import PostgresForTests, TestDatabase
from .server import Server


@dataclass(frozen=True)
class Site:
    database: TestDatabase
    people: People
    server: Server


@contextmanager
def running_site(postgres: PostgresForTests, **settings: object) -> Iterator[Site]:
    database = postgres.create()
    people = People(database.admin_url)
    with TemporaryDirectory(prefix="workhub-site-") as folder:
        server = Server(database, Path(folder), **settings).start()
        yield Site(database, people, server)
        server.end()
    people.close()
    postgres.drop(database)
