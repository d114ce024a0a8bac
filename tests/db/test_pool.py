"""Two connections serve everybody, while transactions fail and backends die: nobody is ever somebody else."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import text

from app import db
from app.db import service_work, unit_of_work
from app.errors import Unavailable
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from .conftest import Site

THREADS, TRANSACTIONS = 4, 3000
KILL_EVERY = 60
WHO = text("select current_user::text, current_user_id(), pg_backend_pid()")
KILL = """select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid = :pid"""
IS_THERE = "select 1 from pg_stat_activity where pid = :pid"


class OwnMistake(Exception):
    pass


@pytest.fixture
def two_connections(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(db, "POOL_SIZE", 2)
    monkeypatch.setattr(db, "POOL_OVERFLOW", 0)
    monkeypatch.setattr(db, "POOL_WAIT_SECONDS", 30)
    db.database.connect(site.database.url)
    yield
    db.database.close()


class Worker:
    """One thread's share of the transactions; `mixed` collects whatever was not as it should be."""

    def __init__(self, site: Site, visible: dict[str, set[str]], seed: int) -> None:
        self._site, self._visible, self._chance = site, visible, random.Random(seed)
        self.seen: Counter[str] = Counter()
        self.mixed: list[object] = []
        self.pids: set[int] = set()

    def run(self, how_many: int) -> None:
        for _ in range(how_many):
            try:
                self._transact()
            except Unavailable:
                self.seen["killed"] += 1
            except OwnMistake:
                self.seen["rolled back"] += 1

    def _transact(self) -> None:
        name = self._chance.choice([*self._visible, ""])
        user_id = self._site.world.users[name].id if name else None
        with unit_of_work(user_id) if user_id else service_work() as session:
            role, me, pid = session.execute(WHO).one()
            self.pids.add(pid)
            boards = set(session.scalars(text("select name from boards")))
            self._check(name, user_id, role, me, boards)
            ending = self._chance.random()
            if ending < 0.3:
                raise OwnMistake
            if ending < 0.3 + 1 / KILL_EVERY:
                kill(self._site, pid)
            session.execute(text("select 1"))
            self.seen["committed"] += 1

    def _check(self, name: str, user_id: UUID | None, role: str, me: UUID, boards: set[str]) -> None:
        expected = (db.APP_ROLE, self._visible[name]) if name else (db.SERVICE_ROLE, {*ALL_BOARDS})
        if (role, boards, me) != (*expected, user_id):
            self.mixed.append((name, role, me, boards))


ALL_BOARDS = {"launch", "private", "birch"}
_behind_the_scenes = threading.Lock()


def kill(site: Site, pid: int) -> None:
    with _behind_the_scenes:
        site.look(KILL, pid=pid)


@pytest.mark.usefixtures("two_connections")
def test_no_transaction_ever_runs_as_somebody_else(site: Site) -> None:
    visible = {
        "head": {"launch"},
        "owner": {"launch", "private"},
        "colleague": {"private"},
        "guest": {"launch"},
        "birch owner": {"birch"},
        "nobody": set(),
    }
    workers = [Worker(site, visible, seed) for seed in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        for outcome in [pool.submit(worker.run, TRANSACTIONS // THREADS) for worker in workers]:
            outcome.result(60)
    seen = sum((worker.seen for worker in workers), Counter())
    assert [mixed for worker in workers for mixed in worker.mixed] == []
    assert seen.total() == TRANSACTIONS
    assert min(seen["committed"], seen["rolled back"]) > TRANSACTIONS / 5
    assert seen["killed"] > 10
    assert len({pid for worker in workers for pid in worker.pids}) <= 2 + 2 * seen["killed"]


@pytest.mark.usefixtures("two_connections")
def test_connection_goes_back_to_the_pool_as_nobody(site: Site) -> None:
    def leave() -> tuple[str, str]:
        """What a transaction that forgot to say who it is would find."""
        with db.database.engine.connect() as connection:
            found = connection.execute(
                text("select current_user::text, coalesce(current_setting('app.user_id', true), '')")
            ).one()
            connection.rollback()
            return found[0], found[1]

    with unit_of_work(site.world.users["head"].id) as session:
        session.execute(text("select 1"))
    assert leave() == ("workhub", "")
    with pytest.raises(OwnMistake), unit_of_work(site.world.users["head"].id):
        raise OwnMistake
    assert leave() == ("workhub", "")


@pytest.mark.usefixtures("two_connections")
def test_dead_connection_is_replaced_before_anybody_notices(site: Site) -> None:
    """A restart of PostgreSQL between two requests costs neither of them."""
    for _ in range(3):
        with unit_of_work(site.world.users["head"].id) as session:
            pid = session.execute(WHO).one()[2]
        kill(site, pid)
        wait_until(lambda pid=pid: not site.look(IS_THERE, pid=pid))
    with unit_of_work(site.world.users["head"].id) as session:
        assert session.execute(WHO).one()[1] == site.world.users["head"].id
