"""Headers and cookies that keep a browser on our side, on answers of every kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.api import LocalApi

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.accounts.models import User
    from config import Settings
    from tests.support.house import House
    from tests.support.people import People

Client = Callable[..., LocalApi]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


OF_FILES = {  # the others say something about documents only
    name: ALWAYS[name]
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Cross-Origin-Resource-Policy")
}


def policy_of(answer: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def nonce_of(answer: TestResponse) -> str:
    nonces = [value for value in policy_of(answer)["script-src"] if value.startswith("'nonce-")]
    assert len(nonces) == 1
    return nonces[0].removeprefix("'nonce-").removesuffix("'")


@pytest.fixture
def production(app: Flask, settings: Settings) -> Flask:
    from app import create_app

    complete = {"secret_key": "x" * 64, "allowed_origins": "https://workhub.example"}
    return create_app(settings.model_copy(update={"workhub_env": "production", **complete}))


def test_every_answer_of_every_route_is_protected(app: Flask, client: Client, house: House) -> None:
    """Pages, JSON, redirects, refusals, files: signed in and not."""
    for api in (client(house.head.email), client()):
        for route in house.routes(app):
            answer = api.http.open(route.path, method=route.method)
            is_file = route.path.startswith("/static/") and answer.status_code == 200
            for name, value in (OF_FILES if is_file else ALWAYS).items():
                assert answer.headers.get(name) == value, (route, name)
            assert policy_of(answer)["frame-ancestors"] == ["'none'"], route


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/api/nothing", 404),
        ("/static/nothing.js", 404),
        ("/static/../config.py", 404),
        ("/static/css/workhub.css", 200),
        ("/static/js/lib/api.js", 200),
        ("/static/img/logo.svg", 200),
        ("/static/vendor/nothing.js", 404),
        ("/boards/x", 404),
        ("/healthz", 200),
    ],
)
def test_answers_without_a_route_are_protected_too(client: Client, path: str, status: int) -> None:
    answer = client().http.get(path)
    assert answer.status_code == status
    expected = OF_FILES if path.startswith("/static/") and status == 200 else ALWAYS
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert policy_of(answer)["frame-ancestors"] == ["'none'"]


def test_file_opened_as_a_page_runs_nothing(client: Client) -> None:
    for path in ("/static/img/logo.svg", "/static/js/lib/api.js"):
        assert policy_of(client().http.get(path))["default-src"] == ["'none'"]


def test_page_runs_the_scripts_that_carry_its_nonce_and_no_others(client: Client, house: House) -> None:
    head = client(house.head.email)
    for path in ("/login", "/boards", f"/boards/{house.board.id}", "/logout", "/nothing"):
        page = (client() if path == "/login" else head).http.get(path)
        policy = policy_of(page)
        assert policy["script-src"] == [f"'nonce-{nonce_of(page)}'", "'strict-dynamic'"]
        assert policy["default-src"] == ["'self'"]
        assert policy["object-src"] == policy["base-uri"] == ["'none'"]
        assert policy["form-action"] == ["'self'"]
        assert policy["require-trusted-types-for"] == ["'script'"]
        assert policy["trusted-types"] == ["server-markup"]
        assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
        assert "'unsafe-eval'" not in page.headers["Content-Security-Policy"]
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", page.text):
            assert f'nonce="{nonce_of(page)}"' in tag, (path, tag)
        assert re.findall(r"<[^>]+\son\w+\s*=", page.text) == [], path
        assert re.findall(r'<[^>]+\sstyle\s*="', page.text) == [], path
        assert re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", page.text) == [], path


def test_nonces_are_long_and_never_repeat(client: Client) -> None:
    nonces = {nonce_of(client().http.get("/login")) for _ in range(20)}
    assert len(nonces) == 20
    assert min(len(nonce) for nonce in nonces) >= 22  # 128 bits


def test_private_answers_are_not_kept(client: Client, house: House) -> None:
    head = client(house.head.email)
    for path in ("/boards", f"/boards/{house.board.id}", f"/api/boards/{house.board.id}", "/api/session"):
        assert head.http.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/static/css/workhub.css", "/static/vendor/tabler/tabler.min.css"])
def test_files_are_asked_for_again_and_set_no_cookie(client: Client, path: str) -> None:
    """A page must not run with yesterday's script."""
    answer = client().http.get(path)
    if answer.status_code == 404:
        pytest.skip("the browser libraries are not installed")
    assert {"no-cache", "max-age=0"} & set(answer.headers["Cache-Control"].replace(",", " ").split())
    assert "Set-Cookie" not in answer.headers
    assert client().http.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_socket_address_is_that_of_the_page(client: Client) -> None:
    plain = policy_of(client().http.get("/login", base_url="http://hub.example:5000"))
    secure = policy_of(client().http.get("/login", base_url="https://hub.example"))
    assert plain["connect-src"] == ["'self'", "ws://hub.example:5000"]
    assert secure["connect-src"] == ["'self'", "wss://hub.example"]


def test_browsers_are_held_to_https_once_they_used_it(client: Client) -> None:
    assert "Strict-Transport-Security" not in client().http.get("/login").headers
    secure = client().http.get("/login", base_url="https://hub.example")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def cookies_of(app: Flask, maya: User, base_url: str) -> dict[str, set[str]]:
    """What is set by signing in, name -> attributes."""
    api = LocalApi(app)
    token = api.http.get("/api/session", base_url=base_url).get_json()["csrfToken"]
    answer = api.http.post(
        "/api/session",
        base_url=base_url,
        json={"email": maya.email, "password": "workhub-test"},
        headers={"X-CSRF-Token": token},
    )
    assert answer.status_code == 200
    lines = [line.split("; ") for line in answer.headers.getlist("Set-Cookie")]
    return {first.split("=")[0]: set(attributes) for first, *attributes in lines}


@pytest.fixture
def maya(people: People) -> Iterator[User]:
    yield people.user("Maya", people.organization())


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask, maya: User) -> None:
    cookies = cookies_of(app, maya, "http://localhost")
    assert set(cookies) == {"workhub_session", "workhub_device"}
    for name, attributes in cookies.items():
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= attributes, name
        assert not any(attribute.startswith("Domain=") for attribute in attributes)


def test_cookies_are_secure_in_production(production: Flask, maya: User) -> None:
    for name, attributes in cookies_of(production, maya, "https://workhub.example").items():
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= attributes, name


def test_session_cookie_lives_as_long_as_the_session(app: Flask, maya: User) -> None:
    attributes = cookies_of(app, maya, "http://localhost")["workhub_session"]
    assert any(attribute.startswith("Expires=") for attribute in attributes)
