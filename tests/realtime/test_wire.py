"""The text of Socket.IO packets: heads are read strictly, values are written safely."""

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from app.realtime import frames, wire
from app.realtime.wire import Head


@pytest.mark.parametrize(
    ("packet", "head"),
    [
        (b"0/board,", Head(wire.CONNECT, "/board", None, b"")),
        (b'0/board,{"csrf":"1"}', Head(wire.CONNECT, "/board", None, b'{"csrf":"1"}')),
        (b"0", Head(wire.CONNECT, "/", None, b"")),
        (b'2/board,["typing"]', Head(wire.EVENT, "/board", None, b'["typing"]')),
        (b'2/board,17["typing",{}]', Head(wire.EVENT, "/board", 17, b'["typing",{}]')),
        (b'217["typing"]', Head(wire.EVENT, "/", 17, b'["typing"]')),
        (b"1/board,", Head(wire.DISCONNECT, "/board", None, b"")),
        (b"3/board,5[]", Head(wire.ACK, "/board", 5, b"[]")),
    ],
)
def test_heads_are_read(packet: bytes, head: Head) -> None:
    assert wire.parse_head(packet) == head


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"x",
        b"7[]",
        b'51-/board,["x",{"_placeholder":true,"num":0}]',
        b'2999999999999999999/board,["x"]',
        b'2/board,9999999999999["x"]',
        b'2/bo ard,["x"]',
        b"2/" + b"a" * 60000 + b',["x"]',
        b'2/board["x"]',
        b"2/board,1",
    ],
)
def test_what_no_client_sends_is_not_read(packet: bytes) -> None:
    head = wire.parse_head(packet)
    assert head is None or head.body == b""


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reader(packet: bytes) -> None:
    head = wire.parse_head(packet)
    assert head is None or packet.endswith(head.body)


class Colour(StrEnum):
    RED = "red"


class Model(BaseModel, alias_generator=to_camel, populate_by_name=True):
    task_id: int


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime(2025, 8, 10, 12, 34, 56, 789000, UTC), "2025-08-10T12:34:56.789Z"),
        (datetime(2025, 8, 10, 14, 34, tzinfo=timezone(timedelta(hours=2))), "2025-08-10T12:34:00.000Z"),
        (Colour.RED, "red"),
        (Model(task_id=3), {"taskId": 3}),
        (frozenset({1}), [1]),
        ("</script>\u2028", "</script>\u2028"),
    ],
)
def test_values_are_written_as_clients_expect(value: Any, written: Any) -> None:
    assert json.loads(wire.dumps({"x": value})) == {"x": written}


def test_an_event_and_an_acknowledgement_are_whole_frames() -> None:
    assert frames.payload_of(wire.event("said", {"n": 1})) == b'42/board,["said",{"n":1}]'
    assert frames.payload_of(wire.event("said", None)) == b'42/board,["said"]'
    assert frames.payload_of(wire.acknowledgement(7, {"ok": True})) == b'43/board,7[{"ok":true}]'
    assert frames.payload_of(wire.GOODBYE) == b"41/board,"


def test_a_thing_nobody_can_write_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        wire.dumps(object())
