"""Who is in which room of the namespace, and sending to a room.

In the place of python-socketio's manager, whose disconnect walks every room of the server (quadratic when
all leave) and whose emit puts a packet into a queue for each recipient. Here each sid knows its
rooms, a room holds the outboxes themselves, and a message is encoded and framed once for all of them.
Room names come from publish.py; must not know what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import socketio

from app.realtime import wire
from app.realtime.outbox import Outbox, QueueOutbox


class _Member:
    __slots__ = ("eio_sid", "outbox", "rooms", "state")

    def __init__(self, eio_sid: str, outbox: Outbox | QueueOutbox) -> None:
        self.eio_sid = eio_sid
        self.outbox = outbox
        self.rooms: set[str] = set()
        self.state = _CONNECTING


_CONNECTING, _CONNECTED, _LEAVING = range(3)


class RoomManager(socketio.Manager):  # type: ignore[misc]  # the library is untyped
    """Overrides all that its server calls. There is one namespace, so its name is taken and not looked at.

    Unlike in the library, nobody is addressed by a room of their own or by no room at all: that goes through
    the connections (publish.py), which know people too.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rooms: dict[str, dict[str, Outbox | QueueOutbox]] = {}
        self._members: dict[str, _Member] = {}
        self._sids: dict[str, str] = {}  # by eio_sid

    # --- sending -------------------------------------------------------------------------------------

    def emit(self, event: str, data: Any, namespace: str, room: str, skip_sid: str | None = None) -> None:
        """Runs through without a task switch: nobody leaves the room between the look-up and the write."""
        outboxes = self._rooms.get(room)
        if not outboxes:
            return
        frame = wire.event(event, data)
        skipped = outboxes.get(skip_sid) if skip_sid else None
        for outbox in list(outboxes.values()):
            if outbox is not skipped:
                outbox.write(frame)

    def get_participants(self, namespace: str, room: str) -> Iterable[tuple[str, str]]:
        return [(sid, self._members[sid].eio_sid) for sid in self._rooms.get(room, ())]

    # --- coming and going ----------------------------------------------------------------------------

    def get_namespaces(self) -> list[str]:
        return [wire.NAMESPACE]

    def pre_connect(self, eio_sid: str, namespace: str) -> str | None:
        if eio_sid in self._sids:
            return None
        sid: str = self.server.eio.generate_id()
        self._sids[eio_sid] = sid
        self._members[sid] = _Member(eio_sid, self.server.eio.sockets[eio_sid].outbox)
        return sid

    def connect(self, sid: str, namespace: str) -> str:
        member = self._members[sid]
        member.state = _CONNECTED
        if member.eio_sid not in self.server.eio.sockets:
            # It went away while it was being authenticated, when there was nothing to disconnect yet.
            self.server._handle_disconnect(member.eio_sid, namespace)
        return sid

    def is_connected(self, sid: str | None, namespace: str) -> bool:
        member = self._members.get(sid or "")
        return member is not None and member.state == _CONNECTED

    def pre_disconnect(self, sid: str, namespace: str) -> str:
        """Until the disconnect listeners have run it is still there, but nobody disconnects it again."""
        self._members[sid].state = _LEAVING
        return self._members[sid].eio_sid

    def basic_disconnect(self, sid: str, namespace: str, **_options: Any) -> None:
        member = self._members.get(sid)
        if member is None:
            return
        for room in list(member.rooms):
            self.basic_leave_room(sid, namespace, room)
        del self._members[sid], self._sids[member.eio_sid]

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        return self._sids.get(eio_sid)

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        member = self._members.get(sid)
        return member.eio_sid if member else None

    # --- rooms ---------------------------------------------------------------------------------------

    def basic_enter_room(self, sid: str, namespace: str, room: str, eio_sid: str | None = None) -> None:
        """Does nothing for a sid that has gone: its handler may outlive it."""
        member = self._members.get(sid)
        if member is not None:
            member.rooms.add(room)
            self._rooms.setdefault(room, {})[sid] = member.outbox

    def basic_leave_room(self, sid: str, namespace: str, room: str) -> None:
        member = self._members.get(sid)
        if member is None or room not in member.rooms:
            return
        member.rooms.discard(room)
        outboxes = self._rooms[room]
        del outboxes[sid]
        if not outboxes:
            del self._rooms[room]

    def basic_close_room(self, room: str, namespace: str) -> None:
        for sid in list(self._rooms.get(room, ())):
            self.basic_leave_room(sid, namespace, room)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        member = self._members.get(sid)
        return list(member.rooms) if member else []
