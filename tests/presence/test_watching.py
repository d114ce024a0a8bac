"""What watchers are told, of whom and when: never of what is stale, never of what they may not see."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.clock import isoformat
from app.presence.person import PersonView, masked
from app.presence.privacy import Sight
from app.presence.sightings import Sighting
from app.presence.users import user_json
from app.presence.watching import Watching

from .fakes import BOARD, MAYA, OMAR, START

VERA, WIM, LENA = UUID(int=0xA1), UUID(int=0xA2), UUID(int=0x4)
ALL = Sighting(Sight(True, True, True, True), START)
STATUS_ONLY = Sighting(Sight(True, True, False, False), None)
HIDDEN = Sighting(Sight(True, False, False, False), START)
ONLINE = PersonView("online", START, "/people", device="mobile")
GONE = PersonView("offline", START)


class Desk:
    """Watching, with what PostgreSQL would find and what is true of people."""

    def __init__(self):
        self.truth = dict.fromkeys((MAYA, OMAR, LENA), GONE)
        self.sights = {(viewer, target): ALL for viewer in (VERA, WIM) for target in self.truth}
        self.names = {VERA: {BOARD: "Launch"}}
        self.watching = Watching(lambda user_id: self.truth[user_id])

    def load(self, limit=1000):
        pairs = self.watching.take_stale(limit)
        boards = self.watching.boards_of(pairs)
        found = {pair: self.sights[pair] for pair in pairs if pair in self.sights}
        self.watching.settle(pairs, found, boards, self.names)

    def watch(self, sid, viewer, *targets):
        self.watching.watch(sid, viewer, targets)
        self.load()
        return self.told()

    def told(self, *changed):
        """sid -> what it is told, person by person."""
        news = self.watching.news(changed)
        return {sid: {UUID(one["userId"]): one for one in users} for sids, users in news for sid in sids}

    def becomes(self, user_id, view):
        self.truth[user_id] = view
        return self.told(user_id)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def watching(desk):
    return desk.watching


def test_everybody_is_told_of_at_first_and_then_only_who_changes(desk):
    desk.truth[MAYA] = ONLINE
    first = desk.watch("tab", VERA, MAYA, OMAR)
    assert first == {"tab": {MAYA: user_json(MAYA, ONLINE, {}), OMAR: user_json(OMAR, GONE, {})}}
    assert desk.told() == desk.told(MAYA, OMAR, LENA) == {}
    busy = ONLINE._replace(status="busy")
    assert desk.becomes(MAYA, busy) == {"tab": {MAYA: user_json(MAYA, busy, {})}}


def test_nothing_is_told_before_all_are_loaded(desk, watching):
    watching.watch("tab", VERA, [MAYA, OMAR, LENA])
    desk.load(limit=2)
    assert desk.becomes(MAYA, ONLINE) == {}
    desk.load()
    assert desk.told()["tab"].keys() == {MAYA, OMAR, LENA}


def test_who_has_nobody_to_see_is_told_that(desk):
    desk.sights.clear()
    assert desk.watching.news(()) == []
    desk.watching.watch("tab", VERA, [MAYA])
    desk.load()
    assert desk.watching.news(()) == [(["tab"], [])]


def test_key_of_somebody_present_is_no_news_but_their_leaving_is(desk):
    desk.truth[MAYA] = ONLINE
    desk.watch("tab", VERA, MAYA)
    later = START + timedelta(minutes=5)
    assert desk.becomes(MAYA, ONLINE._replace(last_seen=later)) == {}
    gone = desk.becomes(MAYA, PersonView("offline", later))
    assert gone["tab"][MAYA]["lastSeen"] == isoformat(later)


def test_second_watch_replaces_the_first_and_nobody_ends_it(desk, watching):
    desk.watch("tab", VERA, MAYA)
    assert desk.watch("tab", VERA, OMAR)["tab"].keys() == {OMAR}
    assert desk.becomes(MAYA, ONLINE) == {}
    assert desk.becomes(OMAR, ONLINE)["tab"].keys() == {OMAR}
    watching.watch("tab", VERA, [])
    assert desk.becomes(OMAR, GONE) == {}
    assert forgotten(watching)


def forgotten(watching):
    kept = (watching._watches, watching._new, watching._sids, watching._seen, watching._stale)
    return not any((*kept, watching._viewers_of, watching._targets_of))


def test_socket_that_has_gone_leaves_nothing_behind(desk, watching):
    desk.watch("tab", VERA, MAYA, OMAR)
    desk.watch("other", VERA, OMAR)
    watching.watch("third", WIM, [LENA])
    watching.forget("tab")
    watching.forget("tab")
    assert desk.becomes(OMAR, ONLINE).keys() == {"other"}
    watching.forget("other")
    watching.forget("third")
    assert forgotten(watching)


def test_who_hides_is_told_of_once_and_of_what_they_do_then_nothing(desk, watching):
    desk.truth[MAYA] = ONLINE
    desk.watch("tab", VERA, MAYA)
    desk.sights[VERA, MAYA] = HIDDEN
    watching.privacy_changed(MAYA)
    assert desk.becomes(MAYA, ONLINE._replace(status="busy")) == {}, "not before it has been asked"
    desk.load()
    assert desk.told() == {"tab": {MAYA: user_json(MAYA, GONE, {})}}
    for view in (
        ONLINE._replace(typing=True, custom_status="x"),
        PersonView("offline", START + timedelta(1)),
    ):
        assert desk.becomes(MAYA, view) == {}
    watching.privacy_changed(MAYA)
    desk.load()
    assert desk.told() == {}, "another setting of somebody hidden costs no update either"


def test_who_is_removed_is_told_of_nobody_any_more(desk, watching):
    """But for one last word of those who would stay online on the page for ever."""
    desk.truth[LENA] = ONLINE
    desk.watch("tab", VERA, MAYA, OMAR, LENA)
    desk.sights = {pair: seen for pair, seen in desk.sights.items() if pair[0] != VERA}
    watching.relations_changed(VERA)
    assert desk.becomes(MAYA, ONLINE) == {}
    desk.load()
    assert desk.told(MAYA, OMAR, LENA) == {"tab": {LENA: user_json(LENA, PersonView("offline", None), {})}}
    assert desk.told(MAYA, OMAR, LENA) == {}
    assert desk.becomes(OMAR, ONLINE) == {}
    desk.sights[VERA, MAYA] = ALL
    watching.relations_changed(MAYA)
    desk.load()
    assert desk.told() == {"tab": {MAYA: user_json(MAYA, ONLINE, {})}}, "and again once they are back"


def test_right_that_goes_while_it_is_loaded_stays_gone(desk, watching):
    desk.watch("tab", VERA, MAYA)
    watching.privacy_changed(MAYA)
    pairs = watching.take_stale(10)
    found = {pair: desk.sights[pair] for pair in pairs}
    watching.privacy_changed(MAYA)  # hides, after the query has read the old settings
    desk.sights[VERA, MAYA] = HIDDEN
    watching.settle(pairs, found, [], {})
    assert desk.becomes(MAYA, ONLINE) == {}
    desk.load()
    assert desk.told() == {}
    assert watching.has_stale is False


def test_database_that_is_away_keeps_silent_what_is_stale_and_nothing_else(desk, watching):
    desk.watch("tab", VERA, MAYA, OMAR)
    watching.privacy_changed(MAYA)
    watching.give_back(watching.take_stale(10))
    assert desk.becomes(MAYA, ONLINE) == {}
    assert desk.becomes(OMAR, ONLINE)["tab"].keys() == {OMAR}
    assert watching.has_stale
    desk.load()
    assert desk.told()["tab"].keys() == {MAYA}


def test_looking_again_silences_nobody_and_finds_what_was_not_told(desk, watching):
    desk.watch("tab", VERA, MAYA, OMAR)
    watching.look_again()
    assert desk.becomes(MAYA, ONLINE)["tab"].keys() == {MAYA}
    desk.sights[VERA, MAYA] = HIDDEN
    desk.load()
    assert desk.told() == {"tab": {MAYA: user_json(MAYA, GONE, {})}}


def test_each_viewer_is_told_what_they_may_see_and_the_like_share_one_message(desk, watching):
    desk.sights[WIM, MAYA] = STATUS_ONLY
    for sid, viewer in (("a", VERA), ("b", VERA), ("c", WIM)):
        watching.watch(sid, viewer, [MAYA])
    desk.load()
    watching.news(())
    desk.truth[MAYA] = ONLINE
    news = {tuple(sorted(sids)): users for sids, users in watching.news([MAYA])}
    assert news[("a", "b")] == [user_json(MAYA, ONLINE, {})]
    assert news[("c",)] == [user_json(MAYA, PersonView("online", None), {})]


# Names of boards


def on_board(board=BOARD):
    return ONLINE._replace(page=f"/boards/{board}")


def test_board_is_named_to_those_on_it_and_to_nobody_else(desk):
    desk.truth[MAYA] = on_board()
    assert desk.watch("tab", VERA, MAYA)["tab"][MAYA]["currentPage"] == "Board: Launch"
    assert desk.watch("other", WIM, MAYA)["other"][MAYA]["currentPage"] == "A board"


def test_board_somebody_goes_to_is_named_when_its_name_has_been_asked(desk):
    desk.watch("tab", VERA, MAYA)
    assert desk.becomes(MAYA, on_board()) == {}
    desk.load()
    assert desk.told()["tab"][MAYA]["currentPage"] == "Board: Launch"


def test_name_is_asked_anew_when_it_may_have_changed_or_the_viewer_has_left(desk, watching):
    desk.truth[MAYA] = on_board()
    desk.watch("tab", VERA, MAYA)
    desk.names[VERA][BOARD] = "Relaunch"
    watching.board_changed(BOARD)
    desk.becomes(MAYA, on_board()._replace(status="busy"))
    desk.load()
    assert desk.told()["tab"][MAYA]["currentPage"] == "Board: Relaunch"
    desk.names.clear()
    watching.relations_changed(VERA)
    desk.load()
    assert desk.told()["tab"][MAYA]["currentPage"] == "A board"


def test_name_that_was_read_before_the_change_is_not_kept(desk, watching):
    desk.truth[MAYA] = on_board()
    watching.watch("tab", VERA, [MAYA])
    pairs = watching.take_stale(10)
    watching.board_changed(BOARD)
    watching.settle(pairs, dict.fromkeys(pairs, ALL), [BOARD], desk.names)
    assert desk.told() == {}
    desk.names[VERA][BOARD] = "Relaunch"
    desk.load()
    assert desk.told()["tab"][MAYA]["currentPage"] == "Board: Relaunch"


# Whatever happens in whatever order

VIEWERS, TARGETS = st.sampled_from([VERA, WIM]), st.sampled_from([MAYA, OMAR, LENA])
SIGHTS = st.sampled_from([ALL, STATUS_ONLY, HIDDEN, None])
VIEWS = st.builds(
    PersonView,
    st.sampled_from(["online", "busy", "offline"]),
    st.just(START),
    st.sampled_from([None, "/people"]),
    st.booleans(),
)
DECISIONS = st.tuples(VIEWERS, TARGETS, SIGHTS)


class AnyEvening(RuleBasedStateMachine):
    """A viewer's picture, put together from what they are told, is never more than they may see, and when
    everything is loaded it is all of that."""

    @initialize()
    def begin(self):
        self.desk = Desk()
        self.watching = self.desk.watching
        self.targets, self.pictures = {}, {}
        self.desk.truth = dict.fromkeys(self.desk.truth, ONLINE)
        for sid, viewer in (("a", VERA), ("b", WIM)):
            self.watch(sid, viewer, set(self.desk.truth))
        self.load(10, True, [])

    @rule(sid=st.sampled_from("abc"), viewer=VIEWERS, whom=st.sets(TARGETS, min_size=1))
    def watch(self, sid, viewer, whom):
        if sid in self.targets and self.targets[sid][0] != viewer:
            self.watching.forget(sid)
        self.watching.watch(sid, viewer, whom)
        self.targets[sid], self.pictures[sid] = (viewer, whom), {}
        self.hear()

    @rule(sid=st.sampled_from("abc"))
    def close(self, sid):
        self.watching.forget(sid)
        self.targets.pop(sid, None)

    @rule(who=TARGETS, view=VIEWS)
    def change(self, who, view):
        self.desk.truth[who] = view if view.status != "offline" else PersonView("offline", START)
        self.hear(who)

    @rule(decision=DECISIONS)
    def decide(self, decision):
        viewer, target, sighting = decision
        if sighting:
            self.desk.sights[viewer, target] = sighting
        else:
            self.desk.sights.pop((viewer, target), None)
        self.watching.privacy_changed(target)

    @rule(limit=st.sampled_from([1, 3, 10]), works=st.booleans(), meanwhile=st.lists(DECISIONS, max_size=2))
    def load(self, limit, works, meanwhile):
        pairs = self.watching.take_stale(limit)
        found = {pair: self.desk.sights[pair] for pair in pairs if pair in self.desk.sights}
        for decision in meanwhile:
            self.decide(decision)
        self.hear(MAYA, OMAR, LENA)
        self.watching.settle(pairs, found, [], {}) if works else self.watching.give_back(pairs)
        self.hear()

    def hear(self, *changed):
        for sid, users in self.desk.told(*changed).items():
            viewer, targets = self.targets[sid]
            for target, shown in users.items():
                assert target in targets
                over = user_json(target, PersonView("offline", None), {})
                assert shown == (self.right(viewer, target) or over), "more, or other, than may be seen"
                self.pictures[sid][target] = shown

    def right(self, viewer, target):
        sighting = self.desk.sights.get((viewer, target))
        if sighting is None:
            return None
        return user_json(target, masked(self.desk.truth[target], sighting.sight, sighting.last_seen), {})

    @invariant()
    def all_is_told_once_all_is_loaded(self):
        if not self.watching.has_stale:
            for sid, (viewer, targets) in self.targets.items():
                right = {t: shown for t in targets if (shown := self.right(viewer, t))}
                assert {t: self.pictures[sid].get(t) for t in right} == right
                gone = [self.pictures[sid][t] for t in targets if t in self.pictures[sid] and t not in right]
                assert all(shown["status"] == "offline" for shown in gone)


TestAnyEvening = AnyEvening.TestCase
TestAnyEvening.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
