"""The sequencer with a clock that stands still: who is told what, what is recorded, who may come in."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.clock import isoformat
from app.errors import NotFound, Unavailable
from app.presence.service import RELEASE_AFTER

from .fakes import BOARD, HEAD, MAYA, OMAR, OTHER_BOARD, START, Desk, person


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def watched(desk):
    """A head has the board open and has been told so."""
    desk.join(HEAD, "head")
    desk.wait(0.1)
    desk.publisher.take()
    return desk


def at(seconds):
    return START + timedelta(seconds=seconds)


# Coming in


def test_unknown_board_and_board_of_others_are_refused_alike(desk):
    refusals = []
    for board_id, user_id in ((OTHER_BOARD, MAYA), (BOARD, UUID(int=99))):
        with pytest.raises(NotFound) as refused:
            desk.join(user_id, "tab", board_id)
        refusals.append(refused.value.to_problem())
    assert refusals[0] == refusals[1]


def test_nothing_can_be_done_on_a_board_one_has_not_joined(desk):
    desk.join(HEAD, "head")
    for board_id in (BOARD, OTHER_BOARD):
        for attempt in (
            lambda board: desk.presence.act(board, "tab", active=True, visible=True, page=None),
            lambda board: desk.presence.type_(board, "tab", None),
            lambda board: desk.presence.stop_typing(board, "tab"),
            lambda board: desk.presence.leave(board, "tab"),
        ):
            with pytest.raises(NotFound):
                attempt(board_id)


def test_without_database_nobody_new_comes_in_but_known_boards_live_on(desk):
    desk.join(HEAD, "head")
    desk.rosters.is_away = True
    assert desk.join(MAYA, "tab").status == "online"
    with pytest.raises(Unavailable):
        desk.join(MAYA, "tab", OTHER_BOARD)


def test_join_answers_who_is_typing_on_the_board(desk):
    desk.join(MAYA, "tab")
    desk.presence.type_(BOARD, "tab", "task")
    told = {"boardId": str(BOARD), "userId": str(MAYA), "name": "Person 2", "taskId": "task"}
    assert desk.join(OMAR, "other").typing == [told]


def test_joining_again_is_no_sign_of_life(desk):
    """A page asks again after a gap in the numbers; nobody touched it."""
    desk.join(MAYA, "tab", device="mobile")
    desk.wait(301)
    assert desk.join(MAYA, "tab").status == "idle"
    assert desk.seen(MAYA)["device"] == "mobile"


def test_joining_again_after_leaving_is_one(desk):
    desk.join(MAYA, "tab")
    desk.act("tab", active=False)
    desk.presence.leave(BOARD, "tab")
    desk.wait(1)
    assert desk.join(MAYA, "tab").status == "online"


# What heads are told


def test_head_gets_everybody_at_once_and_then_what_changes(desk):
    desk.join(HEAD, "head")
    (snapshot,) = desk.publisher.take()
    assert (snapshot.to, snapshot.event) == ("head", "presence_dashboard")
    assert snapshot.payload["kind"] == "snapshot"
    assert {m["userId"] for m in snapshot.payload["members"]} == {str(u) for u in (HEAD, MAYA, OMAR)}
    desk.wait(0.1)
    desk.publisher.take()
    desk.join(MAYA, "tab")
    assert desk.deltas() == []
    desk.wait(0.1)
    (delta,) = desk.deltas()
    assert delta["seq"] == snapshot.payload["seq"] + 1
    assert desk.told_of([delta]) == [[str(MAYA)]]


def test_a_member_is_told_with_all_fields_of_the_contract(watched):
    watched.join(MAYA, "tab", device="mobile", page="/secret")
    watched.presence.type_(BOARD, "tab", "task")
    watched.wait(0.1)
    (delta,) = watched.deltas()
    assert delta == {
        "boardId": str(BOARD),
        "kind": "delta",
        "seq": delta["seq"],
        "serverTime": isoformat(watched.clock.now()),
        "removed": [],
        "members": [
            {
                "userId": str(MAYA), "name": "Person 2", "avatarUrl": None, "role": "member",
                "isGuest": False, "status": "online", "typing": True, "taskId": "task",
                "reconnecting": False, "lastSeen": isoformat(at(0.1)), "device": "mobile",
                "currentPage": None, "statusUntil": None, "customStatus": None, "customEmoji": None,
                "connections": 1,
            }
        ],
    }  # fmt: skip


def test_changes_of_one_tick_are_one_delta(watched):
    for sid in ("a", "b"):
        watched.join(MAYA, sid)
    watched.join(OMAR, "c")
    watched.act("a", active=False)
    watched.presence.type_(BOARD, "b", None)
    watched.wait(0.1)
    (delta,) = watched.deltas()
    assert sorted(watched.told_of([delta])[0]) == sorted([str(MAYA), str(OMAR)])


def test_nothing_new_is_nothing_told(watched):
    watched.join(MAYA, "tab")
    watched.wait(0.1)
    watched.deltas()
    for _ in range(5):
        watched.act("tab")
        watched.wait(20)
    assert watched.deltas() == []


def test_members_are_told_nothing_of_presence(desk):
    desk.join(MAYA, "tab")
    desk.join(OMAR, "other")
    desk.act("tab", active=False)
    desk.wait(1)
    desk.lose("other")
    desk.wait(20)
    assert desk.publisher.take() == []


def test_snapshot_is_sent_to_heads_only(watched):
    watched.join(MAYA, "tab")
    watched.publisher.take()
    watched.presence.send_snapshot(BOARD, "tab")
    watched.presence.send_snapshot(BOARD, "unknown")
    watched.presence.send_snapshot(OTHER_BOARD, "head")
    assert watched.publisher.take() == []


def test_boards_number_their_deltas_apart():
    roster = {u: person(u, "head" if u == HEAD else "member") for u in (HEAD, MAYA)}
    desk = Desk(boards={BOARD: dict(roster), OTHER_BOARD: dict(roster)})
    for board_id in (BOARD, OTHER_BOARD):
        desk.join(HEAD, f"head of {board_id}", board_id)
    desk.wait(0.1)
    for _ in range(3):
        desk.join(MAYA, "tab", OTHER_BOARD)
        desk.wait(0.1)
        desk.presence.evicted(["tab"])
        desk.wait(0.1)
    told = desk.deltas()
    assert [d["seq"] for d in told if d["boardId"] == str(BOARD)] == []
    assert [d["seq"] for d in told if d["boardId"] == str(OTHER_BOARD)] == [1, 2, 3, 4, 5, 6]


def test_leaving_is_shown_at_once_and_believed_after_the_grace(watched):
    watched.join(MAYA, "tab")
    watched.wait(0.1)
    watched.deltas()
    watched.lose("tab")
    watched.wait(0.1)
    watched.wait(9.8)
    watched.wait(0.1)
    told = [(m["status"], m["reconnecting"], m["lastSeen"]) for d in watched.deltas() for m in d["members"]]
    assert told[0][:2] == ("online", True)
    assert told[1:] == [("offline", False, isoformat(at(0.2)))]


# Typing


def test_typing_is_told_to_the_others_on_the_board(watched):
    watched.join(MAYA, "tab")
    watched.presence.type_(BOARD, "tab", "task")
    (news,) = watched.publisher.take()
    assert (news.to, news.event, news.skip) == ("board", "typing", "tab")
    assert news.payload == {
        "boardId": str(BOARD),
        "userId": str(MAYA),
        "name": "Person 2",
        "taskId": "task",
    }


@pytest.mark.parametrize(
    "end",
    [
        lambda desk: desk.presence.stop_typing(BOARD, "tab"),
        lambda desk: desk.wait(5),
        lambda desk: desk.presence.leave(BOARD, "tab"),
        lambda desk: desk.lose("tab"),
        lambda desk: desk.act("tab", active=False),
        lambda desk: desk.presence.evicted(["tab"]),
        lambda desk: desk.remove(MAYA),
    ],
    ids=["said", "expired", "left", "lost", "idle", "signed out", "removed"],
)
def test_end_of_typing_is_told_to_the_others_once(watched, end):
    watched.join(MAYA, "tab")
    watched.presence.type_(BOARD, "tab", "task")
    watched.publisher.take()
    end(watched)
    watched.wait(6)
    ends = [n for n in watched.publisher.take() if n.event == "stop_typing"]
    assert [(n.to, n.payload["userId"], n.payload["taskId"], n.skip) for n in ends] == [
        ("board", str(MAYA), "task", "tab")
    ]


def test_typing_is_not_recorded(desk):
    desk.join(MAYA, "tab")
    for _ in range(10):
        desk.presence.type_(BOARD, "tab", "task")
        desk.wait(1)
    desk.presence.stop_typing(BOARD, "tab")
    assert desk.recorder.statuses(MAYA) == ["online"]


# What is recorded


def test_every_change_of_status_is_one_row(desk):
    desk.join(MAYA, "tab", device="tablet", page="/boards")
    desk.wait(300)
    desk.wait(600)
    assert [(r.status, r.last_seen, r.updated_at) for r in desk.recorder.rows] == [
        ("online", at(0), at(0)),
        ("idle", at(0), at(300)),
        ("offline", at(0), at(900)),
    ]
    assert {(r.device, r.page) for r in desk.recorder.rows} == {("tablet", "/boards")}
    assert len({r.id for r in desk.recorder.rows}) == 3


def test_no_row_without_change_of_status(desk):
    desk.join(MAYA, "tab")
    desk.join(MAYA, "second")
    desk.presence.leave(BOARD, "second")
    for _ in range(20):
        desk.act("tab")
        desk.wait(100)
    assert desk.recorder.statuses(MAYA) == ["online"]


def test_reload_within_the_grace_writes_nothing(desk):
    desk.join(MAYA, "tab 0")
    for number in range(20):
        desk.presence.disconnected(f"tab {number}", clean=True, lost_at=desk.clock.now())
        desk.wait(1)
        desk.join(MAYA, f"tab {number + 1}")
        desk.wait(1)
    assert desk.recorder.statuses(MAYA) == ["online"]


def test_row_of_a_loss_found_late_has_the_moment_of_the_loss(desk):
    desk.join(MAYA, "tab")
    desk.wait(100)
    desk.lose("tab", ago=18)
    assert desk.recorder.statuses(MAYA) == ["online", "offline"]
    assert desk.recorder.rows[-1].last_seen == at(82)


def test_answer_waits_for_the_newest_row_of_the_person(desk):
    desk.recorder.is_away = True
    first = desk.join(MAYA, "tab")
    second = desk.join(MAYA, "second")  # changes nothing, but what it says is not written yet
    assert not first.receipt.wait(0)
    assert not second.receipt.wait(0)
    desk.recorder.commit()
    assert second.receipt.wait(0)


# Connections that end


def test_signed_out_is_offline_at_once_on_every_board():
    roster = {MAYA: person(MAYA)}
    desk = Desk(boards={BOARD: dict(roster), OTHER_BOARD: dict(roster)})
    for board_id in (BOARD, OTHER_BOARD):
        desk.join(MAYA, "tab", board_id)
    assert desk.presence.boards_of("tab") == {BOARD, OTHER_BOARD}
    desk.presence.evicted(["tab", "unknown"])
    assert desk.presence.boards_of("tab") == frozenset()
    for board_id in (BOARD, OTHER_BOARD):
        assert desk.recorder.statuses(MAYA, board_id) == ["online", "offline"]


def test_end_of_a_socket_after_it_was_signed_out_changes_nothing(desk):
    desk.join(MAYA, "tab")
    desk.presence.evicted(["tab"])
    desk.presence.disconnected("tab", clean=True, lost_at=desk.clock.now())
    desk.wait(20)
    assert desk.recorder.statuses(MAYA) == ["online", "offline"]
    with pytest.raises(NotFound):
        desk.act("tab")


def test_boards_nobody_is_on_are_forgotten_once_all_is_written(desk):
    desk.join(MAYA, "tab")
    desk.presence.evicted(["tab"])
    desk.recorder.pending.append(object())
    desk.wait(RELEASE_AFTER.total_seconds())
    desk.presence.snapshot(BOARD, HEAD)
    assert desk.rosters.loads == 1
    desk.recorder.pending.clear()
    desk.wait(RELEASE_AFTER.total_seconds())
    desk.presence.snapshot(BOARD, HEAD)
    assert desk.rosters.loads == 2


def test_boards_with_somebody_on_them_or_on_the_way_back_are_kept(desk):
    desk.join(MAYA, "tab")
    desk.wait(RELEASE_AFTER.total_seconds() - 5)
    desk.lose("tab")
    desk.wait(5)
    assert desk.seen(MAYA)["reconnecting"]
    assert desk.rosters.loads == 1
