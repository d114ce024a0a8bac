"""Whatever is sent, the site answers with something other than its own failure (FUZZ_CASES: how much)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.support.fuzzing import CASES
from tests.support.house import SAFE, House, Route

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.api import LocalApi
    from tests.support.people import People

Client = Callable[..., "LocalApi"]
ACCEPTED: dict[str, dict[str, Any]] = {
    "/api/session": {"email": "a@b.example", "password": "x"},
    "/api/session/heartbeat": {"active": True, "visible": True, "page": "/boards"},
    "/login": {"email": "a@b.example", "password": "x", "next": "/boards"},
}
FIELDS = (
    "name", "version", "title", "description", "dueAt", "listId", "afterListId", "afterTaskId", "role",
    "email", "archived", "organizationId", "active", "visible", "page", "password", "next", "csrf_token",
)  # fmt: skip

characters = st.characters() | st.sampled_from("\x00\ud800\udfff\u202e\ufeff\u2028'\"<;%\\")
texts = st.text(characters, max_size=12) | st.sampled_from(["x" * 300, "-1", "1e400", "0001-01-01T00:00Z"])
numbers = st.integers() | st.floats() | st.sampled_from([2**31, 2**63, -1, 0, 1])
plain = st.none() | st.booleans() | numbers | texts | st.uuids().map(str)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2)
)
objects = st.dictionaries(st.sampled_from(FIELDS) | texts, values, max_size=5)
bodies = objects.map(json.dumps) | values.map(json.dumps) | st.binary(max_size=60)
kinds = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/plain"]
)
headers = st.dictionaries(
    st.sampled_from(
        ["Accept", "Cookie", "Origin", "Host", "User-Agent", "Referer", "X-CSRF-Token", "Accept-Encoding",
         "Sec-Fetch-Site", "Sec-CH-UA-Mobile", "If-None-Match", "If-Modified-Since", "Range", "Authorization",
         "X-Forwarded-For", "Accept-Language", "Content-Length"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
    max_size=3,
)  # fmt: skip
gently = settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def house(people: People) -> House:
    """Of each test's own: some of what is sent is right, and deletes things."""
    return House(people)


def assert_answered(answer: Any, route: object) -> None:
    assert answer.status_code < 500, (route, answer.text)
    if answer.status_code >= 400 and answer.mimetype != "text/html":
        assert answer.mimetype == "application/problem+json", route
        assert {"type", "code", "title", "status", "detail"} <= set(answer.get_json()), route


def fuzz(head: LocalApi, route: Route) -> None:
    @gently
    @given(body=bodies, kind=kinds)
    def answers(body: str | bytes, kind: str) -> None:
        sent = {"X-CSRF-Token": head.csrf_token, "Content-Type": kind}
        assert_answered(head.http.open(route.path, method=route.method, data=body, headers=sent), route)

    answers()


def test_no_body_makes_a_write_fail(app: Flask, client: Client, house: House) -> None:
    """Every route that writes, with the right token, so that the body is really read; deletions last."""
    app.config["LOGIN_TRIES"] = 100_000
    head = client(house.head.email)
    routes = [route for route in house.routes(app) if route.method not in SAFE]
    assert len(routes) >= 18
    for route in sorted(routes, key=lambda route: (route.method == "DELETE", -len(route.path))):
        fuzz(head, route)
        if not head.get("/api/session").json["authenticated"]:
            head.sign_in(house.head.email)


def test_no_nearly_right_body_makes_a_write_fail(app: Flask, client: Client, house: House) -> None:
    """One field of an accepted body exchanged."""
    app.config["LOGIN_TRIES"] = 100_000
    head = client(house.head.email)

    @settings(gently, max_examples=8 * CASES)
    @given(path=st.sampled_from(sorted(ACCEPTED)), data=st.data())
    def answers(path: str, data: st.DataObject) -> None:
        body = dict(ACCEPTED[path])
        body[data.draw(st.sampled_from(sorted(body)))] = data.draw(values)
        sent = {"X-CSRF-Token": head.csrf_token}
        if path == "/login":
            form = {name: str(value).encode("utf-8", "replace") for name, value in body.items()}
            assert_answered(head.http.post(path, data=form, headers=sent), path)
        else:
            assert_answered(head.http.post(path, data=json.dumps(body), headers=sent), path)

    answers()


def test_no_query_and_no_header_makes_a_read_fail(app: Flask, client: Client, house: House) -> None:
    head = client(house.head.email)
    routes = [route for route in house.routes(app) if route.method in SAFE]
    names = st.sampled_from(["limit", "cursor", "archived", "userId", "status", "from", "to", "next", "x"])

    @settings(gently, max_examples=12 * CASES)
    @given(
        route=st.sampled_from(routes),
        query=st.dictionaries(names, texts.map(lambda text: text.encode("utf-8", "replace")), max_size=3),
        sent=headers,
    )
    def answers(route: Route, query: dict[str, bytes], sent: dict[str, str]) -> None:
        assert_answered(head.http.get(route.path, query_string=query, headers=sent), route)

    answers()


@pytest.mark.parametrize("rule", ["/boards/{}", "/api/boards/{}", "/static/{}", "/{}", "/login?next={}"])
def test_no_path_makes_a_read_fail(client: Client, rule: str) -> None:
    visitor = client()

    @gently
    @given(part=st.text(characters, min_size=1, max_size=20))
    def answers(part: str) -> None:
        path = rule.format(part.encode("utf-8", "replace").decode())
        assume(not path.startswith("//"))  # the test client itself would take it for another host
        assert_answered(visitor.http.get(path), path)

    answers()
