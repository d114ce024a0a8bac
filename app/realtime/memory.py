"""Keeps the cyclic garbage collector out of the way of the event loop."""

from __future__ import annotations

from collections.abc import Callable


class GarbageKeeper:
    def __init__(self, lag: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._sleep = sleep

    def take_over(self) -> None: ...

    def run(self) -> None:
        return
