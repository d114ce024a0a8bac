"""The outbox with a real SMTP server: sent after the commit, once, tried again, given up at last."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app import mail
from app.clock import clock
from app.db import database as connection
from app.db import service_work
from app.mail import outbox
from app.mail.models import OutgoingMail
from app.mail.rules import WAITS, Server
from app.mail.transport import Console, NotSecret, Smtp, _connect
from tests.support.smtp import Mailbox, mailbox

if TYPE_CHECKING:
    from tests.support.postgres import TestDatabase

HELLO = mail.Mail("maya@acme.example", "Hello", "Text", "<p>Text</p>")


@pytest.fixture
def box(database: TestDatabase) -> Iterator[Mailbox]:
    connection.connect(database.url)
    with mailbox() as box:
        outbox.use(Smtp(box.url), "WorkHub <workhub@acme.example>")
        yield box
    outbox.use(None, "")
    connection.close()


def write(*mails: mail.Mail) -> None:
    with service_work() as session:
        for each in mails or (HELLO,):
            mail.send_later(session, each, now=clock.now())


def send(later: timedelta = timedelta(0)) -> int:
    with service_work() as session:
        return mail.send_due(session, clock.now() + later)


def waiting() -> list[OutgoingMail]:
    with service_work() as session:
        return list(session.query(OutgoingMail))


def test_mail_is_sent_once_and_nothing_is_left(box: Mailbox) -> None:
    write(HELLO, HELLO._replace(to="omar@acme.example"))
    assert box.raw == []
    assert (send(), send()) == (2, 0)
    assert [message["To"] for message in box.messages] == ["maya@acme.example", "omar@acme.example"]
    assert (box.connections, waiting()) == (1, [])


def test_what_is_rolled_back_is_never_mailed(box: Mailbox) -> None:
    with pytest.raises(RuntimeError), service_work() as session:
        mail.send_later(session, HELLO, now=clock.now())
        raise RuntimeError
    assert send() == 0 and box.raw == []


def test_mail_that_fails_is_tried_later_and_given_up_at_last(
    box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    box.answers["RCPT"] = "451 Not now"
    write()
    assert (send(), send()) == (1, 0)
    [row] = waiting()
    assert (row.attempts, row.next_at > clock.now()) == (1, True)
    with caplog.at_level(logging.WARNING):
        for _ in WAITS:
            assert send(timedelta(days=1)) == 1
    assert waiting() == []
    assert [record.message for record in caplog.records] == ["mail_delayed"] * len(WAITS) + ["mail_given_up"]
    assert HELLO.to not in caplog.text


def test_mail_that_can_never_arrive_is_given_up_and_the_others_go(box: Mailbox) -> None:
    write(HELLO._replace(to="nobody\r\nBcc: x@x.example"), HELLO)
    assert send() == 2
    assert [message["To"] for message in box.messages] == ["maya@acme.example"]
    assert waiting() == []
    box.answers["RCPT"] = "550 Nobody of this name"
    write()
    assert send() == 1 and waiting() == []


def test_server_that_is_away_delays_all_and_loses_none(box: Mailbox) -> None:
    write(HELLO, HELLO)
    box.shutdown()
    box.server_close()
    assert send() == 2
    assert [row.attempts for row in waiting()] == [1, 1]
    with mailbox() as other:
        outbox.use(Smtp(other.url), "workhub@acme.example")
        assert send(timedelta(hours=1)) == 2
        assert len(other.raw) == 2 and waiting() == []


def test_process_that_dies_while_sending_is_followed_by_another(box: Mailbox) -> None:
    """Claimed, and never heard of again: after the lease it is due once more."""
    write()
    with service_work() as session:
        assert mail.send_due(session, clock.now()) == 1
        session.info["after_commit"].clear()
    assert send() == 0
    assert send(outbox.LEASE) == 1
    assert len(box.raw) == 1


def test_password_does_not_travel_in_the_open() -> None:
    with mailbox() as box:
        port = box.server_address[1]
        box.answers["AUTH"] = "235 welcome"
        with pytest.raises(NotSecret):
            _connect(Server("0.0.0.0", port, False, "user", "password"))
        assert box.raw == []


def test_without_a_mail_server_a_line_says_so_and_tells_no_secret(
    box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    outbox.use(Console(), "workhub@acme.example")
    write(HELLO._replace(text="https://site.example/reset/SECRET"))
    with caplog.at_level(logging.INFO):
        assert send() == 1
    assert "mail_not_sent" in caplog.text and "SECRET" not in caplog.text
    outbox.use(None, "")
    write()
    assert waiting() == []
