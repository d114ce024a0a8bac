"""Sockets that programs open with an access token: against the real server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.identity import SOCKET_SCOPES
from app.api import SCOPES
from tests.support.api import Api
from tests.support.socket_client import ConnectionRefused, open_as_program, open_socket

from .test_sockets import SOON

if TYPE_CHECKING:
    from app.accounts.models import User

    from .conftest import House


def make(api: Api, scopes: tuple[str, ...] = SOCKET_SCOPES) -> dict[str, Any]:
    made = api.post("/api/tokens", {"name": "Bot", "scopes": list(scopes)})
    assert made.status == 201, made.text
    return dict(made.json)


def refusal(house: House, access_token: object, cookie: str = "") -> dict[str, Any]:
    with pytest.raises(ConnectionRefused) as refused:
        open_as_program(house.server.url, access_token, cookie)
    return dict(refused.value.args[0]["data"])


@pytest.fixture
def somebody(house: House) -> tuple[User, Api]:
    return house.somebody()


def test_program_joins_a_board_as_its_person(house: House, somebody: tuple[User, Api]) -> None:
    user, api = somebody
    board = house.people.board(house.acme, [user])
    bot = open_as_program(house.server.url, make(api)["token"])
    joined = bot.emit("join_board", {"boardId": str(board.id)})
    assert (joined["ok"], joined["role"], joined["status"]) == (True, "head", "online")
    snapshot = bot.wait_for("presence_dashboard")
    assert [member["userId"] for member in snapshot["members"]] == [str(user.id)]
    assert bot.emit("activity", {"boardId": str(board.id), "active": True})["ok"]
    (token,) = api.get("/api/tokens").json["items"]
    assert token["lastUsedAt"] is not None
    bot.close()


def test_socket_hears_much_and_needs_every_scope_of_it(house: House, somebody: tuple[User, Api]) -> None:
    """A token that may only write presence would read boards through it otherwise."""
    _, api = somebody
    for missing in SOCKET_SCOPES:
        token = make(api, tuple(scope for scope in SCOPES if scope != missing))["token"]
        problem = refusal(house, token)
        assert (problem["code"], problem["scope"]) == ("insufficient_scope", missing)


@pytest.mark.parametrize("junk", ["", "x", "whp_" + "A" * 43, 7, True, [], {}, ["whp_x"], "\x00"])
def test_junk_opens_no_socket_even_beside_a_cookie(
    house: House, somebody: tuple[User, Api], junk: object
) -> None:
    _, api = somebody
    assert refusal(house, junk)["code"] == "invalid_token"
    assert refusal(house, junk, api.cookie)["code"] == "invalid_token"


def test_token_in_the_place_of_the_csrf_token_opens_no_socket(
    house: House, somebody: tuple[User, Api]
) -> None:
    visitor = Api(house.server.url)
    visitor.csrf_token = make(somebody[1])["token"]
    with pytest.raises(ConnectionRefused) as refused:
        open_socket(visitor)
    assert refused.value.args[0]["data"]["code"] == "not_signed_in"


def test_revoking_ends_the_sockets_of_that_token_within_a_second(
    house: House, somebody: tuple[User, Api]
) -> None:
    user, api = somebody
    board = house.people.board(house.acme, [user])
    made, other = make(api), make(api)
    bots = [open_as_program(house.server.url, made["token"]) for _ in range(2)]
    bystander, page = open_as_program(house.server.url, other["token"]), open_socket(api)
    for socket in (*bots, bystander, page):
        assert socket.emit("join_board", {"boardId": str(board.id)})["ok"]
    started = time.monotonic()
    assert api.delete(f"/api/tokens/{made['id']}").status == 204
    for bot in bots:
        assert bot.wait_for("session_ended", timeout=SOON) == {"reason": "revoked"}
        bot.wait_closed(SOON)
    assert time.monotonic() - started < SOON
    for socket in (bystander, page):
        assert socket.emit("activity", {"boardId": str(board.id), "active": True})["ok"]
        socket.close()
    assert refusal(house, made["token"])["code"] == "invalid_token"


def test_signing_out_leaves_the_sockets_of_programs(house: House, somebody: tuple[User, Api]) -> None:
    user, api = somebody
    board = house.people.board(house.acme, [user])
    bot = open_as_program(house.server.url, make(api)["token"])
    assert api.delete("/api/session").status == 204
    assert bot.emit("join_board", {"boardId": str(board.id)})["ok"]
    bot.close()


ENDINGS = [
    "update users set disabled_at = now() where id = :id",
    "update access_tokens set created_at = now() - interval '9 days', expires_at = now() where user_id = :id",
    "update access_tokens set revoked_at = now() where user_id = :id",
    "delete from access_tokens where user_id = :id",
]


@pytest.mark.parametrize("statement", ENDINGS)
def test_token_that_ended_in_any_way_ends_its_socket(
    house: House, somebody: tuple[User, Api], statement: str
) -> None:
    user, api = somebody
    token = make(api)["token"]
    bot = open_as_program(house.server.url, token)
    _, other = house.somebody()
    bystander = open_as_program(house.server.url, make(other)["token"])
    house.change(statement, user)
    assert bot.wait_for("session_ended") == {"reason": "expired"}
    assert refusal(house, token)["code"] == "invalid_token"
    assert bystander.is_open
    bystander.close()
