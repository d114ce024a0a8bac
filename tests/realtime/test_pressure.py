"""Floods and a full house: nobody else waits. It measures short times: see ALONE in tests/support/sharing."""

import threading
import time
from contextlib import suppress

import pytest

from .client import PING, PONG, TEXT, frame
from .conftest import StartServer
from .test_gate import ask


def flood_of(kind: str) -> bytes:
    return {
        "events": frame(TEXT, b'42/board,["echo",{"text":"' + b"x" * 50 + b'"}]'),
        "large events": frame(TEXT, b'42/board,["echo",{"text":"' + b"x" * 15_000 + b'"}]'),
        "pongs": frame(TEXT, b"3"),
        "pings": frame(PING, b"x"),
        "control pongs": frame(PONG),
        "fragments": frame(0, b"", final=False),
    }[kind]


@pytest.mark.parametrize("kind", ["events", "large events", "pongs", "pings", "control pongs", "fragments"])
def test_a_flooder_is_cut_within_a_second_and_others_do_not_notice(
    start_server: StartServer, kind: str
) -> None:
    server = start_server()
    bystander, flooder = server.client().connect(), server.client().connect()
    if kind == "fragments":
        flooder.send_frame(TEXT, b"4", final=False)
    blob = flood_of(kind) * 200
    begun = time.time()

    def flood() -> None:
        with suppress(OSError):
            while True:
                flooder.sock.sendall(blob)

    threading.Thread(target=flood, daemon=True).start()
    worst = 0.0
    while not server.get(f"/departures?user={flooder.user}&count=0"):
        asked = time.perf_counter()
        bystander.emit("echo", {"text": "x"}, ack=False)
        bystander.send_frame(PING)
        assert bystander.read_control() == (PONG, b"")
        worst = max(worst, time.perf_counter() - asked)
    (gone,) = server.departures(flooder.user)
    assert gone["at"] - begun < 1
    assert gone["reason"] == "server disconnect"
    assert worst < 0.1
    assert server.stats()["flooded"] == 1


def test_a_hundred_flooders_at_once_are_all_cut_while_somebody_works(start_server: StartServer) -> None:
    server = start_server()
    worker = server.client().connect()
    flooders = [server.client().connect() for _ in range(100)]
    blob = flood_of("events") * 100
    for flooder in flooders:
        flooder.sock.settimeout(0.05)
        with suppress(OSError):
            flooder.sock.sendall(blob)
    asked = time.perf_counter()
    assert worker.ask("echo", {"text": "x"})["ok"]
    assert time.perf_counter() - asked < 0.5
    for flooder in flooders:
        server.departures(flooder.user)
    assert server.stats()["flooded"] == 100


def test_a_full_house_says_so_and_keeps_answering_pages(start_server: StartServer) -> None:
    server = start_server(socket_max_connections=3)
    inside = [server.client().connect() for _ in range(3)]
    hints = set()
    for _ in range(20):
        status, headers, problem = ask(server.port)
        assert (status, problem["code"]) == (503, "unavailable")
        assert headers["retry-after"] == str(problem["retryAfter"])
        hints.add(problem["retryAfter"])
    assert len(hints) > 2, "they must not all come back in the same second"
    begun = time.monotonic()
    assert server.stats()["refused"] == 20
    assert time.monotonic() - begun < 0.5
    inside[0].close()
    server.departures(inside[0].user)
    assert server.client().connect().ask("echo", {"text": "a place was free"})["ok"]
