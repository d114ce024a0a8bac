"""How near a due date is, and on whose day. Pure: now and the time zone are arguments.

Moments are compared in UTC (two of one zone compare by their clocks, which daylight saving repeats); days are
those of the person who looks. static/js/boards/due.js and static/js/deadlines/rules.js say the same; the
cases in tests/support/due_cases.json hold them together.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple, get_args

DueState = Literal["overdue", "today", "soon", "later", "none"]
Bucket = Literal["overdue", "today", "this_week", "later", "no_date"]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)

SOON = timedelta(hours=48)
END_OF_DAY = time(23, 59)
"""A task due at this time of its own time zone is due that day, at no hour in particular."""
MONDAY = 1


def due_state(due_at: datetime | None, *, now: datetime, zone: tzinfo, is_done: bool = False) -> DueState:
    """What is done presses nobody, however late it was."""
    if due_at is None or is_done:
        return "none"
    due_at, now = due_at.astimezone(UTC), now.astimezone(UTC)
    if due_at < now:
        return "overdue"
    if day_of(due_at, zone) == day_of(now, zone):
        return "today"
    return "soon" if due_at - now <= SOON else "later"


class Edges(NamedTuple):
    """The moments at which a due date gets out of a bucket: what is due before the first is overdue."""

    now: datetime
    today: datetime
    this_week: datetime


def edges(*, now: datetime, zone: tzinfo, week_start: int = MONDAY) -> Edges:
    """`week_start`: 1 (Monday) to 7 (Sunday)."""
    today = day_of(now, zone)
    ends = today + timedelta(days=1), first_of_week(today, week_start) + timedelta(days=7)
    return Edges(now.astimezone(UTC), *(datetime.combine(end, time(0), zone).astimezone(UTC) for end in ends))


def bucket(due_at: datetime | None, edges: Edges) -> Bucket:
    """Where an open task stands in My work."""
    if due_at is None:
        return "no_date"
    due_at = due_at.astimezone(UTC)
    if due_at < edges.now:
        return "overdue"
    if due_at < edges.today:
        return "today"
    return "this_week" if due_at < edges.this_week else "later"


def day_of(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def first_of_week(day: date, week_start: int = MONDAY) -> date:
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)


def is_whole_day(due_at: datetime, zone: tzinfo) -> bool:
    """Whether only the day is meant, in the zone the date was set in."""
    return due_at.astimezone(zone).time().replace(second=0, microsecond=0, tzinfo=None) == END_OF_DAY


def on_day(due_at: datetime, day: date, zone: tzinfo) -> datetime:
    """The same time of day on another day. A time that this day skips is as much later as it skips, one
    that it has twice is the first."""
    local = due_at.astimezone(zone)
    return datetime.combine(day, local.time().replace(fold=0), zone).astimezone(UTC)
