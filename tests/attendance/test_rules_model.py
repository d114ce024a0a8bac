"""Several devices, crashes and a clock that is set: never overlapping, negative or lost time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.accounts.policy import SessionLimits, is_alive
from app.attendance import rules
from app.attendance.rules import Segment

START = datetime(2026, 3, 28, 20, tzinfo=UTC)
LIMITS = SessionLimits(idle=timedelta(hours=12), absolute=timedelta(days=7))


@dataclass
class Login:
    began_at: datetime
    last_activity: datetime
    signed_out_at: datetime | None = None
    is_swept: bool = False

    def alive(self, now: datetime) -> bool:
        expires_at = self.began_at + LIMITS.absolute
        return not (self.signed_out_at or self.is_swept) and is_alive(
            self.last_activity, expires_at, now, LIMITS
        )

    @property
    def dies_at(self) -> datetime:
        """The first moment at which it does not hold a segment open any more."""
        forgotten = min(self.last_activity + LIMITS.idle, self.began_at + LIMITS.absolute)
        return self.signed_out_at or forgotten


class Attendance(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.logins: list[Login] = []
        self.segments: list[Segment] = []
        self.clock_was_set = False

    @property
    def last(self) -> Segment | None:
        return self.segments[-1] if self.segments else None

    def living(self, besides: Login | None = None) -> list[Login]:
        return [login for login in self.logins if login is not besides and login.alive(self.now)]

    def seen_at(self, besides: Login | None = None) -> datetime | None:
        return max((login.last_activity for login in self.logins if login is not besides), default=None)

    @rule(seconds=st.integers(1, 40_000))
    def wait(self, seconds: int) -> None:
        self.time_passes(seconds)

    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(hours=st.sampled_from([-1, 1]))
    def clock_is_set(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.clock_was_set = True

    @rule(told=st.integers(1, 3))
    def sign_in(self, told: int) -> None:
        self.time_passes(1)  # of two things at the same moment nobody knows which came first
        login = Login(self.now, self.now)
        self.logins.append(login)
        for _ in range(told):
            others = bool(self.living(besides=login))
            change = rules.arrived(
                self.last, others_alive=others, seen_at=self.seen_at(besides=login), login_at=self.now
            )
            if again := change.closed or change.reopened:
                self.segments[-1] = again
            if change.opened:
                self.segments.append(change.opened)

    @precondition(lambda self: self.living())
    @rule(data=st.data(), told=st.integers(1, 3))
    def sign_out(self, data: st.DataObject, told: int) -> None:
        login = data.draw(st.sampled_from(self.living()))
        self.time_passes(1)
        login.last_activity = login.signed_out_at = self.now
        for _ in range(told):
            ended = rules.left(
                self.last, others_alive=bool(self.living()), seen_at=self.now, automatically=False
            )
            if ended:
                self.segments[-1] = ended

    @precondition(lambda self: self.living())
    @rule(data=st.data())
    def do_something(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self.living())).last_activity = self.now

    @rule()
    def sweep(self) -> None:
        """Crashes, expiry and idling leave logins that nobody ends: found here, or at the next login. What is
        found here has ended, whatever the clock says later."""
        for login in self.logins:
            login.is_swept |= not login.alive(self.now)
        ended = rules.left(
            self.last, others_alive=bool(self.living()), seen_at=self.seen_at(), automatically=True
        )
        if ended:
            self.segments[-1] = ended

    @invariant()
    def no_time_is_negative_or_counted_twice(self) -> None:
        for segment in self.segments:
            assert segment.clock_out_at is None or segment.clock_out_at >= segment.clock_in_at
        for one, other in pairwise(self.segments):
            assert one.clock_out_at is not None, "only the last one may be open"
            assert one.clock_out_at <= other.clock_in_at
            assert not rules.overlap(one, other)

    @invariant()
    def whoever_is_signed_in_is_clocked_in(self) -> None:
        if self.living():
            assert self.last
            assert self.last.clock_out_at is None

    @invariant()
    def no_time_is_lost(self) -> None:
        """Told anew from the logins alone: those that follow each other without a gap are one segment."""
        if not self.clock_was_set:
            assert [self.ended(segment) for segment in self.segments] == self.told_anew()

    def ended(self, segment: Segment) -> tuple[datetime, datetime]:
        return segment.clock_in_at, segment.clock_out_at or max(segment.clock_in_at, self.seen_at() or START)

    def told_anew(self) -> list[tuple[datetime, datetime]]:
        groups: list[list[Login]] = []
        for login in self.logins:
            if groups and max(each.dies_at for each in groups[-1]) > login.began_at:
                groups[-1].append(login)
            else:
                groups.append([login])
        return [(group[0].began_at, max(login.last_activity for login in group)) for group in groups]


TestAttendance = Attendance.TestCase
TestAttendance.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
