"""One real server and a clean database for each module; each test makes a team and a board of its own.

A module names its thresholds in SETTINGS. The fixtures `database`, `people` and `server` of the whole suite
are replaced by ones that live as long as the module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.people import People
from tests.support.server import Server

from .board_page import BoardPage
from .team import Team

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.boards.models import Board
    from tests.support.pages import Pages
    from tests.support.postgres import PostgresForTests, TestDatabase

    OpenBoard = Callable[..., BoardPage]


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def people(database: TestDatabase) -> Iterator[People]:
    made = People(database.admin_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def module_server(request: pytest.FixtureRequest, database: TestDatabase) -> Iterator[Server]:
    with TemporaryDirectory(prefix="workhub-browser-") as folder:
        started = Server(database, Path(folder), **getattr(request.module, "SETTINGS", {})).start()
        yield started
        started.end()


@pytest.fixture
def server(module_server: Server) -> Iterator[Server]:
    """Its log of the test is shown when the test fails."""
    first_line = len(module_server.lines)
    yield module_server
    print("\n".join(module_server.lines[first_line:]))


@pytest.fixture
def team(people: People) -> Team:
    return Team.make(people)


@pytest.fixture
def open_board(pages: Pages) -> OpenBoard:
    """`open_board(team.maya, team.board)`: somebody's own browser, with the board open and joined."""

    def open_in_own_browser(person: User, board: Board, **options: Any) -> BoardPage:
        return BoardPage.open(pages.visitor(person.email, **options), board)

    return open_in_own_browser
