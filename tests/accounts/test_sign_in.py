"""Signing in by form and by API: what succeeds, what is refused, and what a refusal must not tell."""

from __future__ import annotations

import re
import statistics
import time as wall
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from app import db
from app.accounts.models import User
from app.accounts.passwords import hash_password
from tests.support.people import PASSWORD

from .test_policy import OFF_SITE, ON_SITE

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.api import Answer, LocalApi
    from tests.support.people import People

    from .conftest import Browser

NOBODY = "nobody@test.example"
TRIES, MOST_MILLISECONDS = 15, 5.0
Client = Callable[..., "LocalApi"]


def try_api(api: LocalApi, email: object, password: object = "wrong password") -> Answer:
    api.csrf_token = api.get("/api/session").json["csrfToken"]
    return api.post("/api/session", {"email": email, "password": password})


def without_tokens(page: str) -> str:
    """Nonces and CSRF tokens differ from answer to answer by design."""
    page = re.sub(r'(nonce|content|value)="[^"]*"', "", page)
    return re.sub(r"ImI?[\w.-]{40,}", "", page)


def test_form_signs_in_and_leads_to_the_boards(visitor: Browser, maya: User) -> None:
    answer = visitor.sign_in(maya.email)
    assert (answer.status_code, answer.location) == (303, "/boards")
    assert visitor.is_signed_in
    assert maya.name in visitor.get("/boards").text


def test_api_signs_in_and_answers_who_it_is(client: Client, maya: User) -> None:
    answer = try_api(client(), maya.email, PASSWORD)
    assert answer.status == 200
    assert answer.json["authenticated"] is True
    assert answer.json["user"] == {
        "id": str(maya.id),
        "email": maya.email,
        "name": "Maya",
        "avatarUrl": None,
        "timeZone": "UTC",
    }
    assert [(o["name"], o["role"], o["plan"]) for o in answer.json["organizations"]] == [
        ("Acme", "member", "team")
    ]
    assert "password" not in answer.text.lower()


def test_visitor_is_told_only_that_they_are_one(client: Client) -> None:
    answer = client().get("/api/session")
    assert answer.json == {"authenticated": False, "csrfToken": answer.json["csrfToken"]}


@pytest.mark.parametrize("spelling", [str.upper, str.title, lambda email: f"  {email} "])
def test_address_is_found_however_it_is_spelled(
    client: Client, maya: User, spelling: Callable[[str], str]
) -> None:
    assert try_api(client(), spelling(maya.email), PASSWORD).status == 200


@pytest.mark.parametrize(
    "password", ["Workhub-test", "workhub-test ", " workhub-test", "workhub-tes", "workhub-test\x00"]
)
def test_password_must_be_exactly_right(client: Client, maya: User, password: str) -> None:
    assert try_api(client(), maya.email, password).status == 401


def test_api_refuses_known_and_unknown_people_in_the_same_words(
    client: Client, people: People, maya: User
) -> None:
    gone = people.user("Gone", disabled_at=maya.created_at)
    answers = [
        try_api(client(), maya.email),
        try_api(client(), NOBODY),
        try_api(client(), gone.email, PASSWORD),
        try_api(client(), "no address at all"),
    ]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json["code"] == "invalid_credentials"
    assert {tuple(sorted(answer.headers.keys())) for answer in answers} == {
        tuple(sorted(answers[0].headers.keys()))
    }


def test_form_refuses_known_and_unknown_people_in_the_same_words(
    browser_of: Callable[[], Browser], maya: User
) -> None:
    pages = []
    for email in (maya.email, NOBODY):
        answer = browser_of().sign_in(email, "wrong password")
        assert answer.status_code == 401
        assert f'value="{email}"' in answer.text  # what was typed stays
        assert "wrong password" not in answer.text
        pages.append(without_tokens(answer.text))
    assert pages[0] == pages[1]


def test_known_and_unknown_people_cost_the_same_time(
    app: Flask, client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In processor time, which other work on the machine does not change; asked in turns."""
    known = User(email="known@test.example", name="Known", password_hash=hash_password("another password"))
    people.add(known)
    app.config["LOGIN_TRIES"] = 1000
    api = client()
    spent: dict[str, list[float]] = {known.email: [], NOBODY: []}
    asked: dict[str, list[str]] = {known.email: [], NOBODY: []}
    statements: list[str] = []
    monkeypatch.setattr(db.database, "_engine", db.database.engine.execution_options())
    event.listen(
        db.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )
    for _ in range(TRIES):
        for email in spent:
            statements.clear()
            started = wall.process_time()
            assert try_api(api, email).status == 401
            spent[email].append(1000 * (wall.process_time() - started))
            asked[email] = list(statements)
    medians = [statistics.median(times) for times in spent.values()]
    assert min(medians) > 5, "the password is hashed for unknown people too"
    assert abs(medians[0] - medians[1]) <= MOST_MILLISECONDS
    assert asked[known.email] == asked[NOBODY]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "a@b.example"}, "password"),
        ({"password": "x"}, "email"),
        ({"email": "", "password": "x"}, "email"),
        ({"email": "a@b.example", "password": ""}, "password"),
        ({"email": "a@b.example", "password": "x" * 129}, "password"),
        ({"email": "a" * 255, "password": "x"}, "email"),
        ({"email": "a\x00b@c.example", "password": "x"}, "email"),
        ({"email": ["a@b.example"], "password": "x"}, "email"),
        ({"email": "a@b.example", "password": {"$ne": ""}}, "password"),
        ({"email": "a@b.example", "password": "x", "isAdmin": True}, "isAdmin"),
    ],
    ids=str,
)
def test_api_names_the_field_that_is_wrong_and_repeats_no_value(
    client: Client, body: dict[str, object], field: str
) -> None:
    api = client()
    api.csrf_token = api.get("/api/session").json["csrfToken"]
    answer = api.post("/api/session", body)
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    assert field in [error["field"] for error in answer.json["errors"]]
    assert "x" * 20 not in answer.text


@pytest.mark.parametrize(
    "fields", [{}, {"email": "a\x00b@c.example", "password": "x"}, {"email": "a@b.example"}], ids=str
)
def test_form_with_something_missing_asks_again(visitor: Browser, fields: dict[str, str]) -> None:
    answer = visitor.submit("/login", **fields)
    assert answer.status_code == 422
    assert "Enter your e-mail address and your password." in answer.text


def test_every_next_that_leads_off_the_site_leads_home(browser_of: Callable[[], Browser], maya: User) -> None:
    signed_in = browser_of()
    for target in (*OFF_SITE, *ON_SITE):
        expected = target if target in ON_SITE else "/boards"
        answer = signed_in.sign_in(maya.email, next=target)
        assert answer.status_code == 303
        assert path_of(answer.location) == path_of(expected), target
    shown = signed_in.http.get("/login", query_string={"next": "//evil.example"})
    assert (shown.status_code, shown.location) == (302, "/boards")
    form = browser_of().http.get("/login", query_string={"next": "//evil.example"})
    assert 'name="next" value="/boards"' in form.text


def path_of(location: str) -> str:
    """Percent signs are the header's own matter."""
    from urllib.parse import unquote

    return unquote(location)


def test_page_that_needs_a_person_asks_to_sign_in_and_leads_back(visitor: Browser, maya: User) -> None:
    asked = visitor.get("/boards?archived=true")
    assert asked.status_code == 302
    assert asked.location == "/login?next=/boards?archived%3Dtrue"
    page = visitor.get(asked.location).text
    assert 'name="next" value="/boards?archived=true"' in page
    assert visitor.sign_in(maya.email, next="/boards?archived=true").location == "/boards?archived=true"
