"""What one socket still has to send: normally nothing, because a frame goes straight to the kernel.

A frame the kernel does not take waits in a bounded backlog, drained by a task that exists only meanwhile.
A reader too slow for the bound is cut off. Frames go out whole and in order, or the socket ends. Never
blocks and never raises; must not know what a frame means.
"""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from engineio import packet as engine

from app.clock import clock
from app.realtime import frames

MAX_BACKLOG_FRAMES = 256
MAX_BACKLOG_BYTES = 1024 * 1024
# Left alone, the kernel would buffer 4 MB for each socket whose peer does not read.
_SEND_BUFFER_BYTES = 128 * 1024


class Outbox:
    __slots__ = (
        "_backlog", "_bytes", "_drainer", "_is_direct", "_progress_at", "_raw", "_send", "_start_task",
        "_wait_and_send", "is_open", "was_slow",
    )  # fmt: skip

    def __init__(
        self,
        raw: socket.socket,
        wait_and_send: Callable[[bytes], int],
        start_task: Callable[[Callable[[], None]], Any],
    ) -> None:
        """`raw` is non-blocking; `wait_and_send` suspends the caller until some bytes are sent."""
        self._raw = raw
        self._send = raw.send
        self._wait_and_send = wait_and_send
        self._start_task = start_task
        self._drainer: Any = None
        self._backlog: deque[bytes] | None = None
        self._bytes = 0
        self._progress_at = 0.0
        self._is_direct = True  # open and nothing waiting: the one thing the fast path looks at
        self.is_open = True
        self.was_slow = False
        # Without it a small frame waits for the peer's delayed acknowledgement of the one before: 44 ms.
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

    def write(self, frame: bytes) -> None:
        if not self._is_direct:
            self._keep(frame)
            return
        try:
            sent = self._send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.abort()
            return
        if sent != len(frame):
            self._keep(frame[sent:])

    def finish(self, frame: bytes) -> None:
        """Send the last frame and hang up; what a slow reader has not taken by now is lost."""
        self.write(frame)
        self.abort()

    def abort(self) -> None:
        """Hang up: the reader and the drainer of this socket wake up and find its end."""
        self.is_open = self._is_direct = False
        self._backlog = None
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Wait for the drainer: closing the descriptor under it would leave it waiting for ever."""
        if self._drainer is not None:
            self._drainer.join()

    def stalled_since(self) -> float | None:
        """Since when (monotonic) the peer has taken nothing although something waits."""
        return self._progress_at if self._backlog else None

    def has_unread(self) -> bool:
        """Whether the peer has sent something, or hung up, and nobody has read it yet."""
        try:
            self._raw.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def _keep(self, frame: bytes) -> None:
        if not self.is_open:
            return
        if self._backlog is None:
            self._backlog, self._bytes, self._is_direct = deque(), 0, False
            self._progress_at = clock.monotonic()
            self._drainer = self._start_task(self._drain)
        self._backlog.append(frame)
        self._bytes += len(frame)
        if len(self._backlog) > MAX_BACKLOG_FRAMES or self._bytes > MAX_BACKLOG_BYTES:
            self.was_slow = True
            self.abort()

    def _drain(self) -> None:
        backlog = self._backlog
        try:
            while backlog:
                frame = backlog[0]
                sent = self._wait_and_send(frame)
                if not self.is_open:
                    return
                self._bytes -= sent
                self._progress_at = clock.monotonic()
                backlog.popleft()
                if sent != len(frame):
                    backlog.appendleft(frame[sent:])
            self._backlog, self._is_direct = None, self.is_open
        except (OSError, EOFError):
            self.abort()
        finally:
            self._drainer = None


class Queue(Protocol):
    """Engine.IO's queue of packets for a socket; None ends the loop that sends them."""

    def put(self, packet: Any) -> None: ...
    def qsize(self) -> int: ...


class QueueOutbox:
    """The same where the web server hides the raw socket: hands over to Engine.IO's writer."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self.is_open = True
        self.was_slow = False

    def write(self, frame: bytes) -> None:
        packet = engine.Packet(encoded_packet=frames.payload_of(frame).decode())
        if not self.is_open:
            return
        self._queue.put(packet)
        if self._queue.qsize() > MAX_BACKLOG_FRAMES:
            self.was_slow = True
            self.abort()

    def finish(self, frame: bytes) -> None:
        self.abort()

    def abort(self) -> None:
        if self.is_open:
            self.is_open = False
            self._queue.put(None)

    def stalled_since(self) -> float | None:
        return None

    def has_unread(self) -> bool:
        return False
