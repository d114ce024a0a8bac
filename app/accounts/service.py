"""Signing in and out, and keeping a session alive.

News for others travels as signals, sent inside the transaction; receivers that act outside the database
register with after_commit.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from blinker import signal
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..db import new_id
from .devices import Device
from .models import User, UserSession
from .policy import OWN_ENDS, SessionLimits

signed_in = signal("accounts.signed_in")  # session, user_id, session_id, now
signed_out = signal("accounts.signed_out")  # session, user_id, session_id, now, reason
# Outside of transactions; the sender of these two is the application whose request it is.
recognized = signal("accounts.recognized")  # actor: this request is theirs
reported = signal("accounts.reported")  # actor, active, page: their page says whether somebody is there
# session_ids, reason: no login has them any more, whoever ended it and wherever; it may be known already
found_ended = signal("accounts.found_ended")


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def open_session(
    session: Session,
    *,
    user: User,
    now: datetime,
    limits: SessionLimits,
    device: Device,
    client: str | None,
    address: str | None,
) -> str:
    """A new login of `user`; answers the token (256 bits) of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    row = UserSession(
        id=new_id(),
        user_id=user.id,
        session_token=token_hash(token),
        last_activity=now,
        created_at=now,
        expires_at=now + limits.absolute,
        device=device,
        client=client,
        address=address,
    )
    session.add(row)
    session.flush()
    signed_in.send(None, session=session, user_id=user.id, session_id=row.id, now=now)
    return token


def end_session(session: Session, *, session_id: UUID, now: datetime, reason: str) -> None:
    """Ends one login; doing it twice is the same as once.

    Who does it themselves is there at that moment; otherwise the last activity stays what it was.
    """
    living = select(UserSession.user_id).where(UserSession.id == session_id, UserSession.is_active)
    if (user_id := session.scalar(living)) is not None:
        lock_person(session, user_id)
        end_login(session, session_id=session_id, now=now, reason=reason)


def end_login(session: Session, *, session_id: UUID, now: datetime, reason: str) -> None:
    """As end_session, of a person who is locked already."""
    seen = {"last_activity": now} if reason in OWN_ENDS else {}
    ended = session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.is_active)
        .values(is_active=False, ended_at=now, **seen)
        .returning(UserSession.user_id)
    ).scalar()
    if ended is not None:
        signed_out.send(None, session=session, user_id=ended, session_id=session_id, now=now, reason=reason)


def lock_person(session: Session, user_id: UUID) -> None:
    """Before any of their logins, always: those who end the same logins wait, and never for each other."""
    session.scalar(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def touch_sessions(session: Session, *, session_ids: Collection[UUID], now: datetime) -> None:
    session.execute(
        update(UserSession)
        .where(UserSession.id.in_(session_ids), UserSession.is_active)
        .values(last_activity=now)
    )
