"""Frames: whatever is fed in whatever pieces comes out whole, or ends with the right close code."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.realtime import frames
from app.realtime.frames import BINARY, CLOSE, CONTINUATION, PING, TEXT, FrameError, FrameReader

from .client import frame

LIMIT = 65536


def read_all(reader: FrameReader, data: bytes) -> list[tuple[int, bytes]]:
    reader.feed(data)
    found = []
    while (message := reader.read()) is not None:
        found.append(message)
    return found


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 125, 126, 127, 65535, 65536])
def test_a_message_of_any_size_is_read(size: int) -> None:
    payload = os.urandom(size)
    assert read_all(FrameReader(LIMIT), frame(TEXT, payload)) == [(TEXT, payload)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 100_000])
def test_what_is_encoded_has_the_shortest_header_and_can_be_undone(size: int) -> None:
    payload = b"x" * size
    encoded = frames.encode(TEXT, payload)
    assert encoded == frame(TEXT, payload, masked=False)
    assert frames.payload_of(encoded) == payload


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_unmasking_is_what_the_standard_says(data: bytes, mask: bytes) -> None:
    assert frames.unmask(mask, data) == bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


@given(st.lists(st.binary(max_size=200), max_size=8), st.integers(1, 50))
def test_pieces_do_not_matter(payloads: list[bytes], piece: int) -> None:
    data = b"".join(frame(TEXT, payload) for payload in payloads)
    reader, found = FrameReader(LIMIT), []
    for start in range(0, len(data), piece):
        found += read_all(reader, data[start : start + piece])
    assert found == [(TEXT, payload) for payload in payloads]


def test_fragments_are_joined_and_control_frames_may_come_between() -> None:
    data = (
        frame(TEXT, b"one ", final=False)
        + frame(PING, b"!")
        + frame(CONTINUATION, b"", final=False)
        + frame(CONTINUATION, b"two")
        + frame(BINARY, b"next")
    )
    assert read_all(FrameReader(LIMIT), data) == [
        (CONTINUATION, b""), (PING, b"!"), (CONTINUATION, b""), (TEXT, b"one two"), (BINARY, b"next"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(frame(TEXT, b"x", masked=False), 1002, id="not masked"),
        pytest.param(bytes([0xC1, 0x80]), 1002, id="compressed"),
        pytest.param(bytes([0x83, 0x80]), 1002, id="unknown opcode"),
        pytest.param(bytes([0x8B, 0x80]), 1002, id="unknown control opcode"),
        pytest.param(bytes([0x09, 0x80]), 1002, id="control frame in fragments"),
        pytest.param(bytes([0x89, 0xFE]), 1002, id="control frame too long"),
        pytest.param(frame(CONTINUATION, b"x"), 1002, id="continuation of nothing"),
        pytest.param(frame(TEXT, b"x", final=False) + frame(TEXT, b"y"), 1002, id="new message inside one"),
        pytest.param(bytes([0x81, 0xFF]) + struct.pack("!Q", LIMIT + 1), 1009, id="too big"),
        pytest.param(bytes([0x81, 0xFF]) + b"\xff" * 8, 1009, id="absurdly big"),
    ],
)
def test_a_broken_frame_names_its_close_code(data: bytes, code: int) -> None:
    with pytest.raises(FrameError) as error:
        read_all(FrameReader(LIMIT), data)
    assert error.value.code == code


def test_many_small_fragments_do_not_get_around_the_limit() -> None:
    reader = FrameReader(100)
    assert read_all(reader, frame(TEXT, b"x" * 60, final=False)) == [(CONTINUATION, b"")]
    with pytest.raises(FrameError) as error:
        read_all(reader, frame(CONTINUATION, b"x" * 60))
    assert error.value.code == 1009


def test_a_size_is_refused_before_its_bytes_are_kept() -> None:
    reader = FrameReader(10)
    with pytest.raises(FrameError):
        read_all(reader, bytes([0x81, 0x80 | 11]))


def test_close_codes_are_written_with_a_reason_that_fits() -> None:
    closing = frames.encode_close(1008, "x" * 500)
    assert closing[:2] == bytes([0x80 | CLOSE, 125])
    assert struct.unpack("!H", closing[2:4])[0] == 1008
