"""Handlers of one socket whose fate changes while they run."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from app.errors import NotFound
from app.presence import events
from app.presence.person import PersonView
from app.presence.schemas import JoinBoard
from app.presence.watching import Watching

from .fakes import BOARD, MAYA, Desk


@pytest.fixture
def desk(monkeypatch):
    desk = Desk()
    people = SimpleNamespace(watching=Watching(lambda _user_id: PersonView("offline", None)))
    runtime = SimpleNamespace(presence=desk.presence, people=people, is_stopping=False)
    settings = SimpleNamespace(socket_max_boards=50)
    monkeypatch.setattr(events, "_desk", events.Desk(runtime, settings, {}), raising=False)
    monkeypatch.setattr(events.publish, "enter_board", lambda sid, board_id: None)
    return desk


def connection(user_id: UUID) -> SimpleNamespace:
    return SimpleNamespace(sid="tab", user_id=user_id, session_id=uuid4(), user_agent="", is_ending=False)


def test_socket_that_is_signed_out_while_its_board_is_loaded_does_not_appear(desk):
    tab = connection(MAYA)
    desk.rosters.while_loading.append(lambda: setattr(tab, "is_ending", True))
    with pytest.raises(NotFound):
        events.join_board(tab, JoinBoard(board_id=BOARD))
    assert desk.presence.boards_of("tab") == frozenset()
    assert desk.recorder.rows == []


def test_sockets_that_end_with_the_server_are_not_gone(desk):
    events.join_board(connection(MAYA), JoinBoard(board_id=BOARD))
    events._desk.runtime.is_stopping = True
    events.socket_ended(connection(MAYA), True, "restart", desk.clock.now())
    desk.wait(60)
    assert desk.recorder.statuses(MAYA) == ["online"]
