"""Group commit against a database that comes and goes: order, exactness, honesty of receipts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Unavailable
from app.presence.group_commit import GroupCommit
from app.presence.store import Transition

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Database:
    """Fails as told: each answer is "ok", "away", "lost" (committed, but the answer did not arrive)."""

    def __init__(self, answers=(), bad=()):
        self.answers, self.bad = list(answers), set(bad)
        self.rows, self.groups = [], []

    def write(self, transitions):
        answer = self.answers.pop(0) if self.answers else "ok"
        if answer == "away":
            raise Unavailable()
        if self.bad & {row.id.int for row in transitions}:
            raise ValueError("a row PostgreSQL refuses")
        self.groups.append([row.id.int for row in transitions])
        self.rows += [row.id.int for row in transitions if row.id.int not in self.rows]
        if answer == "lost":
            raise Unavailable()


def recorder(database, sleep=lambda seconds: None, **more):
    return GroupCommit(database.write, flush_seconds=0.02, sleep=sleep, **more)


def row(number):
    return Transition(UUID(int=number), UUID(int=1), UUID(int=2), "online", NOW, NOW, None, None)


def record(recorder, numbers):
    return [recorder.record(row(number)) for number in numbers]


def test_what_happens_together_is_written_together():
    database = Database()
    desk = recorder(database)
    receipts = record(desk, range(5))
    assert desk.waiting == 5
    assert desk.flush()
    assert database.groups == [[0, 1, 2, 3, 4]]
    assert desk.waiting == 0
    assert all(receipt.wait(0) for receipt in receipts)


def test_receipt_says_nothing_before_the_commit():
    settled = []

    class Watched(Database):
        def write(self, transitions):
            super().write(transitions)
            settled.extend(receipt.is_settled for receipt in receipts)

    desk = recorder(Watched())
    receipts = record(desk, range(3))
    desk.flush()
    assert settled == [False, False, False]
    assert all(receipt.is_committed for receipt in receipts)


def test_rows_wait_while_the_database_is_away_and_arrive_in_order():
    database = Database(answers=["away", "away"])
    desk = recorder(database)
    first = record(desk, range(3))
    assert not desk.flush()
    second = record(desk, range(3, 5))
    assert not desk.flush()
    assert desk.waiting == 5
    assert not any(receipt.wait(0) for receipt in first + second)
    assert desk.flush()
    assert database.rows == [0, 1, 2, 3, 4]
    assert all(receipt.wait(0) for receipt in first + second)


def test_commit_whose_answer_is_lost_is_tried_again():
    """The rows carry their ids: writing them twice is writing them once."""
    database = Database(answers=["lost"])
    desk = recorder(database)
    (receipt,) = record(desk, [7])
    assert not desk.flush()
    assert not receipt.is_settled
    assert desk.flush()
    assert database.groups == [[7], [7]]
    assert database.rows == [7]
    assert receipt.is_committed


def test_one_bad_row_is_isolated_by_halving():
    database = Database(bad=[13])
    desk = recorder(database)
    receipts = record(desk, range(100))
    assert desk.flush()
    assert database.rows == [n for n in range(100) if n != 13]
    assert [n for n, receipt in enumerate(receipts) if not receipt.wait(0)] == [13]
    assert receipts[13].is_settled
    assert len(database.groups) <= 8


def test_database_that_leaves_during_halving_takes_nothing_with_it():
    database = Database(answers=["ok", "ok", "away"], bad=[7])
    desk = recorder(database)
    receipts = record(desk, range(8))
    assert not desk.flush()
    assert database.groups == [[0, 1, 2, 3]]
    assert desk.waiting == 4
    assert desk.flush()
    assert [number for group in database.groups for number in group] == list(range(7))
    assert [receipt.is_committed for receipt in receipts] == [True] * 7 + [False]


def test_groups_are_bounded():
    database = Database()
    desk = recorder(database, group_size=3)
    record(desk, range(8))
    assert desk.flush()
    assert database.groups == [[0, 1, 2], [3, 4, 5], [6, 7]]


def test_buffer_is_bounded_and_gives_up_the_oldest_openly():
    database = Database(answers=["away"])
    desk = recorder(database, capacity=3)
    receipts = record(desk, range(5))
    assert [receipt.is_settled for receipt in receipts] == [True, True, False, False, False]
    assert not desk.flush()
    desk.flush()
    assert database.rows == [2, 3, 4]
    assert [receipt.is_committed for receipt in receipts] == [False, False, True, True, True]


def test_rows_on_their_way_to_the_database_still_wait():
    """A board may be forgotten only when PostgreSQL knows all that happened on it."""

    waiting = []

    class Watched(Database):
        def write(self, transitions):
            super().write(transitions)
            waiting.append(desk.waiting)

    desk = recorder(Watched())
    record(desk, range(2))
    assert desk.flush()
    assert waiting == [2]
    assert desk.waiting == 0


def test_second_flush_waits_for_the_first():
    """At the stop of the server: what the loop is just writing must be written before the process ends."""
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Database):
        def write(self, transitions):
            if not begun.is_set():
                begun.set()
                go_on.wait(5)
            super().write(transitions)

    database = Slow()
    desk = recorder(database)
    record(desk, [1])
    with ThreadPoolExecutor() as pool:
        loop = pool.submit(desk.flush)
        begun.wait(5)
        record(desk, [2])
        at_stop = pool.submit(desk.flush)
        with pytest.raises(TimeoutError):
            at_stop.result(0.05)
        go_on.set()
        assert loop.result(5)
        assert at_stop.result(5)
    assert database.rows == [1, 2]
    assert desk.waiting == 0


def test_row_that_comes_during_a_flush_is_written_by_it():
    class Busy(Database):
        def write(self, transitions):
            super().write(transitions)
            if len(self.rows) < 4:
                record(desk, [len(self.rows)])

    database = Busy()
    desk = recorder(database)
    record(desk, [0])
    assert desk.flush()
    assert database.groups == [[0], [1], [2], [3]]


class Stopped(Exception):
    pass


def run_for(steps, database, rows):
    """The loop for so many pauses; answers how long each was."""
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        if len(pauses) > steps:
            raise Stopped

    desk = recorder(database, sleep)
    record(desk, rows)
    with pytest.raises(Stopped):
        desk.run()
    return pauses[:steps]


def test_loop_waits_longer_the_longer_the_database_is_away():
    pauses = run_for(14, Database(answers=["away"] * 99), [1])
    assert pauses[::2] == [0.02] * 7
    assert pauses[1::2] == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]


@given(
    answers=st.lists(st.sampled_from(["ok", "away", "lost"]), max_size=30),
    bad=st.sets(st.integers(0, 30), max_size=4),
    steps=st.lists(st.integers(0, 6), max_size=12),
)
def test_whatever_fails_nothing_is_lost_doubled_or_out_of_order(answers, bad, steps):
    database, receipts = Database(answers, bad), []
    desk = recorder(database)
    for count in steps:
        receipts += record(desk, range(len(receipts), len(receipts) + count))
        desk.flush()
        committed = [n for n, receipt in enumerate(receipts) if receipt.is_committed]
        assert set(committed) <= set(database.rows), "acknowledged before it was written"
    database.answers.clear()
    desk.flush()
    written = [n for n in range(len(receipts)) if n not in bad]
    assert database.rows == written
    assert [n for n, receipt in enumerate(receipts) if receipt.is_committed] == written
    assert all(receipt.is_settled for receipt in receipts)
    assert desk.waiting == 0
