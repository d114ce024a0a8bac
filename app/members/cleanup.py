"""Links that nobody can use any more, deleted after a while. Runs as workhub_service."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from .models import BoardInvitation, Invitation, PasswordReset

KEPT_AFTER_END = timedelta(days=30)  # invitations: so long those who made them may wonder


def delete_old_links(session: Session, now: datetime) -> int:
    """Says how many."""
    resets = delete(PasswordReset).where(PasswordReset.expires_at <= now).returning(PasswordReset.user_id)
    before = now - KEPT_AFTER_END
    gone = len(session.scalars(resets).all())
    for kind in (Invitation, BoardInvitation):
        is_old = or_(kind.accepted_at < before, kind.revoked_at < before, kind.expires_at < before)
        gone += len(session.scalars(delete(kind).where(is_old).returning(kind.id)).all())
    return gone
