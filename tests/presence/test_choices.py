"""What people say of themselves, in the sequencer: who is told, what is recorded, what overtakes what."""

from datetime import timedelta

import pytest

from app.clock import isoformat
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


def test_choice_is_true_on_all_boards_of_the_person_at_once():
    roster = {u: person(u, "head" if u == HEAD else "member") for u in (HEAD, MAYA)}
    desk = Desk(boards={BOARD: dict(roster), OTHER_BOARD: dict(roster)})
    for board_id in (BOARD, OTHER_BOARD):
        desk.join(MAYA, "tab", board_id)
    desk.choose(MAYA, status="busy", custom_status="Deep work")
    for board_id in (BOARD, OTHER_BOARD):
        seen = desk.seen(MAYA, board_id)
        assert (seen["status"], seen["customStatus"]) == ("busy", "Deep work")
        assert desk.recorder.statuses(MAYA, board_id) == ["online", "busy"]


def test_heads_are_told_of_a_choice_with_the_next_tick(watched):
    watched.join(MAYA, "tab")
    watched.wait(0.1)
    watched.deltas()
    watched.choose(MAYA, status="away", status_until=at(60), custom_emoji="\N{TOOTH}")
    watched.wait(0.1)
    (delta,) = watched.deltas()
    (told,) = delta["members"]
    assert [told[key] for key in ("status", "statusUntil", "customStatus", "customEmoji")] == [
        "away",
        isoformat(at(60)),
        None,
        "\N{TOOTH}",
    ]


def test_choice_of_somebody_offline_is_told_to_nobody_and_written_nowhere(watched):
    watched.choose(MAYA, status="busy", status_until=at(60), custom_status="Deep work")
    watched.wait(0.1)
    watched.wait(60)
    assert watched.deltas() == []
    assert watched.recorder.statuses(MAYA) == []


def test_choice_made_while_offline_holds_when_the_person_comes(desk):
    desk.join(HEAD, "head")
    desk.choose(MAYA, status="busy", status_until=at(60))
    assert desk.join(MAYA, "tab").status == "busy"
    assert desk.recorder.statuses(MAYA) == ["busy"]


def test_each_visible_change_of_status_is_one_row_and_words_are_none(watched):
    watched.join(MAYA, "tab")
    watched.wait(10)
    watched.choose(MAYA, status="away", status_until=at(100))
    watched.wait(10)
    watched.choose(MAYA, status="busy", status_until=at(100))
    watched.choose(MAYA, status="busy", status_until=at(200), custom_status="Deep work")
    watched.wait(180)
    watched.wait(150)
    rows = [row for row in watched.recorder.rows if row.user_id == MAYA]
    assert [(r.status, r.updated_at, r.last_seen) for r in rows] == [
        ("online", at(0.1), at(0.1)),
        ("away", at(10.1), at(0.1)),
        ("busy", at(20.1), at(0.1)),
        ("online", at(200.1), at(0.1)),
        ("idle", at(350.1), at(0.1)),
    ]


def test_input_and_idleness_under_a_choice_are_not_told(watched):
    watched.join(MAYA, "tab")
    watched.choose(MAYA, status="busy")
    watched.wait(0.1)
    watched.deltas()
    assert watched.act("tab", active=False) == "busy"
    watched.wait(1000)
    assert watched.act("tab") == "busy"
    watched.wait(0.1)
    assert [d for d in watched.deltas() if d["members"][0]["userId"] == str(MAYA)] == []
    assert watched.recorder.statuses(MAYA) == ["online", "busy"]


def test_typing_while_busy_is_told_and_changes_no_status(watched):
    watched.join(MAYA, "tab")
    watched.choose(MAYA, status="busy")
    watched.presence.type_(BOARD, "tab", "task")
    assert (watched.seen(MAYA)["status"], watched.seen(MAYA)["typing"]) == ("busy", True)
    watched.wait(5)
    assert (watched.seen(MAYA)["status"], watched.seen(MAYA)["typing"]) == ("busy", False)


def test_choice_that_is_prolonged_or_taken_back_does_not_end_at_its_former_moment(watched):
    watched.join(MAYA, "tab")
    watched.choose(MAYA, status="busy", status_until=at(60))
    watched.choose(MAYA, status="busy", status_until=at(120))
    watched.wait(61)
    assert watched.seen(MAYA)["status"] == "busy"
    watched.choose(MAYA)
    watched.wait(60)
    assert watched.recorder.statuses(MAYA) == ["online", "busy", "online"]


def test_nobody_is_looked_at_for_ever_because_of_a_choice(desk):
    """Neither while offline nor once it has expired."""
    desk.choose(MAYA, status="busy", status_until=at(60))
    desk.join(MAYA, "tab")
    desk.presence.evicted(["tab"])
    for _ in range(5):
        desk.wait(60)
    assert list(desk.presence._deadlines.due(at(10**9))) == []


def test_board_that_was_being_loaded_while_somebody_chose_shows_the_choice(desk):
    """What was read is from before the choice; nobody told the board, for it was not there yet."""
    before = dict(desk.rosters.boards[BOARD])

    def choose():
        desk.choose(MAYA, status="busy")

    desk.rosters.while_loading.append(choose)
    assert before[MAYA].choice.status is None
    assert desk.join(MAYA, "tab").status == "busy"


def test_roster_from_before_a_choice_does_not_take_it_back(watched):
    watched.join(MAYA, "tab")
    former = dict(watched.rosters.boards[BOARD])
    watched.choose(MAYA, status="busy")
    watched.rosters.boards[BOARD] = former
    watched.set_role(OMAR, "head")
    assert watched.seen(MAYA)["status"] == "busy"
    watched.choose(MAYA)
    watched.remove(OMAR)
    assert watched.seen(MAYA)["status"] == "online"


def test_boards_that_were_forgotten_come_back_with_what_was_chosen_meanwhile(desk):
    desk.join(MAYA, "tab")
    desk.presence.evicted(["tab"])
    desk.wait(RELEASE_AFTER.total_seconds())
    desk.choose(MAYA, status="away")
    assert desk.join(MAYA, "tab").status == "away"
