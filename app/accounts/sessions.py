"""A person's own logins: seeing them, ending one, ending all others.

Whatever ends here is over at once: the cookie and every copy of it at their next request, sockets by the
signal that follows the commit.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit
from ..errors import NotFound
from .models import UserSession
from .policy import SessionLimits
from .queries import Actor, sessions_of
from .schemas import SessionView
from .service import end_login, lock_person

ENDED_ELSEWHERE = "ended"  # by its person, from another login
OWN_END = "signed_out"


def own_sessions(
    session: Session, *, actor: Actor, now: datetime, limits: SessionLimits
) -> list[SessionView]:
    """The one that asks comes first."""
    found = [SessionView.model_validate(row) for row in sessions_of(session, actor.id, now, limits)]
    for view in found:
        view.is_current = view.id == actor.session_id
    return sorted(found, key=lambda view: not view.is_current)


def end_own_session(session: Session, *, actor: Actor, session_id: UUID, now: datetime) -> None:
    """Raises NotFound for a login that is somebody else's, is over, or never was. Needs the service role."""
    if session_id not in _living(session, actor.id):
        raise NotFound()
    reason = OWN_END if session_id == actor.session_id else ENDED_ELSEWHERE
    end_login(session, session_id=session_id, now=now, reason=reason)
    _record(session, actor, 1, now)


def end_other_sessions(session: Session, *, actor: Actor, now: datetime) -> int:
    """All but the one that asks. Needs the service role."""
    ended = end_sessions_of(session, user_id=actor.id, now=now, reason=ENDED_ELSEWHERE, keep=actor.session_id)
    if ended:
        _record(session, actor, ended, now)
    return ended


def end_sessions_of(
    session: Session, *, user_id: UUID, now: datetime, reason: str, keep: UUID | None = None
) -> int:
    """Says how many it ended. Signing in takes the same lock: no login slips through meanwhile."""
    others = [each for each in _living(session, user_id) if each != keep]
    for session_id in others:
        end_login(session, session_id=session_id, now=now, reason=reason)
    return len(others)


def _living(session: Session, user_id: UUID) -> list[UUID]:
    """Oldest first, with the person locked: of two that end the same logins the later one finds them gone."""
    lock_person(session, user_id)
    living = select(UserSession.id).where(UserSession.user_id == user_id, UserSession.is_active)
    return list(session.scalars(living.order_by(UserSession.id)))


def _record(session: Session, actor: Actor, count: int, now: datetime) -> None:
    audit.record(
        session,
        action="session.ended",
        actor_id=actor.id,
        organization_ids=None,
        target_type="user",
        target_id=str(actor.id),
        details={"count": count},
        now=now,
    )
