"""One loop that keeps every socket's pulse: pings in turn, ends the silent, the unjoined and the stuck.

Sockets sit in a wheel of slots; each tick pings one slot, so that the work is even however many joined
at once. Any inbound byte is life, not the pong alone. Must not know events or rooms.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.clock import clock
from app.realtime import frames, wire
from app.realtime.transport import PING_TIMEOUT, SERVER_DISCONNECT, TRANSPORT_ERROR

if TYPE_CHECKING:
    from app.realtime.transport import BoardSocket

logger = logging.getLogger(__name__)

JOIN_SECONDS = 10.0
_SLOTS = 20
_BATCH = 100  # sockets served between two looks at the event loop


class Heartbeat:
    """`interval` between pings of one socket, `timeout` for any sign of life after one, in seconds."""

    def __init__(
        self,
        interval: float,
        timeout: float,
        sleep: Callable[[float], None],
        join_seconds: float = JOIN_SECONDS,
    ) -> None:
        self.tick_seconds = interval / _SLOTS
        self.lag = 0.0
        self._timeout = timeout
        self._join_seconds = join_seconds
        self._sleep = sleep
        self._slots: list[set[BoardSocket]] = [set() for _ in range(_SLOTS)]
        self._turn = 0
        self._next_slot = 0
        self._asked: deque[tuple[float, list[BoardSocket]]] = deque()
        self._newcomers: OrderedDict[BoardSocket, float] = OrderedDict()  # with the latest moment to join

    def add(self, sock: BoardSocket) -> None:
        sock.slot = self._next_slot = (self._next_slot + 1) % _SLOTS
        self._slots[sock.slot].add(sock)
        self._newcomers[sock] = sock.heard_at + self._join_seconds

    def discard(self, sock: BoardSocket) -> None:
        self._slots[sock.slot].discard(sock)
        self._newcomers.pop(sock, None)

    def sockets(self) -> list[BoardSocket]:
        return [sock for slot in self._slots for sock in slot]

    def run(self) -> None:
        """For ever. `lag` is how late the last turn came, that is how busy the process is."""
        while True:
            due = clock.monotonic() + self.tick_seconds
            self._sleep(self.tick_seconds)
            now = clock.monotonic()
            self.lag = max(0.0, now - due)
            try:
                self.tick(now)
            except Exception:
                logger.exception("heartbeat")

    def tick(self, now: float) -> None:
        self._end_unjoined(now)
        self._end_silent(now)
        self._turn = (self._turn + 1) % _SLOTS
        asked = list(self._slots[self._turn])
        self._asked.append((now, asked))
        for count, sock in enumerate(asked, start=1):
            stalled_since = sock.stalled_since()
            if stalled_since is not None and now - stalled_since > self._timeout:
                sock.end(TRANSPORT_ERROR)  # answers pings but reads nothing
            else:
                sock.deliver(wire.PING)
            if count % _BATCH == 0:
                self._sleep(0)

    def _end_silent(self, now: float) -> None:
        """Those asked a timeout ago who have sent nothing since."""
        while self._asked and self._asked[0][0] <= now - self._timeout:
            asked_at, asked = self._asked.popleft()
            for sock in asked:
                # After a stall of our own the answer may be here, merely unread.
                if sock.heard_at < asked_at and sock.end_reason is None and not sock.has_unread():
                    sock.end(PING_TIMEOUT)

    def _end_unjoined(self, now: float) -> None:
        """Those who shook hands but never entered the namespace: they would hold a place for nothing."""
        while self._newcomers:
            sock, latest = next(iter(self._newcomers.items()))
            if latest > now:
                return
            del self._newcomers[sock]
            if sock.connection is None and sock.end_reason is None:
                sock.end(SERVER_DISCONNECT, frames.POLICY_VIOLATION, "nobody signed in")
