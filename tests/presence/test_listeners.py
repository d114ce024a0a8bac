"""News of members and roles that overtake each other: rights that are gone stay gone."""

import pytest

from app.presence import listeners as module
from app.presence.listeners import Listeners

from .fakes import BOARD, HEAD, MAYA, Desk, person

SIDS = {"head": HEAD, "tab": MAYA}


class Rooms:
    """Stands for realtime.publish."""

    def __init__(self):
        self.board, self.heads, self.told = set(SIDS), {"head"}, []

    def sids_of_user(self, user_id):
        return [sid for sid, user in SIDS.items() if user == user_id]

    def sids_on_board(self, _board_id):
        return sorted(self.board)

    def enter_heads(self, sid, _board_id):
        self.heads.add(sid)

    def leave_heads(self, sid, _board_id):
        self.heads.discard(sid)

    def leave_board(self, sid, _board_id):
        self.heads.discard(sid)
        self.board.discard(sid)

    def to_sids(self, sids, event, payload):
        self.told += [(sid, event, payload["reason"]) for sid in sids]


@pytest.fixture
def rooms(monkeypatch):
    rooms = Rooms()
    monkeypatch.setattr(module, "publish", rooms)
    monkeypatch.setattr(module._revoke, "__defaults__", (rooms.leave_board,))
    return rooms


@pytest.fixture
def desk():
    desk = Desk()
    desk.join(HEAD, "head")
    desk.join(MAYA, "tab")
    return desk


@pytest.fixture
def listeners(desk):
    return Listeners(desk.presence)


def test_removed_is_put_out_even_when_the_roster_told_presence_before(desk, listeners, rooms):
    """Another change was announced in between and its roster, read after both commits, had arrived first."""
    desk.remove(MAYA)
    assert desk.presence.boards_of("tab") == frozenset()
    listeners.member_removed(board_id=BOARD, user_id=MAYA)
    assert rooms.board == {"head"}
    assert rooms.told == [("tab", "access_revoked", "removed")]


def test_deleted_board_puts_everybody_out_even_when_presence_knew_before(desk, listeners, rooms):
    del desk.rosters.boards[BOARD]
    desk.presence.roster_changed(BOARD)
    listeners.board_deleted(board_id=BOARD)
    assert rooms.board == set()
    assert {sid for sid, _, _ in rooms.told} == set(SIDS)


def test_promotion_that_a_demotion_overtakes_opens_nothing(desk, listeners, rooms):
    """While the roster of the promotion is read, the demotion is committed and announced."""

    def demote():
        desk.rosters.boards[BOARD][MAYA] = person(MAYA, "member")
        listeners.role_changed(board_id=BOARD, user_id=MAYA, role="member")

    desk.rosters.boards[BOARD][MAYA] = person(MAYA, "head")
    desk.rosters.while_loading.append(demote)
    listeners.role_changed(board_id=BOARD, user_id=MAYA, role="head")
    assert rooms.heads == {"head"}
    assert not [n for n in desk.publisher.take() if n.to == "tab"]


def test_promotion_opens_the_view_and_shows_it(desk, listeners, rooms):
    desk.rosters.boards[BOARD][MAYA] = person(MAYA, "head")
    desk.publisher.take()
    listeners.role_changed(board_id=BOARD, user_id=MAYA, role="head")
    assert rooms.heads == {"head", "tab"}
    assert [(n.to, n.payload["kind"]) for n in desk.publisher.take()] == [("tab", "snapshot")]


def test_rights_are_taken_even_while_the_database_is_away(desk, listeners, rooms):
    desk.rosters.is_away = True
    listeners.role_changed(board_id=BOARD, user_id=HEAD, role="member")
    listeners.member_removed(board_id=BOARD, user_id=MAYA)
    assert (rooms.heads, rooms.board) == (set(), {"head"})
