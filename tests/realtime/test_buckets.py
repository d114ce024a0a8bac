"""The token bucket, on a clock of the test's own."""

from app.realtime.buckets import Buckets, TokenBucket


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


def test_bucket_tells_how_long_to_wait() -> None:
    bucket = TokenBucket(2, 2, 0.0)
    assert [bucket.wait(0.0) for _ in range(4)] == [0, 0, 0.5, 0.5]
    assert bucket.wait(0.25) == 0.25
    assert bucket.wait(0.5) == 0


def test_buckets_of_others_are_full_and_full_ones_are_forgotten() -> None:
    buckets: Buckets[int] = Buckets(1, 1)
    assert [buckets.wait(-1, 0.0), buckets.wait(-1, 0.0), buckets.wait(-2, 0.0)] == [0, 1, 0]
    for number in range(10_000):
        buckets.wait(number, float(number))
    assert len(buckets._of) <= 4096
    assert buckets.wait(9_999, 9_999.0) == 1
