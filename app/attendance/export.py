"""Attendance for payroll: a row for each session, and a row for each person, as CSV.

Read a few people at a time, each time in a transaction of its own: a slow reader holds none open, and memory
holds a portion, however many sessions there are. Sums are of whole seconds and rounded when they are written.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, case, func, literal, select
from sqlalchemy import Uuid as PgUuid
from sqlalchemy.orm import Session

from .. import audit, offload
from ..db import unit_of_work
from ..spreadsheet import csv_lines
from . import rules
from .models import AttendanceLog
from .queries import Place, corrections_of, people_of, segments, span_of
from .schemas import ExportQuery

PEOPLE_AT_ONCE = 5  # a year of five people is read in the time of a few frames; others wait no longer
# Not whole objects, and no ids that nobody needs: of these a million are read.
COLUMNS = (
    case((AttendanceLog.corrected_at.is_not(None), AttendanceLog.id)).label("corrected_id"),
    AttendanceLog.clock_in_at,
    AttendanceLog.clock_out_at,
    AttendanceLog.closed_automatically,
)
SESSIONS = (
    "person", "e-mail", "day", "clock in", "clock in zone", "clock out", "clock out zone", "hours", "h:mm",
    "seconds", "status", "closed automatically", "corrected", "reason", "original clock in",
    "original clock out",
)  # fmt: skip
PAYROLL = (
    "person", "e-mail", "days", "sessions", "still active", "closed automatically", "corrected", "hours",
    "h:mm", "seconds",
)  # fmt: skip


class DecimalHours(int):
    """Seconds, to be written as 31.33."""


class ClockHours(int):
    """Seconds, to be written as 31:20."""


class Export(NamedTuple):
    """Who asked for what and when: sessions that go on count up to `now`."""

    actor_id: UUID
    place: Place
    wanted: ExportQuery
    now: datetime


class Attended(NamedTuple):
    """A session, or the part of it on one side of midnight."""

    day: date
    clock_in_at: datetime
    clock_out_at: datetime | None
    seconds: int
    closed_automatically: bool
    reason: str | None
    original: tuple[datetime, datetime | None] | None


class Timesheet(NamedTuple):
    name: str
    email: str
    sessions: list[Attended]


def record(session: Session, export: Export, kind: str) -> None:
    asked = export.wanted.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"organization_id"}
    )
    span = span_of(export.wanted, export.place, export.now)
    audit.record_export(
        session,
        action="attendance.exported",
        actor_id=export.actor_id,
        organization_id=export.place.id,
        details={"format": kind, "filters": {**asked, "from": str(span.first), "to": str(span.last)}},
        now=export.now,
    )


def timesheets(export: Export) -> Iterator[list[Timesheet]]:
    """Everybody with something in the range, by name, a portion at a time."""
    cursor = None
    while True:
        with unit_of_work(export.actor_id) as session:
            people, cursor = people_of(
                session,
                export.place,
                export.actor_id,
                export.wanted,
                now=export.now,
                limit=PEOPLE_AT_ONCE,
                cursor=cursor,
            )
            sessions = _sessions(session, export, [person["user_id"] for person in people])
        yield [Timesheet(each["name"], each["email"], sessions[each["user_id"]]) for each in people]
        if cursor is None:
            return


def sessions_csv(export: Export) -> Iterator[str]:
    yield _lines(export, [SESSIONS])
    for portion in timesheets(export):
        yield offload.run(_session_lines, export, portion)


def payroll_csv(export: Export) -> Iterator[str]:
    yield _lines(export, [PAYROLL])
    for portion in timesheets(export):
        yield offload.run(_payroll_lines, export, portion)


def _session_lines(export: Export, portion: Sequence[Timesheet]) -> str:
    return _lines(
        export, (session_cells(export, sheet, each) for sheet in portion for each in sheet.sessions)
    )


def _payroll_lines(export: Export, portion: Sequence[Timesheet]) -> str:
    return _lines(export, (payroll_cells(sheet) for sheet in portion))


def session_cells(export: Export, sheet: Timesheet, each: Attended) -> tuple[object, ...]:
    original = each.original or (None, None)
    return (
        sheet.name,
        sheet.email,
        each.day.isoformat(),
        *_local(export, each.clock_in_at),
        *_local(export, each.clock_out_at),
        DecimalHours(each.seconds),
        ClockHours(each.seconds),
        each.seconds,
        "ACTIVE" if each.clock_out_at is None else "COMPLETED",
        _yes(each.closed_automatically),
        _yes(each.original is not None),
        each.reason or "",
        _local(export, original[0])[0],
        _local(export, original[1])[0],
    )


def payroll_cells(sheet: Timesheet) -> tuple[object, ...]:
    total = sum(each.seconds for each in sheet.sessions)
    return (
        sheet.name,
        sheet.email,
        len({each.day for each in sheet.sessions}),
        len(sheet.sessions),
        sum(each.clock_out_at is None for each in sheet.sessions),
        sum(each.closed_automatically for each in sheet.sessions),
        sum(each.original is not None for each in sheet.sessions),
        DecimalHours(total),
        ClockHours(total),
        total,
    )


def _sessions(session: Session, export: Export, user_ids: Sequence[UUID]) -> dict[UUID, list[Attended]]:
    place, wanted = export.place, export.wanted
    span = span_of(wanted, place, export.now)
    matching = segments(place, export.actor_id, span, wanted.status, wanted.user_id)
    whose = func.array_position(literal(list(user_ids), ARRAY(PgUuid)), AttendanceLog.user_id).label("whose")
    rows = session.execute(
        select(whose, *COLUMNS)
        .where(*matching, AttendanceLog.user_id.in_(user_ids))
        .order_by(AttendanceLog.user_id, AttendanceLog.clock_in_at, AttendanceLog.clock_out_at)
    ).all()
    corrections = corrections_of(session, [row.corrected_id for row in rows if row.corrected_id])
    found: dict[UUID, list[Attended]] = {user_id: [] for user_id in user_ids}
    for place_of_person, theirs in groupby(rows, key=itemgetter(0)):
        sessions = found[user_ids[place_of_person - 1]]
        for _, corrected_id, begin, end, automatically in theirs:
            made = corrections.get(corrected_id)
            whole = Attended(
                rules.day_of(begin, place.zone),
                begin,
                end,
                rules.seconds(begin, end, export.now),
                automatically,
                made[0].reason if made else None,
                (made[-1].clock_in_before, made[-1].clock_out_before) if made else None,
            )
            if wanted.overnight == "split":
                sessions.extend(_by_day(export, whole))
            else:
                sessions.append(whole)
    return found


def _by_day(export: Export, whole: Attended) -> Iterable[Attended]:
    zone, now = export.place.zone, rules.whole_second(export.now)
    end = whole.clock_out_at or max(now, whole.clock_in_at)
    for begin, until in rules.by_day(whole.clock_in_at, end, zone):
        yield whole._replace(
            day=rules.day_of(begin, zone),
            clock_in_at=begin,
            clock_out_at=None if whole.clock_out_at is None and until == end else until,
            seconds=rules.seconds(begin, until, now),
        )


def _local(export: Export, moment: datetime | None) -> tuple[str, str]:
    """As the organization's clocks show it, and how far they are from UTC: one hour of autumn comes twice."""
    if moment is None:
        return "", ""
    local = moment.astimezone(export.place.zone).isoformat(" ")  # 2026-03-04 10:00:00+01:00
    return local[:19], f"UTC{local[19:25]}"


def _lines(export: Export, rows: Iterable[Iterable[object]]) -> str:
    has_comma = export.wanted.decimal == "comma"
    return csv_lines(([_text(cell, has_comma) for cell in row] for row in rows), ";" if has_comma else ",")


def _text(cell: object, has_comma: bool) -> object:
    if isinstance(cell, DecimalHours):
        hours = str(rules.decimal_hours(cell))
        return hours.replace(".", ",") if has_comma else hours
    return rules.clock_hours(cell) if isinstance(cell, ClockHours) else cell


def _yes(is_so: bool) -> str:
    return "yes" if is_so else ""
