"""Tasks with dates as an iCalendar file (RFC 5545), by the `icalendar` library, which escapes and folds.

Events and not to-dos, because calendar programs that subscribe to an address show nothing else. They take
nobody's time (TRANSPARENT). What it says depends on its arguments only, so equal tasks make equal files.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Event, Timezone

from .queries import Dated
from .rules import day_of, is_whole_day

SHORTEST = timedelta(minutes=30)  # a deadline is a moment; some programs do not show what has no length
REFRESH = timedelta(hours=1)
_PRIORITY = {"urgent": 1, "high": 3, "medium": 5, "low": 7}
UTC_ZONE = ZoneInfo("UTC")


def fingerprint(rows: Iterable[Dated], zone_name: str) -> str:
    """Of all that the file says, without the work of writing it."""
    told = hashlib.sha256(zone_name.encode())
    for task, board_name, list_name in rows:
        told.update(f"\n{task.id} {task.version} {task.updated_at} {board_name!r} {list_name!r}".encode())
    return told.hexdigest()[:32]


def calendar_file(rows: Sequence[Dated], *, zone_name: str, address_of: Callable[[UUID, UUID], str]) -> bytes:
    """`zone_name` is the person's, for tasks that name none; `address_of(board, task)` is where it opens."""
    calendar = Calendar()
    calendar.add("prodid", "-//WorkHub//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "WorkHub")
    calendar.add("x-wr-timezone", zone_name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    events = [_event(row, zone_of(row.task.time_zone or zone_name), address_of) for row in rows]
    for zone, (first, last) in sorted(_years_of_zones(events).items()):
        calendar.add_component(_time_zone(zone, first, last))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def zone_of(name: str) -> ZoneInfo:
    """A zone that this machine does not know any more is UTC: the moment stays right."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC_ZONE


def _event(row: Dated, zone: ZoneInfo, address_of: Callable[[UUID, UUID], str]) -> Event:
    task, board_name, list_name = row
    begin, end = _span(task.start_at, task.due_at or task.updated_at, zone)
    address = address_of(task.board_id, task.id)
    event = Event()
    event.add("uid", f"{task.id}@workhub")
    event.add("dtstamp", task.updated_at.astimezone(UTC))
    event.add("last-modified", task.updated_at.astimezone(UTC))
    event.add("created", task.created_at.astimezone(UTC))
    event.add("sequence", task.version)
    event.add("dtstart", begin)
    event.add("dtend", end)
    event.add("summary", task.title)
    event.add("description", f"{board_name}, {list_name}\n{address}")
    event.add("categories", [board_name])
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    if task.priority in _PRIORITY:
        event.add("priority", _PRIORITY[task.priority])
    return event


def _span(start_at: datetime | None, due_at: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Days when only days are meant, otherwise moments in the task's zone. The end of days is exclusive."""
    begins_with_day = start_at is None or start_at.astimezone(zone).time() == time(0)
    if is_whole_day(due_at, zone) and begins_with_day:
        last = day_of(due_at, zone)
        first = min(day_of(start_at, zone), last) if start_at else last
        return first, last + timedelta(days=1)
    if start_at is None or start_at >= due_at:
        start_at = due_at.astimezone(UTC) - SHORTEST
    return start_at.astimezone(zone), due_at.astimezone(zone)


def _years_of_zones(events: Iterable[Event]) -> dict[str, tuple[int, int]]:
    """Zone -> first and last year of its moments. UTC needs no definition."""
    years: dict[str, tuple[int, int]] = {}
    for event in events:
        for moment in (event.decoded("dtstart"), event.decoded("dtend")):
            zone = moment.tzinfo if isinstance(moment, datetime) else None
            if isinstance(zone, ZoneInfo) and zone.key != "UTC":
                first, last = years.get(zone.key, (moment.year, moment.year))
                years[zone.key] = min(first, moment.year), max(last, moment.year)
    return years


@lru_cache(maxsize=256)
def _time_zone(name: str, first_year: int, last_year: int) -> Timezone:
    """Its changes of clocks in these years: some tenths of a second of work, asked for again and again."""
    return Timezone.from_tzid(name, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 12, 31))
