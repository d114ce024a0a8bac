"""States, buckets and days of due dates, without a database."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.deadlines.rules import (
    BUCKETS,
    SOON,
    bucket,
    day_of,
    due_state,
    edges,
    first_of_week,
    is_whole_day,
    on_day,
)

CASES, MOVES = (
    json.loads((Path(__file__).parents[1] / "support" / name).read_text("utf-8"))
    for name in ("due_cases.json", "move_cases.json")
)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia")]
)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_shared_cases(case):
    due_at = case["dueAt"] and datetime.fromisoformat(case["dueAt"])
    now, zone = datetime.fromisoformat(case["now"]), ZoneInfo(case["zone"])
    assert due_state(due_at, now=now, zone=zone, is_done=case.get("isDone", False)) == case["state"]
    if "bucket" in case:
        bounds = edges(now=now, zone=zone, week_start=case.get("weekStart", 1))
        assert bucket(due_at, bounds) == case["bucket"]


@given(MOMENTS, MOMENTS, ZONES, st.integers(1, 7))
def test_state_and_bucket_agree(due_at, now, zone, week_start):
    state = due_state(due_at, now=now, zone=zone)
    where = bucket(due_at, edges(now=now, zone=zone, week_start=week_start))
    assert (state == "overdue") == (where == "overdue") == (due_at < now)
    assert (state == "today") == (where == "today")
    if state == "soon":
        assert timedelta(0) <= due_at - now <= SOON
        assert where in ("this_week", "later")


@given(MOMENTS, MOMENTS, ZONES, ZONES, st.integers(1, 7))
def test_zone_in_which_a_moment_is_written_changes_nothing(due_at, now, zone, other, week_start):
    elsewhere = {"now": now.astimezone(other), "zone": zone}
    assert due_state(due_at.astimezone(other), **elsewhere) == due_state(due_at, now=now, zone=zone)
    bounds = edges(now=now, zone=zone, week_start=week_start)
    assert edges(week_start=week_start, **elsewhere) == bounds
    assert bucket(due_at.astimezone(other), bounds) == bucket(due_at, bounds)


@given(MOMENTS, MOMENTS, MOMENTS, ZONES, st.integers(1, 7))
def test_later_due_dates_never_stand_in_an_earlier_bucket(one, other, now, zone, week_start):
    bounds = edges(now=now, zone=zone, week_start=week_start)
    first, last = (BUCKETS.index(bucket(due_at, bounds)) for due_at in sorted((one, other)))
    assert first <= last


@given(MOMENTS, ZONES)
def test_what_is_done_is_never_overdue(due_at, zone):
    assert due_state(due_at, now=due_at + timedelta(days=400), zone=zone, is_done=True) == "none"


@given(DAYS, st.integers(1, 7))
def test_weeks_begin_on_the_day_asked_for(day, week_start):
    first = first_of_week(day, week_start)
    assert first.isoweekday() == week_start
    assert timedelta(0) <= day - first < timedelta(days=7)


@given(MOMENTS, DAYS, ZONES)
def test_another_day_keeps_the_time_of_day(due_at, day, zone):
    moved = on_day(due_at, day, zone)
    before, after = due_at.astimezone(zone), moved.astimezone(zone)
    assert after.date() == day
    if (after.hour, after.minute) != (before.hour, before.minute):  # this day skips that hour
        assert after.utcoffset() != datetime.combine(day, time(0), zone).utcoffset()
        assert after.replace(tzinfo=None) - datetime.combine(day, before.time()) == timedelta(hours=1)
    assert on_day(moved, day, zone) == moved


def test_moving_over_a_change_of_the_clocks_keeps_nine_in_the_morning():
    friday = datetime(2026, 3, 27, 9, tzinfo=BERLIN)
    assert on_day(friday, date(2026, 3, 30), BERLIN) == datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "is_whole"),
    [(time(23, 59), True), (time(23, 59, 59), True), (time(0), False), (time(17), False)],
)
def test_the_end_of_a_day_means_the_day(local, is_whole):
    due_at = datetime.combine(date(2026, 8, 12), local, BERLIN)
    assert is_whole_day(due_at.astimezone(UTC), BERLIN) == is_whole
    assert day_of(due_at, BERLIN) == date(2026, 8, 12)


@pytest.mark.parametrize("case", MOVES, ids=range(len(MOVES)))
def test_shared_cases_of_moving(case):
    due_at, zone = datetime.fromisoformat(case["dueAt"]), ZoneInfo(case["zone"])
    moved = on_day(due_at, date.fromisoformat(case["day"]), zone)
    assert moved == datetime.fromisoformat(case["moved"])
