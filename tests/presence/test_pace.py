"""How fast a person may change what their pages tell: the excess is ignored, told so, and not lost."""

import time

import pytest

from .live import join, on, wait_to_see


@pytest.fixture
def team(live):
    return live.team()


def changes(board, times):
    return [on(board, active=number % 2 == 1, visible=True) for number in range(times)]


def is_ignored(answer):
    return answer.get("ignored", False)


def test_changes_beyond_the_burst_are_ignored_and_told_when_to_come_again(live, team):
    maya = live.enter(team.maya, team.board)
    answers = maya.emit_all("activity", changes(team.board, 24))
    assert [answer.get("status") for answer in answers[:3]] == ["idle", "online", "idle"]
    ignored = [answer for answer in answers if is_ignored(answer)]
    assert len(ignored) >= 5
    status = answers[-1]["status"]
    assert ignored[-1] == {"ok": True, "status": status, "ignored": True, "retryAfter": 1}
    same = [on(team.board, active=status == "online", visible=True)] * 10
    assert maya.emit_all("activity", same) == [{"ok": True, "status": status}] * 10, "is always taken"
    time.sleep(1.05)  # as it was told
    other = "idle" if status == "online" else "online"
    answer = maya.emit("activity", on(team.board, active=other == "online", visible=True))
    assert answer == {"ok": True, "status": other}


def test_limit_is_of_the_person_and_of_nobody_else(live, team):
    api = live.sign_in(team.maya)
    head, tabs = live.enter(team.head, team.board), (live.open_tab(api), live.open_tab(api))
    for tab in tabs:
        join(tab, team.board)
    tabs[0].emit_all("activity", changes(team.board, 24))
    assert any(is_ignored(answer) for answer in tabs[1].emit_all("activity", changes(team.board, 5)))
    assert not any(is_ignored(answer) for answer in head.emit_all("activity", changes(team.board, 5)))


def test_flood_ends_in_the_right_state_and_costs_nobody_the_connection(live, team):
    """As the page does it: what was ignored is told once more."""
    head = live.enter(team.head, team.board)
    maya = live.enter(team.maya, team.board)
    answers = maya.emit_all("activity", changes(team.board, 40))
    assert sum(map(is_ignored, answers)) >= 10
    time.sleep(1.05)
    answer = maya.emit("activity", on(team.board, active=False, visible=False))
    assert answer == {"ok": True, "status": "idle"}
    wait_to_see(head, team.maya, status="idle")
    assert maya.is_open


def test_watching_somebody_else_all_the_time_is_refused(live, team):
    socket = live.connect(team.head)
    users = [str(team.maya.id)], [str(team.head.id)]
    answers = socket.emit_all("watch_users", [{"userIds": users[number % 2]} for number in range(45)])
    refused = [answer["error"] for answer in answers if not answer["ok"]]
    assert answers[:20] == [{"ok": True}] * 20
    assert {error["code"] for error in refused} == {"too_many_requests"}
    assert refused[-1]["retryAfter"] == 1
