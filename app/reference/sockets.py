"""What the reference says of Socket.IO: client events as they are registered, and what the server tells.

Server events leave from many places; a test reads the code and compares it with TOLD.
"""

import inspect
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from ..realtime import namespace
from .page import Field, fields

CONNECT = (
    "Namespace `/board`, WebSocket only. A program connects with `auth: {token}`, an access token that has"
    " `boards:read`, `presence:read` and `presence:write`; a page with its cookie and `auth: {csrf}`. Every"
    " event is acknowledged: `{ok: true, ...}`, or `{ok: false, error}` with the object that HTTP answers"
    " as problem+json."
)


class ClientEvent(NamedTuple):
    name: str
    description: str
    payload: list[Field]


class ServerEvent(NamedTuple):
    name: str
    hears: str
    payload: str
    description: str


BOARD, HEADS, OWN = "everybody on the board", "heads of the board", "one's own sockets"
TOLD = (
    ServerEvent(
        "presence_dashboard",
        HEADS,
        "boardId, kind, seq, serverTime, members, removed",
        "All members (`snapshot`), then those that changed (`delta`). A gap in `seq`: send join_board again.",
    ),
    ServerEvent(
        "presence_update",
        "who watches them",
        "users",
        "The people asked for by watch_users, now and whenever something changes.",
    ),
    ServerEvent("typing", BOARD, "boardId, userId, name, taskId", "Somebody began to type."),
    ServerEvent("stop_typing", BOARD, "boardId, userId, name, taskId", "They stopped, or hide."),
    ServerEvent(
        "board_updated", BOARD, "boardId, seq, actor, board or members", "It or its members changed."
    ),
    *(
        ServerEvent(f"list_{change}", BOARD, "boardId, seq, actor, list", f"A list was {change}.")
        for change in ("created", "updated", "moved", "deleted")
    ),
    *(
        ServerEvent(f"task_{change}", BOARD, "boardId, seq, actor, task", f"A task was {change}.")
        for change in ("created", "updated", "moved", "deleted")
    ),
    ServerEvent("settings_changed", OWN, "as GET /api/presence/settings", "Elsewhere, or an end came."),
    ServerEvent(
        "access_revoked",
        "who lost it",
        "boardId, reason",
        "`removed`, `demoted` or `deleted`.",
    ),
    ServerEvent(
        "session_ended",
        "sockets of that login",
        "reason",
        "`signed_out`, `revoked`, `replaced` or `expired`; then the socket is closed.",
    ),
)


def client_events() -> list[ClientEvent]:
    return [
        ClientEvent(name, inspect.getdoc(handler) or "", fields(_schema(model)))
        for name, (model, handler) in sorted(namespace.handlers.items())
    ]


def _schema(model: Any) -> dict[str, Any]:
    return TypeAdapter(model).json_schema()
