"""What a page of another site can make a signed-in person's browser do here: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.support.house import SAFE

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.support.api import LocalApi
    from tests.support.house import House, Route

Client = Callable[..., "LocalApi"]
AS_FORM, AS_TEXT = "application/x-www-form-urlencoded", "text/plain"


def unsafe(app: Flask, house: House) -> list[Route]:
    found = [route for route in house.routes(app) if route.method not in SAFE]
    assert len(found) >= 18
    return found


def send(api: LocalApi, route: Route, **headers: str) -> TestResponse:
    return api.http.open(
        route.path, method=route.method, data="{}", headers={"Content-Type": "application/json", **headers}
    )


def assert_refused(answer: TestResponse, route: Route) -> None:
    assert answer.status_code == 403, route
    if route.path.startswith("/api/"):
        assert answer.get_json()["code"] == "csrf_failed", route
        assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("token", [None, "", "x", "of somebody else", "of before the login"])
def test_every_unsafe_route_needs_the_token_of_the_page(
    app: Flask, client: Client, house: House, token: str | None
) -> None:
    visitor, head = client(), client(house.head.email)
    if token == "of somebody else":
        token = client(house.member.email).csrf_token
    elif token == "of before the login":
        token = visitor.get("/api/session").json["csrfToken"]
    before = head.get(f"/api/boards/{house.board.id}").json
    for route in unsafe(app, house):
        for api in (head, visitor) if token is None else (head,):
            headers = {} if token is None else {"X-CSRF-Token": token}
            assert_refused(send(api, route, **headers), route)
    assert head.get(f"/api/boards/{house.board.id}").json == before


@pytest.mark.parametrize("kind", [AS_FORM, AS_TEXT, "multipart/form-data; boundary=x", ""])
def test_forms_of_other_sites_are_refused_whatever_they_call_their_content(
    app: Flask, client: Client, house: House, kind: str
) -> None:
    """These are what a page can send without asking first."""
    head = client(house.head.email)
    for route in unsafe(app, house):
        assert_refused(send(head, route, **{"Content-Type": kind}), route)


def test_every_unsafe_route_is_closed_to_other_sites_even_with_the_token(
    app: Flask, client: Client, house: House
) -> None:
    head = client(house.head.email)
    for route in unsafe(app, house):
        headers = {"X-CSRF-Token": head.csrf_token, "Sec-Fetch-Site": "cross-site"}
        assert_refused(send(head, route, **headers), route)


def test_other_sites_are_refused_where_there_is_no_route(client: Client, house: House) -> None:
    answer = client().http.post("/api/nothing", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none", None])
def test_page_of_the_site_itself_passes_with_its_token(
    client: Client, house: House, site: str | None
) -> None:
    head = client(house.head.email)
    headers = {"X-CSRF-Token": head.csrf_token, **({"Sec-Fetch-Site": site} if site else {})}
    made = head.http.post("/api/boards", json={"name": "New"}, headers=headers)
    assert made.status_code == 201


def test_link_from_another_site_may_open_a_page(client: Client, house: House) -> None:
    """With Lax cookies the person stays signed in."""
    head = client(house.head.email)
    page = head.http.get(f"/boards/{house.board.id}", headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 200


def test_no_answer_lets_another_origin_read_it(app: Flask, client: Client, house: House) -> None:
    head = client(house.head.email)
    for route in house.routes(app):
        for method in {route.method, "OPTIONS"} - {"DELETE"}:
            headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": route.method}
            answer = head.http.open(route.path, method=method, headers=headers)
            exposed = [name for name, _ in answer.headers if name.startswith("Access-Control-")]
            assert exposed == [], route


def test_safe_routes_change_nothing(app: Flask, client: Client, house: House) -> None:
    """A picture with such an address would do it otherwise."""
    head = client(house.head.email)
    before = head.get(f"/api/boards/{house.board.id}").json
    for route in house.routes(app):
        if route.method in SAFE:
            for method in ("GET", "HEAD", "OPTIONS"):
                assert head.http.open(route.path, method=method).status_code < 500
    assert head.get(f"/api/boards/{house.board.id}").json == before
    assert head.get("/api/session").json["authenticated"]
