"""Chosen statuses at a real server: who hears of them, how soon, and how they end by themselves."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from app.clock import isoformat
from tests.support.patience import within

from .live import join, on, wait_for_statuses, wait_to_see

PATH = "/api/presence/settings"
NOTHING = {
    "status": "online",
    "statusUntil": None,
    "customStatus": None,
    "customEmoji": None,
    "customStatusUntil": None,
}


@pytest.fixture
def team(live):
    return live.team()


@pytest.fixture
def head(live, team):
    """Has the board open and the snapshot received."""
    socket = live.enter(team.head, team.board)
    socket.wait_for("presence_dashboard", lambda payload: payload["kind"] == "snapshot")
    return socket


@pytest.fixture
def maya(live, team):
    return live.sign_in(team.maya)


def choose(api, **said):
    answer = api.put(PATH, said)
    assert answer.status == 200, answer.text
    return answer.json


def soon(seconds):
    return isoformat(datetime.now(UTC) + timedelta(seconds=seconds))


def test_choice_reaches_ones_own_pages_and_the_heads_and_nobody_else(live, team, head, maya):
    board_tab, other_tab = live.open_tab(maya), live.open_tab(maya)
    join(board_tab, team.board)
    colleague = live.people.user("Colleague", team.organization)
    live.people.board(team.organization, [colleague], [team.maya])
    omar = live.people.user("Omar", team.organization)
    members = f"/api/boards/{team.board.id}/members"
    assert live.sign_in(team.head).post(members, {"email": omar.email, "role": "member"}).status == 201
    others = [live.enter(omar, team.board), live.connect(colleague)]
    marks, started = [other.mark() for other in others], time.monotonic()
    said = choose(maya, status="busy", customStatus="Deep work", customEmoji="!", statusUntil=soon(600))
    for tab in (board_tab, other_tab):
        assert tab.wait_for("settings_changed", timeout=within(2)) == said == maya.get(PATH).json
    seen = wait_to_see(head, team.maya, timeout=within(2), status="busy")
    assert time.monotonic() - started < within(2)
    assert (seen["customStatus"], seen["customEmoji"]) == ("Deep work", "!")
    assert seen["statusUntil"] == said["statusUntil"]
    assert head.events("settings_changed") == []
    for other in others:
        other.emit("activity", {})  # whatever was sent to it before has arrived
    assert [other.received[mark:] for other, mark in zip(others, marks, strict=True)] == [[], []]
    wait_for_statuses(live, team, ["online", "busy"])


def test_choice_ends_by_itself_everywhere_and_the_row_is_written(live, team, head, maya):
    tab = live.open_tab(maya)
    join(tab, team.board)
    said = choose(maya, status="busy", customStatus="Deep work", statusUntil=soon(1.2))
    wait_to_see(head, team.maya, status="busy")
    mark, own = head.mark(), tab.mark()
    seen = wait_to_see(head, team.maya, since=mark, timeout=within(2), status="online")
    assert (seen["statusUntil"], seen["customStatus"]) == (None, "Deep work")
    told = tab.wait_for("settings_changed", timeout=within(4), since=own)
    assert told == {**said, "status": "online", "statusUntil": None} == maya.get(PATH).json
    wait_for_statuses(live, team, ["online", "busy", "online"])
    stored = "select status, status_until from presence_settings where user_id = :user"
    assert live.backstage.run(stored, user=team.maya.id) == [(None, None)]


def test_words_end_by_themselves_and_leave_no_row(live, team, head, maya):
    join(live.open_tab(maya), team.board)
    choose(maya, customStatus="Lunch", customEmoji="!", customStatusUntil=soon(1.2))
    wait_to_see(head, team.maya, status="online", customStatus="Lunch", customEmoji="!")
    wait_to_see(head, team.maya, since=head.mark(), timeout=within(2), customStatus=None, customEmoji=None)
    wait_for_statuses(live, team, ["online"])


def test_choice_made_before_coming_is_shown_on_coming_and_gone_with_the_person(live, team, head, maya):
    said = choose(maya, status="away", customStatus="At the dentist")
    tab = live.open_tab(maya)
    assert join(tab, team.board)["status"] == "away"
    wait_to_see(head, team.maya, status="away", customStatus="At the dentist")
    answer = tab.emit("activity", on(team.board, active=False, visible=True))
    assert answer == {"ok": True, "status": "away"}
    tab.close()
    wait_to_see(head, team.maya, status="offline", customStatus=None)
    wait_for_statuses(live, team, ["away", "offline"])
    assert maya.get(PATH).json == said


def test_busy_stays_busy_however_long_nobody_touches_anything(hasty):
    team = hasty.team()
    maya = hasty.sign_in(team.maya)
    choose(maya, status="busy", statusUntil=soon(4))
    join(hasty.open_tab(maya), team.board)
    head = hasty.enter(team.head, team.board)
    time.sleep(2.5)
    snapshot = hasty.sign_in(team.head).get(f"/api/boards/{team.board.id}/presence").json
    assert {m["name"]: m["status"] for m in snapshot["members"]}["Maya"] == "busy"
    wait_to_see(head, team.maya, status="offline", connections=1)
    wait_for_statuses(hasty, team, ["busy", "offline"])
