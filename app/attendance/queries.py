"""Reads of attendance through the person who asks: all of an organization they run, else what is their own.

A segment is asked for by the day it began. Each level of the tree reads only what it shows: a page of people,
one person's days, one day's sessions; the indexes lead there.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Date, and_, case, cast, func, or_, select, tuple_
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization
from ..accounts.policy import MANAGERS
from ..errors import NotFound
from ..paging import name_cursor, read_name_cursor
from . import rules
from .models import AttendanceCorrection, AttendanceLock, AttendanceLog, AttendancePerson
from .schemas import AttendanceFilter, DaysLevel, RangeQuery, SessionsLevel

DEFAULT_DAYS = 7
PEOPLE_SHOWN_ONLINE = 100
MOST_SESSIONS_A_DAY = 1000


class Place(NamedTuple):
    """An organization for somebody who is in it."""

    id: UUID
    name: str
    zone: tzinfo
    zone_name: str
    is_run: bool
    locked_before: date | None

    def is_locked(self, moment: datetime) -> bool:
        return self.locked_before is not None and rules.day_of(moment, self.zone) < self.locked_before


class Span(NamedTuple):
    first: date
    last: date
    begin: datetime
    end: datetime


def places_of(session: Session, actor_id: UUID) -> list[Place]:
    """Those the person runs first, each by name."""
    found = session.execute(
        select(Organization.id, Organization.name, Organization.time_zone, Membership.role,
               AttendanceLock.locked_before)
        .join(Membership, Membership.organization_id == Organization.id)
        .outerjoin(AttendanceLock, AttendanceLock.organization_id == Organization.id)
        .where(Membership.user_id == actor_id)
        .order_by(Membership.role.not_in(MANAGERS), func.lower(Organization.name), Organization.id)
    )  # fmt: skip
    return [
        Place(id, name, *_zone(time_zone), role in MANAGERS, locked_before)
        for id, name, time_zone, role, locked_before in found
    ]


def place_for(
    session: Session, actor_id: UUID, organization_id: UUID | None, *, must_run: bool = False
) -> Place:
    """Raises NotFound for strangers, and where the person must run the organization but does not."""
    for place in places_of(session, actor_id):
        if organization_id in (None, place.id) and (place.is_run or not must_run):
            return place
    raise NotFound()


def span_of(wanted: RangeQuery, place: Place, now: datetime) -> Span:
    last = wanted.to or max(rules.day_of(now, place.zone), wanted.from_ or date.min)
    first = wanted.from_ or last - timedelta(days=DEFAULT_DAYS - 1)
    return Span(first, last, *rules.bounds(first, last, place.zone))


def whose_rows(place: Place, actor_id: UUID, user_id: UUID | None) -> UUID | None:
    """None for everybody's; NotFound for those of others, unless one runs the place."""
    whose = user_id if place.is_run else actor_id
    if user_id not in (None, whose):
        raise NotFound()
    return whose


def segments(
    place: Place, actor_id: UUID, span: Span, status: str | None, user_id: UUID | None = None
) -> list[ColumnElement[bool]]:
    """What a person may see of a range, by the filters."""
    whose = whose_rows(place, actor_id, user_id)
    wanted = [
        AttendanceLog.organization_id == place.id,
        AttendanceLog.deletion_id.is_(None),
        AttendanceLog.clock_in_at >= span.begin,
        AttendanceLog.clock_in_at < span.end,
    ]
    if whose is not None:
        wanted.append(AttendanceLog.user_id == whose)
    if status in ("active", "completed"):
        is_open = AttendanceLog.clock_out_at.is_(None)
        wanted.append(is_open if status == "active" else ~is_open)
    return wanted


def people_of(
    session: Session,
    place: Place,
    actor_id: UUID,
    wanted: AttendanceFilter,
    *,
    now: datetime,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[Any], str | None]:
    """One page of the people with something in the range, by name, with their sums; two statements."""
    matching = segments(place, actor_id, span_of(wanted, place, now), wanted.status, wanted.user_id)
    sort_name = func.lower(AttendancePerson.name)
    page = select(AttendancePerson, sort_name.label("sort_name")).where(
        AttendancePerson.organization_id == place.id,
        select(AttendanceLog.id).where(AttendanceLog.user_id == AttendancePerson.user_id, *matching).exists(),
        *found_by(wanted.search),
    )
    if cursor is not None:
        page = page.where(tuple_(sort_name, AttendancePerson.user_id) > tuple_(*read_name_cursor(cursor)))
    found = session.execute(page.order_by(sort_name, AttendancePerson.user_id).limit(limit + 1)).all()
    more, found = len(found) > limit, found[:limit]
    people = [row.AttendancePerson for row in found]
    sums = _sums_of_people(session, [person.user_id for person in people], matching, now)
    rows = [
        {
            "user_id": person.user_id,
            "name": person.name,
            "email": person.email,
            "avatar_url": person.avatar_url,
            **sums[person.user_id],
        }
        for person in people
    ]
    return rows, name_cursor(found[-1].sort_name, found[-1].AttendancePerson.user_id) if more else None


def found_by(search: str | None) -> list[ColumnElement[bool]]:
    columns = (AttendancePerson.name, AttendancePerson.email)
    words = (search or "").split()
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words]


def _sums_of_people(
    session: Session, user_ids: list[UUID], matching: list[ColumnElement[bool]], now: datetime
) -> dict[UUID, dict[str, int]]:
    sums = select(AttendanceLog.user_id, *_sums(now)).where(*matching, AttendanceLog.user_id.in_(user_ids))
    found = session.execute(sums.group_by(AttendanceLog.user_id)).mappings()
    return {row["user_id"]: {name: row[name] for name in row if name != "user_id"} for row in found}


def days_of(
    session: Session, place: Place, actor_id: UUID, wanted: DaysLevel, *, now: datetime
) -> tuple[list[Any], date | None]:
    """One person's days with something in the range, newest first."""
    span = span_of(wanted, place, now)
    if wanted.cursor and wanted.cursor < span.last:
        span = span._replace(last=wanted.cursor, end=rules.begin_of(wanted.cursor, place.zone))
    matching = segments(place, actor_id, span, wanted.status, wanted.user_id or actor_id)
    day = cast(func.timezone(place.zone_name, AttendanceLog.clock_in_at), Date).label("day")
    days = select(day, *_sums(now)).where(*matching).group_by(day).order_by(day.desc())
    found = [dict(row) for row in session.execute(days.limit(wanted.limit + 1)).mappings()]
    page = found[: wanted.limit]
    return page, page[-1]["day"] if len(found) > wanted.limit else None


def sessions_of(
    session: Session, place: Place, actor_id: UUID, wanted: SessionsLevel, *, now: datetime
) -> list[dict[str, Any]]:
    """One person's sessions of one day, in order, with what they were before corrections."""
    span = Span(wanted.day, wanted.day, *rules.bounds(wanted.day, wanted.day, place.zone))
    matching = segments(place, actor_id, span, wanted.status, wanted.user_id or actor_id)
    in_order = (AttendanceLog.clock_in_at, AttendanceLog.clock_out_at, AttendanceLog.id)
    found = select(AttendanceLog).where(*matching).order_by(*in_order).limit(MOST_SESSIONS_A_DAY)
    rows = session.scalars(found).all()
    corrections = corrections_of(session, [row.id for row in rows if row.corrected_at])
    return [session_view(place, row, corrections.get(row.id, []), now) for row in rows]


def session_view(
    place: Place, row: AttendanceLog, corrections: list[AttendanceCorrection], now: datetime
) -> dict[str, Any]:
    return {
        "id": row.id,
        "clock_in_at": row.clock_in_at,
        "clock_out_at": row.clock_out_at,
        "seconds": rules.seconds(row.clock_in_at, row.clock_out_at, now),
        "status": "ACTIVE" if row.clock_out_at is None else "COMPLETED",
        "closed_automatically": row.closed_automatically,
        "is_locked": place.is_locked(row.clock_in_at),
        "version": row.version,
        "corrections": [
            {
                "clock_in_at": each.clock_in_before,
                "clock_out_at": each.clock_out_before,
                "closed_automatically": each.automatic_before,
                "reason": each.reason,
                "corrected_by": each.corrected_by_name,
                "corrected_at": each.corrected_at,
            }
            for each in corrections
        ],
    }


def corrections_of(session: Session, ids: list[UUID]) -> dict[UUID, list[AttendanceCorrection]]:
    """Newest first."""
    found: dict[UUID, list[AttendanceCorrection]] = {}
    if ids:
        theirs = select(AttendanceCorrection).where(AttendanceCorrection.attendance_id.in_(ids))
        newest_first = theirs.order_by(
            AttendanceCorrection.corrected_at.desc(), AttendanceCorrection.id.desc()
        )
        for each in session.scalars(newest_first):
            found.setdefault(each.attendance_id, []).append(each)
    return found


def clocked_in(session: Session, place: Place) -> tuple[list[Any], int]:
    """The first of those who are clocked in, by name, and how many there are. For whoever runs the place."""
    opened = (
        select(
            AttendancePerson.user_id,
            AttendancePerson.name,
            AttendancePerson.email,
            AttendancePerson.avatar_url,
            AttendanceLog.clock_in_at,
            func.count().over().label("total"),
        )
        .join(
            AttendanceLog,
            and_(
                AttendanceLog.organization_id == AttendancePerson.organization_id,
                AttendanceLog.user_id == AttendancePerson.user_id,
            ),
        )
        .where(AttendanceLog.organization_id == place.id, AttendanceLog.clock_out_at.is_(None))
        .order_by(func.lower(AttendancePerson.name), AttendancePerson.user_id)
    )
    found = session.execute(opened.limit(PEOPLE_SHOWN_ONLINE)).mappings().all()
    people = [{name: row[name] for name in row if name != "total"} for row in found]
    return people, found[0]["total"] if found else 0


def today_of(session: Session, place: Place, user_id: UUID, *, now: datetime) -> dict[str, Any]:
    """The running total of the day: of what began today, and of today's part of what began before."""
    today = rules.day_of(now, place.zone)
    begin, end = rules.bounds(today, today, place.zone)
    mine = select(AttendanceLog).where(
        AttendanceLog.organization_id == place.id,
        AttendanceLog.user_id == user_id,
        AttendanceLog.deletion_id.is_(None),
        AttendanceLog.clock_in_at < end,
        or_(AttendanceLog.clock_out_at.is_(None), AttendanceLog.clock_out_at > begin),
    )
    rows = session.scalars(mine.order_by(AttendanceLog.clock_in_at)).all()
    seconds = sum(rules.seconds(max(row.clock_in_at, begin), row.clock_out_at, now) for row in rows)
    opened = next((row for row in rows if row.clock_out_at is None), None)
    return {"seconds": seconds, "since": opened and opened.clock_in_at}


def _sums(now: datetime) -> tuple[ColumnElement[Any], ...]:
    """What rules.seconds says, in SQL: moments are whole seconds."""
    end = func.coalesce(
        AttendanceLog.clock_out_at, func.greatest(AttendanceLog.clock_in_at, rules.whole_second(now))
    )
    length = func.extract("epoch", end - AttendanceLog.clock_in_at)
    return (
        cast(func.sum(length), BigInteger).label("seconds"),
        func.count().label("sessions"),
        func.count(case((AttendanceLog.clock_out_at.is_(None), 1))).label("active"),
        func.count(case((AttendanceLog.closed_automatically, 1))).label("closed_automatically"),
        func.count(AttendanceLog.corrected_at).label("corrected"),
    )


def _zone(name: str) -> tuple[tzinfo, str]:
    """UTC where an organization's time zone is none."""
    try:
        return ZoneInfo(name), name
    except (ValueError, LookupError, OSError):
        return UTC, "UTC"
