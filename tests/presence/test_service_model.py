"""A head's page, whatever happens: snapshot and numbered deltas always add up to the truth."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.presence import core

from .fakes import BOARD, HEAD, LIMITS, MAYA, OMAR, START, Desk

SIDS = {"head": HEAD, "maya 1": MAYA, "maya 2": MAYA, "omar": OMAR}
PAGES = ("page 1", "page 2")  # of the head: sockets that watch
ANY_SID = st.sampled_from(sorted(SIDS))
QUICK = core.Limits(
    *(0.01 * limit for limit in (LIMITS.idle, LIMITS.offline_after_idle)), *(LIMITS.typing,) * 3
)


class Page:
    """What a browser does with `presence_dashboard`; everything it knows came through messages."""

    def __init__(self):
        self.seq, self.members = None, {}

    def receive(self, message):
        if message["kind"] == "snapshot":
            self.seq, self.members = message["seq"], {}
        elif self.seq is None or message["seq"] <= self.seq:
            return  # before the snapshot, or part of it
        else:
            assert message["seq"] == self.seq + 1, "a gap"
            self.seq = message["seq"]
        for member in message["members"]:
            self.members[member["userId"]] = member
        for user_id in message["removed"]:
            self.members.pop(user_id, None)


class AnyDay(RuleBasedStateMachine):
    """One board; people come and go, members are added and removed, pages of heads open and close."""

    @initialize(quick=st.booleans())
    def begin(self, quick):
        self.limits = QUICK if quick else LIMITS
        self.desk = Desk(self.limits)
        self.pages = {}

    def is_member(self, user_id):
        return user_id in self.desk.rosters.boards[BOARD]

    def is_joined(self, sid):
        return BOARD in self.desk.presence.boards_of(sid)

    @rule(sid=ANY_SID, active=st.booleans())
    def join(self, sid, active):
        if self.is_member(SIDS[sid]):
            self.desk.join(SIDS[sid], sid, active=active)
            self.deliver()

    @rule(sid=ANY_SID, active=st.booleans())
    def act(self, sid, active):
        if self.is_joined(sid):
            self.desk.act(sid, active=active)

    @rule(sid=ANY_SID)
    def type(self, sid):
        if self.is_joined(sid):
            self.desk.presence.type_(BOARD, sid, "task")

    @rule(sid=ANY_SID, end=st.sampled_from(["leave", "close", "lose", "sign out"]))
    def go(self, sid, end):
        if end == "leave" and self.is_joined(sid):
            self.desk.presence.leave(BOARD, sid)
        elif end == "sign out":
            self.desk.presence.evicted([sid])
        elif end in ("close", "lose"):
            self.desk.presence.disconnected(sid, clean=end == "close", lost_at=self.desk.clock.now())

    @rule(
        user_id=st.sampled_from([HEAD, MAYA, OMAR]),
        status=st.sampled_from([None, "away", "busy"]),
        data=st.data(),
    )
    def choose(self, user_id, status, data):
        words = data.draw(st.sampled_from([None, "Deep work"]))
        ends = data.draw(st.sampled_from([None, 0.1, 5, 600]))
        until = None if ends is None else self.desk.clock.now() + timedelta(seconds=ends)
        self.desk.choose(
            user_id,
            status=status,
            status_until=until if status else None,
            custom_status=words,
            custom_status_until=until if words else None,
        )

    @rule(
        user_id=st.sampled_from([HEAD, MAYA, OMAR]),
        visibility=st.sampled_from(["everyone", "contacts", "team", "nobody"]),
        show_activity=st.booleans(),
        appear_offline=st.booleans(),
    )
    def show(self, user_id, **shown):
        if self.is_member(user_id):
            self.desk.show(user_id, **shown)

    @rule(is_on=st.booleans())
    def set_policy(self, is_on):
        self.desk.rosters.heads_always_see = is_on
        self.desk.presence.policy_changed(None)

    @rule(user_id=st.sampled_from([MAYA, OMAR]), role=st.sampled_from(["head", "member", None]))
    def change_member(self, user_id, role):
        if role:
            self.desk.set_role(user_id, role)
        elif self.is_member(user_id):
            self.desk.remove(user_id)

    @rule(page=st.sampled_from(PAGES))
    def open_page(self, page):
        self.pages[page] = Page()
        self.desk.join(HEAD, page)
        self.deliver()

    @precondition(lambda self: self.pages)
    @rule(data=st.data())
    def close_page(self, data):
        page = data.draw(st.sampled_from(sorted(self.pages)))
        del self.pages[page]
        self.desk.presence.disconnected(page, clean=True, lost_at=self.desk.clock.now())

    @rule(seconds=st.sampled_from([0, 0.1, 1.5, 3, 5, 10, 300, 600, 900]))
    def tick(self, seconds):
        self.desk.wait(seconds)
        self.deliver()
        self.snapshot_is_what_the_core_says()
        truth = {m["userId"]: told(m) for m in self.desk.presence.snapshot(BOARD, HEAD)["members"]}
        for page in self.pages.values():
            assert {user_id: told(member) for user_id, member in page.members.items()} == truth

    def snapshot_is_what_the_core_says(self):
        board, now = self.desk.presence.board(BOARD), self.desk.clock.now()
        for user_id, member in board.members.items():
            view = core.view(core.expire(member, now, self.limits), now, self.limits)
            seen, may = self.desk.seen(user_id), board.sight(HEAD, user_id)
            names = ("status", "reconnecting", "customStatus", "typing", "connections")
            known = view if may.status else core.absent(None)
            assert [seen[name] for name in names] == [
                known.status,
                known.reconnecting,
                known.custom_status,
                known.typing and may.activity,
                known.connections * may.activity,
            ]

    def deliver(self):
        for news in self.desk.publisher.take():
            if news.event == "presence_dashboard":
                if news.to == "heads":
                    receivers = self.pages.values() if news.skip == HEAD else []
                else:
                    receivers = [self.pages.get(news.to)]
                for page in filter(None, receivers):
                    page.receive(news.payload)

    @invariant()
    def rows_tell_changes_only_and_end_with_the_truth(self):
        if not hasattr(self, "desk"):
            return
        board = self.desk.presence.board(BOARD)
        for user_id in self.desk.rosters.boards[BOARD]:
            rows = [row for row in self.desk.recorder.rows if row.user_id == user_id]
            assert board.views[user_id].status == (rows[-1].status if rows else "offline")
            # What a head from elsewhere reads later is what they saw.
            shown = ["offline", *(r.status for r in rows if r.trace.visible and not r.trace.team_only)]
            assert all(a != b for a, b in pairwise(shown))
            if user_id != HEAD:
                assert self.desk.seen(user_id)["status"] == shown[-1]
        times = [row.updated_at for row in self.desk.recorder.rows]
        assert times == sorted(times)
        assert all(START <= row.last_seen <= row.updated_at for row in self.desk.recorder.rows)

    @invariant()
    def whoever_was_removed_is_recorded_as_offline(self):
        if not hasattr(self, "desk"):
            return
        for user_id in (MAYA, OMAR):
            if not self.is_member(user_id):
                assert self.desk.recorder.statuses(user_id)[-1:] in ([], ["offline"])


def told(member):
    """Without what moves with every key while somebody is there."""
    return {k: v for k, v in member.items() if k != "lastSeen" or member["status"] == "offline"}


TestAnyDay = AnyDay.TestCase
TestAnyDay.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
