"""Logins that nobody ends: ended once they are over, and deleted when nobody can want to know of them.

Ending them is the same act as signing out, with the same signals: attendance, presence and the journal hear
of it. Any number of machines may do this at once. Runs as workhub_service.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from .models import User, UserSession
from .policy import SessionLimits
from .service import end_login

PEOPLE_AT_ONCE, DELETED_AT_ONCE = 100, 5000
KEPT_AFTER_END = timedelta(hours=24)
OVER = "expired"  # told to sockets, attendance and the journal


def end_dead_logins(
    session: Session, *, now: datetime, limits: SessionLimits, among: Collection[UUID] | None = None
) -> set[UUID]:
    """Ends logins that are expired, idle for too long or of somebody disabled; says which.

    Of at most PEOPLE_AT_ONCE people: call it again until there is nothing left. Whoever is just signing in or
    out is passed over.
    """
    is_dead = [
        UserSession.user_id == User.id,
        UserSession.is_active,
        or_(
            UserSession.expires_at <= now,
            UserSession.last_activity <= now - limits.idle,
            User.disabled_at.is_not(None),
        ),
    ]
    if among is not None:
        is_dead.append(UserSession.id.in_(among))
    people = select(User.id).where(select(UserSession.id).where(*is_dead).exists()).order_by(User.id)
    locked = people.limit(PEOPLE_AT_ONCE).with_for_update(key_share=True, skip_locked=True)
    theirs = User.id.in_(session.scalars(locked).all())
    dead = session.scalars(select(UserSession.id).join(User).where(*is_dead, theirs)).all()
    for session_id in dead:
        end_login(session, session_id=session_id, now=now, reason=OVER)
    return set(dead)


def delete_old_logins(session: Session, *, now: datetime) -> int:
    """Those that ended KEPT_AFTER_END ago; at most DELETED_AT_ONCE, and says how many."""
    ended_at = func.coalesce(UserSession.ended_at, UserSession.last_activity)
    old = select(UserSession.id).where(~UserSession.is_active, ended_at < now - KEPT_AFTER_END)
    some = old.limit(DELETED_AT_ONCE).with_for_update(skip_locked=True)
    deleted = session.scalars(delete(UserSession).where(UserSession.id.in_(some)).returning(UserSession.id))
    return len(deleted.all())
