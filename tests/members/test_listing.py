"""The table of people: search, order, pages, who counts as active, and what it keeps of those who hide."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.models import UserSession
from app.presence.models import PresenceSettings, UserLastSeen

if TYPE_CHECKING:
    from app.accounts.models import User
    from tests.support.api import LocalApi

    from .conftest import Acme, Sql


@pytest.fixture
def owner(acme: Acme) -> LocalApi:
    return acme.api(acme.owner)


def login(acme: Acme, user: User, minutes: float, **columns: Any) -> datetime:
    now = datetime.now(UTC)
    at = now - timedelta(minutes=minutes)
    columns.setdefault("expires_at", now + timedelta(days=1))
    token = f"{user.id}{minutes}{columns}".encode()
    acme.people.add(UserSession(user_id=user.id, session_token=token, last_activity=at, **columns))
    return at


def names(members: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in members]


def iso(moment: datetime) -> str:
    from app.clock import isoformat

    return isoformat(moment)


def test_people_are_listed_by_name_with_all_that_the_table_shows(acme: Acme, owner: LocalApi) -> None:
    members = acme.listed(owner)
    assert names(members) == ["Ada Admin", "Maya", "Olivia Owner", "Omar"]
    assert set(members[0]) == {
        "userId", "name", "email", "avatarUrl", "role", "isDisabled", "isActive", "lastActivity",
        "openSessions", "joinedAt", "mayManage",
    }  # fmt: skip
    assert [each["mayManage"] for each in acme.listed(acme.api(acme.admin))] == [False, True, False, True]


def test_active_is_whoever_used_a_login_within_the_threshold(acme: Acme, owner: LocalApi) -> None:
    now = datetime.now(UTC)
    login(acme, acme.maya, 20)
    login(acme, acme.maya, 4)
    login(acme, acme.maya, 1, is_active=False)
    was = login(acme, acme.omar, 6)
    login(acme, acme.omar, 3, expires_at=now - timedelta(minutes=1))
    maya, omar = acme.one(owner, acme.maya), acme.one(owner, acme.omar)
    assert (maya["isActive"], maya["openSessions"]) == (True, 2)
    assert (omar["isActive"], omar["openSessions"]) == (False, 1)
    assert omar["lastActivity"] > iso(was)
    assert names(acme.listed(owner, "&state=active")) == ["Maya", "Olivia Owner"]
    assert names(acme.listed(owner, "&state=inactive")) == ["Ada Admin", "Omar"]


def test_who_hides_is_not_unmasked_by_list_order_filter_or_file(
    acme: Acme, owner: LocalApi, sql: Sql
) -> None:
    now = datetime.now(UTC)
    shown = now - timedelta(hours=3)
    for user, setting in ((acme.maya, {"appear_offline": True}), (acme.omar, {"visibility": "nobody"})):
        acme.people.add(PresenceSettings(user_id=user.id, updated_at=now, **setting))
        seen = {"last_seen_at": now, "contacts_seen_at": shown, "team_seen_at": shown - timedelta(days=1)}
        acme.people.add(UserLastSeen(user_id=user.id, **seen))
        login(acme, user, 0)
    for user in (acme.maya, acme.omar):
        one = acme.one(owner, user)
        assert (one["isActive"], one["lastActivity"]) == (False, iso(shown))
    assert names(acme.listed(owner, "&state=active")) == ["Olivia Owner"]
    assert names(acme.listed(owner, "&sort=lastActivity&descending=true"))[0] == "Olivia Owner"
    status = owner.get(f"/admin/users/online-status?userIds={acme.maya.id},{acme.owner.id}").json["users"]
    assert [(each["isActive"], each["lastActivity"] == iso(shown)) for each in status] == [
        (False, True),
        (True, False),
    ]
    assert (
        f"Maya,{acme.maya.email},member,inactive,{iso(shown)}" in owner.get(f"{acme.path}/members.csv").text
    )


def test_who_does_not_show_activity_has_a_dot_and_no_moment(acme: Acme, owner: LocalApi) -> None:
    acme.people.add(PresenceSettings(user_id=acme.maya.id, show_activity=False, updated_at=datetime.now(UTC)))
    login(acme, acme.maya, 1)
    maya = acme.one(owner, acme.maya)
    assert (maya["isActive"], maya["lastActivity"]) == (True, None)


def test_everybody_sees_themselves_as_they_are(acme: Acme, owner: LocalApi) -> None:
    settings = PresenceSettings(user_id=acme.owner.id, appear_offline=True, updated_at=datetime.now(UTC))
    acme.people.add(settings)
    assert acme.one(owner, acme.owner)["isActive"] is True


def test_search_finds_parts_of_names_and_addresses_and_takes_them_literally(
    acme: Acme, owner: LocalApi
) -> None:
    acme.people.user("100% Ann_", acme.organization)
    assert names(acme.listed(owner, "&search=ma")) == ["Maya", "Omar"]
    assert names(acme.listed(owner, f"&search={acme.omar.email.upper()}")) == ["Omar"]
    assert names(acme.listed(owner, "&search=100%25")) == ["100% Ann_"]
    assert names(acme.listed(owner, "&search=n_")) == ["100% Ann_"]
    assert names(acme.listed(owner, "&search=omar%20test")) == ["Omar"]
    assert names(acme.listed(owner, "&role=admin")) == ["Ada Admin"]


@pytest.mark.parametrize("sort", ["name", "role", "lastActivity", "sessions", "joined"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_pages_through_everybody_once(
    acme: Acme, owner: LocalApi, sort: str, descending: bool
) -> None:
    for user in acme.people.users(7, acme.organization)[:3]:
        login(acme, user, 30)
    query = f"&sort={sort}&descending={str(descending).lower()}"
    whole, found, cursor = names(acme.listed(owner, query)), [], ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        path = f"/api/organization/members?organizationId={acme.organization.id}&limit=3{query}{more}"
        answer = owner.get(path).json
        assert answer["total"] == 11
        found += names(answer["items"])
        cursor = answer["nextCursor"]
    assert found == whole
    assert len(set(found)) == 11


@pytest.mark.parametrize("query", ["cursor=x", "cursor=-1", "limit=0", "sort=password", "state=x", "role=x"])
def test_what_makes_no_sense_is_refused(owner: LocalApi, query: str) -> None:
    assert owner.get(f"/api/organization/members?{query}").status == 422


def test_file_is_inert_and_audited(acme: Acme, owner: LocalApi, sql: Sql) -> None:
    evil = ("=1+1", "+1", "-1", "@x", "\tx", "\rx")
    for name in evil:
        acme.people.user(name, acme.organization, email=f"e{len(name)}{ord(name[0])}@test.example")
    rows = list(csv.reader(io.StringIO(owner.get(f"{acme.path}/members.csv").text, newline="")))
    assert rows[0][:4] == ["name", "e-mail", "role", "status"]
    assert {row[0] for row in rows[1:]} >= {f"'{name}" for name in evil}
    assert len(rows) == 11
    assert len(list(csv.reader(io.StringIO(owner.get(f"{acme.path}/members.csv?search=maya").text)))) == 2
    events = sql("select action, details from audit_events order by seq")
    assert [(each.action, each.details) for each in events] == [
        ("members.exported", {}),
        ("members.exported", {"filters": {"search": "maya"}}),
    ]


def test_thresholds_count_by_role_and_only_those_that_can_work_are_taken(
    acme: Acme, owner: LocalApi, sql: Sql
) -> None:
    path = f"{acme.path}/activity-thresholds"
    before = owner.get(path).json
    assert (before["everybody"], before["default"], before["least"]) == (None, 300, 240)
    login(acme, acme.maya, 8)
    login(acme, acme.admin, 8)
    assert acme.one(owner, acme.maya)["isActive"] is False
    assert owner.put(path, {"everybody": 600, "admin": 300}).json["everybody"] == 600
    assert acme.one(owner, acme.maya)["isActive"] is True
    assert acme.one(owner, acme.admin)["isActive"] is False
    for wrong in ({"everybody": 239}, {"member": 12 * 3600 + 1}, {"owner": 0}, {"admin": "x"}, {"x": 300}):
        assert owner.put(path, wrong).status == 422, wrong
    assert owner.put(path, {}).json["everybody"] is None
    assert acme.one(owner, acme.maya)["isActive"] is False
    assert acme.api(acme.admin).put(path, {"everybody": 600}).status == 404
    told = [each.action for each in sql("select action from audit_events order by seq")]
    assert told == ["organization.thresholds_changed"] * 2 + ["access.refused"]


def test_status_without_names_is_that_of_the_first_by_name(acme: Acme, owner: LocalApi) -> None:
    users = owner.get("/admin/users/online-status").json["users"]
    assert [each["userId"] for each in users] == [each["userId"] for each in acme.listed(owner)]
    assert owner.get(f"/admin/users/online-status?organization={acme.omar.id}").status == 404


def test_page_pages_and_filters_without_scripts(acme: Acme, owner: LocalApi) -> None:
    acme.people.users(60, acme.organization)
    first = owner.get("/admin/users").text
    assert "1–50 of 64" in first
    assert "51–64 of 64" in owner.get("/admin/users?page=2").text
    assert "Nobody found" in owner.get("/admin/users?search=zebra").text
    assert "Nobody found" in owner.get("/admin/users?page=9").text
    assert owner.get("/admin/users?role=&state=&organization=&search=").status == 200
