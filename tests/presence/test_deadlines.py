"""Everybody is looked at in time, nobody is looked at for nothing."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.presence.deadlines import SPARE, Deadlines


def at(seconds: float) -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=seconds)


def planned(*entries):
    deadlines = Deadlines()
    for key, seconds in entries:
        deadlines.schedule(key, None if seconds is None else at(seconds))
    return deadlines


def test_due_in_the_order_of_their_moments():
    deadlines = planned(("late", 3), ("early", 1), ("middle", 2))
    assert list(deadlines.due(at(3))) == ["early", "middle", "late"]


def test_not_before_its_moment_and_exactly_at_it():
    deadlines = planned(("maya", 5))
    assert list(deadlines.due(at(4.999))) == []
    assert list(deadlines.due(at(5))) == ["maya"]


def test_once():
    deadlines = planned(("maya", 5), ("maya", 5))
    assert list(deadlines.due(at(6))) == ["maya"]
    assert list(deadlines.due(at(7))) == []


def test_the_earlier_of_two_moments_counts():
    for first, second in ((5, 9), (9, 5)):
        deadlines = planned(("maya", first), ("maya", second))
        assert list(deadlines.due(at(5))) == ["maya"]
        assert list(deadlines.due(at(9))) == []


def test_no_moment_changes_nothing():
    assert list(planned(("maya", None)).due(at(99))) == []
    assert list(planned(("maya", 5), ("maya", None)).due(at(5))) == ["maya"]


def test_whoever_is_due_may_be_planned_anew_while_others_wait():
    deadlines = planned(("maya", 1), ("omar", 2))
    for key in deadlines.due(at(2)):
        deadlines.schedule(key, at(10))
    assert list(deadlines.due(at(9))) == []
    assert list(deadlines.due(at(10))) == ["maya", "omar"]


def test_keys_need_not_be_comparable():
    keys = [object(), object()]
    assert set(planned((keys[0], 1), (keys[1], 1)).due(at(1))) == set(keys)


def test_moments_that_were_put_forward_take_no_memory_until_they_come():
    """Somebody is away until next year and comes and goes a thousand times a day."""
    deadlines, year = planned(("omar", 5)), 365 * 86400
    for now in range(0, 10 * SPARE, 2):
        deadlines.schedule("maya", at(year))
        deadlines.schedule("maya", at(now + 1))
        assert list(deadlines.due(at(now + 1))) == ["omar", "maya"][now != 4 :]
    assert len(deadlines._heap) < 2 * SPARE
    deadlines.schedule("maya", at(year))
    assert list(deadlines.due(at(year))) == ["maya"]


PLANS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 20), st.integers(0, 3)), max_size=40)


@given(PLANS)
def test_nobody_is_missed_whoever_is_looked_at_had_a_reason(plans):
    """As presence uses it: whoever is looked at is planned for the next moment that was asked for."""
    deadlines, asked, now = Deadlines(), {key: set() for key in "abc"}, 0
    for key, delay, step in plans:
        asked[key].add(now + delay)
        deadlines.schedule(key, at(now + delay))
        now += step
        looked = []
        for due in deadlines.due(at(now)):
            looked.append(due)
            asked[due] = {moment for moment in asked[due] if moment > now}
            deadlines.schedule(due, at(min(asked[due])) if asked[due] else None)
        assert len(looked) == len(set(looked))
        assert not any(moment <= now for moments in asked.values() for moment in moments)
