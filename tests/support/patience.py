"""How long a test waits before it gives up, and how exactly it measures.

What is waited for comes no later because the limit is generous: such a limit only ends a test that is
broken. Where the time itself is the promise, it is held to the letter while the machine is quiet
(`make test WORKERS=0`); while other work keeps the processors busy, five times as long may pass, or the test
would measure that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

from app.errors import Unavailable

T = TypeVar("T")

GENEROUS = 20.0  # seconds
BUSY_FACTOR = 5
TRIES = 20


def within(seconds: float) -> float:
    """The limit for something that is promised within so many seconds."""
    return seconds * (BUSY_FACTOR if is_busy() else 1)


def is_busy() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ or os.getloadavg()[0] > (os.cpu_count() or 1) / 2


def until_served(ask: Callable[[], T]) -> T:
    """As a client who is told that the site is busy and asks again.

    On a slow machine the queue in front of one row may be longer than anybody waits for a lock
    (db.LOCK_SECONDS); who is sent away has changed nothing.
    """
    for number in range(TRIES):
        try:
            answer = ask()
        except Unavailable:
            if number == TRIES - 1:
                raise
        else:
            if getattr(answer, "status", None) != 503:
                return answer
        time.sleep(0.05)
    return answer
