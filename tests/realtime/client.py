"""A client that can misbehave: WebSocket frames and Socket.IO packets by hand, over a plain socket.

Shares no code with the server, so that both would have to be wrong in the same way.
"""

import base64
import contextlib
import json
import os
import socket
import struct
from typing import Any, Self
from uuid import uuid4

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Closed(Exception):
    """The server hung up."""


class Client:
    def __init__(self, port: int, headers: str = "", query: str = "EIO=4&transport=websocket") -> None:
        self.user = str(uuid4())
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(
            f"GET /socket.io/?{query} HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"{headers}\r\n".encode()
        )
        self.buffer = b""
        self.head = self._read_until(b"\r\n\r\n").decode()
        self.status = int(self.head.split()[1])
        self.events: list[tuple[str, Any]] = []
        self.close_code: int | None = None
        self._last_ack = 0

    # --- bytes and frames ----------------------------------------------------------------------------

    def _read_until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            self._fill()
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def _fill(self) -> None:
        try:
            data = self.sock.recv(65536)
        except ConnectionError:
            raise Closed from None
        if not data:
            raise Closed
        self.buffer += data

    def _take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._fill()
        data, self.buffer = self.buffer[:size], self.buffer[size:]
        return data

    def rest(self) -> bytes:
        """Everything until the server hangs up."""
        with contextlib.suppress(Closed):
            while True:
                self._fill()
        return self.buffer

    def send_frame(
        self, opcode: int, payload: bytes = b"", *, final: bool = True, masked: bool = True
    ) -> None:
        self.sock.sendall(frame(opcode, payload, final=final, masked=masked))

    def read_frame(self) -> tuple[int, bytes]:
        first, second = self._take(2)
        assert first & 0x80, "the server does not fragment"
        assert not first & 0x70, "no extension was negotiated"
        assert not second & 0x80, "a server does not mask"
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", self._take(2))[0]
            assert size > 125
        elif size == 127:
            size = struct.unpack("!Q", self._take(8))[0]
            assert size > 65535
        return first & 0x0F, self._take(size)

    def read_control(self) -> tuple[int, bytes]:
        """The next frame; the server's own pings may come at any moment and are passed over."""
        while (frame := self.read_frame()) == (TEXT, b"2"):
            pass
        return frame

    # --- Engine.IO and Socket.IO ---------------------------------------------------------------------

    def send(self, packet: str) -> None:
        self.send_frame(TEXT, packet.encode())

    def read(self) -> str:
        """The next Engine.IO packet; answers pings by itself."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                self.close_code = struct.unpack("!H", payload[:2])[0] if payload else None
                raise Closed
            assert opcode == TEXT, opcode
            if payload == b"2":
                self.send("3")
            else:
                return payload.decode()

    def connect(self, auth: dict[str, Any] | None = None) -> Self:
        """Sign in; raises PermissionError with the server's answer when refused."""
        self.opened = json.loads(self.read()[1:])
        self.send("40/board," + json.dumps({"user": self.user} if auth is None else auth))
        answer = self.read()
        if answer.startswith("44/board,"):
            raise PermissionError(json.loads(answer[9:]))
        assert answer.startswith("40/board,"), answer
        self.sid = json.loads(answer[9:])["sid"]
        return self

    def emit(self, event: str, *payload: Any, ack: bool = True) -> int:
        self._last_ack += 1
        mark = str(self._last_ack) if ack else ""
        self.send(f"42/board,{mark}" + json.dumps([event, *payload]))
        return self._last_ack

    def ask(self, event: str, *payload: Any) -> Any:
        """Emit and wait for the acknowledgement; events that arrive meanwhile are kept."""
        return self.answer(self.emit(event, *payload))

    def answer(self, ack_id: int) -> Any:
        prefix = f"43/board,{ack_id}["
        while True:
            packet = self.read()
            if packet.startswith(prefix):
                return json.loads(packet[len(prefix) - 1 :])[0]
            self.events.append(_event(packet))

    def event(self) -> tuple[str, Any]:
        return self.events.pop(0) if self.events else _event(self.read())

    def until_closed(self) -> list[str]:
        """The packets that still come before the server hangs up."""
        packets = []
        with contextlib.suppress(Closed):
            while True:
                packets.append(self.read())
        return packets

    # --- ways to leave -------------------------------------------------------------------------------

    def close(self) -> None:
        self.send_frame(CLOSE, struct.pack("!H", 1001))
        self.sock.close()

    def vanish(self) -> None:
        """As when the process is killed: the connection ends without a closing frame."""
        self.sock.close()

    def reset(self) -> None:
        """As when a machine restarts: RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


def frame(opcode: int, payload: bytes = b"", *, final: bool = True, masked: bool = True) -> bytes:
    size, mark = len(payload), 0x80 if masked else 0
    head = bytes([(0x80 if final else 0) | opcode])
    if size < 126:
        head += bytes([mark | size])
    elif size < 65536:
        head += struct.pack("!BH", mark | 126, size)
    else:
        head += struct.pack("!BQ", mark | 127, size)
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


def _event(packet: str) -> tuple[str, Any]:
    assert packet.startswith("42/board,["), packet
    name, *payload = json.loads(packet[9:])
    return name, payload[0] if payload else None
