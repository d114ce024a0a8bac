"""Gathers look-ups that happen at the same moment into one query.

The first caller leads: it waits a moment, takes everybody's keys and loads them; the others get its
answer. Loads keep a distance, so the busier the site, the larger the groups; one alone hardly waits. Whoever
waited while a load found the database away has waited enough.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from .errors import Unavailable

Key = TypeVar("Key")
Value = TypeVar("Value")
WAIT_SECONDS = 5.0


class _Group(Generic[Key, Value]):
    def __init__(self) -> None:
        self.keys: set[Key] = set()
        self.formed_at = time.monotonic()
        self.done = threading.Event()
        self.found: Mapping[Key, Value] = {}
        self.error: Exception | None = Unavailable()  # until it is found; a leader may be killed meanwhile


class Batcher(Generic[Key, Value]):
    """`load_many` gets distinct keys and answers those it found; its exception reaches every caller."""

    def __init__(
        self,
        load_many: Callable[[set[Key]], Mapping[Key, Value]],
        window_seconds: float = 0.005,
        distance_seconds: float = 0.05,
    ) -> None:
        self._load_many = load_many
        self._window_seconds = window_seconds
        self._distance_seconds = distance_seconds
        self._next_load_at = 0.0
        self._unavailable_at = -math.inf
        self._forming: _Group[Key, Value] | None = None
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def load(self, key: Key) -> Value | None:
        with self._lock:
            leads = self._forming is None
            group = self._forming = self._forming or _Group()
            group.keys.add(key)
        if leads:
            self._lead(group)
        elif not group.done.wait(WAIT_SECONDS):
            raise Unavailable()
        if group.error is not None:
            raise group.error.with_traceback(None)  # else it would grow with every caller that raises it
        return group.found.get(key)

    def _lead(self, group: _Group[Key, Value]) -> None:
        try:
            with self._turn:
                if self._unavailable_at > group.formed_at:
                    raise Unavailable()  # it would wait as long again for the same answer
                time.sleep(max(self._window_seconds, self._next_load_at - time.monotonic()))
                self._next_load_at = time.monotonic() + self._distance_seconds
                self._close(group)
                group.found = self._load(group.keys)
                group.error = None
        except Exception as error:  # noqa: BLE001  # every caller of the group raises it
            group.error = error
        finally:
            self._close(group)  # also when this caller is killed: nobody may join a group without a leader
            group.done.set()

    def _load(self, keys: set[Key]) -> Mapping[Key, Value]:
        try:
            return self._load_many(keys)
        except Unavailable:
            self._unavailable_at = time.monotonic()
            raise

    def _close(self, group: _Group[Key, Value]) -> None:
        with self._lock:
            if self._forming is group:
                self._forming = None
