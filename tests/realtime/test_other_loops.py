"""Web servers that hide the raw socket: slower, by Engine.IO's own loop, and just as well guarded."""

import json
from contextlib import suppress
from uuid import uuid4

import pytest

from .client import TEXT, Client
from .conftest import Server, StartServer
from .test_leaving import assert_nothing_is_left

QUICK = {"socket_ping_interval_seconds": 0.5, "socket_ping_timeout_seconds": 0.5}


@pytest.fixture(params=["gevent", "threading"])
def server(request: pytest.FixtureRequest, start_server: StartServer) -> Server:
    return start_server(async_mode=request.param, **QUICK)


def test_people_talk_on_boards(server: Server) -> None:
    board = str(uuid4())
    ann, bob = server.client().connect(), server.client().connect()
    for client in (ann, bob):
        assert client.ask("enter", {"boardId": board}) == {"ok": True}
        assert client.event() == ("snapshot", {"boardId": board})
    assert ann.ask("say", {"boardId": board, "text": "hello"})["ok"]
    assert bob.event() == ("said", {"text": "hello"})
    assert ann.ask("nonsense")["error"]["code"] == "unknown_event"
    assert ann.ask("echo", {"text": "x" * 16_400})["error"]["code"] == "payload_too_large"
    assert ann.ask("crash")["error"]["code"] == "internal_error"


def test_nobody_comes_in_unknown(server: Server) -> None:
    with pytest.raises(PermissionError):
        server.client().connect({})


def test_attackers_lose_their_socket_and_leave_nothing(server: Server) -> None:
    bystander = server.client().connect()
    attackers = {
        "disconnect": lambda c: c.emit("disconnect"),
        "binary": lambda c: c.send_frame(2, b"x"),
        "junk": lambda c: c.send("42/board,1[junk"),
        "too big": lambda c: c.send_frame(TEXT, b"4" + b"x" * 70_000),
        "flood": flood,
    }
    for attack in attackers.values():
        client = server.client().connect()
        attack(client)
        with suppress(OSError):
            client.until_closed()
        server.departures(client.user)
        client.vanish()
    assert bystander.ask("echo", {"text": "undisturbed"})["ok"]
    bystander.vanish()
    server.departures(bystander.user)
    assert_nothing_is_left(server)


def flood(client: Client) -> None:
    with suppress(OSError):
        for _ in range(500):
            client.emit("echo", {"text": "x"}, ack=False)


def test_the_silent_and_the_evicted_go(server: Server) -> None:
    silent, judge, evicted = (server.client().connect() for _ in range(3))
    judge.emit("evict", {"user": evicted.user})
    assert json.loads(evicted.until_closed()[0].removeprefix("42/board,"))[0] == "session_ended"
    assert server.departures(evicted.user)[0]["reason"] == "server disconnect"
    (gone,) = server.departures(silent.user)
    assert (gone["clean"], gone["reason"]) == (False, "ping timeout")
