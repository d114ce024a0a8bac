"""Who may open a socket, and how fast signing out closes it: against the real server."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from app.accounts.identity import Identifier
from app.accounts.policy import SessionLimits
from app.errors import OriginNotAllowed, WorkHubError
from tests.support.api import Api
from tests.support.patience import within
from tests.support.socket_client import BoardSocket, ConnectionRefused, open_socket

if TYPE_CHECKING:
    from .conftest import House

SOON = within(1.0)  # seconds from the request that signs out to the end of the socket
LIMITS = SessionLimits(timedelta(hours=12), timedelta(days=7))


def refusal(house: House, cookie: str, csrf_token: str | None, origin: str | None = None) -> str:
    """The code that the client is told."""
    with pytest.raises(ConnectionRefused) as refused:
        BoardSocket(house.server.url, cookie, csrf_token, origin)
    return str(refused.value.args[0]["data"]["code"])


def test_page_of_the_site_opens_a_socket(house: House) -> None:
    _, api = house.somebody()
    assert open_socket(api).emit("leave_board", {})["error"]["code"] == "invalid_input"


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://localhost:{port}", "https://127.0.0.1:{port}",
     "http://127.0.0.1:{port}.evil.example", "http://127.0.0.1", "http://evil.example@127.0.0.1:{port}",
     "{own},https://evil.example", "http://127.0.0.1:{port}/boards", "file://", "*"],
)  # fmt: skip
def test_socket_of_another_origin_is_refused(house: House, origin: str) -> None:
    """With the victim's own cookie and even their token; "" sends no Origin at all."""
    _, api = house.somebody()
    sent = origin.format(port=house.server.port, own=house.server.url)
    assert refusal(house, api.cookie, api.csrf_token, sent) == "origin_not_allowed"


def test_socket_without_the_token_of_the_page_is_refused(house: House) -> None:
    (_, api), (_, other) = house.somebody(), house.somebody()
    for csrf_token in (None, "", "x", other.csrf_token, api.csrf_token[:-1], api.csrf_token + "x"):
        assert refusal(house, api.cookie, csrf_token) == "csrf_failed", csrf_token


def test_socket_without_a_session_is_refused(house: House) -> None:
    visitor = Api(house.server.url)
    csrf_token = visitor.get("/api/session").json["csrfToken"]
    assert refusal(house, "", csrf_token) == "not_signed_in"
    assert refusal(house, visitor.cookie, csrf_token) == "not_signed_in"
    assert refusal(house, "workhub_session=x", csrf_token) == "not_signed_in"


@pytest.mark.parametrize("way", ["form", "api"])
def test_signing_out_ends_the_sockets_of_that_session_within_a_second(house: House, way: str) -> None:
    user, desk = house.somebody()
    phone = Api(house.server.url)
    phone.sign_in(user.email)
    board = house.people.board(house.acme, members=[user])
    tabs, elsewhere = [open_socket(desk), open_socket(desk)], open_socket(phone)
    for tab in (*tabs, elsewhere):
        assert tab.emit("join_board", {"boardId": str(board.id)})["ok"]
    started = time.monotonic()
    if way == "form":
        form = {"csrf_token": desk.csrf_token}
        left = desk.http.post(house.server.url + "/logout", data=form, allow_redirects=False)
        assert left.status_code == 303
    else:
        assert desk.delete("/api/session").status == 204
    for tab in tabs:
        assert tab.wait_for("session_ended", timeout=SOON) == {"reason": "signed_out"}
        tab.wait_closed(SOON)
    assert time.monotonic() - started < SOON
    assert elsewhere.emit("activity", {"boardId": str(board.id), "active": True})["ok"]
    elsewhere.close()


def test_cookie_of_an_ended_session_opens_no_socket(house: House) -> None:
    _, api = house.somebody()
    cookie, csrf_token = api.cookie, api.csrf_token
    api.delete("/api/session")
    assert refusal(house, cookie, csrf_token) == "not_signed_in"


ENDINGS = pytest.mark.parametrize(
    "statement",
    [
        "update users set disabled_at = now() where id = :id",
        "update user_sessions set expires_at = now() where user_id = :id",
        "update user_sessions set last_activity = now() - interval '12 hours' where user_id = :id",
        "update user_sessions set is_active = false where user_id = :id",
        "delete from user_sessions where user_id = :id",
    ],
)


@ENDINGS
def test_session_that_ended_in_any_way_opens_no_socket(house: House, statement: str) -> None:
    user, api = house.somebody()
    house.change(statement, user)
    assert refusal(house, api.cookie, api.csrf_token) == "not_signed_in"


@ENDINGS
def test_session_that_ended_in_any_way_ends_its_socket(house: House, statement: str) -> None:
    (user, api), (_, other_api) = house.somebody(), house.somebody()
    socket, bystander = open_socket(api), open_socket(other_api)
    house.change(statement, user)
    assert socket.wait_for("session_ended") == {"reason": "expired"}
    assert bystander.is_open
    bystander.close()


@pytest.mark.parametrize(
    ("allowed", "origin", "passes"),
    [
        ("", "http://workhub.example:5000", True),
        ("", "https://workhub.example:5000", False),
        ("", "http://workhub.example", False),
        ("https://workhub.example", "https://workhub.example", True),
        ("https://workhub.example", "http://workhub.example:5000", False),  # only what is listed
        ("https://workhub.example", "https://workhub.example.evil.example", False),
        ("https://workhub.example", "https://evil.example/https://workhub.example", False),
        ("https://a.example,https://b.example", "https://b.example", True),
        ("https://a.example,https://b.example", "https://a.example,https://b.example", True),
        ("https://a.example,https://b.example", "https://a.example, https://evil.example", False),
        ("https://a.example,https://b.example", "https://a.example,", False),
    ],
)
def test_allowed_origins_are_exactly_those_listed(allowed: str, origin: str, passes: bool) -> None:
    identifier = Identifier(LIMITS, frozenset(filter(None, allowed.split(","))))
    app = Flask(__name__)
    app.secret_key = "for tests only"
    headers = {"Origin": origin}
    with (
        app.test_request_context(base_url="http://workhub.example:5000", headers=headers),
        pytest.raises(WorkHubError) as refused,
    ):
        identifier.of_socket({})
    assert isinstance(refused.value, OriginNotAllowed) is not passes
