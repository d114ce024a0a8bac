"""The outbox over a real pair of sockets: direct when it can, bounded when it cannot, whole frames always."""

import socket
from collections.abc import Callable, Iterator

import pytest

from app.realtime.outbox import MAX_BACKLOG_BYTES, MAX_BACKLOG_FRAMES, Outbox


class Task:
    def join(self) -> None: ...


class Rig:
    """An outbox whose drainer runs when the test says so."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.tasks: list[Callable[[], None]] = []
        self.outbox = Outbox(self.near, self._wait_and_send, self._start)

    def _start(self, task: Callable[[], None]) -> Task:
        self.tasks.append(task)
        return Task()

    def _wait_and_send(self, data: bytes) -> int:
        """What a cooperative socket does; waiting is the peer reading on."""
        try:
            return self.near.send(data)
        except BlockingIOError:
            self.received += self.far.recv(1 << 20)
            return 0

    received = b""

    def fill(self) -> None:
        """Until the kernel takes no more."""
        while not self.tasks:
            self.outbox.write(b"f" * 5000)

    def read_all(self) -> bytes:
        self.far.settimeout(0.2)
        try:
            while data := self.far.recv(1 << 20):
                self.received += data
        except TimeoutError:
            pass
        return self.received


@pytest.fixture
def rig() -> Iterator[Rig]:
    made = Rig()
    yield made
    made.near.close()
    made.far.close()


def test_a_frame_goes_out_at_once(rig: Rig) -> None:
    rig.outbox.write(b"hello")
    assert rig.far.recv(10) == b"hello"
    assert rig.tasks == [] and rig.outbox.stalled_since() is None


def test_what_the_kernel_does_not_take_waits_and_goes_out_in_order(rig: Rig) -> None:
    rig.fill()
    for number in range(100):
        rig.outbox.write(b"<%d>" % number)
    assert rig.outbox.stalled_since() is not None
    rig.tasks.pop()()
    received = rig.read_all()
    assert received.lstrip(b"f") == b"".join(b"<%d>" % number for number in range(100))
    assert received.count(b"f") % 5000 == 0, "no frame was cut"
    assert rig.outbox.stalled_since() is None
    rig.outbox.write(b"direct again")
    assert rig.far.recv(20) == b"direct again"


@pytest.mark.parametrize(
    ("size", "count"), [(10, MAX_BACKLOG_FRAMES + 1), (100_000, MAX_BACKLOG_BYTES // 100_000 + 1)]
)
def test_a_peer_that_does_not_read_is_cut_off_at_the_bound(rig: Rig, size: int, count: int) -> None:
    rig.fill()
    for _ in range(count):
        rig.outbox.write(b"x" * size)
    assert rig.outbox.was_slow and not rig.outbox.is_open
    assert rig.outbox.stalled_since() is None, "nothing is kept for it"
    assert rig.read_all().strip(b"fx") == b"", "and it finds the end of the connection"


def test_after_hanging_up_nothing_goes_out(rig: Rig) -> None:
    rig.outbox.finish(b"bye")
    rig.outbox.write(b"too late")
    rig.outbox.finish(b"too late")
    assert rig.read_all() == b"bye"


def test_a_drainer_stops_when_the_socket_ends_under_it(rig: Rig) -> None:
    rig.fill()
    rig.outbox.abort()
    rig.tasks.pop()()
    assert not rig.outbox.is_open


def test_a_peer_that_has_gone_is_no_error(rig: Rig) -> None:
    rig.far.close()
    rig.outbox.write(b"x")
    rig.outbox.write(b"x")
    assert not rig.outbox.is_open and not rig.outbox.was_slow


def test_it_knows_whether_something_waits_to_be_read(rig: Rig) -> None:
    assert not rig.outbox.has_unread()
    rig.far.send(b"pong")
    assert rig.outbox.has_unread()
    assert rig.near.recv(10) == b"pong", "looking took nothing away"
    rig.far.close()
    assert rig.outbox.has_unread(), "the end is news too"
