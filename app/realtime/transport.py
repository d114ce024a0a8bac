"""One client's connection: `BoardSocket` in the place of Engine.IO's own socket class.

Costs one greenlet (the reader, in the request's own) and one direct write for each delivery; Engine.IO's
class costs three greenlets, a queue and two task switches. Every end of a socket, whoever decided it, is
run by its reader, so that the disconnect handlers run exactly once and never inside another handler.
Where the web server hides the raw socket (gevent, threads) Engine.IO's own loop serves it instead, behind
the same guards. Must not know rooms, events or people.
"""

from __future__ import annotations

import _socket
import logging
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

import engineio
import engineio.socket
from engineio import packet as engine

from app.clock import clock
from app.realtime import frames
from app.realtime.buckets import TokenBucket
from app.realtime.frames import FrameError, FrameReader
from app.realtime.outbox import Outbox, QueueOutbox

if TYPE_CHECKING:
    from app.realtime.connections import Connection
    from app.realtime.heartbeat import Heartbeat

logger = logging.getLogger(__name__)

CLIENT_DISCONNECT: str = engineio.Server.reason.CLIENT_DISCONNECT
SERVER_DISCONNECT: str = engineio.Server.reason.SERVER_DISCONNECT
PING_TIMEOUT: str = engineio.Server.reason.PING_TIMEOUT
TRANSPORT_CLOSE: str = engineio.Server.reason.TRANSPORT_CLOSE
TRANSPORT_ERROR: str = engineio.Server.reason.TRANSPORT_ERROR

_READ_BYTES = 16 * 1024
# A socket that spent this much of its burst lets others run after each message: a reader whose
# data is always there would otherwise never reach the event loop.
_COURTESY_MESSAGES = 8


class Door(Protocol):
    """Takes what a client says (guards.py)."""

    def receive(self, sock: BoardSocket, packet: bytes) -> None: ...


@dataclass
class Transport:
    """What all sockets of one server share."""

    door: Door
    heartbeat: Heartbeat
    messages_per_second: float
    message_burst: int
    max_message_bytes: int
    counters: dict[str, int] = field(default_factory=lambda: {"slow": 0, "flooded": 0, "malformed": 0})


class BoardSocket(engineio.socket.Socket):  # type: ignore[misc]  # the library is untyped
    """See the module. Attributes without underscore that are not ours belong to Engine.IO."""

    def __init__(self, server: Any, sid: str) -> None:
        # Not Engine.IO's constructor: it makes a queue of 1.7 KB that only its own loop needs.
        self.server = server
        self.sid = sid
        self.session: dict[str, Any] = {}
        self.connected = self.upgrading = self.upgraded = self.closing = self.closed = False
        self.last_ping = None
        self.transport: Transport = server.transport
        self.heard_at = clock.monotonic()
        self.bucket = TokenBucket(
            self.transport.messages_per_second, self.transport.message_burst, self.heard_at
        )
        self.connection: Connection | None = None
        self.end_reason: str | None = None
        self.slot = 0  # the heartbeat's
        self.outbox: Outbox | QueueOutbox | None = None  # from the handshake on
        self._open_packet: Any = None
        self._ws: Any = None
        self.transport.heartbeat.add(self)

    # --- sending -------------------------------------------------------------------------------------

    def deliver(self, frame: bytes) -> None:
        """Send a whole frame. Never blocks, never raises, silent once the socket is ending."""
        if self.outbox is not None:
            self.outbox.write(frame)

    def send(self, pkt: Any) -> None:
        """Engine.IO's way to send; it uses it for the handshake and for Socket.IO's own packets."""
        if pkt.packet_type == engine.OPEN:
            # Engine.IO announces whole seconds only: 0.5 s would become 0.
            pkt.data["pingInterval"] = int(self.server.ping_interval * 1000)
            self._open_packet = pkt
        else:
            self.deliver(_frame_of(pkt))

    # --- ending --------------------------------------------------------------------------------------

    def end(self, reason: str, code: int = frames.NORMAL_CLOSURE, text: str = "") -> None:
        """Hang up; the reader then runs the disconnect handlers. Calls after the first do nothing."""
        if self.end_reason is not None:
            return
        self.end_reason = reason
        if self.outbox is not None:
            self.outbox.finish(frames.encode_close(code, text))
        if not isinstance(self.outbox, Outbox):
            self._finish()  # there is no reader, or none that we could wake

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """Engine.IO's way to end a socket."""
        if reason == TRANSPORT_CLOSE:
            reason = self._reason_of_loss()
        self.end(reason or SERVER_DISCONNECT)

    def check_ping_timeout(self) -> bool:
        """Left to the heartbeat, which asks all sockets in turn."""
        return True

    def schedule_ping(self) -> None:
        """Left to the heartbeat: no greenlet of its own waits for each socket's next ping."""

    def stalled_since(self) -> float | None:
        return self.outbox.stalled_since() if self.outbox is not None else None

    def has_unread(self) -> bool:
        return self.outbox is not None and self.outbox.has_unread()

    def _reason_of_loss(self) -> str:
        """Why a socket ended that nobody here has ended."""
        if self.outbox is None or self.outbox.was_slow:
            return TRANSPORT_ERROR
        return CLIENT_DISCONNECT if _said_goodbye(self._ws) else TRANSPORT_CLOSE

    def _finish(self) -> None:
        """Tell the server, once, that this socket is gone."""
        if self.closing:
            return
        self.closing = True
        if self.end_reason is None:
            self.end_reason = self._reason_of_loss()
        if self.outbox is not None and self.outbox.was_slow:
            self.transport.counters["slow"] += 1
        self.transport.heartbeat.discard(self)
        try:
            self.server._trigger_event("disconnect", self.sid, self.end_reason, run_async=False)
        finally:
            self.closed = True
            self.connection = self.outbox = self._open_packet = None  # the heartbeat may keep us for a while
            self.server.sockets.pop(self.sid, None)

    # --- reading -------------------------------------------------------------------------------------

    def _upgrade_websocket(self, environ: dict[str, Any], start_response: Any) -> Any:
        # Compression would add 78 KB to each socket (which has 46 KB) for messages of a few hundred bytes.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        try:
            return super()._upgrade_websocket(environ, start_response)
        finally:
            self._finish()  # reached first only when the handshake failed

    def _websocket_handler(self, ws: Any) -> list[bytes]:
        raw = _raw_socket(ws)
        if self.end_reason is not None:
            pass  # evicted during the handshake
        elif raw is not None:
            self._serve(ws, raw)
        else:
            self._serve_queued(ws)
        return []

    def _serve(self, ws: Any, raw: socket.socket) -> None:
        self.connected = self.upgraded = True
        outbox = self.outbox = Outbox(raw, ws.socket.send, self.server.start_background_task)
        ws.socket.settimeout(None)  # the heartbeat finds the dead
        ws._send = outbox.write  # the web server's closing frame must not cut into one of ours
        ws.iterator = None  # its own reader, unused, would tie a knot only the garbage collector can undo
        outbox.write(_frame_of(self._open_packet))
        try:
            self._read(ws.socket.recv)
        finally:
            self._finish()
            outbox.abort()
            outbox.join()
            ws.websocket_closed = True  # whatever was to be said has been said

    def _read(self, receive: Any) -> None:
        """Until the end of the socket; returns, whatever the peer does."""
        reader = FrameReader(self.transport.max_message_bytes)
        while self.end_reason is None:
            try:
                data = receive(_READ_BYTES)
            except (OSError, EOFError):
                return
            if not data:
                return
            self.heard_at = clock.monotonic()
            reader.feed(data)
            try:
                self._read_messages(reader)
            except FrameError as error:
                self._malformed(error)
            except Exception:
                logger.exception("a message broke its socket")
                self.end(TRANSPORT_ERROR, frames.INTERNAL_ERROR)

    def _read_messages(self, reader: FrameReader) -> None:
        while self.end_reason is None:
            message = reader.read()
            if message is None:
                return
            if self._may_speak():
                self._receive_frame(*message)

    def _may_speak(self) -> bool:
        """Count a message or fragment, before anything looks into it; a flooder is cut off."""
        if self.end_reason is not None:
            return False
        if not self.bucket.take(clock.monotonic()):
            self.transport.counters["flooded"] += 1
            self.end(SERVER_DISCONNECT, frames.POLICY_VIOLATION, "too many messages")
            return False
        if self.bucket.spent > _COURTESY_MESSAGES:
            self.server.sleep(0)
        return self.end_reason is None

    def _receive_frame(self, opcode: int, payload: bytes) -> None:
        if opcode == frames.TEXT:
            self._receive_text(payload)
        elif opcode == frames.PING:
            self.deliver(frames.encode(frames.PONG, payload))
        elif opcode == frames.CLOSE:
            self.end(CLIENT_DISCONNECT)
        elif opcode == frames.BINARY:
            raise FrameError(frames.UNSUPPORTED_DATA, "text only")

    def _receive_text(self, packet: bytes) -> None:
        """An Engine.IO packet."""
        kind = packet[:1]
        if kind == b"4":
            self.transport.door.receive(self, packet[1:])
        elif kind == b"1":
            self.end(CLIENT_DISCONNECT)
        elif kind != b"3":  # a pong has said all by arriving
            raise FrameError(frames.PROTOCOL_ERROR, "unknown packet")

    def _malformed(self, error: FrameError) -> None:
        self.transport.counters["malformed"] += 1
        self.end(TRANSPORT_ERROR, error.code, error.reason)

    # --- web servers that hide the raw socket: Engine.IO's own loop and queue ----------------------------

    def _serve_queued(self, ws: Any) -> None:
        self._ws = ws
        self.queue = self.server.create_queue()
        self.outbox = QueueOutbox(self.queue)
        self.deliver(_frame_of(self._open_packet))
        super()._websocket_handler(ws)

    def receive(self, pkt: Any) -> None:
        """Called by Engine.IO's loop with each packet."""
        self.heard_at = clock.monotonic()
        if not self._may_speak():
            return
        try:
            if pkt.packet_type == engine.MESSAGE and isinstance(pkt.data, str):
                self.transport.door.receive(self, pkt.data.encode())
            elif pkt.packet_type == engine.CLOSE:
                self.end(CLIENT_DISCONNECT)
            elif pkt.packet_type != engine.PONG:
                raise FrameError(frames.PROTOCOL_ERROR, "unknown packet")
        except FrameError as error:
            self._malformed(error)


def _frame_of(pkt: Any) -> bytes:
    return frames.encode(frames.TEXT, pkt.encode().encode())


def _raw_socket(ws: Any) -> socket.socket | None:
    """The operating system's socket below a cooperative one, if it may be written to directly."""
    raw = getattr(getattr(ws, "socket", None), "fd", None)
    if isinstance(raw, _socket.socket) and not hasattr(raw, "do_handshake"):
        return cast(socket.socket, raw)
    return None


def _said_goodbye(ws: Any) -> bool:
    """Whether the peer sent a closing frame, as far as the web server lets it be seen (with threads)."""
    state = getattr(getattr(getattr(ws, "ws", None), "ws", None), "state", None)
    return state is not None and state.name != "OPEN"
