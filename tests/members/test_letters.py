"""Invitations and links for a new password go by mail as well, where a site sends mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import jobs
from app.mail import outbox
from app.mail.transport import Smtp
from tests.support.smtp import mailbox

if TYPE_CHECKING:
    from .conftest import Acme


def test_links_are_mailed_to_whom_they_are_for(acme: Acme) -> None:
    owner = acme.api(acme.owner)
    with mailbox() as box:
        outbox.use(Smtp(box.url), "WorkHub <workhub@acme.example>")
        invited = owner.post(f"{acme.path}/invitations", {"email": "new@test.example"}).json
        owner.post(f"{acme.path}/invitations", {"email": "new@test.example"})  # refused: nothing is written
        again = owner.post(f"{acme.path}/invitations/{invited['id']}/resend", {}).json
        reset = owner.post(f"{acme.path}/members/{acme.maya.id}/password-reset", {}).json
        jobs.run(jobs.jobs_of(acme.app)["send-mail"])
    outbox.use(None, "")
    sent = [(message["To"], message.get_body(("plain",)).get_content()) for message in box.messages]
    assert [to for to, _ in sent] == ["new@test.example", "new@test.example", acme.maya.email]
    for (_, text), link in zip(sent, (invited, again, reset), strict=True):
        assert link["url"] in text
