"""The calendar feed of a person: one address at a time, shown once, ended at will.

The address is the only key (calendar programs cannot sign in), so it opens one thing: the dates of that
person's tasks on the boards they are on at that moment. One that does not count is answered like one that
never did.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import User
from ..accounts.service import token_hash
from ..errors import NotFound
from .models import CalendarFeed

NOTED_EVERY = timedelta(minutes=15)
"""Programs ask many times an hour; when they last did need not be known better."""


def make_feed(session: Session, *, user_id: UUID, now: datetime) -> str:
    """A new secret in the place of the one before, which ends. Needs the service role."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": token_hash(token), "created_at": now, "last_read_at": None}
    session.execute(
        insert(CalendarFeed)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )
    _record(session, "calendar.made", user_id, now)
    return token


def end_feed(session: Session, *, user_id: UUID, now: datetime) -> None:
    """Raises NotFound when there is none. Needs the service role."""
    gone = delete(CalendarFeed).where(CalendarFeed.user_id == user_id).returning(CalendarFeed.user_id)
    if session.scalar(gone) is None:
        raise NotFound()
    _record(session, "calendar.ended", user_id, now)


def reader_of(session: Session, *, token: str, now: datetime) -> tuple[UUID, str]:
    """Whose feed this is, and that person's time zone; NotFound for disabled people too. Needs the service
    role."""
    whose = (
        select(User.id, User.time_zone)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == token_hash(token), User.disabled_at.is_(None))
    )
    row = session.execute(whose).one_or_none()
    if row is None:
        raise NotFound()
    is_stale = or_(CalendarFeed.last_read_at.is_(None), CalendarFeed.last_read_at < now - NOTED_EVERY)
    session.execute(
        update(CalendarFeed).where(CalendarFeed.user_id == row.id, is_stale).values(last_read_at=now)
    )
    return row.id, row.time_zone


def _record(session: Session, action: str, user_id: UUID, now: datetime) -> None:
    """In the trail of every organization of the person: the feed reaches into each."""
    audit.record(
        session,
        action=action,
        actor_id=user_id,
        organization_ids=None,
        target_type="calendar",
        target_id=str(user_id),
        details={},
        now=now,
    )
