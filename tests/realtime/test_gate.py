"""Before there is a socket: what is refused as plain HTTP, and how many may come in."""

import base64
import json
import os
import resource
import socket
import threading
from typing import Any

import pytest

from app.realtime import gate
from app.realtime.gate import Gate, fit_to_descriptors

from .client import Client
from .conftest import Server, StartServer

GOOD_QUERY = "EIO=4&transport=websocket"


def ask(
    port: int, query: str = GOOD_QUERY, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], Any]:
    """One HTTP request to the socket's address; headers with an empty value are left out."""
    sent = {
        "Host": "localhost",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} /socket.io/?{query} HTTP/1.1"] + [f"{n}: {v}" for n, v in sent.items() if v]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall("\r\n".join([*lines, "", ""]).encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += raw.recv(65536)
        head, body = data.split(b"\r\n\r\n", 1)
        status, *fields = head.decode().split("\r\n")
        found = {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}
        while len(body) < int(found.get("content-length", 0)):
            body += raw.recv(65536)
    return int(status.split()[1]), found, json.loads(body) if body.startswith(b"{") else body


def test_a_good_handshake_is_let_through(server: Server) -> None:
    status, headers, _ = ask(server.port)
    assert status == 101
    assert "sec-websocket-extensions" not in headers


def test_compression_is_never_negotiated(server: Server) -> None:
    client = server.client(headers="Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
    assert client.status == 101 and "permessage" not in client.head.lower()
    assert client.connect().ask("echo", {"text": "a" * 5000})["ok"]


@pytest.mark.parametrize(
    ("query", "method", "headers"),
    [
        pytest.param("EIO=4&transport=polling", "GET", {}, id="polling"),
        pytest.param("EIO=4", "GET", {}, id="no transport"),
        pytest.param("EIO=3&transport=websocket", "GET", {}, id="old protocol"),
        pytest.param("transport=websocket", "GET", {}, id="no protocol"),
        pytest.param(GOOD_QUERY + "&sid=guessed", "GET", {}, id="another's session"),
        pytest.param(GOOD_QUERY + "&j=0", "GET", {}, id="JSONP"),
        pytest.param(GOOD_QUERY, "POST", {}, id="POST"),
        pytest.param(GOOD_QUERY, "OPTIONS", {}, id="OPTIONS"),
        pytest.param(GOOD_QUERY, "GET", {"Upgrade": ""}, id="no upgrade"),
        pytest.param(GOOD_QUERY, "GET", {"Connection": "keep-alive"}, id="no connection upgrade"),
        pytest.param(GOOD_QUERY, "GET", {"Sec_WebSocket_Key": ""}, id="no key"),
        pytest.param(GOOD_QUERY, "GET", {"Sec_WebSocket_Version": ""}, id="draft 76"),
        pytest.param(GOOD_QUERY, "GET", {"Sec_WebSocket_Version": "8"}, id="draft 8"),
    ],
)
def test_what_cannot_become_a_websocket_is_refused(
    server: Server, query: str, method: str, headers: dict[str, str]
) -> None:
    status, found, problem = ask(server.port, query, method, **headers)
    assert (status, found["content-type"]) == (400, "application/problem+json")
    assert problem["code"] == "websocket_required"
    assert server.stats()["wheel"] == server.stats()["sockets"]


def test_pages_are_not_the_gates_business(server: Server) -> None:
    assert server.get("/departures?user=x&count=0") == []


def test_handshakes_that_come_at_once_do_not_overfill_it(start_server: StartServer) -> None:
    server = start_server(socket_max_connections=10)
    clients: list[Client] = []
    threads = [threading.Thread(target=lambda: clients.append(server.client())) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(client.status for client in clients) == [101] * 10 + [503] * 30


class FakeLimits:
    """The system's limit on open files."""

    def __init__(self, soft: int, hard: int) -> None:
        self.now = (soft, hard)

    def getrlimit(self, _which: int) -> tuple[int, int]:
        return self.now

    def setrlimit(self, _which: int, limits: tuple[int, int]) -> None:
        assert limits[1] == -1 or limits[0] <= limits[1]
        self.now = limits

    RLIMIT_NOFILE, RLIM_INFINITY = resource.RLIMIT_NOFILE, -1


@pytest.mark.parametrize(
    ("soft", "hard", "fitting"),
    [
        (1024, 1_048_576, 20_000),
        (1024, -1, 20_000),
        (-1, -1, 20_000),
        (30_000, 30_000, 20_000),
        (1024, 4096, 4096 - gate.RESERVED_DESCRIPTORS),
        (1024, 1024, 512),
    ],
)
def test_the_cap_is_what_the_system_grants(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, soft: int, hard: int, fitting: int
) -> None:
    limits = FakeLimits(soft, hard)
    monkeypatch.setattr(gate, "resource", limits)
    fit_to_descriptors.cache_clear()
    assert fit_to_descriptors(20_000) == fitting
    assert ("SOCKET_MAX_CONNECTIONS=20000" in caplog.text) == (fitting < 20_000)
    assert limits.now[0] == -1 or limits.now[0] >= fitting


def test_after_a_websocket_the_callbacks_of_the_web_server_are_gone() -> None:
    """They tie a knot around 8 KB for each connection."""
    environ = {"PATH_INFO": "/socket.io/", "REQUEST_METHOD": "GET", "QUERY_STRING": GOOD_QUERY} | {
        "HTTP_UPGRADE": "websocket",
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": "x",
        "server.callback": lambda: environ,
    }
    through = Gate(lambda _environ, _start: [b"served"], lambda: 0, 1)
    assert through(environ, lambda *_: None) == [b"served"]
    assert not any(callable(value) for value in environ.values())
