"""Waits for a condition with a deadline: tests never sleep and hope."""

import time
from collections.abc import Callable
from typing import TypeVar

from .patience import GENEROUS

T = TypeVar("T")


def wait_until(condition: Callable[[], T], timeout: float = GENEROUS, what: str = "the condition") -> T:
    """The first true answer of `condition`; fails with `what` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout:g} s")
        time.sleep(0.02)
    return answer
