"""Rooms: who hears what, and that leaving costs only what one has entered."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.realtime import wire
from app.realtime.rooms import RoomManager

NS = wire.NAMESPACE


class Box:
    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)


class Hall:
    """A manager and the part of its server that it calls."""

    def __init__(self) -> None:
        self.gone: list[str] = []
        self.sockets: dict[str, Any] = {}
        self.manager = RoomManager()
        eio = SimpleNamespace(sockets=self.sockets, generate_id=self._next_id)
        packet_class = SimpleNamespace(json=wire.WireJson)
        self.manager.set_server(
            SimpleNamespace(
                eio=eio, packet_class=packet_class, _handle_disconnect=lambda sid, _ns: self.gone.append(sid)
            )
        )

    def _next_id(self) -> str:
        return f"sid-{len(self.sockets)}"

    def join(self, *rooms: str) -> tuple[str, Box]:
        box = Box()
        eio_sid = f"eio-{len(self.sockets)}"
        self.sockets[eio_sid] = SimpleNamespace(outbox=box)
        sid = self.manager.pre_connect(eio_sid, NS)
        assert sid and not self.manager.is_connected(sid, NS)
        self.manager.connect(sid, NS)
        for room in rooms:
            self.manager.enter_room(sid, NS, room)
        return sid, box

    def leave(self, sid: str) -> None:
        self.manager.pre_disconnect(sid, NS)
        self.manager.disconnect(sid, NS)


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_a_room_hears_one_and_the_same_frame_except_the_one_skipped(hall: Hall) -> None:
    ann, ann_box = hall.join("board")
    _, bob_box = hall.join("board")
    _, cyd_box = hall.join("board")
    _, stranger_box = hall.join("elsewhere")
    hall.manager.emit("said", {"n": 1}, NS, room="board", skip_sid=ann)
    assert ann_box.frames == stranger_box.frames == []
    assert bob_box.frames == [wire.event("said", {"n": 1})]
    assert bob_box.frames[0] is cyd_box.frames[0], "encoded once"


def test_nobody_home_costs_nothing_and_is_no_error(hall: Hall) -> None:
    hall.manager.emit("said", {"n": object()}, NS, room="nowhere")


def test_after_leaving_a_room_nothing_comes(hall: Hall) -> None:
    ann, box = hall.join("board", "heads")
    hall.manager.leave_room(ann, NS, "heads")
    hall.manager.leave_room(ann, NS, "heads")
    hall.manager.emit("secret", {}, NS, room="heads")
    assert box.frames == []
    assert hall.manager.get_rooms(ann, NS) == ["board"]


def test_who_disconnects_leaves_no_trace(hall: Hall) -> None:
    everybody = [hall.join("board", f"room-{number}")[0] for number in range(20)]
    for sid in everybody:
        hall.leave(sid)
    assert hall.manager._rooms == hall.manager._members == hall.manager._sids == {}


def test_disconnecting_does_not_look_at_rooms_of_others(hall: Hall) -> None:
    """The library's own manager walks them all, for each who leaves."""

    class Untouchable(dict[str, Any]):
        def _fail(self, *_: Any) -> Any:
            raise AssertionError("walked all rooms")

        __iter__ = items = keys = values = copy = _fail  # type: ignore[assignment]

    sid, _ = hall.join("board")
    hall.manager._rooms = Untouchable(hall.manager._rooms)
    hall.leave(sid)


def test_one_socket_enters_the_namespace_once(hall: Hall) -> None:
    hall.join()
    assert hall.manager.pre_connect("eio-0", NS) is None


def test_while_leaving_it_is_not_disconnected_again(hall: Hall) -> None:
    sid, _ = hall.join()
    hall.manager.pre_disconnect(sid, NS)
    assert not hall.manager.is_connected(sid, NS)
    assert not hall.manager.can_disconnect(sid, NS)


def test_who_vanishes_during_authentication_is_disconnected_at_once(hall: Hall) -> None:
    hall.sockets["eio-x"] = SimpleNamespace(outbox=Box())
    sid = hall.manager.pre_connect("eio-x", NS)
    assert sid
    del hall.sockets["eio-x"]
    hall.manager.connect(sid, NS)
    assert hall.gone == ["eio-x"]


def test_entering_a_room_after_the_end_does_nothing(hall: Hall) -> None:
    sid, box = hall.join()
    hall.leave(sid)
    hall.manager.enter_room(sid, NS, "board")
    hall.manager.emit("said", {}, NS, room="board")
    assert box.frames == [] and hall.manager._rooms == {}


def test_a_room_can_be_closed(hall: Hall) -> None:
    sid, box = hall.join("board")
    hall.manager.close_room("board", NS)
    hall.manager.emit("said", {}, NS, room="board")
    assert box.frames == [] and hall.manager.get_rooms(sid, NS) == []
