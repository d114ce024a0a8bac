"""Frames over real sockets: whatever the pieces, the event comes through; whatever the peer, it is heard."""

import json
import os
import struct
from uuid import uuid4

import pytest
import websocket

from .client import BINARY, CLOSE, PING, PONG, TEXT, Client, Closed, frame
from .conftest import Server


@pytest.fixture
def client(server: Server) -> Client:
    return server.client().connect()


@pytest.mark.parametrize("size", [1, 40, 90, 100, 126, 1000, 16_000])
def test_messages_of_many_sizes_come_back_whole(client: Client, size: int) -> None:
    text = "".join(chr(ord("a") + index % 26) for index in range(size))
    assert client.ask("echo", {"text": text})["text"] == text


def test_a_large_answer_uses_the_long_header(client: Client) -> None:
    client.emit("flood_me", {"count": 1, "size": 100_000}, ack=False)
    assert client.event() == ("drop", {"number": 0, "fill": "x" * 100_000})


def test_a_fragmented_message_with_pings_in_between_is_one_event(client: Client) -> None:
    packet = b'42/board,9["echo",{"text":"in pieces"}]'
    for start in range(0, len(packet), 5):
        client.send_frame(TEXT if start == 0 else 0, packet[start : start + 5], final=False)
        client.send_frame(PING, b"%d" % start)
        assert client.read_control() == (PONG, b"%d" % start)
    client.send_frame(0, b"")
    assert client.answer(9)["text"] == "in pieces"


def test_a_message_that_trickles_in_byte_by_byte_is_one_event(client: Client) -> None:
    for byte in frame(TEXT, b'42/board,3["echo",{"text":"slow"}]'):
        client.sock.sendall(bytes([byte]))
    assert client.answer(3)["text"] == "slow"


def test_many_messages_in_one_segment_are_all_answered(client: Client) -> None:
    packets = [b'42/board,%d["echo",{"text":"%d"}]' % (number, number) for number in range(1, 31)]
    client.sock.sendall(b"".join(frame(TEXT, packet) for packet in packets))
    assert [client.answer(number)["text"] for number in range(1, 31)] == [str(n) for n in range(1, 31)]


def test_the_closing_handshake_is_answered(client: Client) -> None:
    client.send_frame(CLOSE, struct.pack("!H", 1000) + b"bye")
    opcode, payload = client.read_control()
    assert (opcode, payload[:2]) == (CLOSE, struct.pack("!H", 1000))
    with pytest.raises(Closed):
        client.read_control()


def test_a_library_written_by_others_gets_along_with_it(server: Server) -> None:
    address = f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
    theirs = websocket.create_connection(address, timeout=10)
    assert theirs.recv().startswith("0{")
    theirs.send("40/board," + json.dumps({"user": str(uuid4())}))
    assert theirs.recv().startswith("40/board,")
    text = os.urandom(3000).hex()
    theirs.send("42/board,1" + json.dumps(["echo", {"text": text}]))
    assert text in theirs.recv()
    theirs.ping("are you there")
    theirs.close(timeout=5)
    assert theirs.connected is False


def test_binary_is_refused(client: Client) -> None:
    client.send_frame(BINARY, b"\x00\x01")
    assert client.until_closed() == [] and client.close_code == 1003
