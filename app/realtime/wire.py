"""Text of Socket.IO packets: reads the head of what a client sent, writes events and acknowledgements.

Pure. Values pass through orjson: NaN becomes null, UUID and datetime become strings (UTC with Z), also in
the packets that python-socketio writes itself (`WireJson`). Must not touch sockets or rooms.
"""

import re
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from pydantic import BaseModel

from app.clock import isoformat
from app.realtime import frames

NAMESPACE = "/board"

CONNECT, DISCONNECT, EVENT, ACK = 0, 1, 2, 3

# Kind, namespace, acknowledgement id; what follows is JSON. Binary packets (5, 6) match nothing.
_HEAD = re.compile(rb"([0-4])(?:(/[\w-]{0,32}),)?(\d{0,12})(?=[\[{\"]|$)")
_EVENT_PREFIX = f"4{EVENT}{NAMESPACE},".encode()
_ACK_PREFIX = f"4{ACK}{NAMESPACE},".encode()


class Head(NamedTuple):
    kind: int
    namespace: str
    ack_id: int | None
    body: bytes


def parse_head(packet: bytes) -> Head | None:
    """The packet's head, or None when it is none that WorkHub speaks."""
    match = _HEAD.match(packet)
    if match is None:
        return None
    kind, namespace, ack_id = match.groups()
    body = packet[match.end() :]
    return Head(int(kind), (namespace or b"/").decode(), int(ack_id) if ack_id else None, body)


def dumps(value: Any) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def event(name: str, payload: Any) -> bytes:
    """A whole WebSocket frame, as are the two below: made once, however many sockets receive it."""
    body = dumps([name] if payload is None else [name, payload])
    return frames.encode(frames.TEXT, _EVENT_PREFIX + body)


def acknowledgement(ack_id: int, answer: Any) -> bytes:
    return frames.encode(frames.TEXT, _ACK_PREFIX + b"%d" % ack_id + dumps([answer]))


# After it a client of the standard library does not reconnect by itself.
GOODBYE = frames.encode(frames.TEXT, f"4{DISCONNECT}{NAMESPACE},".encode())
PING = frames.encode(frames.TEXT, b"2")


class WireJson:
    """orjson with the two functions python-socketio expects; its packets are text."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return orjson.loads(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return isoformat(value)
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    if isinstance(value, (set, frozenset)):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be sent")
