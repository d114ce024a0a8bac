"""The pulse of all sockets, turn by turn, on a clock of the test's own."""

from typing import Any

import pytest

from app.realtime import wire
from app.realtime.heartbeat import Heartbeat
from app.realtime.transport import PING_TIMEOUT, SERVER_DISCONNECT, TRANSPORT_ERROR


class FakeSocket:
    def __init__(self, heard_at: float = 0.0) -> None:
        self.heard_at = heard_at
        self.connection: object | None = object()
        self.end_reason: str | None = None
        self.slot = 0
        self.pings = 0
        self.stalled: float | None = None
        self.unread = False

    def deliver(self, frame: bytes) -> None:
        assert frame == wire.PING
        self.pings += 1

    def end(self, reason: str, *_: Any) -> None:
        self.end_reason = reason

    def stalled_since(self) -> float | None:
        return self.stalled

    def has_unread(self) -> bool:
        return self.unread


@pytest.fixture
def heartbeat() -> Heartbeat:
    return Heartbeat(interval=10, timeout=8, sleep=lambda _: None, join_seconds=10)


def run(heartbeat: Heartbeat, seconds: float, since: float = 0.0) -> float:
    now = since
    while now < since + seconds:
        now += heartbeat.tick_seconds
        heartbeat.tick(now)
    return now


def add(heartbeat: Heartbeat, count: int = 1) -> list[Any]:
    sockets = [FakeSocket() for _ in range(count)]
    for sock in sockets:
        heartbeat.add(sock)  # type: ignore[arg-type]
    return sockets


def test_everybody_is_pinged_once_in_each_interval(heartbeat: Heartbeat) -> None:
    sockets = add(heartbeat, 100)
    for _ in range(3):
        for sock in sockets:
            sock.heard_at = 1e9
        run(heartbeat, 10)
    assert {sock.pings for sock in sockets} == {3}


def test_a_crowd_that_joins_at_once_is_spread_over_the_interval(heartbeat: Heartbeat) -> None:
    sockets = add(heartbeat, 1000)
    heartbeat.tick(0.5)
    assert sum(sock.pings for sock in sockets) == 50


def test_silence_after_a_ping_ends_the_socket_within_interval_and_timeout(heartbeat: Heartbeat) -> None:
    (silent,) = add(heartbeat)
    now = 0.0
    while silent.end_reason is None:
        now += heartbeat.tick_seconds
        heartbeat.tick(now)
    assert silent.end_reason == PING_TIMEOUT
    assert now <= 10 + 8 + heartbeat.tick_seconds


def test_any_sign_of_life_counts_not_the_pong_alone(heartbeat: Heartbeat) -> None:
    (talker,) = add(heartbeat)
    now = 0.0
    while now < 100:
        now += heartbeat.tick_seconds
        if round(now) % 7 == 0:
            talker.heard_at = now
        heartbeat.tick(now)
    assert talker.end_reason is None


def test_an_answer_that_nobody_has_read_yet_counts(heartbeat: Heartbeat) -> None:
    """As after a stall of the server itself: it must not take it out on the clients."""
    (sock,) = add(heartbeat)
    sock.unread = True
    run(heartbeat, 60)
    assert sock.end_reason is None


def test_who_never_joins_is_shown_out(heartbeat: Heartbeat) -> None:
    stranger, guest = add(heartbeat, 2)
    stranger.connection = None
    stranger.heard_at = guest.heard_at = 1e9
    run(heartbeat, 9)
    assert stranger.end_reason is None
    run(heartbeat, 2, since=9)
    assert (stranger.end_reason, guest.end_reason) == (SERVER_DISCONNECT, None)


def test_who_answers_but_reads_nothing_is_ended(heartbeat: Heartbeat) -> None:
    (sock,) = add(heartbeat)
    sock.heard_at, sock.stalled = 1e9, 0.0
    run(heartbeat, 20)
    assert sock.end_reason == TRANSPORT_ERROR


def test_who_has_gone_is_not_kept(heartbeat: Heartbeat) -> None:
    sockets = add(heartbeat, 10)
    for sock in sockets:
        sock.heard_at = 1e9
        heartbeat.discard(sock)
    run(heartbeat, 30)
    assert heartbeat.sockets() == [] and not heartbeat._newcomers
    assert not any(asked for _, asked in heartbeat._asked)
