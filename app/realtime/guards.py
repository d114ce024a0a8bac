"""The door for what clients say: every inbound Socket.IO packet passes here before anything else sees it.

Keeps out what must never reach a handler: events named like the lifecycle, binary, oversized and malformed
packets, packets before sign-in. Refusals that a client can understand are acknowledged; the rest ends that
one socket. The token bucket (transport.py) has counted the packet before. Must not know particular events.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import orjson

from app.errors import PayloadTooLarge, WorkHubError
from app.realtime import frames, wire
from app.realtime.frames import FrameError
from app.realtime.namespace import BoardNamespace, failure, unexpected
from app.realtime.transport import CLIENT_DISCONNECT, SERVER_DISCONNECT, BoardSocket

logger = logging.getLogger(__name__)

MAX_EVENT_BYTES = 16 * 1024  # more is answered with an error
MAX_MESSAGE_BYTES = 64 * 1024  # more ends the socket

# With these names a client could run the server's lifecycle handlers, or its own library's.
RESERVED_EVENTS = frozenset(
    ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")
)


class ReservedEvent(WorkHubError):
    code, title, status = "reserved_event", "This event name is reserved", 400


class Guard:
    """`server` is the Socket.IO server; it only ever sees connects."""

    def __init__(self, server: Any, namespace: BoardNamespace) -> None:
        self._server = server
        self._namespace = namespace

    def receive(self, sock: BoardSocket, packet: bytes) -> None:
        """Act on one packet. Raises FrameError for what no honest client sends."""
        head = wire.parse_head(packet)
        if head is None or head.namespace != wire.NAMESPACE:
            raise FrameError(frames.PROTOCOL_ERROR, "unknown packet")
        if head.kind == wire.EVENT:
            self._event(sock, head)
        elif head.kind == wire.CONNECT:
            self._connect(sock, head)
        elif head.kind == wire.DISCONNECT:
            sock.end(CLIENT_DISCONNECT)
        elif head.kind != wire.ACK:  # the server asks clients nothing, so an answer says nothing
            raise FrameError(frames.PROTOCOL_ERROR, "unknown packet")

    def _connect(self, sock: BoardSocket, head: wire.Head) -> None:
        if sock.connection is not None:
            raise FrameError(frames.PROTOCOL_ERROR, "connected already")
        auth = _parse(head.body) if head.body else None
        self._server._handle_connect(sock.sid, wire.NAMESPACE, auth)
        if sock.connection is None:
            sock.end(SERVER_DISCONNECT, frames.POLICY_VIOLATION, "refused")

    def _event(self, sock: BoardSocket, head: wire.Head) -> None:
        connection = sock.connection
        if connection is None:
            raise FrameError(frames.PROTOCOL_ERROR, "not connected")
        if len(head.body) > MAX_EVENT_BYTES:
            limit = f"At most {MAX_EVENT_BYTES // 1024} KiB fit into one event."
            _acknowledge(sock, head, failure(PayloadTooLarge(limit)))
            return
        arguments = _parse(head.body)
        if not isinstance(arguments, list) or not arguments or not isinstance(arguments[0], str):
            raise FrameError(frames.PROTOCOL_ERROR, "not an event")
        event = arguments.pop(0)
        if event in RESERVED_EVENTS:
            _acknowledge(sock, head, failure(ReservedEvent()))
            sock.end(SERVER_DISCONNECT, frames.POLICY_VIOLATION, "reserved event")
            return
        answer = self._namespace.handle(connection, event, arguments)
        actions = connection.take_after_ack()
        _acknowledge(sock, head, answer)
        if answer["ok"]:
            _run(actions)


def _parse(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise FrameError(frames.INVALID_DATA, "not JSON") from None


def _acknowledge(sock: BoardSocket, head: wire.Head, answer: dict[str, Any]) -> None:
    if head.ack_id is None:
        return
    try:
        message = wire.acknowledgement(head.ack_id, answer)
    except TypeError:
        message = wire.acknowledgement(head.ack_id, failure(unexpected("an acknowledgement")))
    sock.deliver(message)


def _run(actions: list[Callable[[], None]]) -> None:
    for action in actions:
        try:
            action()
        except Exception:
            logger.exception("what follows an acknowledgement failed")
