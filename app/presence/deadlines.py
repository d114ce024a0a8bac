"""When to look again at whom: a heap with at most one pending moment a key.

A moment that was put forward stays in the heap until its time comes, which may be next year; when most of
the heap is such, it is built anew.
"""

import heapq
import itertools
from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
SPARE = 1024  # superseded entries that are not worth a new heap


class Deadlines(Generic[Key]):
    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Key]] = []
        self._next: dict[Key, datetime] = {}
        self._order = itertools.count()  # keys need not be comparable

    def schedule(self, key: Key, moment: datetime | None) -> None:
        """Later than what is pending is not stored: whoever looks at the earlier moment schedules anew."""
        pending = self._next.get(key)
        if moment is None or (pending is not None and pending <= moment):
            return
        self._next[key] = moment
        heapq.heappush(self._heap, (moment, next(self._order), key))
        if len(self._heap) > 2 * len(self._next) + SPARE:
            self._heap = [entry for entry in self._heap if self._next.get(entry[2]) == entry[0]]
            heapq.heapify(self._heap)

    def due(self, now: datetime) -> Iterator[Key]:
        while self._heap and self._heap[0][0] <= now:
            moment, _, key = heapq.heappop(self._heap)
            if self._next.get(key) == moment:
                del self._next[key]
                yield key
