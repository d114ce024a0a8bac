"""Who is in which room of the namespace, and sending to a room.

In the place of python-socketio's manager, whose disconnect walks every room of the server (quadratic when
all leave) and whose emit goes through four calls and a queue for each recipient. Here each sid knows its
rooms, and a message is encoded and framed once, then written straight to each socket. Room names come
from publish.py; must not know what they mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import socketio

from app.realtime import wire


class RoomManager(socketio.Manager):  # type: ignore[misc]  # the library is untyped
    """Overrides whatever touches the library's `rooms`, which stay {namespace: {room: {sid: eio_sid}}}.

    As there, the room None holds everybody, and each sid has a room of its own name.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rooms: dict[str, dict[str | None, dict[str, str]]] = {}
        self._sids: dict[tuple[str, str], str] = {}  # (namespace, eio_sid) -> sid
        self._rooms_of: dict[str, set[str | None]] = {}
        self._connecting: set[str] = set()
        self._leaving: set[str] = set()

    # --- sending -------------------------------------------------------------------------------------

    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: str | Iterable[str] | None = None,
        skip_sid: str | Iterable[str] | None = None,
        callback: Any = None,
        to: str | Iterable[str] | None = None,
        **_options: Any,
    ) -> None:
        """Runs through without a task switch: nobody leaves a room between the check and the write."""
        if namespace != wire.NAMESPACE or callback is not None:
            raise NotImplementedError("one namespace, and no answers from clients")
        message = wire.event(event, data)
        skipped = {skip_sid} if skip_sid is None or isinstance(skip_sid, str) else set(skip_sid)
        find = self.server.eio.sockets.get
        for sid, eio_sid in self.get_participants(namespace, to or room):
            if sid not in skipped:
                sock = find(eio_sid)
                if sock is not None:
                    sock.deliver(message)

    def get_participants(self, namespace: str, room: str | Iterable[str] | None) -> Iterable[tuple[str, str]]:
        rooms = self.rooms.get(namespace, {})
        if room is None or isinstance(room, str):
            return list(rooms.get(room, {}).items())
        members: dict[str, str] = {}
        for name in room:
            members.update(rooms.get(name, {}))
        return list(members.items())

    # --- coming and going ----------------------------------------------------------------------------

    def pre_connect(self, eio_sid: str, namespace: str) -> str | None:
        if (namespace, eio_sid) in self._sids:
            return None
        sid: str = self.server.eio.generate_id()
        self._sids[namespace, eio_sid] = sid
        self._rooms_of[sid] = set()
        self._connecting.add(sid)
        self.basic_enter_room(sid, namespace, None, eio_sid)
        self.basic_enter_room(sid, namespace, sid, eio_sid)
        return sid

    def connect(self, sid: str, namespace: str) -> str:
        self._connecting.discard(sid)
        eio_sid = self.rooms[namespace][None][sid]
        if eio_sid not in self.server.eio.sockets:
            # It went away while it was being authenticated, when there was nothing to disconnect yet.
            self.server._handle_disconnect(eio_sid, namespace)
        return sid

    def is_pre_connected(self, sid: str, namespace: str) -> bool:
        return sid in self._connecting

    def is_connected(self, sid: str | None, namespace: str) -> bool:
        return sid in self._rooms_of and sid not in self._connecting and sid not in self._leaving

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        self._leaving.add(sid)
        return self.eio_sid_from_sid(sid, namespace)

    def basic_disconnect(self, sid: str, namespace: str, **_options: Any) -> None:
        self._sids.pop((namespace, self.eio_sid_from_sid(sid, namespace) or ""), None)
        for room in list(self._rooms_of.get(sid, ())):
            self.basic_leave_room(sid, namespace, room)
        self._rooms_of.pop(sid, None)
        self._connecting.discard(sid)
        self._leaving.discard(sid)

    def sid_from_eio_sid(self, eio_sid: str, namespace: str) -> str | None:
        return self._sids.get((namespace, eio_sid))

    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None:
        return self.rooms.get(namespace, {}).get(None, {}).get(sid)

    # --- rooms ---------------------------------------------------------------------------------------

    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        """Does nothing for a sid that has gone: its handler may outlive it."""
        eio_sid = eio_sid or self.eio_sid_from_sid(sid, namespace)
        if eio_sid is not None:
            self.rooms.setdefault(namespace, {}).setdefault(room, {})[sid] = eio_sid
            self._rooms_of[sid].add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        rooms = self.rooms.get(namespace, {})
        members = rooms.get(room, {})
        if members.pop(sid, None) is None:
            return
        self._rooms_of[sid].discard(room)
        if not members:
            del rooms[room]

    def basic_close_room(self, room: str, namespace: str) -> None:
        for sid, _ in self.get_participants(namespace, room):
            self.basic_leave_room(sid, namespace, room)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        return [room for room in self._rooms_of.get(sid, ()) if room is not None]
