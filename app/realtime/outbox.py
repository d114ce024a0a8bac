"""What one socket still has to send: normally nothing, because a frame goes straight to the kernel.

A frame the kernel does not take waits in a bounded backlog, drained by a task that exists only meanwhile.
A reader too slow for the bound is cut off. Frames are whole or not at all: nothing interleaves. Never
blocks and never raises; must not know what a frame means.
"""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from app.clock import clock

MAX_BACKLOG_FRAMES = 256
MAX_BACKLOG_BYTES = 1024 * 1024
# Left alone, the kernel would buffer 4 MB for each socket whose peer does not read.
_SEND_BUFFER_BYTES = 128 * 1024


class Outbox:
    __slots__ = (
        "_backlog",
        "_bytes",
        "_drainer",
        "_raw",
        "_send",
        "_start_task",
        "_wait_and_send",
        "open",
        "progress_at",
        "was_slow",
    )

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
        self._backlog: deque[bytes] = deque()
        self._bytes = 0
        self.open = True
        self.was_slow = False
        self.progress_at = 0.0
        # Without it a small frame waits for the peer's delayed acknowledgement of the one before: 44 ms.
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

    def write(self, frame: bytes) -> None:
        if self._backlog or not self.open:
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
        self.open = False
        self._backlog.clear()
        self._bytes = 0
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Wait for the drainer: closing the descriptor under it would leave it waiting for ever."""
        if self._drainer is not None:
            self._drainer.join()

    def stalled_since(self) -> float | None:
        """Since when (monotonic) the peer has taken nothing although something waits."""
        return self.progress_at if self._backlog else None

    def has_unread(self) -> bool:
        """Whether the peer has sent something that nobody has read yet."""
        try:
            self._raw.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def _keep(self, frame: bytes) -> None:
        if not self.open:
            return
        self._backlog.append(frame)
        self._bytes += len(frame)
        if len(self._backlog) > MAX_BACKLOG_FRAMES or self._bytes > MAX_BACKLOG_BYTES:
            self.was_slow = True
            self.abort()
        elif self._drainer is None:
            self.progress_at = clock.monotonic()
            self._drainer = self._start_task(self._drain)

    def _drain(self) -> None:
        backlog = self._backlog
        try:
            while backlog:
                sent = self._wait_and_send(backlog[0])
                if not backlog:  # hung up meanwhile
                    break
                self._bytes -= sent
                self.progress_at = clock.monotonic()
                frame = backlog.popleft()
                if sent != len(frame):
                    backlog.appendleft(frame[sent:])
        except (OSError, EOFError):
            self.abort()
        finally:
            self._drainer = None
