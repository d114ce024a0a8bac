"""WebSocket frames (RFC 6455) as the server side sees them: bytes in, messages out, and back.

Pure: no socket, no clock. Must not know what a message means. It exists because the web server's own
reader unmasks byte by byte in Python (64 KiB: 8.5 ms) and needs three reads for each frame.
"""

from struct import Struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

PROTOCOL_ERROR, UNSUPPORTED_DATA, INVALID_DATA, POLICY_VIOLATION, TOO_BIG = 1002, 1003, 1007, 1008, 1009
NORMAL_CLOSURE, INTERNAL_ERROR, SERVICE_RESTART = 1000, 1011, 1012

_FINAL = 0x80
_RESERVED_BITS = 0x70
_KNOWN_OPCODES = frozenset((CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG))
_CONTROL = 0x08
_MASKED = 0x80
_LARGEST_CONTROL = 125

_SHORT, _MEDIUM, _LONG, _CLOSE_CODE = Struct("!BB"), Struct("!BBH"), Struct("!BBQ"), Struct("!H")


class FrameError(Exception):
    """The peer broke the protocol; `code` is the close code to tell it."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def encode(opcode: int, payload: bytes) -> bytes:
    """One final, unmasked frame (a server never masks)."""
    size = len(payload)
    if size < 126:
        return _SHORT.pack(_FINAL | opcode, size) + payload
    if size < 65536:
        return _MEDIUM.pack(_FINAL | opcode, 126, size) + payload
    return _LONG.pack(_FINAL | opcode, 127, size) + payload


def payload_of(frame: bytes) -> bytes:
    """Undo `encode`."""
    size = frame[1]
    return frame[2 if size < 126 else 4 if size == 126 else 10 :]


def encode_close(code: int, reason: str = "") -> bytes:
    return encode(CLOSE, _CLOSE_CODE.pack(code) + reason.encode()[: _LARGEST_CONTROL - 2])


def unmask(mask: bytes | bytearray, data: bytes | bytearray) -> bytes:
    """XOR as one large integer: 64 KiB take 0.08 ms."""
    size = len(data)
    key = (bytes(mask) * (size // 4 + 1))[:size]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class FrameReader:
    """Collects what arrives and hands out whole messages. `limit` bounds a message, however it is cut."""

    __slots__ = ("_buffer", "_limit", "_opcode", "_parts", "_size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._size = 0
        self._opcode = CONTINUATION

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def read(self) -> tuple[int, bytes] | None:
        """The next message or control frame as (opcode, payload), or None when more bytes are needed.

        A fragment that does not end its message answers (CONTINUATION, b""), so that the caller can count it.
        """
        buffer = self._buffer
        size = len(buffer)
        if size < 2:
            return None
        first, length, start = buffer[0], buffer[1] & 0x7F, 2
        self._check_header(first, buffer[1])
        if length == 126:
            length, start = int.from_bytes(buffer[2:4], "big"), 4
        elif length == 127:
            length, start = int.from_bytes(buffer[2:10], "big"), 10
        if size < start:
            return None
        if length > self._limit - self._size:
            raise FrameError(TOO_BIG, "message too big")
        end = start + 4 + length
        if size < end:
            return None
        payload = unmask(buffer[start : start + 4], buffer[start + 4 : end])
        del buffer[:end]
        return self._accept(first, payload)

    def _check_header(self, first: int, second: int) -> None:
        opcode = first & 0x0F
        if first & _RESERVED_BITS or opcode not in _KNOWN_OPCODES:
            raise FrameError(PROTOCOL_ERROR, "unknown frame")
        if not second & _MASKED:
            raise FrameError(PROTOCOL_ERROR, "frame is not masked")
        if opcode & _CONTROL:
            if not first & _FINAL or second & 0x7F > _LARGEST_CONTROL:
                raise FrameError(PROTOCOL_ERROR, "bad control frame")
        elif (opcode == CONTINUATION) != (self._opcode != CONTINUATION):
            raise FrameError(PROTOCOL_ERROR, "fragments out of order")

    def _accept(self, first: int, payload: bytes) -> tuple[int, bytes]:
        opcode = first & 0x0F
        if opcode & _CONTROL or (opcode != CONTINUATION and first & _FINAL):
            return opcode, payload
        if opcode != CONTINUATION:
            self._opcode = opcode
        if payload:
            self._parts.append(payload)
            self._size += len(payload)
        if not first & _FINAL:
            return CONTINUATION, b""
        message = self._opcode, b"".join(self._parts)
        self._parts, self._size, self._opcode = [], 0, CONTINUATION
        return message
