"""One real server with a clean database for the whole folder; each test makes a team and a board of its own.

A module that needs other thresholds, or a server to kill, names them in SETTINGS and has a server of its own.
The fixtures `database`, `people` and `server` of the whole suite are replaced by those of that server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.site import Site, running_site

from .board_page import BoardPage
from .team import Team

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.boards.models import Board
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.postgres import PostgresForTests, TestDatabase
    from tests.support.server import Server

    OpenBoard = Callable[..., BoardPage]


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, postgres: PostgresForTests) -> Iterator[Site]:
    settings = getattr(request.module, "SETTINGS", None)
    if settings is None:
        yield request.getfixturevalue("common_site")
        return
    with running_site(postgres, **settings) as own:
        yield own


@pytest.fixture
def database(site: Site) -> TestDatabase:
    return site.database


@pytest.fixture
def people(site: Site) -> People:
    return site.people


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    """Its log of the test is shown when the test fails."""
    first_line = len(site.server.lines)
    yield site.server
    print("\n".join(site.server.lines[first_line:]))


@pytest.fixture
def team(people: People) -> Team:
    return Team.make(people)


@pytest.fixture
def open_board(pages: Pages) -> OpenBoard:
    """`open_board(team.maya, team.board)`: somebody's own browser, with the board open and joined."""

    def open_in_own_browser(person: User, board: Board, **options: Any) -> BoardPage:
        return BoardPage.open(pages.visitor(person.email, **options), board)

    return open_in_own_browser
