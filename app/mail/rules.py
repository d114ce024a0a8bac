"""What a message looks like on its way, and when it is tried again. Pure.

People's words stand in subjects: whatever could end a header is gone before it becomes one, and what is no
address is refused rather than mended.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

LONGEST_SUBJECT = 150
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
"""After each failed try; after the last one it is given up."""


class NoAddress(ValueError):
    """This can never be sent."""


class Mail(NamedTuple):
    to: str
    subject: str
    text: str
    html: str


class Server(NamedTuple):
    host: str
    port: int
    is_tls: bool  # from the first byte; otherwise STARTTLS where the server offers it
    user: str
    password: str

    @property
    def is_local(self) -> bool:
        return self.host in ("localhost", "127.0.0.1", "::1")


def server_of(url: str) -> Server:
    """smtp://user:password@host:587, or smtps:// for TLS from the first byte. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not _is_bare(parts):
        raise ValueError("must be smtp://host or smtps://host, with user:password@ and :port where needed")
    is_tls = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, parts.port or (465 if is_tls else 587), is_tls, user, password)


def message_of(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """Raises NoAddress."""
    name, address = parseaddr(sender)
    made = EmailMessage(policy=SMTP)
    try:
        made["From"] = Address(one_line(name), addr_spec=address)
        made["To"] = Address(addr_spec=mail.to)
    except (ValueError, MessageError, IndexError, AttributeError) as error:
        raise NoAddress(str(error)) from None
    made["Subject"] = one_line(mail.subject)[:LONGEST_SUBJECT]
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "localhost")
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    return made


def one_line(text: str) -> str:
    """Without characters that control anything, line breaks of every kind among them."""
    kept = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text)
    return re.sub(" +", " ", kept).strip()


def next_try(attempts: int, now: datetime) -> datetime | None:
    """After so many tries; None: give up."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def _is_bare(parts: SplitResult) -> bool:
    try:
        return parts.path in ("", "/") and not parts.query and parts.port != 0
    except ValueError:  # no number
        return False
