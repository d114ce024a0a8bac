"""How fast one socket may speak: a token bucket. Pure; the time is an argument (monotonic seconds)."""


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
