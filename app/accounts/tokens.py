"""Personal access tokens: made once, shown once, and ended for good.

A token does what its scopes name and its person may do, until it expires, is revoked, or the person is
disabled. Who may make and revoke them (a browser's session, never a token) is the routes' declaration.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from blinker import signal
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from .. import audit
from ..db import new_id
from ..errors import NotFound, WorkHubError
from .models import AccessToken, User
from .service import token_hash

revoked = signal("accounts.token_revoked")  # session, user_id, token_id, now

MARK = "whp_"  # lets people and scanners of leaked secrets know what they see
PREFIX_CHARACTERS = len(MARK) + 6
MAX_TOKENS = 50


class TooManyTokens(WorkHubError):
    code, title, status = "too_many_tokens", "You have too many access tokens", 409


def create_token(
    session: Session, *, user_id: UUID, name: str, scopes: Collection[str], lifetime: timedelta, now: datetime
) -> tuple[AccessToken, str]:
    """The row, and the token itself, of which only the hash is kept. Needs the service role."""
    session.scalar(select(User.id).where(User.id == user_id).with_for_update())  # counted one after another
    living = select(func.count()).where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
    if (session.scalar(living) or 0) >= MAX_TOKENS:
        raise TooManyTokens(f"At most {MAX_TOKENS}; revoke one first.")
    text = MARK + secrets.token_urlsafe(32)
    token = AccessToken(
        id=new_id(),
        user_id=user_id,
        name=name,
        token_hash=token_hash(text),
        prefix=text[:PREFIX_CHARACTERS],
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + lifetime,
    )
    session.add(token)
    _record(
        session, "token.created", token.id, user_id, now, {"prefix": token.prefix, "scopes": token.scopes}
    )
    return token, text


def revoke_token(session: Session, *, token_id: UUID, user_id: UUID, now: datetime) -> None:
    """Raises NotFound for a token that is not theirs, does not exist or is revoked already."""
    ended = session.scalar(
        update(AccessToken)
        .where(AccessToken.id == token_id, AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(AccessToken.prefix)
    )
    if ended is None:
        raise NotFound()
    _record(session, "token.revoked", token_id, user_id, now, {"prefix": ended})
    revoked.send(None, session=session, user_id=user_id, token_id=token_id, now=now)


def touch_token(session: Session, *, token_id: UUID, now: datetime) -> None:
    session.execute(update(AccessToken).where(AccessToken.id == token_id).values(last_used_at=now))


def _record(
    session: Session, action: str, token_id: UUID, user_id: UUID, now: datetime, details: dict[str, Any]
) -> None:
    """In the trail of every organization of the person: the token reaches into each."""
    audit.record(
        session,
        action=action,
        actor_id=user_id,
        organization_ids=None,
        target_type="token",
        target_id=str(token_id),
        details=details,
        now=now,
    )
