"""Links with which somebody sets a new password: made by who runs their organization, short, and used once.

Runs as workhub_service. A new password ends everything that was opened with the old one.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import User
from ..accounts.service import lock_person
from ..errors import WorkHubError
from .links import new_token, token_hash
from .models import PasswordReset
from .service import Target, check_rights_over_account, end_everything, record

LIFETIME = timedelta(hours=1)


class ResetOver(WorkHubError):
    """Used, replaced, expired, or never made: a stranger learns no more."""

    code, title, status = "reset_over", "This link is not valid any more", 404


class PersonDisabled(WorkHubError):
    code, title, status = "person_disabled", "This person is disabled", 409


def make_reset(session: Session, target: Target, *, now: datetime) -> tuple[str, datetime]:
    """The token of the link, and when it ends; the person's link before is worth nothing."""
    check_rights_over_account(session, target)
    if target.is_disabled:
        raise PersonDisabled("Enable them first.")
    token = new_token()
    values = {
        "token_hash": token_hash(token),
        "created_by": target.actor_id,
        "created_at": now,
        "expires_at": now + LIFETIME,
    }
    row = insert(PasswordReset).values(user_id=target.user_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))
    record(session, target, "member.reset_link_made", now)
    return token, values["expires_at"]  # type: ignore[return-value]


def person_of(session: Session, token: str, now: datetime, *, lock: bool = False) -> User:
    """Whose password the link sets. Raises ResetOver."""
    found = select(PasswordReset.user_id).where(
        PasswordReset.token_hash == token_hash(token), PasswordReset.expires_at > now
    )
    user_id = session.scalar(found)
    if user_id is not None and lock:
        lock_person(session, user_id)
        user_id = session.scalar(found)  # of two that use it at once the second finds it gone
    user = session.get(User, user_id) if user_id else None
    if user is None or user.disabled_at is not None:
        raise ResetOver("Ask for a new one.")
    return user


def use_reset(session: Session, *, token: str, password_hash: str, now: datetime) -> None:
    """Raises ResetOver. All logins, access tokens and links of the person end."""
    user = person_of(session, token, now, lock=True)
    session.execute(update(User).where(User.id == user.id).values(password_hash=password_hash))
    end_everything(session, user_id=user.id, now=now, reason="password_reset")
    audit.record(
        session,
        action="member.password_set",
        actor_id=user.id,
        organization_ids=None,
        target_type="user",
        target_id=str(user.id),
        details={},
        now=now,
    )
