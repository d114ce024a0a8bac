"""A month of presence on a board: working days with a break at noon; nobody is present now."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ..db import new_id
from ..presence.core import Status
from ..presence.models import Activity, BoardPresence, UserLastSeen

DAYS = 30
IDLE = timedelta(minutes=5)


class Moment(NamedTuple):
    """From `at` on the person was `status`, last seen at `seen`."""

    status: Status
    at: datetime
    seen: datetime


def add(session: Session, board_id: UUID, people: list[UUID], now: datetime, chance: random.Random) -> None:
    rows: list[dict[str, object]] = []
    for user_id in people:
        device = chance.choice(("desktop", "desktop", "desktop", "mobile", "tablet"))
        moments = _until(now, [m for day in _days_before(now) for m in _working_day(day, chance)], chance)
        rows += [
            {
                "id": new_id(),
                "board_id": board_id,
                "user_id": user_id,
                "status": moment.status,
                "last_seen": moment.seen,
                "updated_at": moment.at,
                "device": device,
            }
            for moment in moments
        ]
        if moments:
            _remember_last(session, board_id, user_id, moments[-1], device)
    if rows:
        session.execute(insert(Activity), rows)


def _days_before(now: datetime) -> Iterator[date]:
    days = ((now - timedelta(days=ago)).date() for ago in range(DAYS, -1, -1))
    return (day for day in days if day.weekday() < 5)


def _working_day(day: date, chance: random.Random) -> Iterator[Moment]:
    if chance.random() < 0.15:
        return  # a day off
    morning = datetime.combine(day, time(7), UTC) + timedelta(minutes=chance.randint(0, 100))
    yield from _stretch(morning, timedelta(hours=chance.uniform(2.5, 4)), chance)
    yield from _stretch(morning + timedelta(hours=5), timedelta(hours=3.2), chance)


def _stretch(start: datetime, length: timedelta, chance: random.Random) -> Iterator[Moment]:
    """online, perhaps a pause, and offline at the end."""
    yield Moment("online", start, start)
    if chance.random() < 0.5:
        pause = start + length * chance.uniform(0.3, 0.6)
        back = pause + timedelta(minutes=chance.randint(6, 14))
        yield Moment("idle", pause, pause - IDLE)
        yield Moment("online", back, back)
    yield Moment("offline", start + length, start + length)


def _until(now: datetime, moments: list[Moment], chance: random.Random) -> list[Moment]:
    """Cut off at `now`; whoever would be here has left a little earlier."""
    past = [moment for moment in moments if moment.at < now]
    if past and past[-1].status != "offline":
        left_at = max(past[-1].at, now - timedelta(minutes=chance.randint(5, 90)))
        past.append(Moment("offline", left_at, left_at))
    return past


def _remember_last(session: Session, board_id: UUID, user_id: UUID, last: Moment, device: str) -> None:
    """As seen by those to whom people show themselves at first."""
    session.add(
        BoardPresence(
            board_id=board_id,
            user_id=user_id,
            status=last.status,
            last_seen=last.seen,
            updated_at=last.at,
            team_seen_at=last.seen,
            contacts_seen_at=last.seen,
        )
    )
    seen = session.get(UserLastSeen, user_id) or UserLastSeen(user_id=user_id)
    if seen.last_seen_at is None or seen.last_seen_at < last.seen:
        seen.last_seen_at = seen.contacts_seen_at = last.seen
        seen.last_device = device
    session.add(seen)
    session.flush()
