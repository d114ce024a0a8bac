"""Invitations and links to set a password: one use, one address, one hour or week, and nothing to guess."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.passwords import weakness_of
from app.clock import clock
from tests.support.api import LocalApi

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from .conftest import Acme, Sql

GOOD = "a sentence is good"


class Somebody:
    """A browser, signed in or not, at a page behind a link."""

    def __init__(self, acme: Acme, email: str | None = None, password: str | None = None) -> None:
        self.api = LocalApi(acme.app)
        if email:
            self.api.sign_in(email, *([password] if password else []))

    def get(self, url: str) -> TestResponse:
        return self.api.http.get(url)

    def submit(self, url: str, **fields: str) -> TestResponse:
        page = self.get(url)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        fields.setdefault("csrf_token", token[1] if token else self.api.get("/api/session").json["csrfToken"])
        return self.api.http.post(url, data=fields)


@pytest.fixture
def owner(acme: Acme) -> LocalApi:
    return acme.api(acme.owner)


def invite(acme: Acme, by: LocalApi, email: str = "new@test.example", **more: Any) -> str:
    answer = by.post(f"{acme.path}/invitations", {"email": email, **more})
    assert answer.status == 201, answer.text
    return str(answer.json["url"])


def test_newcomer_gets_an_account_with_the_invited_address(acme: Acme, owner: LocalApi, sql: Sql) -> None:
    url = invite(acme, owner, role="admin")
    newcomer = Somebody(acme)
    page = newcomer.get(url)
    assert "Join Acme" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    joined = newcomer.submit(url, name="Nora New", password=GOOD, email="other@test.example")
    assert (joined.status_code, joined.location) == (303, "/boards")
    me = newcomer.api.get("/api/session").json
    assert (me["user"]["email"], me["user"]["name"]) == ("new@test.example", "Nora New")
    assert [(each["name"], each["role"]) for each in me["organizations"]] == [("Acme", "admin")]
    assert Somebody(acme, "new@test.example", GOOD).api.get("/api/boards").status == 200
    assert [row.action for row in sql("select action from audit_events order by seq")] == [
        "member.invited", "member.joined"
    ]  # fmt: skip


def test_link_works_once(acme: Acme, owner: LocalApi) -> None:
    url = invite(acme, owner)
    assert Somebody(acme).submit(url, name="One", password=GOOD).status_code == 303
    again = Somebody(acme)
    assert again.get(url).status_code == 404
    assert again.submit(url, name="Two", password=GOOD).status_code == 404


def test_only_the_hash_of_a_link_is_kept_and_no_answer_holds_it_again(
    acme: Acme, owner: LocalApi, sql: Sql
) -> None:
    url = invite(acme, owner)
    link = owner.post(f"{acme.path}/members/{acme.maya.id}/password-reset").json["url"]
    for each in (url, link):
        secret = each.rpartition("/")[2]
        assert len(secret) >= 43  # 256 bits
        for table in ("invitations", "password_resets", "audit_events"):
            assert all(secret not in row.row for row in sql(f"select t::text as row from {table} t"))
        assert secret not in owner.get(f"{acme.path}/invitations").text
        assert secret not in owner.get("/admin/users").text


@pytest.mark.parametrize("way", ["revoked", "sent again", "expired", "inviter demoted", "inviter disabled"])
def test_invitation_that_is_over_is_answered_like_one_that_never_was(
    acme: Acme, owner: LocalApi, sql: Sql, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = acme.api(acme.admin)
    url = invite(acme, admin)
    (waiting,) = admin.get(f"{acme.path}/invitations").json["items"]
    path = f"{acme.path}/invitations/{waiting['id']}"
    if way == "revoked":
        assert admin.delete(path).status == 204
        assert admin.delete(path).status == 404
    elif way == "sent again":
        assert admin.post(f"{path}/resend").json["url"] != url
    elif way == "expired":
        later = clock.now() + timedelta(days=7, seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
    elif way == "inviter demoted":
        assert acme.change(owner, acme.admin, role="member").status == 200
    else:
        assert acme.change(owner, acme.admin, disabled=True).status == 200
    visitor = Somebody(acme)
    over, never = visitor.get(url), visitor.get("/invite/never-made")
    assert (over.status_code, never.status_code) == (404, 404)
    assert re.sub(r"nonce[-=].{20,30}|content=\"[^\"]+\"", "", over.text) == re.sub(
        r"nonce[-=].{20,30}|content=\"[^\"]+\"", "", never.text
    )
    assert visitor.submit(url, name="Late", password=GOOD).status_code == 404


def test_somebody_with_an_account_signs_in_joins_and_is_clocked_in_there(
    acme: Acme, owner: LocalApi, sql: Sql
) -> None:
    birch = acme.people.organization("Birch")
    ben = acme.people.user("Ben", birch)
    url = invite(acme, owner, ben.email.upper())
    visitor = Somebody(acme)
    assert "Sign in to join" in visitor.get(url).text
    assert visitor.submit(url, name="Ben", password=GOOD).status_code == 409, "no second account"
    wrong = Somebody(acme, acme.maya.email)
    assert "You are signed in as" in wrong.get(url).text
    assert wrong.submit(url).status_code == 409
    right = Somebody(acme, ben.email)
    assert right.submit(url).status_code == 303
    names = [each["name"] for each in right.api.get("/api/session").json["organizations"]]
    assert names == ["Acme", "Birch"]
    clocked_in = sql("select 1 from attendance_summary where agent_email = :email", email=ben.email)
    assert len(clocked_in) == 2, "at Birch by signing in, at Acme by joining"


def test_admins_invite_members_only(acme: Acme) -> None:
    admin = acme.api(acme.admin)
    for role in ("owner", "admin"):
        refused = admin.post(f"{acme.path}/invitations", {"email": "new@test.example", "role": role})
        assert (refused.status, refused.json["code"]) == (403, "forbidden")
    invite(acme, admin)


def test_admin_does_not_touch_the_invitation_of_an_owner(acme: Acme, owner: LocalApi) -> None:
    invite(acme, owner, role="owner")
    admin = acme.api(acme.admin)
    (waiting,) = admin.get(f"{acme.path}/invitations").json["items"]
    assert admin.post(f"{acme.path}/invitations/{waiting['id']}/resend").status == 403
    assert admin.delete(f"{acme.path}/invitations/{waiting['id']}").status == 403


@pytest.mark.parametrize("email", ["", "x", "a b@c", "a@", "@b", "a@b@c", "x" * 250 + "@b.cc"])
def test_address_that_is_none_is_refused(owner: LocalApi, acme: Acme, email: str) -> None:
    assert owner.post(f"{acme.path}/invitations", {"email": email}).status == 422


def test_one_invitation_for_one_address_and_none_for_members(acme: Acme, owner: LocalApi) -> None:
    invite(acme, owner)
    for email in ("NEW@test.example", acme.maya.email.upper()):
        refused = owner.post(f"{acme.path}/invitations", {"email": email})
        assert (refused.status, refused.json["errors"][0]["field"]) == (422, "email")


def test_invitation_does_not_tell_who_has_an_account_elsewhere(acme: Acme, owner: LocalApi) -> None:
    stranger = acme.people.user("Stranger", acme.people.organization("Birch"))
    known = owner.post(f"{acme.path}/invitations", {"email": stranger.email})
    unknown = owner.post(f"{acme.path}/invitations", {"email": "unknown@test.example"})
    assert (known.status, set(known.json)) == (unknown.status, set(unknown.json))


def test_new_password_ends_everything_and_the_link_works_once(acme: Acme, owner: LocalApi, sql: Sql) -> None:
    maya = acme.api(acme.maya)
    token = maya.post("/api/tokens", {"name": "Script", "scopes": ["boards:read"]}).json["token"]
    made = owner.post(f"{acme.path}/members/{acme.maya.id}/password-reset")
    url = made.json["url"]
    visitor = Somebody(acme)
    assert maya.get("/api/boards").status == 200, "until it is used nothing changes"
    assert visitor.submit(url, password="short").status_code == 422
    assert visitor.submit(url, password=GOOD).location == "/login"
    assert "Your new password is set" in visitor.get("/login").text
    assert maya.get("/api/boards").status == 401
    bearer = {"Authorization": f"Bearer {token}"}
    assert acme.app.test_client().get("/api/boards", headers=bearer).status_code == 401
    assert Somebody(acme, acme.maya.email, GOOD).api.get("/api/boards").status == 200
    assert visitor.get(url).status_code == 404
    assert visitor.submit(url, password=f"{GOOD} again").status_code == 404
    last = sql("select action, actor_id from audit_events order by seq desc limit 1")[0]
    assert (last.action, last.actor_id) == ("member.password_set", acme.maya.id)


def test_second_link_takes_the_place_of_the_first_and_an_hour_ends_it(
    acme: Acme, owner: LocalApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{acme.path}/members/{acme.maya.id}/password-reset"
    first, second = (owner.post(path).json["url"] for _ in range(2))
    visitor = Somebody(acme)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert visitor.submit(second, password=GOOD).status_code == 404


def test_link_for_a_password_needs_a_csrf_token_like_any_form(acme: Acme, owner: LocalApi) -> None:
    url = owner.post(f"{acme.path}/members/{acme.maya.id}/password-reset").json["url"]
    assert acme.app.test_client().post(url, data={"password": GOOD}).status_code == 403


@pytest.mark.parametrize(
    ("password", "is_fine"),
    [
        ("123456789", False),
        ("1234567890", False),
        ("Password123", False),
        ("aaaaaaaaaaaa", False),
        ("maya@test.example", False),
        ("x" * 129, False),
        (GOOD, True),
        ("Tr0ub4dor&3x", True),
    ],
)
def test_password_is_long_enough_and_not_among_the_common_ones(password: str, is_fine: bool) -> None:
    assert (weakness_of(password, "Maya@test.example") is None) is is_fine


def test_links_are_tried_only_so_often_from_one_address(acme: Acme) -> None:
    visitor = Somebody(acme)
    token = visitor.api.get("/api/session").json["csrfToken"]
    statuses = {
        visitor.api.http.post("/reset/guess", data={"csrf_token": token, "password": GOOD}).status_code
        for _ in range(61)
    }
    assert statuses == {404, 429}
