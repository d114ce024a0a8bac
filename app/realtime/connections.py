"""Who is connected: one `Connection` for each Socket.IO session, found by sid, person or login session.

Identity is what `authenticate` said at connect and stays so for the life of the socket; whoever ends a
login or a membership evicts its sockets. Must not know events, boards or presence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.clock import clock
from app.realtime import wire

if TYPE_CHECKING:
    from app.realtime.transport import BoardSocket


@dataclass(frozen=True, slots=True)
class Identity:
    """The answer of `authenticate`: whom this socket speaks for, by which login (session or access token)."""

    user_id: UUID
    session_id: UUID
    name: str = ""


class Connection:
    """One client in the namespace. `data` is free for the features above, by feature name."""

    __slots__ = (
        "_after_ack", "connected_at", "data", "name", "session_id", "sid", "sock", "user_agent", "user_id",
    )  # fmt: skip

    def __init__(self, sid: str, sock: BoardSocket, identity: Identity, user_agent: str) -> None:
        self.sid = sid
        self.sock = sock
        self.user_id = identity.user_id
        self.session_id = identity.session_id
        self.name = identity.name
        self.user_agent = user_agent
        self.connected_at = clock.now()
        self.data: dict[str, Any] = {}
        self._after_ack: list[Callable[[], None]] = []

    @property
    def eio_sid(self) -> str:
        return self.sock.sid

    @property
    def is_ending(self) -> bool:
        """It will receive nothing more, though its disconnect listeners may not have run yet."""
        return self.sock.end_reason is not None

    @property
    def heard_at(self) -> datetime:
        """When the client last sent anything."""
        return clock.now() - timedelta(seconds=clock.monotonic() - self.sock.heard_at)

    def emit(self, event: str, payload: Any) -> None:
        self.sock.deliver(wire.event(event, payload))

    def after_ack(self, action: Callable[[], None]) -> None:
        """Run `action` right after the acknowledgement of the event being handled has been sent."""
        self._after_ack.append(action)

    def take_after_ack(self) -> list[Callable[[], None]]:
        actions, self._after_ack = self._after_ack, []
        return actions


class ConnectionIndex:
    """All connections of this process. Every lookup is one dictionary; nothing walks all of them."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._by_user: dict[UUID, dict[str, Connection]] = {}
        self._by_session: dict[UUID, dict[str, Connection]] = {}

    def add(self, connection: Connection) -> None:
        self._by_sid[connection.sid] = connection
        self._by_user.setdefault(connection.user_id, {})[connection.sid] = connection
        self._by_session.setdefault(connection.session_id, {})[connection.sid] = connection

    def pop(self, sid: str) -> Connection | None:
        connection = self._by_sid.pop(sid, None)
        if connection is not None:
            _forget(self._by_user, connection.user_id, sid)
            _forget(self._by_session, connection.session_id, sid)
        return connection

    def get(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    def of_user(self, user_id: UUID) -> list[Connection]:
        return list(self._by_user.get(user_id, {}).values())

    def of_session(self, session_id: UUID) -> list[Connection]:
        return list(self._by_session.get(session_id, {}).values())

    def __len__(self) -> int:
        return len(self._by_sid)

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_sid.values()))


def _forget(index: dict[UUID, dict[str, Connection]], key: UUID, sid: str) -> None:
    connections = index[key]
    del connections[sid]
    if not connections:
        del index[key]
