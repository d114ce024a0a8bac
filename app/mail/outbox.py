"""The outbox: messages are written into it by whoever has something to say, and sent after the commit.

Claiming puts a message's next try ahead before it is tried: a process that dies while sending sends it again
later, and two processes never send the same one at once. Runs as workhub_service.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ..clock import clock
from ..db import after_commit, new_id, service_work
from .models import OutgoingMail
from .rules import Mail, NoAddress, message_of, next_try
from .transport import Send, Transport

log = logging.getLogger(__name__)

CLAIMED_AT_ONCE = 20
NEVER = 500  # from this code on a server means it
LEASE = timedelta(minutes=10)  # longer than sending so many can take


class _Post:
    """How this process sends; None: it does not."""

    transport: Transport | None = None
    sender = ""


_post = _Post()


def use(transport: Transport | None, sender: str) -> None:
    _post.transport, _post.sender = transport, sender


def is_on() -> bool:
    return _post.transport is not None


def send_later(session: Session, mail: Mail, *, now: datetime) -> None:
    """In the caller's transaction, which must be the site's own. Does nothing where no mail is sent."""
    if not is_on():
        return
    session.add(
        OutgoingMail(
            id=new_id(),
            recipient=mail.to,
            subject=mail.subject,
            body_text=mail.text,
            body_html=mail.html,
            next_at=now,
            created_at=now,
        )
    )
    session.flush()


def send_due(session: Session, now: datetime) -> int:
    """Claims some that are due and says how many; they are sent once that is committed."""
    if not is_on():
        return 0
    due = (
        select(OutgoingMail)
        .where(OutgoingMail.next_at <= now)
        .order_by(OutgoingMail.next_at)
        .limit(CLAIMED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    claimed = list(session.scalars(due))
    for row in claimed:
        row.attempts += 1
        row.next_at = now + LEASE
    session.flush()
    session.expunge_all()
    if claimed:
        after_commit(session, lambda: _send(claimed))
    return len(claimed)


def _send(rows: Sequence[OutgoingMail]) -> None:
    """Over one connection. One that fails in the middle is opened again for the rest."""
    waiting = list(rows)
    while waiting and _post.transport is not None:
        try:
            with _post.transport.open() as send:
                while waiting:
                    _send_one(send, waiting[0])
                    waiting.pop(0)
        except (OSError, smtplib.SMTPException) as error:
            _failed(waiting.pop(0), error)
            if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
                for row in waiting:  # nobody answers there: each further try would wait for nothing
                    _failed(row, error)
                return


def _send_one(send: Send, row: OutgoingMail) -> None:
    """What can never arrive is given up at once; anything else that goes wrong is raised."""
    try:
        mail = Mail(row.recipient, row.subject, row.body_text, row.body_html)
        send(message_of(mail, _post.sender, clock.now()))
    except NoAddress as error:
        _give_up(row, error)
    except smtplib.SMTPRecipientsRefused as error:
        if any(code < NEVER for code, _ in error.recipients.values()):
            raise
        _give_up(row, error)
    else:
        _drop(row)


def _failed(row: OutgoingMail, error: Exception) -> None:
    again = next_try(row.attempts, clock.now())
    if again is None:
        _give_up(row, error)
        return
    log.warning("mail_delayed", extra={"mail": str(row.id), "tries": row.attempts, "error": _name(error)})
    with service_work() as session:
        session.execute(update(OutgoingMail).where(OutgoingMail.id == row.id).values(next_at=again))


def _give_up(row: OutgoingMail, error: Exception) -> None:
    log.error("mail_given_up", extra={"mail": str(row.id), "tries": row.attempts, "error": _name(error)})
    _drop(row)


def _drop(row: OutgoingMail) -> None:
    with service_work() as session:
        session.execute(delete(OutgoingMail).where(OutgoingMail.id == row.id))


def _name(error: Exception) -> str:
    """Its kind and code: its words may quote the message or the password."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
