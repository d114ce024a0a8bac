"""Presence over real sockets, to the letter of the contract."""

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.support.patience import within

from .live import join, member_in, on, wait_for_statuses, wait_to_see

THRESHOLDS = {
    "idleSeconds": 300,
    "offlineAfterIdleSeconds": 900,
    "heartbeatSeconds": 120,
    "leaveGraceSeconds": 0.3,
    "disconnectGraceSeconds": 0.8,
    "typingSeconds": 1.5,
}
MEMBER = {
    "userId", "name", "avatarUrl", "role", "isGuest", "status", "typing", "taskId", "reconnecting",
    "lastSeen", "device", "currentPage", "statusUntil", "customStatus", "customEmoji", "connections",
}  # fmt: skip
TASK = "0198f0d2-0000-7000-8000-000000000001"
SOON = timedelta(seconds=10)


@pytest.fixture
def team(live):
    return live.team()


@pytest.fixture
def head(live, team):
    """Has the board open and the snapshot received."""
    socket = live.enter(team.head, team.board)
    socket.wait_for("presence_dashboard", lambda payload: payload["kind"] == "snapshot")
    return socket


def moment(text):
    assert text.endswith("Z")
    return datetime.fromisoformat(text)


# join_board


@pytest.mark.parametrize("rest", ["", "?q=salary", "#comment", "/../../admin", " Board: Launch"])
def test_page_is_kept_by_its_path_alone(live, team, rest):
    path = f"/boards/{team.board.id}"
    assert live.connect(team.maya).emit("join_board", on(team.board, page=path + rest))["persisted"]
    kept = live.backstage.run("select last_page from user_last_seen where user_id = :id", id=team.maya.id)
    assert kept == [(path if rest[:1] in ("", "?", "#") else None,)]


def test_member_joins(live, team):
    answer = live.connect(team.maya).emit("join_board", on(team.board))
    assert abs(moment(answer.pop("serverTime")) - datetime.now(UTC)) < SOON
    assert answer == {
        "ok": True,
        "role": "member",
        "status": "online",
        "persisted": True,
        "boardSeq": 0,
        "thresholds": THRESHOLDS,
        "typing": [],
    }


def test_acknowledged_as_persisted_is_written(live, team):
    assert join(live.connect(team.maya), team.board, device="tablet")["persisted"] is True
    ((status, last_seen, updated_at, device),) = live.backstage.history(team.board, team.maya)
    assert (status, device) == ("online", "tablet")
    assert last_seen == updated_at
    assert abs(updated_at - datetime.now(UTC)) < SOON


def test_head_gets_the_snapshot_right_after_the_answer(live, team):
    socket = live.enter(team.head, team.board)
    snapshot = socket.wait_for("presence_dashboard", lambda payload: payload["kind"] == "snapshot")
    packets = [text for _, text in socket.packets]
    acknowledged = next(n for n, text in enumerate(packets) if text.startswith("43/board,"))
    shown = next(n for n, text in enumerate(packets) if '"snapshot"' in text)
    assert acknowledged < shown
    assert snapshot.keys() == {"boardId", "kind", "seq", "serverTime", "members", "removed"}
    assert {m["userId"] for m in snapshot["members"]} == {str(team.head.id), str(team.maya.id)}
    assert all(member.keys() == MEMBER for member in snapshot["members"])
    assert (snapshot["boardId"], snapshot["removed"]) == (str(team.board.id), [])


def test_head_who_asks_again_gets_a_new_snapshot_that_fits_the_numbers(live, team, head):
    live.enter(team.maya, team.board)
    delta = head.wait_for("presence_dashboard", lambda payload: member_in(payload, team.maya), since=1)
    mark = head.mark()
    assert join(head, team.board)["role"] == "head"
    again = head.wait_for("presence_dashboard", lambda payload: payload["kind"] == "snapshot", since=mark)
    assert again["seq"] == delta["seq"]
    assert member_in(again, team.maya)["status"] == "online"


def test_member_gets_no_presence(live, team, head):
    maya = live.enter(team.maya, team.board)
    head.emit("activity", on(team.board, active=False, visible=True))
    head.emit("typing", on(team.board))
    wait_to_see(head, team.head, status="online", typing=True)
    maya.wait_for("typing")
    assert maya.events("presence_dashboard") == []


def test_unknown_foreign_and_forbidden_boards_are_refused_alike(live, team):
    others = live.team()
    colleague = live.people.user("Colleague", team.organization)
    owner = live.people.user("Owner", team.organization, "owner")
    attempts = [
        (team.maya, str(uuid4())),
        (team.maya, str(others.board.id)),
        (colleague, str(team.board.id)),
        (owner, str(team.board.id)),
        (others.head, str(team.board.id)),
    ]
    refusals = [live.connect(user).emit("join_board", {"boardId": board}) for user, board in attempts]
    assert refusals[0]["error"]["code"] == "not_found"
    assert all(refusal == refusals[0] for refusal in refusals)


def test_nothing_can_be_said_on_a_board_one_has_not_joined(live, team, head):
    maya = live.connect(team.maya)
    for event, more in (("activity", {"active": True, "visible": True}), ("typing", {}), ("leave_board", {})):
        real, unknown = (maya.emit(event, {"boardId": b, **more}) for b in (str(team.board.id), str(uuid4())))
        assert real == unknown
        assert (real["ok"], real["error"]["code"]) == (False, "not_found")
    assert head.events("typing") == []


def test_a_socket_may_be_on_so_many_boards_and_no_more(live, team):
    boards = [live.people.board(team.organization, [team.maya]) for _ in range(4)]
    maya = live.connect(team.maya)
    for board in boards[:3]:
        join(maya, board)
    refused = maya.emit("join_board", on(boards[3]))
    assert (refused["ok"], refused["error"]["code"]) == (False, "too_many_boards")
    join(maya, boards[0])
    assert maya.emit("leave_board", on(boards[0])) == {"ok": True}
    join(maya, boards[3])


BAD = [
    ("join_board", None),
    ("join_board", {}),
    ("join_board", []),
    ("join_board", "board"),
    ("join_board", {"boardId": None}),
    ("join_board", {"boardId": 7}),
    ("join_board", {"boardId": "not an id"}),
    ("join_board", {"boardId": ["x"]}),
    ("join_board", {"page": "p" * 201}),
    ("join_board", {"page": "a\x00b"}),
    ("join_board", {"device": "toaster"}),
    ("join_board", {"active": "perhaps"}),
    ("join_board", {"userId": str(uuid4())}),
    ("activity", {}),
    ("activity", {"active": None, "visible": True}),
    ("activity", {"active": True, "visible": {}}),
    ("activity", {"active": True, "page": 5}),
    ("activity", {"active": True, "role": "head"}),
    ("typing", {"taskId": "first"}),
    ("typing", {"taskId": {"$ne": None}}),
    ("stop_typing", {"taskId": 1}),
    ("open_task", {}),
    ("open_task", {"taskId": "first"}),
    ("leave_board", {"force": True}),
]


def test_bad_payloads_are_answered_and_harm_nobody(live, team, head):
    maya, omar = live.enter(team.maya, team.board), live.enter(team.head, team.board)
    for event, payload in BAD:
        if isinstance(payload, dict) and "boardId" not in payload and payload:
            payload = on(team.board, **payload)
        answer = maya.emit(event, payload)
        assert (answer["ok"], answer["error"]["code"]) == (False, "invalid_input"), (event, payload, answer)
        assert answer["error"]["errors"] or answer["error"]["detail"]
    assert maya.emit("dance", {})["error"]["code"] == "unknown_event"
    for socket in (maya, omar):
        assert socket.emit("activity", on(team.board, active=True, visible=True)) == {
            "ok": True,
            "status": "online",
        }
    assert live.backstage.statuses(team.board, team.maya) == ["online"]


# What heads see


def test_head_sees_a_member_come_become_idle_come_back_and_go(live, team, head):
    maya = live.enter(team.maya, team.board, device="mobile")
    seen = wait_to_see(head, team.maya, status="online")
    assert (seen["name"], seen["role"], seen["device"], seen["connections"]) == (
        "Maya",
        "member",
        "mobile",
        1,
    )
    assert maya.emit("activity", on(team.board, active=False, visible=False))["status"] == "idle"
    wait_to_see(head, team.maya, status="idle")
    mark = head.mark()
    assert maya.emit("activity", on(team.board, active=True, visible=True))["status"] == "online"
    wait_to_see(head, team.maya, since=mark, status="online")
    assert maya.emit("leave_board", on(team.board)) == {"ok": True}
    wait_to_see(head, team.maya, status="online", reconnecting=True)
    gone = wait_to_see(head, team.maya, since=mark, status="offline", reconnecting=False)
    assert abs(moment(gone["lastSeen"]) - datetime.now(UTC)) < SOON
    wait_for_statuses(live, team, ["online", "idle", "online", "offline"])


def test_deltas_are_numbered_without_gaps(live, team, head):
    maya = live.enter(team.maya, team.board)
    for active in (False, True) * 2:
        maya.emit("activity", on(team.board, active=active, visible=True))
        wait_to_see(head, team.maya, status="online" if active else "idle", since=len(head.received) - 1)
    told = head.events("presence_dashboard")
    numbers = [payload["seq"] for payload in told[[p["kind"] for p in told].index("snapshot") :]]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_second_tab_keeps_user_online(live, team, head):
    api = live.sign_in(team.maya)
    first, second = live.open_tab(api), live.open_tab(api)
    for tab in (first, second):
        join(tab, team.board)
    wait_to_see(head, team.maya, connections=2)
    mark = head.mark()
    first.close()
    seen = wait_to_see(head, team.maya, since=mark, connections=1)
    assert (seen["status"], seen["reconnecting"]) == ("online", False)
    second.close()
    wait_to_see(head, team.maya, since=mark, status="offline")
    wait_for_statuses(live, team, ["online", "offline"])


def test_device_is_guessed_when_the_page_does_not_say(live, team, head):
    live.enter(team.maya, team.board)
    assert wait_to_see(head, team.maya, status="online")["device"] == "desktop"


def test_idle_and_offline_come_by_themselves(hasty):
    team = hasty.team()
    head = hasty.enter(team.head, team.board)
    hasty.enter(team.maya, team.board)
    wait_to_see(head, team.maya, status="online")
    wait_to_see(head, team.maya, status="idle")
    wait_to_see(head, team.maya, status="offline", connections=1)
    wait_for_statuses(hasty, team, ["online", "idle", "offline"])
    joined, idle, offline = hasty.backstage.history(team.board, team.maya)
    assert idle[1] == offline[1] == joined[1], "last seen is the last input"
    assert 1 <= (idle[2] - joined[2]).total_seconds() < 1 + within(1)
    assert 2 <= (offline[2] - joined[2]).total_seconds() < 2 + within(1)


def test_heartbeats_keep_online(hasty):
    team = hasty.team()
    maya = hasty.enter(team.maya, team.board)
    for _ in range(6):
        time.sleep(0.3)  # the beat of a page
        assert maya.emit("activity", on(team.board, active=True, visible=True))["status"] == "online"
    assert hasty.backstage.statuses(team.board, team.maya) == ["online"]


def test_page_that_comes_back_by_itself_does_not_make_an_idle_person_online(live, team, head):
    maya = live.enter(team.maya, team.board)
    maya.emit("activity", on(team.board, active=False, visible=True))
    maya.vanish()
    wait_to_see(head, team.maya, status="idle", reconnecting=True)
    assert join(live.connect(team.maya), team.board, active=False)["status"] == "idle"
    wait_for_statuses(live, team, ["online", "idle"])


# Typing


def test_typing_is_told_to_the_others_and_expires(live, team, head):
    maya = live.enter(team.maya, team.board)
    assert maya.emit("typing", on(team.board, taskId=TASK)) == {"ok": True}
    told = {"boardId": str(team.board.id), "userId": str(team.maya.id), "name": "Maya", "taskId": TASK}
    assert head.wait_for("typing") == told
    wait_to_see(head, team.maya, typing=True, taskId=TASK)
    assert live.connect(team.head).emit("join_board", on(team.board))["typing"] == [told]
    assert head.wait_for("stop_typing") == told
    wait_to_see(head, team.maya, since=head.mark() - 1, typing=False, taskId=None)
    assert maya.events("typing") == maya.events("stop_typing") == []


def test_typing_ends_when_the_page_says_so(live, team, head):
    maya = live.enter(team.maya, team.board)
    maya.emit("typing", on(team.board))
    assert maya.emit("stop_typing", on(team.board)) == {"ok": True}
    assert head.wait_for("stop_typing", timeout=1.2)["taskId"] is None


def test_typing_of_somebody_who_vanishes_ends(live, team, head):
    maya = live.enter(team.maya, team.board)
    maya.emit("typing", on(team.board, taskId=TASK))
    maya.vanish()
    assert head.wait_for("stop_typing")["userId"] == str(team.maya.id)


def test_typing_makes_no_database_row(live, team, head):
    maya = live.enter(team.maya, team.board)
    for _ in range(20):
        maya.emit("typing", on(team.board, taskId=TASK))
    head.wait_for("stop_typing")
    assert live.backstage.statuses(team.board, team.maya) == ["online"]
