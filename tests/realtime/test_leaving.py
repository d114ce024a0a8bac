"""How a socket can end, what is said about it, and that nothing of it stays."""

import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from .client import CLOSE, TEXT, Client, Closed, frame
from .conftest import ROOT, Server, StartServer

QUICK = {"socket_ping_interval_seconds": 0.5, "socket_ping_timeout_seconds": 0.5}


def send_bytes(data: bytes) -> Callable[[Client], None]:
    return lambda client: client.sock.sendall(data)


@pytest.mark.parametrize(
    ("leave", "clean", "reason"),
    [
        pytest.param(Client.close, True, "client disconnect", id="tab closed"),
        pytest.param(lambda c: c.send_frame(CLOSE), True, "client disconnect", id="close frame without code"),
        pytest.param(lambda c: c.send("41/board,"), True, "client disconnect", id="Socket.IO disconnect"),
        pytest.param(lambda c: c.send("1"), True, "client disconnect", id="Engine.IO close"),
        pytest.param(Client.vanish, False, "transport close", id="process killed"),
        pytest.param(Client.reset, False, "transport close", id="connection reset"),
        pytest.param(
            lambda c: (c.sock.sendall(b"\x81\xff\x00"), c.sock.close()),
            False,
            "transport close",
            id="mid-frame",
        ),
        pytest.param(send_bytes(b"\x81\x01x"), False, "transport error", id="unmasked frame"),
        pytest.param(lambda c: c.send_frame(TEXT, b""), False, "transport error", id="empty packet"),
        pytest.param(lambda c: c.send("42/board,1[not json"), False, "transport error", id="broken JSON"),
        pytest.param(lambda c: c.emit("disconnect"), True, "server disconnect", id="reserved event"),
    ],
)
def test_why_a_socket_ended(
    server: Server, leave: Callable[[Client], None], clean: bool, reason: str
) -> None:
    client = server.client().connect()
    leave(client)
    (gone,) = server.departures(client.user)
    assert (gone["clean"], gone["reason"]) == (clean, reason)
    assert abs(gone["at"] - gone["lostAt"]) < 0.1, "it was lost just now"


def test_a_close_frame_that_arrives_with_the_last_event_loses_neither(server: Server) -> None:
    client = server.client().connect()
    packet = frame(TEXT, b'42/board,1["echo",{"text":"last words"}]')
    client.sock.sendall(packet + frame(CLOSE, struct.pack("!H", 1001)))
    assert "last words" in client.until_closed()[0]
    assert server.departures(client.user)[0]["clean"]


def test_a_half_open_connection_is_found_within_interval_and_timeout(
    start_server: StartServer, tmp_path: Path
) -> None:
    """A stopped process still acknowledges bytes, as its kernel does it; only life is missing."""
    server = start_server(**QUICK)
    script = (
        "import sys; from tests.realtime.client import Client; "
        "c = Client(int(sys.argv[1])).connect(); print(c.user, flush=True); c.until_closed()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(server.port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        user = process.stdout.readline().strip()
        process.send_signal(signal.SIGSTOP)
        stopped_at = time.time()
        (gone,) = server.departures(user)
        assert (gone["clean"], gone["reason"]) == (False, "ping timeout")
        assert gone["at"] - stopped_at < 0.5 + 0.5 + 1
        assert gone["lostAt"] <= stopped_at + 0.05, "the moment of the loss, not of the belief"
        assert stopped_at - gone["lostAt"] < 0.5 + 0.2
    finally:
        process.kill()
        process.wait()


def test_who_speaks_but_does_not_answer_pings_is_alive(start_server: StartServer) -> None:
    """A reaper that counted pongs alone would end people in the middle of their typing."""
    server = start_server(**QUICK)
    client = server.client().connect()
    sleeper = server.client().connect()
    while not server.get(f"/departures?user={sleeper.user}&count=0"):
        client.emit("echo", {"text": "x"}, ack=False)
        server.stats()
        time.sleep(0.1)  # the pace of a person, not a wait for something
    assert server.get(f"/departures?user={client.user}&count=0") == []


def test_who_shakes_hands_and_never_signs_in_is_shown_out(start_server: StartServer) -> None:
    server = start_server(join_seconds=0.5, **QUICK)
    client = server.client()
    assert client.until_closed()[0].startswith("0{")
    assert client.close_code == 1008
    assert server.stats()["wheel"] == 0


def test_a_connection_that_never_finishes_its_handshake_holds_nothing(server: Server) -> None:
    before = server.stats()
    client = server.client(headers="Sec-WebSocket-Protocol: x\r\n")
    client.vanish()
    while server.stats()["sockets"] > before["sockets"]:
        pass
    after = server.stats()
    assert after["environs"] == before["environs"] and after["wheel"] == before["wheel"]


def test_a_client_that_leaves_while_it_is_being_let_in_leaves_no_ghost(start_server: StartServer) -> None:
    server = start_server()
    client = server.client()
    client.read()
    client.send("40/board," + json.dumps({"user": client.user, "slow": 0.3}))
    client.vanish()
    server.departures(client.user)
    assert_nothing_is_left(server)


def test_a_client_that_leaves_while_its_event_is_handled_leaves_afterwards(start_server: StartServer) -> None:
    server = start_server()
    client = server.client().connect()
    client.emit("nap")
    client.vanish()
    server.departures(client.user)
    assert_nothing_is_left(server)


def test_disconnect_is_told_exactly_once_whoever_comes_first(start_server: StartServer) -> None:
    """Evicted, closing and vanishing in the same moment."""
    server = start_server()
    judge = server.client().connect()
    clients = [server.client().connect() for _ in range(30)]
    for client in clients:
        judge.emit("evict", {"user": client.user})
        client.send("41/board,")
        client.send_frame(CLOSE, struct.pack("!H", 1000))
        client.vanish()
    for client in clients:
        server.departures(client.user)
    judge.close()
    server.departures(judge.user)
    assert_nothing_is_left(server)
    assert len(server.get("/departures?user=*&count=31")) == 31


def test_a_listener_with_a_mistake_does_not_keep_others_from_hearing(server: Server) -> None:
    """`fails_first` in server.py raises each time; all tests here would fail without it being caught."""
    assert "a listener with a mistake must not stop the others" in server.log.read_text()


def test_mass_departure_leaves_nothing_and_takes_linear_time(start_server: StartServer) -> None:
    server = start_server()
    seconds = {}
    for count in (150, 600):
        clients = [server.client().connect() for _ in range(count)]
        for client in clients:
            client.emit("enter", {"boardId": client.user})
        departed = len(server.get("/departures?user=*&count=0"))
        begun = server.stats()["cpu"]
        for client in clients:
            client.vanish()
        server.departures("*", departed + count)
        seconds[count] = server.stats()["cpu"] - begun
        assert_nothing_is_left(server)
    assert seconds[600] < seconds[150] * 4 * 2 + 0.2


def test_sockets_leave_nothing_to_the_garbage_collector(start_server: StartServer) -> None:
    server = start_server()
    for _ in range(2):
        server.get("/garbage")
        for _ in range(50):
            client = server.client().connect()
            client.ask("echo", {"text": "x"})
            client.close()
            server.departures(client.user)
        found = server.get("/garbage")
    # What is found comes from the pages asked meanwhile and is young; a kept stack would be 170 objects each.
    assert found / 50 < 60


def test_a_graceful_stop_sends_everybody_away_to_come_back(start_server: StartServer) -> None:
    server = start_server()
    clients = [server.client().connect() for _ in range(20)]
    output: list[str] = []
    stopping = threading.Thread(target=lambda: output.append(server.stop()))
    stopping.start()
    for client in clients:
        assert client.until_closed() == [], "no Socket.IO disconnect: its client would stay away"
        assert client.close_code == 1012
    stopping.join()
    assert output == ["drained True 20\n"]


def test_a_stopping_server_refuses_newcomers(start_server: StartServer) -> None:
    server = start_server()
    busy = server.client().connect()
    busy.emit("nap")
    server.process.send_signal(signal.SIGTERM)
    busy.until_closed()
    statuses = set()
    with suppress(OSError, Closed):
        while True:
            statuses.add(server.client().status)
    assert statuses <= {503}


def test_kill_minus_nine_of_a_crowd_is_noticed_at_once(start_server: StartServer) -> None:
    server = start_server()
    script = (
        "import sys, time; from tests.realtime.client import Client; "
        "clients = [Client(int(sys.argv[1])).connect() for _ in range(100)]; "
        "print('in', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(server.port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "in\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    gone = server.departures("*", 100)
    assert {(one["clean"], one["reason"]) for one in gone} == {(False, "transport close")}
    assert_nothing_is_left(server)


def assert_nothing_is_left(server: Server) -> None:
    """The departure is told before the last reference goes: the next turn of the event loop sees to it."""
    names = ("sockets", "connections", "environs", "rooms", "managed", "index", "wheel")
    for _ in range(50):
        stats = server.stats()
        if not any(stats[name] for name in names):
            return
    raise AssertionError({name: stats[name] for name in names})
