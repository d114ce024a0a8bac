"""Group commit: rows that come within a few milliseconds are written in one transaction.

While the database is away rows wait in a bounded buffer and are written later, in order. A receipt says
whether a row is committed; nothing is acknowledged as persisted before that.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from ..errors import Unavailable

log = logging.getLogger(__name__)

CAPACITY = 200_000
GROUP_SIZE = 2_000
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 0.2, 2.0


class Identified(Protocol):
    """A row that carries its id: writing it twice is writing it once."""

    @property
    def id(self) -> UUID: ...


Row = TypeVar("Row", bound=Identified)


class Receipt:
    """Set once its row is committed; stays unset when the row had to be given up."""

    __slots__ = ("_event", "is_committed")

    def __init__(self) -> None:
        self._event = threading.Event()
        self.is_committed = False

    def wait(self, timeout_seconds: float) -> bool:
        self._event.wait(timeout_seconds)
        return self.is_committed

    @property
    def is_settled(self) -> bool:
        return self._event.is_set()

    def resolve(self, *, committed: bool) -> None:
        self.is_committed = committed
        self._event.set()


class GroupCommit(Generic[Row]):
    """`write` commits a group or raises: Unavailable means later, anything else means a bad row."""

    def __init__(
        self,
        write: Callable[[Sequence[Row]], None],
        flush_seconds: float,
        sleep: Callable[[float], None],
        capacity: int = CAPACITY,
        group_size: int = GROUP_SIZE,
    ) -> None:
        self._write = write
        self._capacity = capacity
        self._group_size = group_size
        self._flush_seconds = flush_seconds
        self._sleep = sleep
        self._waiting: deque[tuple[Row, Receipt]] = deque()
        self._in_flight = 0
        self._turn = threading.Lock()
        self._wake = threading.Event()
        self._retry_seconds = FIRST_RETRY_SECONDS

    def record(self, row: Row) -> Receipt:
        receipt = Receipt()
        if len(self._waiting) >= self._capacity:
            _, given_up = self._waiting.popleft()
            given_up.resolve(committed=False)
            log.error("activity_row_given_up", extra={"waiting": self._capacity})
        self._waiting.append((row, receipt))
        self._wake.set()
        return receipt

    @property
    def waiting(self) -> int:
        """Rows that PostgreSQL may not have yet, those being written among them."""
        return len(self._waiting) + self._in_flight

    def run(self) -> None:
        while True:
            self._wake.wait()
            self._sleep(self._flush_seconds)
            if not self.flush():
                self._sleep(self._retry_seconds)
                self._retry_seconds = min(LAST_RETRY_SECONDS, self._retry_seconds * 2)

    def flush(self) -> bool:
        """Writes what waits; False when the database is away and the rows stay.

        One at a time: a group that overtakes another would leave an old state as the last, and the flush at
        the end of the process must not return while another is still writing.
        """
        with self._turn:
            self._wake.clear()
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(self._group_size, len(self._waiting)))]
                self._in_flight = len(group)
                try:
                    self._commit(group)
                except Unavailable:
                    self._waiting.extendleft(pair for pair in reversed(group) if not pair[1].is_settled)
                    self._wake.set()
                    return False
                finally:
                    self._in_flight = 0
            self._retry_seconds = FIRST_RETRY_SECONDS
            return True

    def _commit(self, group: list[tuple[Row, Receipt]]) -> None:
        """A row PostgreSQL refuses is found by halving and given up; the others are written."""
        try:
            self._write([row for row, _ in group])
        except Unavailable:
            raise
        except Exception:
            if len(group) == 1:
                log.exception("activity_row_refused", extra={"row": group[0][0].id})
                group[0][1].resolve(committed=False)
                return
            half = len(group) // 2
            self._commit(group[:half])
            self._commit(group[half:])
        else:
            for _, receipt in group:
                receipt.resolve(committed=True)
