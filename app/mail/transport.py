"""Ways for a message to leave: an SMTP server, or in development a line in the log.

A connection carries many messages. Knows nothing of the outbox.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from typing import Protocol

from .rules import Server, server_of

log = logging.getLogger(__name__)

SECONDS = 10.0  # for each answer of the server
Send = Callable[[EmailMessage], None]


class Transport(Protocol):
    def open(self) -> AbstractContextManager[Send]: ...


class NotSecret(smtplib.SMTPException):
    """The password would travel in the open."""


class Smtp:
    def __init__(self, url: str) -> None:
        self._server = server_of(url)

    @contextmanager
    def open(self) -> Iterator[Send]:
        """Raises OSError or SMTPException, as sending does."""
        with _connect(self._server) as connection:
            yield lambda message: _send(connection, message)


class Console:
    """Says that there would have been a mail: not its words, which may hold a link that is a secret."""

    @contextmanager
    def open(self) -> Iterator[Send]:
        yield lambda message: log.info(
            "mail_not_sent", extra={"to": str(message["To"]), "subject": str(message["Subject"])}
        )


def _connect(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        connection.ehlo()
        if connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif server.password and not server.is_local:
            connection.close()
            raise NotSecret("the server offers no TLS, and the password would travel in the open")
    if server.user:
        connection.login(server.user, server.password)
    return connection


def _send(connection: smtplib.SMTP, message: EmailMessage) -> None:
    connection.send_message(message)
