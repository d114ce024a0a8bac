"""A database that is stopped, or hangs and says nothing: a clear error in bounded time, then recovery."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import psycopg2.extensions
import pytest
from sqlalchemy import text

from app import db
from app.db import is_answering, service_work, unit_of_work, wait_green
from app.errors import Unavailable
from tests.support.patience import within

if TYPE_CHECKING:
    from tests.support.people import People
    from tests.support.postgres import PostgresForTests, TestDatabase

SOON = within(3.0)  # seconds; the promise for a write that finds a hung database


@pytest.fixture
def own_database(own_postgres: PostgresForTests) -> Iterator[TestDatabase]:
    """With the waits of the real server: plain psycopg2 would wait for a hung one for ever."""
    made = own_postgres.create()
    db.database.connect(made.url)
    psycopg2.extensions.set_wait_callback(wait_green)
    yield made
    psycopg2.extensions.set_wait_callback(None)
    own_postgres.thaw()
    db.database.close()


def ask() -> int:
    with service_work() as session:
        return int(session.scalar(text("select 1")) or 0)


def seconds_until_unavailable() -> float:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        ask()
    return time.monotonic() - started


def test_hung_database_is_unavailable_in_bounded_time(
    own_postgres: PostgresForTests, own_database: TestDatabase
) -> None:
    assert ask() == 1
    own_postgres.freeze()
    assert seconds_until_unavailable() < SOON, "with a connection in the pool, which is tried and replaced"
    assert seconds_until_unavailable() < SOON, "with none"
    own_postgres.thaw()
    assert ask() == 1


def test_hang_in_the_middle_of_a_transaction_ends_it(
    own_postgres: PostgresForTests, own_database: TestDatabase
) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable), service_work() as session:
        session.execute(text("select 1"))
        own_postgres.freeze()
        session.execute(text("select 2"))
    assert time.monotonic() - started < SOON
    own_postgres.thaw()
    with service_work() as session:
        # The answer that came too late reaches nobody.
        assert session.scalar(text("select 3")) == 3


def test_stopped_database_is_unavailable_at_once_and_found_again(
    own_postgres: PostgresForTests, own_database: TestDatabase
) -> None:
    assert ask() == 1
    own_postgres.stop()
    assert seconds_until_unavailable() < within(1)
    assert not is_answering()
    own_postgres.start()
    assert ask() == 1


def test_database_that_was_never_there_is_unavailable(people: People) -> None:
    db.database.connect("postgresql://workhub@/nothing?host=/nowhere")
    with pytest.raises(Unavailable), unit_of_work(people.user().id):
        pass
    db.database.close()
