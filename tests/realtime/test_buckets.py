"""The token bucket, on a clock of the test's own."""

from app.realtime.buckets import TokenBucket


def test_a_burst_passes_and_then_no_more() -> None:
    bucket = TokenBucket(rate=20, burst=60, now=100)
    assert [bucket.take(100) for _ in range(61)] == [True] * 60 + [False]


def test_it_fills_at_its_rate_and_never_beyond_its_burst() -> None:
    bucket = TokenBucket(rate=20, burst=60, now=0)
    for _ in range(60):
        bucket.take(0)
    assert [bucket.take(0.1) for _ in range(3)] == [True, True, False]
    assert sum(bucket.take(1000) for _ in range(100)) == 60


def test_a_steady_speaker_below_the_rate_is_never_stopped() -> None:
    bucket = TokenBucket(rate=20, burst=60, now=0)
    assert all(bucket.take(number / 19) for number in range(5000))


def test_a_flooder_who_tries_on_gets_nothing_but_the_rate() -> None:
    bucket = TokenBucket(rate=20, burst=60, now=0)
    passed = sum(bucket.take(number / 50_000) for number in range(50_000))
    assert 60 <= passed <= 81


def test_it_says_how_much_is_spent() -> None:
    bucket = TokenBucket(rate=20, burst=60, now=0)
    bucket.take(0)
    bucket.take(0)
    assert bucket.spent == 2
