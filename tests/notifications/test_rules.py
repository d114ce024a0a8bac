"""When a deadline is worth a word, in everybody's own time zone, and what preferences mean. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notifications.rules import (
    DEFAULTS,
    LEAST_NOTICE,
    MOST_NOTICE,
    NOTHING_SAID,
    Ways,
    moment_in,
    preferences_of,
    reminder_at,
)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe")


@pytest.mark.parametrize(
    ("due", "zone", "told"),
    [
        ("2025-11-21T17:00", "Europe/Berlin", "2025-11-20T08:00"),
        ("2025-11-21T09:00", "Europe/Berlin", "2025-11-20T08:00"),
        ("2025-11-21T19:59", "Europe/Berlin", "2025-11-20T08:00"),
        ("2025-11-21T20:00", "Europe/Berlin", "2025-11-21T08:00"),
        ("2025-11-22T00:00", "America/New_York", "2025-11-21T08:00"),
        ("2025-10-26T18:00", "Europe/Berlin", "2025-10-25T08:00"),  # the clocks go back that night
        ("2026-03-29T21:30", "Europe/Berlin", "2026-03-29T08:00"),  # and forward that one
    ],
)
def test_told_on_the_last_morning_that_leaves_half_a_day(due: str, zone: str, told: str) -> None:
    here = ZoneInfo(zone)
    due_at = datetime.fromisoformat(due).replace(tzinfo=here)
    assert reminder_at(due_at.astimezone(UTC), zone) == datetime.fromisoformat(told).replace(tzinfo=here)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.sampled_from(ZONES))
def test_always_at_eight_and_in_time(naive: datetime, zone: str) -> None:
    due_at = naive.replace(tzinfo=UTC)
    told = reminder_at(due_at, zone)
    assert (told.hour, told.minute) == (8, 0)
    assert LEAST_NOTICE <= due_at - told.astimezone(UTC) < MOST_NOTICE


def test_unknown_zone_is_read_as_utc() -> None:
    due_at = datetime(2025, 11, 21, 17, tzinfo=UTC)
    for zone in ("", "Nowhere/Land", "../etc/passwd", "\x00"):
        assert reminder_at(due_at, zone) == due_at - timedelta(hours=33)
    assert moment_in(due_at, "Asia/Kolkata") == "Fri 21 Nov, 22:30"


def test_what_was_never_asked_is_as_everybody_begins() -> None:
    assert preferences_of(None, None) is NOTHING_SAID
    said = preferences_of({"mention": [False, True]}, 60)
    assert said.kinds == {**DEFAULTS, "mention": Ways(False, True)}
    assert said.digest_minutes == 60
