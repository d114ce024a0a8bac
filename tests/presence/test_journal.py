"""The journal in memory: nothing is asked, changes are counted together, and the buffer has an end."""

from datetime import UTC, datetime
from uuid import UUID

from app.errors import Unavailable
from app.presence import journal as module
from app.presence.journal import Journal

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAYA, OMAR, LOGIN = UUID(int=2), UUID(int=3), UUID(int=9)


class Database:
    def __init__(self, *answers):
        self.answers, self.groups = list(answers), []

    def write(self, entries):
        if self.answers and self.answers.pop(0) == "away":
            raise Unavailable()
        self.groups.append([(e.user_id, e.activity_type, e.page, dict(e.details)) for e in entries])


def journal(database):
    return Journal(database.write, sleep=lambda seconds: None)


def change(desk, user_id=MAYA, page="/boards/1", session_id=LOGIN):
    desk.note_change(user_id=user_id, session_id=session_id, page=page, at=NOW, device="desktop")


def test_what_happens_is_written_together_and_in_order():
    database = Database()
    desk = journal(database)
    desk.note("session_start", user_id=MAYA, at=NOW, session_id=LOGIN)
    desk.note("page_view", user_id=MAYA, at=NOW, page="/boards")
    assert desk.waiting == 2
    assert desk.flush()
    assert database.groups == [[(MAYA, "session_start", None, {}), (MAYA, "page_view", "/boards", {})]]


def test_changes_of_one_second_are_counted():
    database = Database()
    desk = journal(database)
    for _ in range(5):
        change(desk)
    change(desk, OMAR)
    change(desk, page="/boards/2")
    change(desk, session_id=None)
    desk.flush()
    assert [(user, page, details["changes"]) for user, _, page, details in database.groups[0]] == [
        (MAYA, "/boards/1", 5),
        (OMAR, "/boards/1", 1),
        (MAYA, "/boards/2", 1),
        (MAYA, "/boards/1", 1),
    ]


def test_changes_after_a_try_to_write_are_another_row():
    """A commit whose answer was lost may have the earlier number already."""
    database = Database("away")
    desk = journal(database)
    change(desk)
    assert not desk.flush()
    change(desk)
    assert desk.flush()
    assert [details["changes"] for *_, details in database.groups[0]] == [1, 1]


def test_journal_has_an_end(monkeypatch):
    monkeypatch.setattr(module, "CAPACITY", 3)
    database = Database()
    desk = journal(database)
    for number in range(5):
        desk.note("page_view", user_id=UUID(int=number), at=NOW, page="/boards")
    desk.flush()
    assert [user.int for user, *_ in database.groups[0]] == [2, 3, 4]
