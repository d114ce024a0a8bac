"""Access tokens over REST: what they open, what they never open, and how they end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import NullPool, create_engine, text

from app.accounts.policy import TOUCH_AFTER
from app.accounts.tokens import MAX_TOKENS
from app.api import SCOPES

from .conftest import NOW, Browser, Time

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.accounts.models import User
    from app.boards.models import Board
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

ALL = sorted(SCOPES)
SEEN = {"id", "name", "prefix", "scopes", "createdAt", "expiresAt", "lastUsedAt"}


class Owner(Browser):
    """Somebody signed in who makes tokens."""

    def request(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        headers.setdefault("X-CSRF-Token", self.token_of_page)
        return self.http.open(path, method=method, json=body, headers=headers)

    def make(self, scopes: list[str] = ALL, **more: object) -> dict[str, Any]:
        made = self.request("POST", "/api/tokens", {"name": "Script", "scopes": scopes, **more})
        assert made.status_code == 201, made.text
        return dict(made.get_json())

    def listed(self) -> list[dict[str, Any]]:
        return list(self.request("GET", "/api/tokens").get_json()["items"])

    @property
    def token_of_page(self) -> str:
        return str(self.get("/api/session").get_json()["csrfToken"])


@pytest.fixture
def owner(app: Flask, maya: User) -> Owner:
    signed_in = Owner(app)
    signed_in.sign_in(maya.email)
    return signed_in


@pytest.fixture
def ask(app: Flask) -> Callable[..., TestResponse]:
    """`ask(token, "/api/boards")`: a program's request, without a cookie."""

    def request(token: str, path: str, method: str = "GET", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return app.test_client().open(path, method=method, headers=headers, **more)

    return request


Ask = Callable[..., "TestResponse"]


@pytest.fixture
def board(people: People, maya: User) -> Board:
    return people.board(people.organization(), [maya])


def sql(database: TestDatabase, statement: str, **values: object) -> list[Any]:
    engine = create_engine(database.admin_url, poolclass=NullPool)
    with engine.begin() as behind:
        found = behind.execute(text(statement), values)
        return list(found) if found.returns_rows else []


def assert_refused(answer: TestResponse, status: int, code: str, challenge: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (status, code), answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == f'Bearer realm="WorkHub"{challenge}'


def assert_invalid(answer: TestResponse) -> None:
    assert_refused(answer, 401, "invalid_token", ', error="invalid_token"')


def test_token_is_shown_once_and_only_its_hash_is_kept(owner: Owner, database: TestDatabase) -> None:
    made = owner.make(["boards:read"])
    assert re.fullmatch(r"whp_[A-Za-z0-9_-]{43}", made["token"])
    assert set(made) == {*SEEN, "token"}
    assert made["token"].startswith(made["prefix"])
    (listed,) = owner.listed()
    assert listed == {name: value for name, value in made.items() if name != "token"}
    (row,) = sql(database, "select t::text as row from access_tokens t where id = :id", id=made["id"])
    assert made["token"][len(made["prefix"]) :] not in row.row


def test_token_opens_what_its_scopes_name_without_cookie_and_csrf_token(owner: Owner, ask: Ask) -> None:
    token = owner.make(["boards:read", "boards:write"])["token"]
    made = ask(token, "/api/boards", "POST", json={"name": "By a script"})
    assert made.status_code == 201
    assert ask(token, "/api/boards").get_json()["items"][0]["name"] == "By a script"
    assert "Set-Cookie" not in made.headers


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_is_read_in_any_case(owner: Owner, app: Flask, scheme: str) -> None:
    header = {"Authorization": f"{scheme}  {owner.make()['token']} "}
    assert app.test_client().get("/api/boards", headers=header).status_code == 200


@pytest.mark.parametrize("scope", ALL)
def test_scope_opens_its_own_routes_alone(owner: Owner, ask: Ask, board: Board, scope: str) -> None:
    token = owner.make([scope])["token"]
    for needed, method, path in (
        ("boards:read", "GET", "/api/boards"),
        ("boards:write", "POST", "/api/boards"),
        ("presence:read", "GET", f"/api/boards/{board.id}/presence"),
    ):
        answer = ask(token, path, method, json={} if method == "POST" else None)
        if needed == scope:
            assert answer.status_code in (200, 422), path
        else:
            challenge = f', error="insufficient_scope", scope="{needed}"'
            assert_refused(answer, 403, "insufficient_scope", challenge)
            assert answer.get_json()["scope"] == needed


def test_token_with_every_scope_reaches_nothing_of_the_account(owner: Owner, ask: Ask) -> None:
    """Above all it makes no tokens, and neither sees nor ends the others."""
    token = owner.make()
    body = {"name": "Another", "scopes": ALL, "expiresInDays": 365}
    for method, path in (
        ("GET", "/api/tokens"),
        ("POST", "/api/tokens"),
        ("DELETE", f"/api/tokens/{token['id']}"),
        ("PUT", "/api/presence/settings"),
        ("GET", "/api/presence/settings"),
        ("POST", "/api/session"),
        ("DELETE", "/api/session"),
        ("POST", "/api/session/heartbeat"),
    ):
        answer = ask(token["token"], path, method, json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "session_required"), path
    assert len(owner.listed()) == 1


def test_every_route_is_declared_and_what_is_not_is_closed_to_tokens(
    app: Flask, owner: Owner, ask: Ask
) -> None:
    token = owner.make()["token"]
    known = {*SCOPES, "session", "anybody"}
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        assert (access in known) is rule.rule.startswith("/api/"), rule
    app.view_functions["accounts.list_tokens"], view = (
        lambda: "open to all",
        app.view_functions["accounts.list_tokens"],
    )
    try:
        assert ask(token, "/api/tokens").status_code == 403
    finally:
        app.view_functions["accounts.list_tokens"] = view


def test_pages_are_not_for_tokens(owner: Owner, ask: Ask) -> None:
    token = owner.make()["token"]
    for path in ("/boards", "/settings"):
        answer = ask(token, path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


def test_unknown_address_is_not_found_with_a_token(owner: Owner, ask: Ask) -> None:
    assert ask(owner.make()["token"], "/api/nothing").status_code == 404


@pytest.mark.parametrize(
    "junk",
    ["", "x", "whp_", "whp_" + "A" * 43, "whp_'; drop table users; --", "\xff\xfe", "a b c", "null", ","],
)
def test_junk_is_refused(ask: Ask, junk: str) -> None:
    assert_invalid(ask(junk, "/api/boards"))


def test_nearly_right_is_refused(owner: Owner, ask: Ask) -> None:
    made = owner.make()
    token = made["token"]
    for wrong in (token[:-1], token + "A", token.lower(), token[4:], made["prefix"], made["id"], token * 2):
        assert_invalid(ask(wrong, "/api/boards"))


def test_token_in_the_query_string_or_the_body_is_nothing(owner: Owner, app: Flask) -> None:
    token = owner.make()["token"]
    for query in (f"access_token={token}", f"token={token}", f"Authorization=Bearer {token}"):
        answer = app.test_client().get(f"/api/boards?{query}")
        assert answer.status_code == 401
        assert answer.get_json()["code"] == "not_signed_in"
    sent = app.test_client().post("/api/boards", data={"access_token": token})
    assert sent.get_json()["code"] == "csrf_failed"


def test_second_authorization_header_does_not_slip_in(owner: Owner, app: Flask) -> None:
    """WSGI joins repeated headers with a comma."""
    token = owner.make()["token"]
    for header in (f"Bearer {token},Bearer x", f"Bearer x,Bearer {token}", f"Basic x, Bearer {token}"):
        answer = app.test_client().get("/api/boards", headers={"Authorization": header})
        assert answer.status_code == 401, header


@pytest.mark.parametrize("header", ["Bearer junk", "bearer", "Bearer whp_" + "A" * 43])
def test_junk_bearer_never_spares_a_cookie_its_csrf_token(owner: Owner, header: str) -> None:
    for headers in ({}, {"X-CSRF-Token": owner.token_of_page}):
        sent = {"Authorization": header, **headers}
        assert_invalid(owner.http.post("/api/boards", json={"name": "Forged"}, headers=sent))
        assert_invalid(owner.http.get("/api/boards", headers=sent))
    assert owner.request("GET", "/api/boards").get_json()["items"] == []


@pytest.mark.parametrize(
    "header", ["Basic bWF5YTp4", "Negotiate x", "BearerX", "Token x", "", "Bearer\tjunk"]
)
def test_other_authorization_is_ignored_and_the_cookie_needs_its_csrf_token(
    owner: Owner, header: str
) -> None:
    """A proxy in front may ask for its own."""
    sent = {"Authorization": header}
    assert owner.http.get("/api/boards", headers=sent).status_code == 200
    answer = owner.http.post("/api/boards", json={"name": "Forged"}, headers=sent)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf_failed")


def test_bearer_on_a_form_of_a_page_spares_nothing(owner: Owner) -> None:
    token = owner.make()["token"]
    answer = owner.http.post("/logout", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403
    assert owner.is_signed_in


def test_token_beside_a_cookie_is_who_asks(app: Flask, owner: Owner, ask: Ask, people: People) -> None:
    """And its scopes hold, whatever the cookie might do."""
    other = Owner(app)
    other.sign_in(people.user("Omar", people.organization()).email)
    token = other.make(["boards:read"])["token"]
    sent = {"Authorization": f"Bearer {token}", "X-CSRF-Token": owner.token_of_page}
    refused = owner.http.post("/api/boards", json={"name": "Mine?"}, headers=sent)
    assert refused.get_json()["code"] == "insufficient_scope"
    owner.request("POST", "/api/boards", {"name": "Maya's"})
    assert owner.http.get("/api/boards", headers=sent).get_json()["items"] == []
    assert owner.is_signed_in


def test_token_reaches_no_further_than_its_person(owner: Owner, ask: Ask, people: People) -> None:
    stranger = people.user("Bea", people.organization("Birch"))
    foreign = people.board(people.organization("Birch"), [stranger])
    token = owner.make()["token"]
    seen, unknown = ask(token, f"/api/boards/{foreign.id}"), ask(token, f"/api/boards/{uuid4()}")
    assert (seen.status_code, seen.data) == (404, unknown.data)


def test_revoked_token_is_refused_at_once_and_gone_from_the_list(owner: Owner, ask: Ask) -> None:
    made = owner.make()
    assert ask(made["token"], "/api/boards").status_code == 200
    assert owner.request("DELETE", f"/api/tokens/{made['id']}").status_code == 204
    assert_invalid(ask(made["token"], "/api/boards"))
    assert owner.listed() == []
    assert owner.request("DELETE", f"/api/tokens/{made['id']}").status_code == 404


def test_making_and_revoking_are_in_the_audit_trail(owner: Owner, maya: User, database: TestDatabase) -> None:
    made = owner.make(["boards:read"])
    owner.request("DELETE", f"/api/tokens/{made['id']}")
    statement = "select action, details from audit_events where target_id = :id order by seq"
    found = sql(database, statement, id=made["id"])
    assert [tuple(row) for row in found] == [
        ("token.created", {"prefix": made["prefix"], "scopes": ["boards:read"]}),
        ("token.revoked", {"prefix": made["prefix"]}),
    ]


def test_nobody_sees_or_revokes_the_tokens_of_others(app: Flask, owner: Owner, people: People) -> None:
    made = owner.make()
    other = Owner(app)
    other.sign_in(people.user("Omar", people.organization()).email)
    theirs = other.request("DELETE", f"/api/tokens/{made['id']}")
    unknown = other.request("DELETE", f"/api/tokens/{uuid4()}")
    assert (theirs.status_code, theirs.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    assert other.listed() == []
    assert len(owner.listed()) == 1


def test_token_ends_when_it_was_said_to(owner: Owner, ask: Ask, time: Time) -> None:
    made = owner.make(expiresInDays=7)
    assert made["expiresAt"] == "2026-03-11T09:30:00.000Z"
    time.passes(days=6, hours=23)
    assert ask(made["token"], "/api/boards").status_code == 200
    time.passes(hours=1)
    assert_invalid(ask(made["token"], "/api/boards"))


def test_token_outlives_the_session_that_made_it(owner: Owner, ask: Ask, time: Time) -> None:
    token = owner.make()["token"]
    owner.request("DELETE", "/api/session")
    time.passes(days=89)
    assert ask(token, "/api/boards").status_code == 200


def test_token_lives_for_ninety_days_unless_asked_and_a_year_at_most(owner: Owner, time: Time) -> None:
    made = owner.make()
    assert made["expiresAt"] == (NOW + timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert owner.make(expiresInDays=365)["expiresAt"].startswith("2027-03-04")
    for days in (0, -1, 366, None, "30", 1.5, True, 10**20):
        body = {"name": "Script", "scopes": ["boards:read"], "expiresInDays": days}
        refused = owner.request("POST", "/api/tokens", body)
        assert refused.status_code in (400, 422), days


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["admin"]}, {"scopes": ["boards:*"]}, {"scopes": "boards:read"},
     {"name": " "}, {"name": "x" * 101}, {"scopes": ["session"]}, {"userId": str(uuid4())}, {"token": "x"}],
)  # fmt: skip
def test_wrong_wishes_are_refused_by_the_name_of_their_field(owner: Owner, wrong: dict[str, Any]) -> None:
    refused = owner.request("POST", "/api/tokens", {"name": "Script", "scopes": ["boards:read"], **wrong})
    assert refused.status_code == 422
    assert {error["field"].split(".")[0] for error in refused.get_json()["errors"]} == set(wrong)


def test_disabled_person_has_no_living_token(
    owner: Owner, ask: Ask, maya: User, database: TestDatabase
) -> None:
    token = owner.make()["token"]
    sql(database, "update users set disabled_at = now() where id = :id", id=maya.id)
    assert_invalid(ask(token, "/api/boards"))


def test_last_use_is_noted_at_most_once_a_minute(owner: Owner, ask: Ask, time: Time) -> None:
    token = owner.make()["token"]

    def used() -> object:
        return owner.listed()[0]["lastUsedAt"]

    assert used() is None
    ask(token, "/api/boards")
    assert used() == "2026-03-04T09:30:00.000Z"
    time.passes(seconds=TOUCH_AFTER.total_seconds() - 1)
    ask(token, "/api/boards")
    assert used() == "2026-03-04T09:30:00.000Z"
    time.passes(seconds=1)
    ask(token, "/api/boards")
    assert used() == "2026-03-04T09:31:00.000Z"


def test_nobody_collects_tokens_without_end(owner: Owner, ask: Ask) -> None:
    made = [owner.make(["boards:read"]) for _ in range(MAX_TOKENS)]
    refused = owner.request("POST", "/api/tokens", {"name": "Another", "scopes": ["boards:read"]})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too_many_tokens")
    owner.request("DELETE", f"/api/tokens/{made[0]['id']}")
    owner.make()


def test_token_revoked_while_its_request_runs_ends_with_it(
    app: Flask, owner: Owner, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was let in is finished; nothing after it is."""
    from app.boards import service

    made, create = owner.make(), service.create_board

    def revoke_meanwhile(**arguments: Any) -> Any:
        assert owner.request("DELETE", f"/api/tokens/{made['id']}").status_code == 204
        return create(**arguments)

    monkeypatch.setattr(service, "create_board", revoke_meanwhile)
    assert ask(made["token"], "/api/boards", "POST", json={"name": "Last"}).status_code == 201
    assert_invalid(ask(made["token"], "/api/boards"))
