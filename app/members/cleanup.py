"""Links that nobody can use any more, deleted after a while. Runs as workhub_service."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from .models import Invitation, PasswordReset

KEPT_AFTER_END = timedelta(days=30)  # invitations: so long those who made them may wonder


def delete_old_links(session: Session, now: datetime) -> int:
    """Says how many."""
    resets = delete(PasswordReset).where(PasswordReset.expires_at <= now).returning(PasswordReset.user_id)
    before = now - KEPT_AFTER_END
    is_old = or_(
        Invitation.accepted_at < before, Invitation.revoked_at < before, Invitation.expires_at < before
    )
    invitations = delete(Invitation).where(is_old).returning(Invitation.id)
    return len(session.scalars(resets).all()) + len(session.scalars(invitations).all())
