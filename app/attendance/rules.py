"""What attendance makes of logins, of days and of hours. Pure: the time is an argument.

Moments are whole seconds in UTC, so that every duration is a whole number and sums never depend on the
order in which something was rounded. A segment belongs to the day it began, in the organization's time zone.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Segment(NamedTuple):
    """From clocking in to clocking out; without `clock_out_at` it is open."""

    clock_in_at: datetime
    clock_out_at: datetime | None = None
    closed_automatically: bool = False


class Change(NamedTuple):
    """What becomes of a person's last segment, and what follows it."""

    closed: Segment | None = None
    opened: Segment | None = None
    reopened: Segment | None = None


NOTHING = Change()


def arrived(
    last: Segment | None,
    *,
    others_alive: bool,
    seen_at: datetime | None,
    login_at: datetime,
    is_final: bool = False,
) -> Change:
    """A login at `login_at`. `others_alive`: another login of the person lives; `seen_at`: the last activity
    of the others, dead or alive.

    An open segment that no login holds any more ends where the person was last seen. The same login told
    twice changes nothing: the segment it opened is not older than itself. Somebody who signs in anew at the
    moment they signed out has not left, unless the segment `is_final`: corrected or deleted since.
    """
    moment = whole_second(login_at)
    if last is None:
        return Change(opened=Segment(moment))
    if last.clock_out_at is None:
        if others_alive or last.clock_in_at >= moment:
            return NOTHING
        last = closed(last, at=seen_at, automatically=True)
        return Change(closed=last, opened=_after(last, moment))
    if last.clock_out_at == moment and not (last.closed_automatically or is_final):
        return Change(reopened=Segment(last.clock_in_at))
    return Change(opened=_after(last, moment))


def left(
    last: Segment | None, *, others_alive: bool, seen_at: datetime | None, automatically: bool
) -> Segment | None:
    """The closed segment after the end of a login; None when nothing changes."""
    if last is None or last.clock_out_at is not None or others_alive:
        return None
    return closed(last, at=seen_at, automatically=automatically)


def closed(segment: Segment, *, at: datetime | None, automatically: bool) -> Segment:
    """Never before it began, whatever the clocks say; somebody never seen since then ended there."""
    end = max(segment.clock_in_at, whole_second(at)) if at else segment.clock_in_at
    return Segment(segment.clock_in_at, end, automatically)


def _after(last: Segment, moment: datetime) -> Segment:
    """A clock that was set back must not count the same hour twice."""
    return Segment(max(moment, last.clock_out_at or moment))


def whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def seconds(clock_in_at: datetime, clock_out_at: datetime | None, now: datetime) -> int:
    """So far, for an open one."""
    end = whole_second(now) if clock_out_at is None else clock_out_at
    return max(0, int((end - clock_in_at).total_seconds()))


def overlap(one: Segment, other: Segment) -> bool:
    """Segments that only touch do not overlap; an open one has no end."""
    one_goes_on = one.clock_out_at is None or one.clock_out_at > other.clock_in_at
    other_goes_on = other.clock_out_at is None or other.clock_out_at > one.clock_in_at
    return one_goes_on and other_goes_on


# Days


def day_of(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def begin_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of the day. Where clocks skip midnight it is the moment they do; where midnight comes
    twice, the first."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def bounds(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From the first moment of the first day to that behind the last day."""
    return begin_of(first, zone), begin_of(last + timedelta(days=1), zone)


def by_day(
    clock_in_at: datetime, clock_out_at: datetime, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """The segment cut at every midnight; the parts are as long as the whole."""
    begin = clock_in_at
    while (midnight := begin_of(day_of(begin, zone) + timedelta(days=1), zone)) < clock_out_at:
        yield begin, midnight
        begin = midnight
    yield begin, clock_out_at


# Hours, from seconds that were summed before


def decimal_hours(total_seconds: int) -> Decimal:
    return (Decimal(total_seconds) / 3600).quantize(Decimal("0.01"), ROUND_HALF_UP)


def hours_and_minutes(total_seconds: int) -> tuple[int, int]:
    """To the nearest minute, half a minute upwards."""
    return divmod((total_seconds + 30) // 60, 60)


def clock_hours(total_seconds: int) -> str:
    """31:20, also beyond a day."""
    hours, minutes = hours_and_minutes(total_seconds)
    return f"{hours}:{minutes:02}"


def spoken_hours(total_seconds: int) -> str:
    """31 h 20 min"""
    hours, minutes = hours_and_minutes(total_seconds)
    return f"{hours} h {minutes:02} min"
