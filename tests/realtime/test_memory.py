"""When the collector walks everything: not because of sockets, in quiet moments, and not never."""

import gc
from collections.abc import Iterator

import pytest

from app.realtime.memory import GarbageKeeper, resident_bytes

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def own_collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


class Process:
    memory, sockets, lag = 100 * MB, 0, 0.0

    def __init__(self) -> None:
        self.keeper = GarbageKeeper(
            lag=lambda: self.lag, count_sockets=lambda: self.sockets, measure=lambda: self.memory
        )
        self.keeper.take_over()


def test_ten_thousand_sockets_are_no_reason() -> None:
    process = Process()
    process.memory, process.sockets = 600 * MB, 10_000
    assert not process.keeper.is_due()


def test_growth_that_nobody_explains_is_walked_in_a_quiet_moment() -> None:
    process = Process()
    process.memory = 230 * MB
    process.lag = 0.05
    assert not process.keeper.is_due()
    process.lag = 0.0
    assert process.keeper.is_due()
    process.keeper.walk()
    assert not process.keeper.is_due(), "what could not be freed is the new measure"


def test_much_growth_does_not_wait_for_a_quiet_moment() -> None:
    process = Process()
    process.memory, process.lag = 400 * MB, 0.05
    assert process.keeper.is_due()


def test_old_objects_are_left_alone_by_the_automatic_collection() -> None:
    Process()
    assert gc.get_threshold()[2] > 1_000_000
    assert gc.get_freeze_count() > 10_000


def test_the_process_knows_its_size() -> None:
    assert 10 * MB < resident_bytes() < 4000 * MB
