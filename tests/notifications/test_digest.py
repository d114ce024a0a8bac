"""Mails of notifications, through a real SMTP server: gathered into one, without what was read or lost."""

from datetime import timedelta

import pytest

from app import jobs
from app.clock import clock
from app.db import service_work
from app.mail import outbox
from app.mail.transport import Smtp
from app.notifications.digest import write_one
from tests.support.smtp import mailbox

from .test_notify import comment, listed, mention, prefer, read, remove


@pytest.fixture
def box(heard):
    with mailbox() as box:
        outbox.use(Smtp(box.url), "WorkHub <workhub@acme.example>")
        yield box
    outbox.use(None, "")


@pytest.fixture
def send(app, box):
    """Runs the job, as it will run after so many minutes, and answers the mails of this time."""

    def run(minutes):
        before = len(box.raw)
        with pytest.MonkeyPatch.context() as patch:
            later = clock.now() + timedelta(minutes=minutes)
            patch.setattr(clock, "now", lambda: later)
            jobs.run(jobs.jobs_of(app)["send-mail"])
        return box.messages[before:]

    return run


def text_of(message, kind="plain"):
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_several_become_one_mail_once_their_time_has_come(acme, send):
    now = clock.now()
    comment(acme, acme.head, f"{mention(acme.member)} <b>first</b>", now=now)
    comment(acme, acme.head, f"{mention(acme.member)} second", now=now + timedelta(minutes=10))
    assert send(14) == []
    [message] = send(16)
    assert (message["To"], message["Subject"]) == (acme.member.email, "2 notifications from WorkHub")
    link = f"/boards/{acme.board.id}#/tasks/{acme.tasks[0].id}"
    text = text_of(message)
    assert text.count("Acme head mentioned you in “One”\nOn the board Acme board\n") == 2
    assert text.index("> @x <b>first</b>") < text.index("> @x second")
    assert f"http://127.0.0.1:5000{link}\n" in text
    assert "/settings#notifications" in text
    html = text_of(message, "html")
    assert "&lt;b&gt;first" in html and "<b>" not in html
    assert send(60) == []


def test_single_one_says_in_the_subject_what_it_is(acme, send):
    prefer(acme.member, digest_minutes=0)
    comment(acme, acme.head, mention(acme.member), now=clock.now())
    [message] = send(0)
    assert message["Subject"] == "Acme head mentioned you in “One”"


def test_what_was_read_or_lost_or_is_nobodys_is_not_mailed(acme, birch, send):
    now = clock.now()
    for house in (acme, birch):
        comment(house, house.head, mention(house.member), now=now)
    read(acme.member, listed(acme.member)[0][0].id, now=now)
    remove(birch, birch.member)
    assert send(60) == []


def test_somebody_disabled_gets_no_mail(acme, people, send, database):
    comment(acme, acme.head, mention(acme.member), now=clock.now())
    with service_work() as session:
        session.execute(service_user(acme.member))
    assert send(60) == []


def service_user(person):
    from sqlalchemy import update

    from app.accounts.models import User

    return update(User).where(User.id == person.id).values(disabled_at=clock.now())


def test_without_mail_nothing_waits(acme, heard):
    outbox.use(None, "")
    comment(acme, acme.head, mention(acme.member), now=clock.now())
    with service_work() as session:
        assert write_one(session, clock.now() + timedelta(days=1), site_url="") == 0
