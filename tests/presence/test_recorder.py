"""Life signs of login sessions wait in the recorder and are written with those of the process."""

from datetime import UTC, datetime
from uuid import UUID

from app.errors import Unavailable
from app.presence.recorder import Recorder

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Database:
    def __init__(self, is_away=False):
        self.is_away, self.touched = is_away, []

    def write(self, transitions):
        raise AssertionError("no transition was recorded")

    def touch(self, touches):
        if self.is_away:
            self.is_away = False
            raise Unavailable()
        self.touched.append(dict(touches))


def recorder(database):
    return Recorder(database.write, database.touch, flush_seconds=0.02, sleep=lambda seconds: None)


def test_life_signs_of_sessions_are_written_together_with_the_newest_moment():
    database = Database()
    desk = recorder(database)
    desk.touch(UUID(int=1), NOW)
    desk.touch(UUID(int=1), NOW.replace(hour=1))
    desk.touch(UUID(int=2), NOW)
    desk.flush_touches()
    assert database.touched == [{UUID(int=1): NOW.replace(hour=1), UUID(int=2): NOW}]


def test_life_signs_of_sessions_wait_for_the_database_and_newer_ones_win():
    class Busy(Database):
        def touch(self, touches):
            if self.is_away:
                desk.touch(UUID(int=1), NOW.replace(hour=1))
            super().touch(touches)

    database = Busy(is_away=True)
    desk = recorder(database)
    desk.touch(UUID(int=1), NOW)
    desk.touch(UUID(int=2), NOW)
    desk.flush_touches()
    desk.flush_touches()
    assert database.touched == [{UUID(int=1): NOW.replace(hour=1), UUID(int=2): NOW}]
