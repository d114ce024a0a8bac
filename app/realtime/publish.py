"""Telling clients: rooms by what they are for, facts sent to them, sockets put out of them.

The only place where room names are built. Call it after the commit: what was told cannot be rolled back.
Must not decide who may hear what; whoever enters a room has been let in by a service.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.realtime import wire
from app.realtime.connections import Connection
from app.realtime.server import namespace, socketio
from app.realtime.transport import SERVER_DISCONNECT


def to_board(board_id: UUID, event: str, payload: Any, skip: str | None = None) -> None:
    """To everybody on the board, except the sid `skip`."""
    _emit(_board_room(board_id), event, payload, skip)


def to_head(board_id: UUID, user_id: UUID, event: str, payload: Any) -> None:
    """To the pages on which this person has the board open as a head, and to nobody else: what one head may
    see, another may not."""
    theirs = {connection.sid for connection in namespace.connections.of_user(user_id)}
    to_sids((sid for sid in sids_of_heads(board_id) if sid in theirs), event, payload)


def to_user(user_id: UUID, event: str, payload: Any, skip: str | None = None) -> None:
    """To all sockets of one person."""
    to_sids((sid for sid in sids_of_user(user_id) if sid != skip), event, payload)


def to_sid(sid: str, event: str, payload: Any) -> None:
    to_sids((sid,), event, payload)


def to_sids(sids: Iterable[str], event: str, payload: Any) -> None:
    message = wire.event(event, payload)
    for connection in _connections(sids):
        connection.sock.deliver(message)


def enter_board(sid: str, board_id: UUID) -> None:
    socketio.server.enter_room(sid, _board_room(board_id), namespace=wire.NAMESPACE)


def enter_heads(sid: str, board_id: UUID) -> None:
    socketio.server.enter_room(sid, _heads_room(board_id), namespace=wire.NAMESPACE)


def leave_board(sid: str, board_id: UUID) -> None:
    """Out of the board, also as a head."""
    leave_heads(sid, board_id)
    socketio.server.leave_room(sid, _board_room(board_id), namespace=wire.NAMESPACE)


def leave_heads(sid: str, board_id: UUID) -> None:
    socketio.server.leave_room(sid, _heads_room(board_id), namespace=wire.NAMESPACE)


def sids_on_board(board_id: UUID) -> list[str]:
    return _members(_board_room(board_id))


def sids_of_heads(board_id: UUID) -> list[str]:
    return _members(_heads_room(board_id))


def sids_of_user(user_id: UUID) -> list[str]:
    return [c.sid for c in namespace.connections.of_user(user_id)]


def sids_of_session(session_id: UUID) -> list[str]:
    return [c.sid for c in namespace.connections.of_session(session_id)]


def sessions_connected() -> set[UUID]:
    """The logins that have a socket open."""
    return {c.session_id for c in namespace.connections}


def evict(sids: Iterable[str], event: str, payload: Any) -> None:
    """Say why and disconnect; from here on these sockets receive nothing and their clients stay away.

    Their disconnect listeners run a moment later, each in its own socket's task.
    """
    message = wire.event(event, payload)
    for connection in _connections(sids):
        connection.sock.deliver(message)
        connection.sock.deliver(wire.GOODBYE)
        connection.sock.end(SERVER_DISCONNECT)


def _emit(room: str, event: str, payload: Any, skip: str | None) -> None:
    socketio.server.manager.emit(event, payload, wire.NAMESPACE, room=room, skip_sid=skip)


def _members(room: str) -> list[str]:
    return [sid for sid, _ in socketio.server.manager.get_participants(wire.NAMESPACE, room)]


def _connections(sids: Iterable[str]) -> list[Connection]:
    found = (namespace.connections.get(sid) for sid in sids)
    return [connection for connection in found if connection is not None]


def _board_room(board_id: UUID) -> str:
    return f"board:{board_id}"


def _heads_room(board_id: UUID) -> str:
    return f"board:{board_id}:heads"
