"""The mails of user management: an invitation, and a link to set a new password.

Written where mail is sent at all; whoever made the link has it in any case, and can hand it over themselves.
Runs as workhub_service.
"""

from datetime import UTC, datetime
from html import escape
from uuid import UUID

from sqlalchemy.orm import Session

from .. import mail
from ..accounts.models import Organization, User
from .schemas import MadeGuestInvitation, MadeInvitation


def send_invitation(session: Session, *, organization_id: UUID, made: MadeInvitation, now: datetime) -> None:
    organization = session.get_one(Organization, organization_id).name
    said = f"{made.invited_by_name} invites you to join {organization} on WorkHub."
    _send(session, made.email, f"Join {organization} on WorkHub", said, made.url, made.expires_at, now)


def send_guest_invitation(
    session: Session, *, board_name: str, made: MadeGuestInvitation, now: datetime
) -> None:
    said = f"{made.invited_by_name} invites you to the board {board_name} on WorkHub."
    _send(session, made.email, f"Join {board_name} on WorkHub", said, made.url, made.expires_at, now)


def send_reset(session: Session, *, user_id: UUID, url: str, expires_at: datetime, now: datetime) -> None:
    email = session.get_one(User, user_id).email
    said = "With this link you set a new password for WorkHub. It works once."
    _send(session, email, "Set a new password for WorkHub", said, url, expires_at, now)


def _send(
    session: Session, to: str, subject: str, said: str, url: str, expires_at: datetime, now: datetime
) -> None:
    ends = f"The link is valid until {expires_at.astimezone(UTC):%d %B %Y, %H:%M} UTC."
    rest = "If you did not expect this, do nothing: nothing happens then."
    text = f"{said}\n\n{url}\n\n{ends}\n{rest}\n"
    link = f'<a href="{escape(url)}">{escape(url)}</a>'
    html = f"<p>{escape(said)}</p><p>{link}</p><p>{escape(ends)}<br>{escape(rest)}</p>"
    mail.send_later(session, mail.Mail(to, subject, text, html), now=now)
