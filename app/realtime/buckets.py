"""How fast a socket may speak, and a person act: token buckets. Pure; time is an argument (in seconds)."""

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_FORGET_AFTER = 4096  # keys; then those whose bucket is full again are as good as unknown


class TokenBucket:
    """`rate` messages a second on average, `burst` at once."""

    __slots__ = ("_burst", "_rate", "_stamp", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._stamp = now

    @property
    def spent(self) -> float:
        """How much of the burst is used up."""
        return self._burst - self._tokens

    def take(self, now: float) -> bool:
        """Take one token; False when there is none."""
        tokens = min(self._burst, self._tokens + (now - self._stamp) * self._rate)
        self._stamp = now
        if tokens < 1:
            self._tokens = tokens
            return False
        self._tokens = tokens - 1
        return True

    def wait(self, now: float) -> float:
        """As `take`; answers the seconds until there is one, 0 when it was taken."""
        return 0.0 if self.take(now) else (1 - self._tokens) / self._rate

    def is_full(self, now: float) -> bool:
        return self._tokens + (now - self._stamp) * self._rate >= self._burst


class Buckets(Generic[Key]):
    """One bucket for each key."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._of: dict[Key, TokenBucket] = {}
        self._forget_at = _FORGET_AFTER

    def wait(self, key: Key, now: float) -> float:
        if key not in self._of:
            if len(self._of) >= self._forget_at:
                self._of = {k: bucket for k, bucket in self._of.items() if not bucket.is_full(now)}
                self._forget_at = max(_FORGET_AFTER, 2 * len(self._of))
            self._of[key] = TokenBucket(self._rate, self._burst, now)
        return self._of[key].wait(now)
