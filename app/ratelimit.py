"""Counts tries per key over the `limits` library; refused tries say how long to wait.

A try is counted before the work it guards and given back when it turns out well, so that
concurrent guesses cannot slip through while an earlier one is still being checked.
"""

import time

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from .errors import TooManyRequests

_limiter = FixedWindowRateLimiter(MemoryStorage())


def per_window(tries: int, seconds: int) -> RateLimitItem:
    return RateLimitItemPerSecond(tries, seconds)


def take(limit: RateLimitItem, *key: str) -> None:
    """Counts one try; raises TooManyRequests with the seconds until the window ends."""
    if not _limiter.hit(limit, *key):
        ends_at = _limiter.get_window_stats(limit, *key).reset_time
        raise TooManyRequests(retry_after=max(1, round(ends_at - time.time())))


def give_back(limit: RateLimitItem, *key: str) -> None:
    _limiter.hit(limit, *key, cost=-1)


def reset() -> None:
    """Forget all counts (tests)."""
    _limiter.storage.reset()
