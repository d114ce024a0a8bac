"""Counts tries and requests per key over the `limits` library; what is refused says how long to wait.

A try is counted before the work it guards and given back when it turns out well, so that
concurrent guesses cannot slip through while an earlier one is still being checked.
"""

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from .errors import TooManyRequests

_limiter = FixedWindowRateLimiter(MemoryStorage())


class Allowance(NamedTuple):
    """What is left of a limit after a request, and in how many seconds all of it is there again."""

    is_enough: bool
    limit: int
    remaining: int
    reset_seconds: int


def per_window(tries: int, seconds: int) -> RateLimitItem:
    return RateLimitItemPerSecond(tries, seconds)


def spend(limit: RateLimitItem, *key: str) -> Allowance:
    """Counts one request."""
    is_enough = _limiter.hit(limit, *key)
    stats = _limiter.get_window_stats(limit, *key)
    seconds = max(0, math.ceil(stats.reset_time - time.time()))
    return Allowance(is_enough, limit.amount, max(0, stats.remaining), seconds)


@contextmanager
def counting(
    failure: type[Exception], limit: RateLimitItem, keys: Iterable[tuple[str, ...]]
) -> Iterator[None]:
    """Counts the work inside as one try for each key, unless it ends otherwise than by `failure`.

    Raises TooManyRequests, with the seconds until the window ends, before the work when a key is used up.
    """
    taken: list[tuple[str, ...]] = []
    try:
        for key in keys:
            _take(limit, key)
            taken.append(key)
        yield
    except failure:
        raise
    except BaseException:  # used up by another key, or the database is away: no fault of whoever tries
        _give_back(limit, taken)
        raise
    else:
        _give_back(limit, taken)


def _take(limit: RateLimitItem, key: tuple[str, ...]) -> None:
    if not _limiter.hit(limit, *key):
        ends_at = _limiter.get_window_stats(limit, *key).reset_time
        raise TooManyRequests(retry_after=max(1, round(ends_at - time.time())))


def _give_back(limit: RateLimitItem, keys: Iterable[tuple[str, ...]]) -> None:
    for key in keys:
        _limiter.hit(limit, *key, cost=-1)


def reset() -> None:
    """Forget all counts (tests)."""
    _limiter.storage.reset()
