"""Hiding and showing, in the sequencer: each head is told what they may see; the record looks the same."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.clock import isoformat

from .fakes import BOARD, HEAD, MAYA, OMAR, START, Desk, people, person

ACME, BIRCH = UUID(int=0xA), UUID(int=0xB)
GUEST_HEAD = UUID(int=4)


@pytest.fixture
def desk():
    """Maya and Omar with a head of their own organization and one from elsewhere."""
    desk = Desk(
        boards={
            BOARD: people(
                person(HEAD, "head", organizations=frozenset({ACME})),
                person(MAYA, organizations=frozenset({ACME})),
                person(OMAR, organizations=frozenset({ACME})),
                person(GUEST_HEAD, "head", organizations=frozenset({BIRCH}), is_guest=True),
            )
        }
    )
    desk.join(HEAD, "head")
    desk.join(GUEST_HEAD, "guest")
    desk.wait(0.1)
    desk.publisher.take()
    return desk


def at(seconds):
    return isoformat(START + timedelta(seconds=seconds))


def told(desk, viewer=HEAD):
    """What the pages of this head were told since somebody last asked."""
    news = desk.publisher.take()
    return [n.payload for n in news if n.event == "presence_dashboard" and n.skip == viewer]


def rows(desk, user_id=MAYA):
    return [
        (r.status, r.trace.visible, r.trace.team_only) for r in desk.recorder.rows if r.user_id == user_id
    ]


def typing_heard(desk):
    return [(n.to, n.event) for n in desk.publisher.take() if n.event in ("typing", "stop_typing")]


def left(desk, seconds, viewer=HEAD):
    """Whether Maya looks exactly like somebody who left at that moment."""
    other = Desk(boards=dict(desk.rosters.boards))
    other.rosters.boards[BOARD] = people(*(
        person(p.user_id, p.role, organizations=p.organizations, is_guest=p.is_guest)
        for p in desk.rosters.boards[BOARD].values()
    ))  # fmt: skip
    other.join(MAYA, "tab", device="mobile", page="/boards")
    other.wait(seconds)
    other.presence.evicted(["tab"])
    return desk.seen(MAYA, viewer=viewer) == other.seen(MAYA, viewer=viewer)


@pytest.mark.parametrize("hidden", [{"appear_offline": True}, {"visibility": "nobody"}])
def test_whoever_hides_looks_like_one_who_has_just_left(desk, hidden):
    desk.join(MAYA, "tab", device="mobile", page="/boards")
    desk.wait(10)
    desk.publisher.take()
    desk.show(MAYA, **hidden)
    desk.wait(0.1)
    (delta,) = told(desk)
    (seen,) = delta["members"]
    assert seen == desk.seen(MAYA)
    assert (seen["status"], seen["lastSeen"], seen["connections"]) == ("offline", at(10.1), 0)
    assert left(desk, 10.1)
    assert rows(desk) == [("online", True, False), ("offline", True, False), ("online", False, False)]


def test_nothing_of_what_hidden_people_do_leaves_the_server(desk):
    desk.show(MAYA, appear_offline=True)
    desk.join(MAYA, "tab")
    for _ in range(3):
        desk.presence.type_(BOARD, "tab", "task")
        desk.act("tab", active=False)
        desk.wait(60)
        desk.act("tab")
    desk.presence.leave(BOARD, "tab")
    desk.wait(2)
    assert desk.publisher.take() == []
    assert desk.seen(MAYA)["lastSeen"] is None
    assert {visible for _, visible, _ in rows(desk)} == {False}
    assert desk.presence.snapshot(BOARD, MAYA)["members"][1]["lastSeen"], "they see themselves"


def test_coming_out_is_coming(desk):
    desk.show(MAYA, visibility="nobody")
    desk.join(MAYA, "tab")
    desk.wait(60)
    desk.publisher.take()
    desk.show(MAYA)
    desk.wait(0.1)
    (delta,) = told(desk)
    assert [(m["userId"], m["status"]) for m in delta["members"]] == [(str(MAYA), "online")]
    assert rows(desk) == [("online", False, False), ("online", True, False)]


def test_last_seen_stays_where_it_was_through_hidden_visits(desk):
    desk.join(MAYA, "tab")
    desk.wait(10)
    desk.presence.evicted(["tab"])
    desk.show(MAYA, appear_offline=True)
    desk.wait(50)
    desk.join(MAYA, "again")
    desk.act("again")
    desk.wait(50)
    desk.presence.evicted(["again"])
    desk.wait(1)
    assert desk.seen(MAYA)["lastSeen"] == at(10.1)
    desk.show(MAYA)
    assert desk.seen(MAYA)["lastSeen"] == at(110.1), "until they show it"


def test_last_seen_of_the_hidden_outlives_the_memory(desk):
    desk.rosters.boards[BOARD][MAYA] = person(
        MAYA, organizations=frozenset({ACME}), status="online", last_seen=START + timedelta(seconds=9),
        **hidden_since(3),
    )  # fmt: skip
    desk.restarted()
    assert desk.seen(MAYA)["lastSeen"] == at(3)


def hidden_since(seconds):
    from app.presence.privacy import Moments, Privacy

    moment = START + timedelta(seconds=seconds)
    return {"privacy": Privacy(appear_offline=True), "moments": Moments(team=moment, contacts=moment)}


def test_heads_of_the_own_organization_may_see_more_than_heads_from_elsewhere(desk):
    desk.join(MAYA, "tab")
    desk.wait(5)
    desk.publisher.take()
    desk.show(MAYA, visibility="team")
    desk.wait(0.1)
    news = desk.publisher.take()
    assert [(n.skip, n.payload["members"][0]["status"]) for n in news] == [(GUEST_HEAD, "offline")]
    assert left(desk, 5.1, GUEST_HEAD)
    assert desk.seen(MAYA)["status"] == "online"
    assert rows(desk) == [("online", True, False), ("offline", True, False), ("online", True, True)]
    desk.act("tab", active=False)
    desk.wait(0.1)
    assert [n.skip for n in desk.publisher.take()] == [HEAD]


def test_numbers_of_messages_tell_nothing_of_what_others_are_shown(desk):
    desk.show(MAYA, visibility="team")
    for _ in range(5):
        desk.join(MAYA, "tab")
        desk.wait(1)
        desk.presence.evicted(["tab"])
        desk.wait(1)
    desk.publisher.take()
    desk.join(OMAR, "omar")
    desk.wait(0.1)
    (delta,) = told(desk, GUEST_HEAD)
    assert delta["seq"] == 1


def test_typing_of_the_hidden_is_told_to_nobody_and_ends_when_they_hide(desk):
    desk.join(MAYA, "tab")
    desk.join(OMAR, "omar")
    desk.wait(1)
    desk.publisher.take()
    desk.presence.type_(BOARD, "tab", "task")
    assert typing_heard(desk) == [("board", "typing")]
    desk.show(MAYA, appear_offline=True)
    assert sorted(typing_heard(desk)) == [
        ("guest", "stop_typing"),
        ("head", "stop_typing"),
        ("omar", "stop_typing"),
    ]
    desk.presence.type_(BOARD, "tab", "task")
    desk.wait(6)
    assert typing_heard(desk) == []
    assert desk.join(OMAR, "other").typing == []


def test_typing_shown_to_the_team_is_told_to_the_team(desk):
    desk.show(MAYA, visibility="team")
    desk.join(MAYA, "tab")
    desk.join(MAYA, "other tab")
    desk.join(OMAR, "omar")
    desk.publisher.take()
    desk.presence.type_(BOARD, "tab", "task")
    assert sorted(typing_heard(desk)) == [("head", "typing"), ("omar", "typing"), ("other tab", "typing")]


def test_without_activity_there_is_a_status_and_no_more(desk):
    desk.show(MAYA, show_activity=False)
    desk.join(MAYA, "tab", device="mobile")
    desk.presence.type_(BOARD, "tab", "task")
    assert typing_heard(desk) == []
    seen = desk.seen(MAYA)
    assert seen["status"] == "online"
    hidden = ("typing", "taskId", "lastSeen", "device", "connections")
    assert [seen[name] for name in hidden] == [False, None, None, None, 0]
    assert not desk.recorder.rows[-1].trace.shows_activity
    desk.presence.evicted(["tab"])
    assert desk.seen(MAYA)["lastSeen"] is None


def test_page_is_shown_by_name_to_whom_it_is_shown(desk):
    desk.join(MAYA, "tab", page=f"/boards/{BOARD}")
    assert desk.seen(MAYA)["currentPage"] is None
    assert desk.seen(MAYA, viewer=MAYA)["currentPage"] == "Board: Launch"
    desk.wait(0.1)
    desk.publisher.take()
    desk.show(MAYA, show_current_page=True)
    desk.wait(0.1)
    desk.presence.board_named(BOARD, "Lift-off")
    desk.wait(0.1)
    pages = [m["currentPage"] for delta in told(desk) for m in delta["members"] if m["userId"] == str(MAYA)]
    assert pages == ["Board: Launch", "Board: Lift-off"]
    desk.show(MAYA, show_current_page=True, appear_offline=True)
    assert desk.seen(MAYA)["currentPage"] is None


def test_policy_lets_heads_see_the_hidden_and_ends_like_a_departure(desk):
    desk.show(MAYA, appear_offline=True, show_activity=False)
    desk.join(MAYA, "tab", device="mobile")
    desk.wait(1)
    desk.publisher.take()
    set_policy(desk, True)
    desk.wait(0.1)
    for viewer in (HEAD, GUEST_HEAD):
        seen = desk.seen(MAYA, viewer=viewer)
        assert (seen["status"], seen["device"], seen["lastSeen"]) == ("online", "mobile", at(0.1))
    assert rows(desk) == [("online", False, False), ("online", True, False)]
    desk.wait(5)
    set_policy(desk, False)
    desk.wait(0.1)
    assert [m["status"] for delta in told(desk) for m in delta["members"]] == ["online", "offline"]
    assert rows(desk)[2:] == [("offline", True, False), ("online", False, False)]
    desk.presence.type_(BOARD, "tab", None)
    assert typing_heard(desk) == []


def set_policy(desk, is_on):
    desk.rosters.heads_always_see = is_on
    desk.presence.policy_changed(desk.presence.board(BOARD).organization_id)


def test_members_are_not_heads_whatever_the_policy(desk):
    set_policy(desk, True)
    desk.show(MAYA, appear_offline=True)
    desk.join(MAYA, "tab")
    desk.join(OMAR, "omar")
    desk.publisher.take()
    desk.presence.type_(BOARD, "tab", None)
    assert sorted(typing_heard(desk)) == [("guest", "typing"), ("head", "typing")]


def test_other_changes_of_the_board_leave_typing_alone(desk):
    desk.join(MAYA, "tab")
    desk.presence.type_(BOARD, "tab", None)
    desk.publisher.take()
    desk.set_role(OMAR, "head")
    assert typing_heard(desk) == []
