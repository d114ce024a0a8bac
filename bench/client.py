"""Many Socket.IO clients in one thread, cheap enough that one core can hold 10,000 against a busy server.

Speaks just enough HTTP, WebSocket, Engine.IO 4 and Socket.IO 5 by hand, over epoll and real sockets. Answers
pings by itself; everything else goes to the callbacks of `Pool`. Holds no scenario and measures nothing.
"""

import json
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NAMESPACE = "/board"
_EVENT = b"42" + NAMESPACE.encode() + b","
_ACK = b"43" + NAMESPACE.encode() + b","
_CONNECTED = b"40" + NAMESPACE.encode() + b","
_RECEIVE_BYTES = 65536
_HANDSHAKE, _OPEN, _CLOSED = range(3)


class BenchError(RuntimeError):
    """The measurement cannot be believed: a refusal, a lost socket, a server that stands still."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who a socket signs in as, and where."""

    user_id: str
    board_id: str
    task_id: str
    cookie: str
    auth: str  # JSON of the Socket.IO auth object
    head: bool


def auth_json(**auth: Any) -> str:
    return json.dumps(auth, separators=(",", ":"))


class Connection:
    __slots__ = ("buffer", "person", "socket", "state")

    def __init__(self, person: Person, raw: socket.socket) -> None:
        self.person = person
        self.socket = raw
        self.state = _HANDSHAKE
        self.buffer = b""


def frame(payload: bytes, opcode: int = 1) -> bytes:
    """A masked client frame. The mask is zero: the server has to unmask all the same, we need not mask."""
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, 0x80 | size, 0, 0, 0, 0)) + payload
    return bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big") + b"\0\0\0\0" + payload


_PONG = frame(b"3")
_GOODBYE = frame((1001).to_bytes(2, "big"), opcode=8)


def event(ack_id: int, name: str, payload: dict[str, Any]) -> bytes:
    """A ready frame of a Socket.IO event that asks for an acknowledgement."""
    body = json.dumps([name, payload], separators=(",", ":"))
    return frame(f"42{NAMESPACE},{ack_id}{body}".encode())


def _ignore(_connection: Connection, _payload: bytes) -> None:
    pass


def _unexpected_close(connection: Connection) -> None:
    raise BenchError(f"the server closed the socket of {connection.person.user_id}")


class Pool:
    """All sockets to one server. Callbacks: connected(c), acked(c, payload), heard(c, payload), closed(c)."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._epoll = select.epoll()
        self._by_fd: dict[int, Connection] = {}
        self._guests: dict[int, Callable[[], None]] = {}
        self.connected: Callable[[Connection], None] = lambda _connection: None
        self.acked: Callable[[Connection, bytes], None] = _ignore
        self.heard: Callable[[Connection, bytes], None] = _ignore
        self.closed: Callable[[Connection], None] = _unexpected_close

    def __len__(self) -> int:
        return len(self._by_fd)

    def connections(self) -> list[Connection]:
        return list(self._by_fd.values())

    def reset_callbacks(self) -> None:
        self.connected = lambda _connection: None
        self.acked = self.heard = _ignore
        self.closed = _unexpected_close

    def open(self, person: Person) -> Connection:
        raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.connect_ex(self._address)
        connection = Connection(person, raw)
        self._by_fd[raw.fileno()] = connection
        self._epoll.register(raw.fileno(), select.EPOLLOUT)
        return connection

    def send(self, connection: Connection, ready_frame: bytes) -> None:
        """Never queues: a full socket buffer means the server stopped reading, which ends the run."""
        if connection.socket.send(ready_frame) != len(ready_frame):
            raise BenchError("the server does not read: send buffer full")

    def say_goodbye(self, connection: Connection) -> None:
        """What a browser does when a tab closes: a close frame; the socket lives until the server ends it."""
        self.send(connection, _GOODBYE)

    def invite(self, guest: socket.socket, readable: Callable[[], None]) -> None:
        """A socket of another kind is waited for as well."""
        self._guests[guest.fileno()] = readable
        self._epoll.register(guest.fileno(), select.EPOLLIN)

    def cut(self, connection: Connection) -> None:
        """The connection ends without a word, as by a network that is gone."""
        if connection.state == _CLOSED:
            return
        if connection.socket.fileno() in self._by_fd:
            self._forget(connection)
        connection.state = _CLOSED
        connection.socket.close()

    def leave_alone(self, connection: Connection) -> None:
        """It stays open, and nothing on it is read or answered any more."""
        self._epoll.unregister(connection.socket.fileno())
        del self._by_fd[connection.socket.fileno()]

    def poll(self, timeout_seconds: float) -> None:
        """Wait for something to happen on any socket and handle all of it."""
        by_fd = self._by_fd
        for fd, mask in self._epoll.poll(timeout_seconds, 4096):
            connection = by_fd.get(fd)
            if connection is None:
                if fd in self._guests:
                    self._guests[fd]()
                continue
            if mask & select.EPOLLOUT:
                self._begin(connection)
            if mask & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR):
                self._receive(connection)

    def close(self) -> None:
        for connection in self.connections():
            self._forget(connection)
        self._epoll.close()

    def _forget(self, connection: Connection) -> None:
        del self._by_fd[connection.socket.fileno()]
        connection.state = _CLOSED
        connection.socket.close()

    def _begin(self, connection: Connection) -> None:
        """The TCP connection stands (or failed): ask for the WebSocket."""
        error = connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise BenchError(f"connect failed: {error}")
        host = f"{self._address[0]}:{self._address[1]}"
        request = (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            f"Host: {host}\r\nOrigin: http://{host}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: d29ya2h1Yi1iZW5jaC1rZXk=\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: {connection.person.cookie}\r\n"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) WorkHub-bench\r\n\r\n"
        )
        self._epoll.modify(connection.socket.fileno(), select.EPOLLIN)
        self.send(connection, request.encode())

    def _receive(self, connection: Connection) -> None:
        try:
            data = connection.socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self._forget(connection)
            self.closed(connection)
            return
        if connection.buffer:
            data = connection.buffer + data
            connection.buffer = b""
        if connection.state == _HANDSHAKE:
            data = self._finish_handshake(connection, data)
        self._read_frames(connection, data)

    def _finish_handshake(self, connection: Connection, data: bytes) -> bytes:
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            connection.buffer = data
            return b""
        if not head.startswith(b"HTTP/1.1 101"):
            raise BenchError(
                f"no WebSocket: {head.splitlines()[0].decode()} {rest[:300].decode(errors='replace')}"
            )
        connection.state = _OPEN
        return rest

    def _read_frames(self, connection: Connection, data: bytes) -> None:
        at, end = 0, len(data)
        while end - at >= 2:
            size, start = data[at + 1], at + 2
            if size == 126:
                start, size = at + 4, int.from_bytes(data[at + 2 : at + 4], "big")
            elif size == 127:
                start, size = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
            if start + size > end:
                break
            self._handle(connection, data[at] & 15, data[start : start + size])
            at = start + size
        if at < end:
            connection.buffer = data[at:]

    def _handle(self, connection: Connection, opcode: int, payload: bytes) -> None:
        if payload.startswith(_EVENT):
            self.heard(connection, payload)
        elif payload.startswith(_ACK):
            self.acked(connection, payload)
        elif payload == b"2":
            self.send(connection, _PONG)
        elif payload.startswith(_CONNECTED):
            self.connected(connection)
        elif payload[:1] == b"0":
            self.send(connection, frame(f"40{NAMESPACE},{connection.person.auth}".encode()))
        elif opcode == 9:
            self.send(connection, frame(payload, opcode=10))
        elif opcode != 8:  # a close frame is followed by the end of the socket
            raise BenchError(f"refused: {payload[:300].decode(errors='replace')}")
