"""Clients that mean harm: they lose their own socket, and nobody else notices."""

import json
import os
import random
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import pytest

from .client import BINARY, CLOSE, PING, PONG, TEXT, Client, Closed, frame
from .conftest import Server, StartServer
from .test_leaving import assert_nothing_is_left

RESERVED = ["connect", "disconnect", "connect_error", "disconnecting", "newListener", "removeListener"]


@pytest.mark.parametrize("event", RESERVED)
def test_an_event_named_like_the_lifecycle_is_refused_and_ends_the_socket(server: Server, event: str) -> None:
    client = server.client().connect()
    client.emit(event, {"user": client.user}, "ping timeout")
    answer, *rest = client.until_closed()
    assert json.loads(answer.removeprefix("43/board,1"))[0]["error"]["code"] == "reserved_event"
    assert rest == [] and client.close_code == 1008
    assert [gone["reason"] for gone in server.departures(client.user)] == ["server disconnect"]


def test_a_forged_disconnect_touches_nobody_else(server: Server) -> None:
    victim, attacker = server.client().connect(), server.client().connect()
    attacker.emit("disconnect", victim.sid)
    attacker.until_closed()
    assert victim.ask("echo", {"text": "here"})["ok"]
    assert server.get(f"/departures?user={victim.user}&count=0") == []


@pytest.mark.parametrize(
    "packet",
    [
        "",
        "2",
        "2probe",
        "5",
        "6",
        "7",
        "b" + "QUFB",
        "4",
        "49",
        "42",
        '42["echo",{"text":"x"}]',
        '42/admin,["echo",{"text":"x"}]',
        "42/board,",
        "42/board,1{}",
        "42/board,1[]",
        "42/board,1[null]",
        '42/board,1[{"echo":1}]',
        '42/board,1["echo",{"text":"x"}',
        '42/board,1["\\ud800"]',
        '42/board,1["echo",' + "[" * 5000 + "]" * 5000 + "]",
        '42/board,99999999999999999999["echo"]',
        '44/board,{"message":"refused"}',
        '451-/board,1["echo",{"_placeholder":true,"num":0}]',
        '4599999999999-/board,1["echo"]',
        '461-/board,1[{"_placeholder":true,"num":0}]',
    ],
)
def test_a_packet_no_client_sends_ends_its_socket_only(server: Server, packet: str) -> None:
    bystander, client = server.client().connect(), server.client().connect()
    client.send(packet)
    assert client.until_closed() == []
    server.departures(client.user)
    assert bystander.ask("echo", {"text": "undisturbed"})["ok"]


def test_text_that_is_no_utf8_ends_its_socket(server: Server) -> None:
    client = server.client().connect()
    client.send_frame(TEXT, b'42/board,1["echo",{"text":"\xff\xfe"}]')
    assert client.until_closed() == [] and client.close_code == 1007


def test_an_acknowledgement_that_was_never_asked_for_is_ignored(server: Server) -> None:
    client = server.client().connect()
    client.send("43/board,7[1]")
    assert client.ask("echo", {"text": "x"})["ok"]


@pytest.mark.parametrize("size", [65_537, 10_000_000, 2**62])
def test_a_message_over_the_hard_limit_ends_its_socket_before_it_is_sent(server: Server, size: int) -> None:
    client = server.client().connect()
    client.sock.sendall(bytes([0x81, 0xFF]) + struct.pack("!Q", size))
    assert client.until_closed() == [] and client.close_code == 1009


def test_the_largest_message_below_it_is_answered(server: Server) -> None:
    client = server.client().connect()
    packet = b'42/board,1["echo",{"text":"' + b"x" * (65_536 - 30) + b'"}]'
    assert len(packet) <= 65_536
    client.send_frame(TEXT, packet)
    assert client.answer(1)["error"]["code"] == "payload_too_large"
    assert client.ask("echo", {"text": "x"})["ok"]


# --- floods: see test_pressure ---------------------------------------------------------------------------


def test_a_burst_within_the_limit_is_answered_in_full(server: Server) -> None:
    client = server.client().connect()
    packets = [b'42/board,%d["echo",{"text":"x"}]' % number for number in range(1, 56)]
    client.sock.sendall(b"".join(frame(TEXT, packet) for packet in packets))
    assert all(client.answer(number)["ok"] for number in range(1, 56))


# --- readers that do not read ----------------------------------------------------------------------------


@pytest.mark.parametrize("size", [100, 60_000])
def test_who_does_not_read_is_bounded_and_cut_off(start_server: StartServer, size: int) -> None:
    server = start_server(socket_messages_per_second=1000, socket_message_burst=1000)
    client = server.client().connect()
    bystander = server.client().connect()
    before = server.stats()["rss"]
    begun = time.time()
    while not server.get(f"/departures?user={client.user}&count=0"):
        with suppress(OSError):
            client.emit("flood_me", {"count": 500, "size": size}, ack=False)
            client.send("3")
    (gone,) = server.departures(client.user)
    assert (gone["clean"], gone["reason"]) == (False, "transport error")
    assert gone["at"] - begun < 2
    assert bystander.ask("echo", {"text": "x"})["ok"]
    stats = server.stats()
    assert stats["slow"] == 1
    assert stats["rss"] - before < 20 * 1024 * 1024


def test_who_reads_slowly_gets_everything_in_order(start_server: StartServer) -> None:
    server = start_server()
    client = server.client().connect()
    expected = 0
    for _ in range(10):
        client.emit("flood_me", {"count": 60, "size": 10_000}, ack=False)
        for number in range(60):
            name, payload = client.event()
            assert (name, payload["number"]) == ("drop", number)
            expected += 1
    assert expected == 600


def test_who_reads_nothing_but_answers_is_ended_after_the_timeout(start_server: StartServer) -> None:
    """Below the bound, so it could stay for ever: the heartbeat sees that nothing moves."""
    server = start_server(socket_ping_interval_seconds=0.5, socket_ping_timeout_seconds=0.5)
    client = server.client().connect()
    client.sock.setsockopt(1, 8, 4096)
    while not server.get(f"/departures?user={client.user}&count=0"):
        with suppress(OSError):
            client.emit("flood_me", {"count": 5, "size": 30_000}, ack=False)
        for _ in range(3):
            with suppress(OSError):
                client.send("3")
            server.stats()
            time.sleep(0.05)  # the pace of the answers, not a wait for something
    (gone,) = server.departures(client.user)
    assert gone["reason"] == "transport error"


# --- noise -----------------------------------------------------------------------------------------------


def noise(dice: random.Random) -> Iterator[bytes]:
    """Frames from barely wrong to nonsense."""
    event = b'42/board,1["echo",{"text":"hello"}]'
    while True:
        match dice.randrange(7):
            case 0:
                yield dice.randbytes(dice.randrange(1, 200))
            case 1:
                yield frame(dice.randrange(16), dice.randbytes(dice.randrange(0, 130)))
            case 2:
                yield frame(TEXT, dice.choice(b"0123456789").to_bytes(1, "big") + dice.randbytes(30))
            case 3:
                spot = dice.randrange(len(event))
                yield frame(TEXT, event[:spot] + dice.randbytes(1) + event[spot + 1 :])
            case 4:
                yield frame(TEXT, event[: dice.randrange(len(event))])
            case 5:
                yield frame(TEXT, event, final=dice.random() < 0.5, masked=dice.random() < 0.9)
            case _:
                yield frame(dice.choice([TEXT, BINARY, CLOSE, PING, PONG, 0]), event)


def test_thousands_of_random_frames_leave_the_server_well_and_no_ghost(start_server: StartServer) -> None:
    server = start_server()
    bystander = server.client().connect()
    seed = int(os.environ.get("FUZZ_SEED", "20250810"))
    frames, dice = noise(random.Random(seed)), random.Random(seed + 1)
    sent, users, asked = 0, 0, time.monotonic()
    before = server.stats()["rss"]
    while sent < int(os.environ.get("FUZZ_FRAMES", "4000")):
        client = server.client()
        client.sock.settimeout(0.2)
        if dice.random() < 0.8:
            client.connect()
            users += 1
        with suppress(OSError, Closed, AssertionError, UnicodeDecodeError):
            for _ in range(dice.randrange(1, 30)):
                client.sock.sendall(next(frames))
                sent += 1
        dice.choice([Client.vanish, Client.reset])(client)
        if time.monotonic() > asked + 1:
            assert bystander.ask("echo", {"text": "undisturbed"})["ok"]
            asked = time.monotonic()
    assert bystander.ask("echo", {"text": "all quiet"})["ok"]
    bystander.close()
    assert len(server.departures("*", users + 1)) == users + 1, "each who came has gone, once"
    assert_nothing_is_left(server)
    grown = server.stats()["rss"] - before
    print(f"{sent} frames, {users} sockets signed in, memory +{grown / 1e6:.1f} MB")
    assert grown < 20 * 1024 * 1024
    log = server.log.read_text()
    planted = log.count("RuntimeError: a listener with a mistake")
    assert log.count("Traceback") == planted, "nothing else was an accident"


def test_guessing_sids_and_boards_gets_nothing(server: Server) -> None:
    client = server.client().connect()
    assert client.ask("say", {"boardId": str(uuid4()), "text": "into the void"}) == {"ok": True}
    assert client.events == []
