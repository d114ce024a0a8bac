"""A month of attendance: working days with a break at noon, now and then a forgotten logout or a correction.

Nobody is clocked in now: for that people have to sign in.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..accounts.models import Organization, User
from ..attendance.models import AttendanceCorrection, AttendanceLog, AttendancePerson
from ..attendance.rules import whole_second
from ..db import new_id

DAYS = 30
REASON = "Forgot to sign out before the dentist"


def add(
    session: Session,
    organization_id: UUID,
    people: list[UUID],
    admin_id: UUID,
    now: datetime,
    chance: random.Random,
) -> None:
    zone = ZoneInfo(session.get_one(Organization, organization_id).time_zone)
    names = {user.id: user for user in session.scalars(select(User).where(User.id.in_(people)))}
    session.add_all(
        AttendancePerson(
            organization_id=organization_id,
            user_id=user_id,
            name=names[user_id].name,
            email=names[user_id].email,
            avatar_url=names[user_id].avatar_url,
        )
        for user_id in people
    )
    session.flush()
    rows = [
        AttendanceLog(
            id=new_id(),
            organization_id=organization_id,
            user_id=user_id,
            clock_in_at=begin,
            clock_out_at=end,
            closed_automatically=chance.random() < 0.04,
        )
        for user_id in people
        for begin, end in _month(zone, now, chance)
    ]
    session.add_all(rows)
    session.flush()
    if rows:
        _correct(session, rows[len(rows) // 2], admin_id, session.get_one(User, admin_id).name)


def _month(zone: ZoneInfo, now: datetime, chance: random.Random) -> Iterator[tuple[datetime, datetime]]:
    """Up to an hour before now."""
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=ago) for ago in range(DAYS, -1, -1)):
        if day.weekday() < 5 and chance.random() > 0.12:
            for begin, end in _day(day, zone, chance):
                if end < now - timedelta(hours=1):
                    yield whole_second(begin), whole_second(end)


def _day(day: date, zone: ZoneInfo, chance: random.Random) -> Iterator[tuple[datetime, datetime]]:
    morning = datetime.combine(day, time(8), zone) + timedelta(seconds=chance.randint(0, 5400))
    noon = datetime.combine(day, time(12), zone) + timedelta(seconds=chance.randint(0, 3000))
    back = noon + timedelta(seconds=chance.randint(1500, 3600))
    yield morning, noon
    yield back, back + timedelta(seconds=chance.randint(12_000, 17_000))


def _correct(session: Session, row: AttendanceLog, admin_id: UUID, admin_name: str) -> None:
    ended = row.clock_out_at or row.clock_in_at
    row.clock_out_at, row.corrected_at = ended - (ended - row.clock_in_at) / 4, ended + timedelta(hours=16)
    row.clock_out_at = whole_second(row.clock_out_at)
    row.closed_automatically, row.version = False, 2
    session.add(
        AttendanceCorrection(
            attendance_id=row.id,
            organization_id=row.organization_id,
            user_id=row.user_id,
            clock_in_before=row.clock_in_at,
            clock_out_before=ended,
            automatic_before=True,
            reason=REASON,
            corrected_by=admin_id,
            corrected_by_name=admin_name,
            corrected_at=row.corrected_at,
        )
    )
    session.flush()
