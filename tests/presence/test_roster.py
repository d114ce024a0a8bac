"""Members come, go and change roles while people are on the board; servers end and start again."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.clock import isoformat
from app.errors import NotFound
from app.presence.core import Choice
from app.presence.service import RELEASE_AFTER
from app.presence.store import Roster

from .fakes import BOARD, HEAD, LIMITS, MAYA, OMAR, START, Desk, person

LENA = UUID(int=4)


@pytest.fixture
def desk():
    desk = Desk()
    desk.join(HEAD, "head")
    desk.join(MAYA, "tab")
    desk.wait(0.1)
    desk.publisher.take()
    return desk


# Members and roles


def test_new_member_appears_to_heads(desk):
    desk.rosters.boards[BOARD][LENA] = person(LENA)
    desk.presence.roster_changed(BOARD)
    desk.wait(0.1)
    assert desk.told_of(desk.deltas()) == [[str(LENA)]]
    assert desk.join(LENA, "lena").status == "online"


def test_renamed_member_is_told_to_heads(desk):
    desk.rosters.boards[BOARD][MAYA] = person(MAYA, name="Maya Lind")
    desk.presence.roster_changed(BOARD)
    desk.wait(0.1)
    (delta,) = desk.deltas()
    assert [m["name"] for m in delta["members"]] == ["Maya Lind"]


def test_change_of_members_tells_only_of_those_it_concerns(desk):
    """What PostgreSQL knows of the others' presence is older than what lives here."""
    board = desk.rosters.boards[BOARD]
    board[MAYA] = person(MAYA, status="online", last_seen=START)
    board[LENA] = person(LENA)
    desk.presence.roster_changed(BOARD)
    desk.wait(0.1)
    assert desk.told_of(desk.deltas()) == [[str(LENA)]]


def test_removed_member_is_told_as_removed_and_recorded_as_offline(desk):
    desk.remove(MAYA)
    desk.wait(0.1)
    (delta,) = desk.deltas()
    assert (delta["members"], delta["removed"]) == ([], [str(MAYA)])
    assert desk.recorder.statuses(MAYA) == ["online", "offline"]
    assert desk.presence.boards_of("tab") == frozenset()
    with pytest.raises(NotFound):
        desk.act("tab")
    with pytest.raises(NotFound):
        desk.join(MAYA, "tab")


def test_nothing_comes_of_the_connections_of_somebody_removed(desk):
    desk.remove(MAYA)
    desk.lose("tab")
    desk.wait(1000)
    assert desk.recorder.statuses(MAYA) == ["online", "offline"]


def test_member_removed_and_added_within_one_tick_is_there_and_offline(desk):
    desk.remove(MAYA)
    desk.rosters.boards[BOARD][MAYA] = person(MAYA)
    desk.presence.roster_changed(BOARD)
    desk.wait(0.1)
    (delta,) = desk.deltas()
    assert delta["removed"] == []
    assert [(m["userId"], m["status"]) for m in delta["members"]] == [(str(MAYA), "offline")]


def test_promoted_member_hears_of_presence_and_demoted_head_does_not(desk):
    assert desk.presence.is_head(BOARD, "head")
    desk.set_role(MAYA, "head")
    assert desk.presence.is_head(BOARD, "tab")
    desk.presence.send_snapshot(BOARD, "tab")
    assert [n.to for n in desk.publisher.take()] == ["tab"]
    desk.set_role(HEAD, "member")
    assert not desk.presence.is_head(BOARD, "head")
    desk.presence.send_snapshot(BOARD, "head")
    assert desk.publisher.take() == []


def test_changed_role_keeps_status_and_writes_no_row(desk):
    desk.set_role(MAYA, "head")
    assert (desk.seen(MAYA)["status"], desk.seen(MAYA)["role"]) == ("online", "head")
    assert desk.recorder.statuses(MAYA) == ["online"]


def test_deleted_board_is_gone_and_would_come_back_with_nobody_there(desk):
    members = desk.rosters.boards.pop(BOARD)
    desk.presence.roster_changed(BOARD)
    assert desk.recorder.statuses(MAYA) == ["online", "offline"]
    assert desk.presence.boards_of("tab") == frozenset()
    with pytest.raises(NotFound):
        desk.presence.snapshot(BOARD, HEAD)
    desk.lose("tab")
    desk.wait(20)
    assert desk.deltas() == []
    desk.rosters.boards[BOARD] = members
    assert desk.join(MAYA, "again").status == "online"
    assert desk.presence.boards_of("tab") == frozenset()


def test_change_while_the_database_is_away_is_made_up_for_at_the_next_look(desk):
    desk.rosters.is_away = True
    desk.remove(MAYA)
    desk.rosters.is_away = False
    with pytest.raises(NotFound):
        desk.join(MAYA, "tab")


def test_roster_read_before_a_removal_is_not_believed_after_it():
    """The board is being loaded while somebody is removed: what was read is out of date when it arrives."""
    desk = Desk()
    desk.rosters.while_loading.append(lambda: desk.remove(MAYA))
    with pytest.raises(NotFound):
        desk.join(MAYA, "tab")
    assert desk.rosters.loads == 2


def test_of_two_changes_at_once_the_later_stands(desk):
    """The second removal is announced while the roster with only the first is on its way."""
    desk.rosters.while_loading.append(lambda: desk.set_role(HEAD, "member"))
    desk.set_role(MAYA, "head")
    assert not desk.presence.is_head(BOARD, "head")
    assert desk.presence.is_head(BOARD, "tab")


def test_number_of_changes_is_the_highest_known_however_it_was_learnt():
    desk = Desk()
    desk.rosters.seqs[BOARD] = 7
    desk.presence.snapshot(BOARD, HEAD)
    assert desk.presence.board_seq(BOARD) == 7
    desk.presence.board_changed(BOARD, 9)
    desk.presence.board_changed(BOARD, 8)
    desk.presence.roster_changed(BOARD)
    assert desk.presence.board_seq(BOARD) == 9


# Restarts


def restarted(status, seconds_ago, lost=0.0, first_lost=None):
    """A server starts; Maya's row is `seconds_ago` old and the last life sign of the one before `lost`."""
    desk = Desk()
    seen, *signs = (START - timedelta(seconds=s) for s in (seconds_ago, first_lost or lost, lost))
    roster = Roster(3, [person(HEAD, "head"), person(MAYA, status=status, last_seen=seen)])
    assert desk.presence.restore({BOARD: roster}, tuple(signs)) == signs[1] + LIMITS.disconnect_grace
    return desk


def test_after_a_restart_who_comes_back_in_time_was_never_away():
    desk = restarted("online", 5000, lost=3)
    assert desk.seen(MAYA)["status"] == "online"
    assert desk.seen(MAYA)["reconnecting"]
    desk.wait(6)
    desk.join(MAYA, "tab")
    desk.wait(60)
    assert desk.recorder.rows == []
    assert desk.presence.board_seq(BOARD) == 3


def test_after_a_restart_who_does_not_come_back_is_recorded_with_the_last_life_sign():
    desk = restarted("online", 5000, lost=3)
    desk.wait(6.9)
    assert desk.recorder.rows == []
    desk.wait(0.1)
    assert [(r.user_id, r.status, r.last_seen) for r in desk.recorder.rows] == [
        (MAYA, "offline", START - timedelta(seconds=3))
    ]


def test_after_crashes_in_a_row_nobody_lives_longer_than_the_first_of_them():
    desk = restarted("online", 5000, lost=3, first_lost=40)
    desk.wait(6.9)
    assert desk.seen(MAYA)["status"] == "online"
    desk.wait(0.1)
    assert [(r.status, r.last_seen) for r in desk.recorder.rows] == [
        ("offline", START - timedelta(seconds=40))
    ]


def test_after_a_long_stop_everybody_is_found_gone_at_once():
    desk = restarted("online", 5000, lost=60)
    assert [(r.status, r.last_seen) for r in desk.recorder.rows] == [
        ("offline", START - timedelta(seconds=60))
    ]


def test_after_a_restart_who_was_idle_keeps_the_last_input():
    desk = restarted("idle", 400, lost=1)
    desk.wait(10)
    assert [(r.status, r.last_seen) for r in desk.recorder.rows] == [
        ("offline", START - timedelta(seconds=400))
    ]


def test_after_a_restart_who_should_have_been_offline_before_is_recorded_so():
    """The row was still waiting when the server died."""
    desk = restarted("idle", 5000, lost=1)
    assert [(r.status, r.last_seen) for r in desk.recorder.rows] == [
        ("offline", START - timedelta(seconds=5000))
    ]


def test_without_any_life_sign_the_record_is_the_last_that_is_known():
    desk = Desk()
    seen = START - timedelta(hours=8)
    desk.presence.restore({BOARD: Roster(0, [person(MAYA, status="online", last_seen=seen)])}, None)
    assert [(r.status, r.last_seen) for r in desk.recorder.rows] == [("offline", seen)]


def test_board_loaded_later_invents_no_life_for_those_it_finds_present():
    """A row was given up, so PostgreSQL still says online; nobody was there all these hours."""
    desk = Desk()
    seen = START - timedelta(hours=8)
    desk.rosters.boards[BOARD][MAYA] = person(MAYA, status="online", last_seen=seen)
    assert (desk.seen(MAYA)["status"], desk.seen(MAYA)["lastSeen"]) == ("offline", isoformat(seen))
    assert desk.recorder.statuses(MAYA) == ["offline"]


def test_restored_boards_are_forgotten_when_nobody_comes_back():
    desk = restarted("online", 5, lost=1)
    desk.wait(RELEASE_AFTER.total_seconds())
    assert desk.rosters.loads == 0
    desk.presence.membership(BOARD, OMAR)
    assert desk.rosters.loads == 1


def chosen_before_the_restart(recorded, **choice):
    """A server starts 3 s after the last life sign; Maya's last row is an hour old."""
    desk = Desk()
    seen = START - timedelta(hours=1)
    maya = person(MAYA, status=recorded, last_seen=seen, choice=Choice(**choice))
    sign = START - timedelta(seconds=3)
    desk.presence.restore({BOARD: Roster(0, [person(HEAD, "head"), maya])}, (sign, sign))
    return desk


def test_after_a_restart_who_was_busy_or_away_still_is_and_no_row_tells_of_it():
    for chosen in ("busy", "away"):
        desk = chosen_before_the_restart(chosen, status=chosen, custom_status="Deep work")
        seen = desk.seen(MAYA)
        assert (seen["status"], seen["customStatus"], seen["reconnecting"]) == (chosen, "Deep work", True)
        desk.wait(6)
        assert desk.join(MAYA, "tab", active=False).status == chosen
        desk.wait(3600)
        assert desk.recorder.rows == []


def test_after_a_restart_who_was_busy_and_does_not_come_back_is_offline():
    desk = chosen_before_the_restart("busy", status="busy", custom_status="Deep work")
    desk.wait(7)
    assert [(r.status, r.last_seen) for r in desk.recorder.rows] == [
        ("offline", START - timedelta(seconds=3))
    ]
    assert (desk.seen(MAYA)["status"], desk.seen(MAYA)["customStatus"]) == ("offline", None)


def test_choice_that_expired_while_no_server_ran_is_over_and_the_row_says_so():
    until = START - timedelta(seconds=1)
    desk = chosen_before_the_restart("busy", status="busy", status_until=until)
    assert desk.recorder.statuses(MAYA) == ["online"]
    desk.wait(7)
    assert desk.recorder.statuses(MAYA) == ["online", "offline"]
    away = chosen_before_the_restart("away", status="away", status_until=until)
    assert away.recorder.statuses(MAYA) == ["offline"]
