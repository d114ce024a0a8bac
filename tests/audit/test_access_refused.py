"""Who tries what only others may do stands in the trail, and cannot fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.api import LocalApi
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

Told = list[tuple[str, str]]


@pytest.fixture
def told(database: TestDatabase) -> Callable[[Any], Told]:
    engine = create_engine(database.admin_url, poolclass=NullPool)

    def read(organization: Any) -> Told:
        query = text(
            "select target_id, details->>'code' from audit_events"
            " where action = 'access.refused' and organization_id = :id order by seq"
        )
        with engine.begin() as connection:
            return [(act, code) for act, code in connection.execute(query, {"id": organization.id})]

    return read


def test_acts_that_are_not_theirs_are_told_once_an_hour(
    client: Callable[[str], LocalApi], people: People, told: Callable[[Any], Told]
) -> None:
    acme, birch = people.organization("Acme"), people.organization("Birch")
    maya, adam = people.user("Maya", acme), people.user("Adam", acme, "admin")
    head, stranger = people.user("Hanna", acme), people.user("Sam", birch, "owner")
    board = people.board(acme, [head], [maya])
    as_maya, as_adam, as_sam = (client(user.email) for user in (maya, adam, stranger))
    path = f"/api/organizations/{acme.id}"
    for _ in range(3):
        assert as_maya.patch(f"{path}/members/{adam.id}", {"role": "member"}).status == 404
        assert as_maya.get(f"{path}/members.csv").status == 404
        assert as_maya.delete("/api/attendance?sessions=1").status == 404
        assert as_maya.delete(f"/api/boards/{board.id}").status == 403
        assert as_adam.patch(f"{path}/members/{maya.id}", {"role": "admin"}).status == 403
        assert as_sam.patch(f"{path}/members/{maya.id}", {"role": "admin"}).status == 404
    for _ in range(2):  # no such person: nothing that they may not do
        assert as_adam.patch(f"{path}/members/{uuid4()}", {"disabled": True}).status == 404
    assert as_maya.get(f"/api/boards/{uuid4()}").status == 404
    assert as_adam.put(f"{path}/presence-policy", {"headsAlwaysSeePresence": True}).status == 404
    assert told(acme) == [
        ("members.change_member", "not_found"),
        ("members.export_members", "not_found"),
        ("attendance.delete_attendance", "not_found"),
        ("boards.delete_board", "forbidden"),
        ("members.change_member", "forbidden"),
        ("accounts.set_presence_policy", "not_found"),
    ]
    assert told(birch) == [], "strangers are in the log only"


def test_trail_is_not_filled_by_a_script(
    client: Callable[[str], LocalApi],
    people: People,
    told: Callable[[Any], Told],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from app import ratelimit
    from app.admin import refusals

    monkeypatch.setattr(refusals, "ONCE", ratelimit.per_window(1000, 3600))
    acme = people.organization("Acme")
    api = client(people.user("Maya", acme).email)
    for _ in range(12):
        assert api.delete("/api/attendance?sessions=1").status == 404
    assert len(told(acme)) == 10
