"""watch_members at the real server: live for those who run the organization, and over with their role."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from app.presence.models import PresenceSettings
from tests.support.api import Api
from tests.support.patience import within
from tests.support.socket_client import BoardSocket, open_socket

if TYPE_CHECKING:
    from app.accounts.models import Organization, User
    from tests.support.people import People
    from tests.support.postgres import TestDatabase
    from tests.support.server import Server
    from tests.support.site import Site

SOON = within(2.0)


class Office:
    def __init__(self, server: Server, people: People) -> None:
        self.server, self.people = server, people
        self.acme: Organization = people.organization("Acme")
        self.owner = people.user("Olivia", self.acme, "owner")
        self.maya = people.user("Maya", self.acme)

    def api(self, user: User) -> Api:
        made = Api(self.server.url)
        made.sign_in(user.email)
        return made

    def watch(self, socket: BoardSocket, *users: User) -> Any:
        ids = [str(user.id) for user in users]
        return socket.emit("watch_members", {"organizationId": str(self.acme.id), "userIds": ids})

    def wait(self, socket: BoardSocket, user: User, is_active: bool, since: int = 0) -> None:
        def told(news: dict[str, Any]) -> bool:
            return any(
                each["userId"] == str(user.id) and each["isActive"] is is_active for each in news["users"]
            )

        socket.wait_for("members_update", told, since=since, timeout=SOON)


@pytest.fixture
def database(common_site: Site) -> TestDatabase:
    return common_site.database


@pytest.fixture
def office(common_site: Site, people: People) -> Office:
    return Office(common_site.server, people)


def test_login_and_logout_are_told_within_two_seconds_and_nothing_else(office: Office) -> None:
    socket = open_socket(office.api(office.owner))
    assert office.watch(socket, office.maya)["ok"]
    office.wait(socket, office.maya, False)
    mark, maya = socket.mark(), office.api(office.maya)
    office.wait(socket, office.maya, True, mark)
    mark = socket.mark()
    assert maya.delete("/api/session").status == 204
    office.wait(socket, office.maya, False, mark)
    mark = socket.mark()
    assert office.watch(socket)["ok"]
    office.api(office.maya)
    socket.emit("unheard_of", {})
    assert socket.events("members_update", since=mark) == []
    socket.close()


def test_who_hides_comes_and_goes_unseen(office: Office) -> None:
    settings = PresenceSettings(
        user_id=office.maya.id, visibility="nobody", updated_at=office.maya.created_at
    )
    office.people.add(settings)
    socket = open_socket(office.api(office.owner))
    office.watch(socket, office.maya, office.owner)
    office.wait(socket, office.maya, False)
    mark = socket.mark()
    office.api(office.maya).get("/api/boards")
    lena = office.people.user("Lena", office.acme)
    office.watch(socket, office.maya, office.owner, lena)
    office.api(lena)
    office.wait(socket, lena, True, mark)
    told = [each for news in socket.events("members_update", since=mark) for each in news["users"]]
    assert not any(each["isActive"] for each in told if each["userId"] == str(office.maya.id))
    socket.close()


def test_demoted_owner_hears_within_seconds_that_it_is_over_and_nothing_later(office: Office) -> None:
    second = office.people.user("Second", office.acme, "admin")
    api = office.api(second)
    socket = open_socket(api)
    office.watch(socket, office.maya)
    office.wait(socket, office.maya, False)
    owner = office.api(office.owner)
    path = f"/api/organizations/{office.acme.id}/members/{second.id}"
    started = time.monotonic()
    assert owner.patch(path, {"role": "member"}).status == 200
    assert socket.wait_for("session_ended", timeout=within(1)) == {"reason": "role_changed"}
    socket.wait_closed(within(1))
    assert time.monotonic() - started < SOON
    assert api.get("/api/boards").status == 401


def test_whoever_runs_it_no_more_in_any_other_way_hears_nothing_more(
    office: Office, database: TestDatabase
) -> None:
    socket = open_socket(office.api(office.owner))
    office.watch(socket, office.maya)
    office.wait(socket, office.maya, False)
    with create_engine(database.admin_url, poolclass=NullPool).begin() as behind:
        behind.execute(text("delete from memberships where user_id = :id"), {"id": office.owner.id})
    mark = socket.mark()
    office.api(office.maya)
    revoked = socket.wait_for("access_revoked", since=mark, timeout=SOON)
    assert revoked == {"organizationId": str(office.acme.id), "reason": "demoted"}
    assert socket.events("members_update", since=mark) == []
    assert not office.watch(socket, office.maya)["ok"]
    socket.close()
