"""Whatever happens in whatever order, the core agrees with a slow second telling of the rule (oracle.py)."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.presence import core

from .oracle import Oracle

TENTH = timedelta(seconds=0.1)
SIDS = st.sampled_from(["a", "a", "b", "c"])
ENDS = st.sampled_from([None, 1, 2, 5])
NAMES = st.sampled_from(["idle", "offline_after_idle", "leave_grace", "disconnect_grace", "typing"])


def seconds(tenths):
    return tenths * TENTH


@st.composite
def limits(draw):
    """All relations that config.py allows, from demonstration size to the real thing."""
    unit = draw(st.sampled_from([1, 1, 10, 600]))
    idle, leave = draw(st.integers(1, 30)), draw(st.integers(0, 15))
    offline, disconnect = idle + draw(st.integers(1, 40)), leave + draw(st.integers(0, 40))
    tenths = (idle, offline, leave, disconnect, draw(st.integers(1, 60)))
    return core.Limits(*(seconds(unit * t) for t in tenths))


class AnyLife(RuleBasedStateMachine):
    """One person on one board. `lazy` is the member of a server that looks only when something happens."""

    @initialize(limits=limits())
    def begin(self, limits):
        self.now = datetime(2026, 3, 2, tzinfo=UTC)
        self.limits, self.oracle = limits, Oracle(limits)
        self.member = self.lazy = core.Member()
        self.devices = 0
        self.last_seen = None

    def change(self, function, *args, **more):
        """To both members; the same input gives the same output and leaves the input alone."""
        for name in ("member", "lazy"):
            before = core.expire(getattr(self, name), self.now, self.limits)
            after = function(before, *args, **more)
            assert function(before, *args, **more) == after
            setattr(self, name, after)

    @rule(sid=SIDS, active=st.booleans())
    def join(self, sid, active):
        self.devices += 1
        device = f"device {self.devices}"  # tells in the view which connection counts
        self.oracle.join(sid, device, active, self.now)
        connection = core.Connection(sid, active_at=self.now, active=active, device=device)
        self.change(core.connect, connection)

    @rule(sid=SIDS, active=st.booleans())
    def report(self, sid, active):
        if not self.is_departing(sid):  # the service forgets a sid that goes: nothing more comes from it
            self.oracle.report(sid, active, self.now)
            self.change(core.act, sid, self.now, active=active, visible=True)

    @rule(sid=SIDS, task=st.sampled_from(["x", "y"]))
    def type(self, sid, task):
        if not self.is_departing(sid):
            self.oracle.type_(sid, task, self.now)
            self.change(core.type_, sid, task, self.now, self.limits)

    @rule(sid=SIDS)
    def stop_typing(self, sid):
        self.oracle.stop_typing(sid)
        self.change(core.stop_typing, sid)

    @rule(sid=SIDS)
    def leave(self, sid):
        self.go(sid, self.now, clean=True)

    @rule(sid=SIDS, late=st.integers(0, 180))
    def lose(self, sid, late):
        """Found by the pings after a while, but not before the last word that was heard."""
        heard = [c.active_at for c in self.member.connections if c.sid == sid]
        self.go(sid, max([self.now - seconds(late), *heard]), clean=False)

    def go(self, sid, moment, clean):
        self.oracle.go(sid, moment, clean, self.now)
        self.change(core.leave, sid, moment, clean=clean, limits=self.limits)

    @rule(sid=SIDS)
    def drop(self, sid):
        self.oracle.drop(sid, self.now)
        self.change(core.drop, sid, self.now, self.limits)

    @rule(status=st.sampled_from([None, "away", "busy"]), words=st.booleans(), ends=st.tuples(ENDS, ENDS))
    def say(self, status, words, ends):
        until, words_until = (self.now + end * self.limits.idle if end else None for end in ends)
        until, words_until = until if status else None, words_until if words else None
        self.oracle.say((status, until) if status else None, ("Hm", "!", words_until) if words else None)
        said = core.Choice(status, until, *(("Hm", "!") if words else (None, None)), words_until)
        self.change(core.choose, said)

    @rule(limit=NAMES, parts=st.sampled_from([0.5, 1]), tenths=st.integers(-2, 2))
    def time_passes(self, limit, parts, tenths):
        """To the edge of something or half way; `member` is looked at when it may change, `lazy` is not."""
        span = getattr(self.limits, limit) * parts // TENTH + tenths
        until = self.now + seconds(max(span, 0))
        while (change := core.next_change_at(self.member, self.now, self.limits)) and change <= until:
            self.nothing_changes_before(change)
            self.now = change
            self.member = core.expire(self.member, self.now, self.limits)
            assert self.seen(self.member) == self.told()
        self.nothing_changes_before(until + TENTH)
        self.now = until

    def nothing_changes_before(self, moment):
        """In steps, or in as many as matter: all limits are whole tenths of a second."""
        seen, steps = self.seen(self.member), (moment - self.now) // TENTH
        for step in {0, 1, steps // 2, steps - 2, steps - 1} & set(range(steps)):
            between = self.now + step * TENTH
            expired = core.expire(self.member, between, self.limits)
            assert core.view(expired, between, self.limits) == seen == self.oracle.view(between)

    @invariant()
    def core_and_oracle_agree(self):
        if hasattr(self, "limits"):
            assert self.seen(self.member) == self.seen(self.lazy) == self.told()

    @invariant()
    def last_seen_never_steps_back_nor_lies_in_the_future(self):
        if hasattr(self, "limits") and (seen := self.told().last_seen):
            assert (self.last_seen or seen) <= seen <= self.now
            self.last_seen = seen

    @invariant()
    def nobody_is_present_without_a_connection(self):
        if hasattr(self, "limits") and not core.expire(self.member, self.now, self.limits).connections:
            assert self.told().status == "offline"

    def is_departing(self, sid):
        return any(c.sid == sid and c.departure for c in self.member.connections)

    def seen(self, member):
        """Asked twice: looking changes nothing."""
        views = [
            core.view(core.expire(member, self.now, self.limits), self.now, self.limits) for _ in range(2)
        ]
        assert views[0] == views[1]
        return views[0]

    def told(self):
        return self.oracle.view(self.now)


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
