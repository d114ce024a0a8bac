"""Roles, disabling and enabling: who may do it, what ends at once, and what never happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from app.members.rules import ROLES, may_give, may_manage
from tests.support.api import LocalApi
from tests.support.patience import until_served
from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from .conftest import Acme, Sql


def test_owners_manage_everybody_and_admins_manage_members() -> None:
    allowed = {(actor, target) for actor in ROLES for target in ROLES if may_manage(actor, target)}
    assert allowed == {("owner", target) for target in ROLES} | {("admin", "member")}
    assert {(actor, role) for actor in ROLES for role in ROLES if may_give(actor, role)} == allowed
    assert not may_give(None, "member")


def code(answer: object) -> str:
    return str(answer.json["code"])  # type: ignore[attr-defined]


def actions(sql: Sql) -> list[tuple[str, dict[str, object]]]:
    done = "select action, details from audit_events where action <> 'access.refused' order by seq"
    return [(row.action, row.details) for row in sql(done)]


def test_role_changes_are_the_owners_and_end_the_logins(acme: Acme, sql: Sql) -> None:
    owner, admin, maya = acme.api(acme.owner), acme.api(acme.admin), acme.api(acme.maya)
    assert code(acme.change(admin, acme.maya, role="admin")) == "forbidden"
    assert acme.change(owner, acme.maya, role="admin").json["role"] == "admin"
    assert maya.get("/api/boards").status == 401, "whoever stole the cookie of a member is no admin now"
    assert acme.api(acme.maya).get(f"{acme.path}/invitations").status == 200
    details = {"userId": str(acme.maya.id), "name": "Maya", "role": "admin", "before": "member"}
    assert actions(sql) == [("member.role_changed", details)]


def test_what_changes_nothing_ends_and_tells_nothing(acme: Acme, sql: Sql) -> None:
    owner, maya = acme.api(acme.owner), acme.api(acme.maya)
    assert acme.change(owner, acme.maya, role="member").status == 200
    assert acme.change(owner, acme.maya, disabled=False).status == 200
    assert maya.get("/api/boards").status == 200
    assert actions(sql) == []
    assert acme.change(owner, acme.maya).status == 422


def test_last_owner_stays_owner(acme: Acme) -> None:
    owner = acme.api(acme.owner)
    assert code(acme.change(owner, acme.owner, role="member")) == "last_owner"
    second = acme.people.user("Second", acme.organization, "owner")
    assert acme.change(owner, second, disabled=True).status == 200
    assert code(acme.change(owner, acme.owner, role="member")) == "last_owner", (
        "a disabled one does not count"
    )
    assert acme.change(owner, second, disabled=False).status == 200
    assert acme.change(owner, acme.owner, role="member").status in (
        200,
        404,
    )  # who steps down sees it no more


def test_two_owners_who_demote_each_other_at_once_leave_one(acme: Acme, sql: Sql) -> None:
    second = acme.people.user("Second", acme.organization, "owner")
    pairs = ((acme.api(acme.owner), second), (acme.api(second), acme.owner))
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda pair: until_served(partial(acme.change, *pair, role="member")), pairs))
    owners = "select count(*) as n from memberships where role = 'owner' and organization_id = :id"
    assert sql(owners, id=acme.organization.id)[0].n == 1


def test_disabling_ends_logins_tokens_and_links_for_good(acme: Acme, sql: Sql) -> None:
    admin, maya = acme.api(acme.admin), acme.api(acme.maya)
    token = maya.post("/api/tokens", {"name": "Script", "scopes": ["boards:read"]}).json["token"]
    link = admin.post(f"{acme.path}/members/{acme.maya.id}/password-reset").json["url"]
    assert acme.change(admin, acme.maya, disabled=True).json["isDisabled"] is True
    assert maya.get("/api/boards").status == 401
    assert sign_in(acme, acme.maya.email) == 401
    bearer = {"Authorization": f"Bearer {token}"}
    http = acme.app.test_client()
    assert http.get("/api/boards", headers=bearer).status_code == 401
    assert acme.change(admin, acme.maya, disabled=False).json["isDisabled"] is False
    assert maya.get("/api/boards").status == 401
    assert http.get("/api/boards", headers=bearer).status_code == 401
    assert http.get(link).status_code == 404
    assert sign_in(acme, acme.maya.email) == 200
    assert [action for action, _ in actions(sql)] == [
        "token.created", "member.reset_link_made", "member.disabled", "member.enabled"
    ]  # fmt: skip


def sign_in(acme: Acme, email: str) -> int:
    api = LocalApi(acme.app)
    api.csrf_token = api.get("/api/session").json["csrfToken"]
    return api.post("/api/session", {"email": email, "password": PASSWORD}).status


@pytest.mark.parametrize(("who", "refused"), [("owner", "forbidden"), ("admin", "yourself")])
def test_admins_do_nothing_to_owners_and_nobody_to_themselves(acme: Acme, who: str, refused: str) -> None:
    admin = acme.api(acme.admin)
    target = getattr(acme, who)
    assert code(acme.change(admin, target, disabled=True)) == refused
    assert code(admin.post(f"{acme.path}/members/{target.id}/password-reset")) == refused


def test_account_that_is_elsewhere_too_is_not_one_organizations_alone(acme: Acme) -> None:
    """Else the admin of one organization would get into the other."""
    birch = acme.people.organization("Birch")
    both = acme.people.user("Both", acme.organization)
    acme.people.membership(both, birch, "owner")
    owner = acme.api(acme.owner)
    assert code(acme.change(owner, both, disabled=True)) == "belongs_elsewhere"
    assert code(owner.post(f"{acme.path}/members/{both.id}/password-reset")) == "belongs_elsewhere"
    acme.people.membership(acme.owner, birch, "member")
    assert code(acme.change(owner, both, disabled=True)) == "belongs_elsewhere"


def test_who_runs_all_of_somebodys_organizations_decides_over_the_account(acme: Acme, sql: Sql) -> None:
    birch = acme.people.organization("Birch")
    both = acme.people.user("Both", acme.organization)
    acme.people.membership(both, birch)
    acme.people.membership(acme.owner, birch, "admin")
    assert acme.change(acme.api(acme.owner), both, disabled=True).status == 200
    assert len(sql("select from audit_events where action = 'member.disabled'")) == 2, "told in both"


def test_strangers_and_former_members_are_not_found(acme: Acme) -> None:
    owner, stranger = acme.api(acme.owner), acme.people.user("Stranger", acme.people.organization("Birch"))
    assert acme.change(owner, stranger, disabled=True).status == 404
    assert acme.change(acme.api(acme.maya), acme.omar, disabled=True).status == 404


def test_many_at_once_are_changed_as_far_as_each_may_be(acme: Acme) -> None:
    admin = acme.api(acme.admin)
    ids = [str(user.id) for user in (acme.maya, acme.omar, acme.owner, acme.admin)]
    answer = admin.post(f"{acme.path}/members/bulk", {"userIds": ids, "disabled": True})
    assert {each["userId"] for each in answer.json["changed"]} == set(ids[:2])
    assert {each["userId"]: each["code"] for each in answer.json["refused"]} == {
        ids[2]: "forbidden",
        ids[3]: "yourself",
    }
    assert [each["isDisabled"] for each in acme.listed(admin, "&state=disabled")] == [True, True]


def test_former_admin_may_nothing_from_the_next_request_on(acme: Acme, sql: Sql) -> None:
    admin = acme.api(acme.admin)
    assert admin.get(f"{acme.path}/invitations").status == 200
    sql("update memberships set role = 'member' where user_id = :id", id=acme.admin.id)
    for answer in (
        admin.get(f"{acme.path}/invitations"),
        acme.change(admin, acme.maya, disabled=True),
        admin.post(f"{acme.path}/invitations", {"email": "new@test.example"}),
        admin.post(f"{acme.path}/members/bulk", {"userIds": [str(acme.maya.id)], "disabled": True}),
    ):
        assert answer.status == 404
