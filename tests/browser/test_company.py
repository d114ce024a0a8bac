"""Two people with one task open: each sees the other's face in its panel, if the other shows their page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from tests.support.api import Api

if TYPE_CHECKING:
    from tests.support.server import Server

    from .board_page import BoardPage
    from .conftest import OpenBoard
    from .team import Team

SLOW = 10_000  # ms, of a loaded machine


def company(page: BoardPage) -> Locator:
    return page.task_panel.get_by_role("list", name="Also on this task").get_by_role("listitem")


def test_face_is_there_as_long_as_both_are_on_the_task_and_it_is_shown(
    server: Server, team: Team, open_board: OpenBoard
) -> None:
    omar_api = Api(server.url)
    omar_api.sign_in(team.omar.email)
    omar_api.put("/api/presence/settings", {"showCurrentPage": True})
    maya, omar = open_board(team.maya, team.board), open_board(team.omar, team.board)
    for page in (maya, omar):
        page.open_task("Write the plan")
    expect(company(maya)).to_have_text(["OSOmar Said"], timeout=SLOW)
    expect(company(omar)).to_have_count(0)  # Maya shows no page
    omar.page.keyboard.press("Escape")
    expect(company(maya)).to_have_count(0, timeout=SLOW)
    omar.open_task("Write the plan")
    expect(company(maya)).to_have_count(1, timeout=SLOW)
    maya.reload()  # with the task in its address
    expect(company(maya)).to_have_count(1, timeout=SLOW)
    omar_api.put("/api/presence/settings", {"appearOffline": True})
    expect(company(maya)).to_have_count(0, timeout=SLOW)
