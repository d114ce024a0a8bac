"""Segments, days and hours as pure rules."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.rules import (
    NOTHING,
    Change,
    Segment,
    arrived,
    begin_of,
    bounds,
    by_day,
    clock_hours,
    closed,
    day_of,
    decimal_hours,
    left,
    overlap,
    seconds,
    spoken_hours,
)

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OPEN = Segment(NINE)
BERLIN, NEW_YORK, SANTIAGO, HAVANA = map(
    ZoneInfo, ("Europe/Berlin", "America/New_York", "America/Santiago", "America/Havana")
)


def test_first_login_opens() -> None:
    change = arrived(None, others_alive=False, seen_at=None, login_at=NINE.replace(microsecond=7))
    assert change == Change(opened=Segment(NINE))


def test_second_device_changes_nothing() -> None:
    assert arrived(OPEN, others_alive=True, seen_at=NINE, login_at=NINE + HOUR) == NOTHING


def test_login_told_twice_changes_nothing() -> None:
    again = NINE.replace(microsecond=500_000)
    assert arrived(OPEN, others_alive=False, seen_at=None, login_at=again) == NOTHING


def test_login_after_a_crash_ends_the_forgotten_segment_where_the_person_was_last_seen() -> None:
    change = arrived(OPEN, others_alive=False, seen_at=NINE + 3 * HOUR, login_at=NINE + 24 * HOUR)
    assert change.closed == Segment(NINE, NINE + 3 * HOUR, closed_automatically=True)
    assert change.opened == Segment(NINE + 24 * HOUR)


def test_signing_in_at_the_moment_of_signing_out_goes_on() -> None:
    before = Segment(NINE, NINE + HOUR)
    change = arrived(before, others_alive=False, seen_at=NINE + HOUR, login_at=NINE + HOUR)
    assert change == Change(reopened=Segment(NINE))
    forgotten = before._replace(closed_automatically=True)
    assert arrived(forgotten, others_alive=False, seen_at=None, login_at=NINE + HOUR).opened


def test_crash_that_nobody_saw_ends_where_it_began() -> None:
    assert closed(OPEN, at=None, automatically=True) == Segment(NINE, NINE, True)


def test_only_the_end_of_the_last_login_closes() -> None:
    end = NINE + HOUR
    assert left(OPEN, others_alive=True, seen_at=end, automatically=False) is None
    assert left(OPEN, others_alive=False, seen_at=end, automatically=False) == Segment(NINE, end)


@pytest.mark.parametrize("last", [None, Segment(NINE, NINE + HOUR)], ids=["none", "closed"])
def test_end_without_an_open_segment_changes_nothing(last: Segment | None) -> None:
    assert left(last, others_alive=False, seen_at=NINE, automatically=False) is None


def test_clock_set_back_makes_no_negative_and_no_overlapping_time() -> None:
    assert closed(OPEN, at=NINE - HOUR, automatically=False) == Segment(NINE, NINE)
    before = Segment(NINE, NINE + HOUR)
    change = arrived(before, others_alive=False, seen_at=None, login_at=NINE + HOUR / 2)
    assert change.opened == Segment(NINE + HOUR)


def test_segments_that_touch_do_not_overlap() -> None:
    morning, noon = Segment(NINE, NINE + HOUR), Segment(NINE + HOUR, NINE + 2 * HOUR)
    assert not overlap(morning, noon)
    assert overlap(morning, Segment(NINE + 59 * MINUTE, NINE + 2 * HOUR))
    assert overlap(Segment(NINE), noon)
    assert not overlap(Segment(NINE + 2 * HOUR), noon)


def test_open_segment_counts_until_now_and_never_below_zero() -> None:
    assert seconds(NINE, None, NINE + MINUTE + timedelta(milliseconds=999)) == 60
    assert seconds(NINE, None, NINE - HOUR) == 0
    assert seconds(NINE, NINE + HOUR, NINE) == 3600


def test_overnight_work_belongs_to_the_day_it_began() -> None:
    late = datetime(2026, 3, 4, 22, 30, tzinfo=BERLIN)
    assert day_of(late.astimezone(UTC), BERLIN) == date(2026, 3, 4)
    assert day_of(late.astimezone(UTC), ZoneInfo("Asia/Tokyo")) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 23),
        (BERLIN, date(2026, 10, 25), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
        (SANTIAGO, date(2026, 9, 6), 23),  # midnight itself is skipped
        (SANTIAGO, date(2026, 4, 4), 25),
        (HAVANA, date(2026, 11, 1), 25),  # midnight comes twice
    ],
    ids=str,
)
def test_day_is_as_long_as_the_clocks_make_it(zone: ZoneInfo, day: date, hours: int) -> None:
    begin, end = bounds(day, day, zone)
    assert end - begin == hours * HOUR
    assert day_of(begin, zone) == day_of(end - timedelta(seconds=1), zone) == day
    assert day_of(begin - timedelta(seconds=1), zone) == day - timedelta(days=1)


def test_night_of_the_change_is_as_long_as_it_really_was() -> None:
    begin = datetime(2026, 3, 28, 22, tzinfo=BERLIN).astimezone(UTC)
    end = datetime(2026, 3, 29, 6, tzinfo=BERLIN).astimezone(UTC)
    assert seconds(begin, end, end) == 7 * 3600
    first, second = by_day(begin, end, BERLIN)
    assert first == (begin, begin_of(date(2026, 3, 29), BERLIN))
    assert [seconds(*part, end) for part in (first, second)] == [2 * 3600, 5 * 3600]


moments = st.integers(0, 3 * 366 * 86400).map(
    lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
)


@given(moments, st.integers(0, 5 * 86400), st.sampled_from([BERLIN, NEW_YORK, SANTIAGO, HAVANA]))
def test_parts_of_days_follow_each_other_without_gap(begin: datetime, length: int, zone: ZoneInfo) -> None:
    end = begin + timedelta(seconds=length)
    parts = list(by_day(begin, end, zone))
    assert parts[0][0] == begin
    assert parts[-1][1] == end
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    days = [day_of(part[0], zone) for part in parts]
    assert days == sorted(set(days))
    assert sum(seconds(*part, end) for part in parts) == length


@pytest.mark.parametrize(
    ("total", "decimal", "clock", "spoken"),
    [
        (0, "0.00", "0:00", "0 h 00 min"),
        (29, "0.01", "0:00", "0 h 00 min"),
        (30, "0.01", "0:01", "0 h 01 min"),
        (28_799, "8.00", "8:00", "8 h 00 min"),
        (28_800, "8.00", "8:00", "8 h 00 min"),
        (112_800, "31.33", "31:20", "31 h 20 min"),
        (3_600_018, "1000.01", "1000:00", "1000 h 00 min"),
    ],
)
def test_hours_are_written_from_seconds(total: int, decimal: str, clock: str, spoken: str) -> None:
    assert decimal_hours(total) == Decimal(decimal)
    assert clock_hours(total) == clock
    assert spoken_hours(total) == spoken


def test_rows_are_not_rounded_before_they_are_summed() -> None:
    """Three times 2 h 39 min 59 s: rounded one by one they would make 8.01 hours."""
    row = 2 * 3600 + 39 * 60 + 59
    assert decimal_hours(3 * row) == Decimal("8.00")
    assert 3 * decimal_hours(row) == Decimal("8.01")
