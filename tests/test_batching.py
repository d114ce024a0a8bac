"""Look-ups of one moment share one query, and no accident of a leader hurts those who come after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from app import batching
from app.batching import Batcher
from app.errors import Unavailable

from .support.waiting import wait_until

Batches = list[set[int]]


class Killed(BaseException):
    """As GreenletExit: not an Exception."""


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Window:
    return Window(monkeypatch)


class Window:
    """The leader's wait, which the test ends: nothing here depends on how fast a thread starts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ends: Callable[[], None] = lambda: None
        self.waiting = 0
        self.now = 1000.0
        self.waits: list[float] = []
        monkeypatch.setattr(batching, "time", SimpleNamespace(sleep=self._sleep, monotonic=lambda: self.now))

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.waiting += 1
        self.ends()


def batcher_of(load_many: Callable[[set[int]], dict[int, str]]) -> Batcher[int, str]:
    return Batcher(load_many, 0.001)


def load_all(batcher: Batcher[int, str], keys: list[int], window: Window) -> list[Future[Any]]:
    """One caller for each key, all in one group."""
    is_complete = threading.Event()
    window.ends = lambda: _finished(is_complete)
    pool = ThreadPoolExecutor(len(keys))
    callers = [pool.submit(batcher.load, key) for key in keys]
    wait_until(lambda: batcher._forming is not None and batcher._forming.keys == set(keys))
    is_complete.set()
    pool.shutdown(wait=True)
    return callers


def _finished(event: threading.Event) -> None:
    assert event.wait(5)


def test_one_query_answers_all_who_ask_at_the_same_moment(window: Window) -> None:
    batches: Batches = []

    def load_many(keys: set[int]) -> dict[int, str]:
        batches.append(set(keys))
        return {key: f"value {key}" for key in keys if key != 3}

    callers = load_all(batcher_of(load_many), [1, 2, 3, 4], window)
    assert [caller.result() for caller in callers] == ["value 1", "value 2", None, "value 4"]
    assert batches == [{1, 2, 3, 4}]


def test_whoever_asks_during_a_query_gets_an_answer_younger_than_the_question(window: Window) -> None:
    """A revoked session must not be let in by a query that began before it was revoked."""
    began, may_end, stored = threading.Event(), threading.Event(), {1: "old"}

    def load_many(keys: set[int]) -> dict[int, str]:
        seen = dict(stored)
        if not began.is_set():
            began.set()
            _finished(may_end)
        return seen

    batcher = batcher_of(load_many)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(batcher.load, 1)
        _finished(began)
        stored[1] = "new"
        second = pool.submit(batcher.load, 1)
        wait_until(lambda: batcher._forming is not None)
        may_end.set()
        assert (first.result(5), second.result(5)) == ("old", "new")


def test_queries_keep_a_distance_so_that_groups_grow_with_the_load(window: Window) -> None:
    """One alone hardly waits; one that follows closely waits for others to come."""
    batcher = Batcher(lambda keys: dict.fromkeys(keys, "found"), window_seconds=0.005, distance_seconds=0.05)
    for passed in (0, 0.02, 0.2):
        window.now += passed
        assert batcher.load(1) == "found"
    assert [round(wait, 3) for wait in window.waits] == [0.005, 0.03, 0.005]


def test_failed_query_fails_for_everybody_and_the_next_one_is_asked_anew(window: Window) -> None:
    failures = [ValueError("no")]

    def load_many(keys: set[int]) -> dict[int, str]:
        if failures:
            raise failures.pop()
        return dict.fromkeys(keys, "found")

    batcher = batcher_of(load_many)
    callers = load_all(batcher, [1, 2, 3], window)
    assert [str(caller.exception()) for caller in callers] == ["no"] * 3
    window.ends = lambda: None
    assert batcher.load(1) == "found"


@pytest.mark.parametrize("moment", ["while it waits", "while it loads"])
def test_leader_that_is_killed_takes_nobody_with_it(window: Window, moment: str) -> None:
    """Else every later caller would wait for a leader who is not there."""

    def killed(*_: object) -> dict[int, str]:
        raise Killed

    loads = [killed] if moment == "while it loads" else []

    def load_many(keys: set[int]) -> dict[int, str]:
        return loads.pop()() if loads else dict.fromkeys(keys, "found")

    batcher = batcher_of(load_many)
    if moment == "while it waits":
        window.ends = lambda: killed() and None
    with pytest.raises(Killed):
        batcher.load(1)
    window.ends = lambda: None
    assert batcher.load(1) == "found"


def test_those_who_followed_a_killed_leader_hear_that_it_failed(window: Window) -> None:
    """Not that nothing was found, which would sign them out."""

    def load_many(keys: set[int]) -> dict[int, str]:
        raise Killed

    errors = [type(caller.exception()) for caller in load_all(batcher_of(load_many), [1, 2, 3], window)]
    assert sorted(error.__name__ for error in errors) == ["Killed", "Unavailable", "Unavailable"]


def test_nobody_waits_for_ever(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "WAIT_SECONDS", 0.05)
    may_end = threading.Event()
    window.ends = lambda: _finished(may_end)
    batcher = batcher_of(lambda keys: dict.fromkeys(keys, "found"))
    with ThreadPoolExecutor(1) as pool:
        leader = pool.submit(batcher.load, 1)
        wait_until(lambda: window.waiting)
        with pytest.raises(Unavailable):
            batcher.load(2)
        may_end.set()
        assert leader.result(5) == "found"


def test_shared_error_does_not_grow_with_its_callers(window: Window) -> None:
    def load_many(keys: set[int]) -> dict[int, str]:
        raise Unavailable

    callers = load_all(batcher_of(load_many), list(range(20)), window)
    shared = callers[0].exception()
    assert all(caller.exception() is shared for caller in callers)
    depth, frame = 0, shared.__traceback__ if shared else None
    while frame:
        depth, frame = depth + 1, frame.tb_next
    assert depth < 20


def test_who_waited_while_the_database_was_found_away_does_not_wait_once_more(window: Window) -> None:
    asked: Batches = []
    is_loading, may_fail = threading.Event(), threading.Event()

    def load_many(keys: set[int]) -> dict[int, str]:
        asked.append(keys)
        is_loading.set()
        may_fail.wait(5)
        window.now += 1
        if len(asked) == 1:
            raise Unavailable()
        return dict.fromkeys(keys, "found")

    batcher = batcher_of(load_many)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(batcher.load, 1)
        assert is_loading.wait(5)
        second = pool.submit(batcher.load, 2)
        wait_until(lambda: batcher._forming is not None)
        wait_until(lambda: 2 in batcher._forming.keys)  # type: ignore[union-attr]
        may_fail.set()
        assert all(isinstance(caller.exception(5), Unavailable) for caller in (first, second))
    assert asked == [{1}]
    assert batcher.load(3) == "found", "whoever comes afterwards tries anew"
