"""The server goes away under open pages and comes back: they say so, return by themselves, miss nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from tests.support.api import Api
from tests.support.patience import within

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.server import Server

    from .conftest import OpenBoard
    from .team import Team

SETTINGS = {"PRESENCE_DISCONNECT_GRACE_SECONDS": 4}
SECOND = 1_000  # ms
RECONNECT_SECONDS = within(20)  # first tries are spread over 5 and 10 s


def banner(page: BoardPage) -> Locator:
    return page.page.get_by_role("region", name="Connection").get_by_text("Connection lost.")


def come_back(page: BoardPage) -> None:
    """By the button, which may be gone already: then the page was faster."""
    page.page.get_by_role("button", name="Retry now", include_hidden=True).dispatch_event("click")
    page.wait_joined(2)


def test_page_says_that_the_connection_is_lost_and_comes_back_by_itself(
    pages: Pages, server: Server, team: Team, open_board: OpenBoard
) -> None:
    head = open_board(team.head, team.board)
    lost, live = banner(head), head.panel.get_by_text("Live")
    expect(lost).to_be_hidden()
    expect(live).to_be_visible()
    server.kill()
    expect(lost).to_be_visible(timeout=within(3) * SECOND)
    expect(head.panel.get_by_text("Reconnecting")).to_be_visible()
    expect(head.page.get_by_role("button", name="Retry now")).to_be_visible()
    expect(head.person("Lena Head")).to_be_visible()  # what was known stays readable
    server.start()
    expect(lost).to_be_hidden(timeout=RECONNECT_SECONDS * SECOND)
    expect(live).to_be_visible()
    head.expect_in("Active now", "Lena Head")
    assert head.traffic.joins == 2
    pages.problems.clear()  # what could not be reached meanwhile


def test_changes_of_others_during_the_absence_are_there_exactly_once(
    pages: Pages, server: Server, team: Team, open_board: OpenBoard
) -> None:
    maya = open_board(team.maya, team.board)
    omar = Api(server.url)
    omar.sign_in(team.omar.email)
    path = f"/api/boards/{team.board.id}/tasks"
    server.kill()
    expect(banner(maya)).to_be_visible(timeout=within(3) * SECOND)
    server.start()
    omar.post(path, {"listId": str(team.doing.id), "title": "Made meanwhile"})
    omar.patch(f"{path}/{team.plan.id}", {"title": "Write a better plan", "version": 1})
    omar.post(f"{path}/{team.words.id}/move", {"listId": str(team.done.id), "afterTaskId": None})
    come_back(maya)
    maya.expect_tasks("To do", "Write a better plan")
    maya.expect_tasks("Doing", "Made meanwhile")
    maya.expect_tasks("Done", "Find the words")
    omar.post(path, {"listId": str(team.doing.id), "title": "Made afterwards"})
    maya.expect_tasks("Doing", "Made meanwhile", "Made afterwards")
    pages.problems.clear()


def test_words_being_written_survive_the_absence(
    pages: Pages, server: Server, team: Team, open_board: OpenBoard
) -> None:
    maya = open_board(team.maya, team.board)
    maya.open_task("Write the plan")
    maya.task_panel.get_by_label("Description").fill("Before the storm")
    server.kill()
    expect(banner(maya)).to_be_visible(timeout=within(3) * SECOND)
    maya.task_panel.get_by_role("button", name="Save").click()
    expect(maya.task_panel.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    server.start()
    come_back(maya)
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Before the storm")
    maya.task_panel.get_by_role("button", name="Save").click()
    expect(maya.task_panel.get_by_text("Saved", exact=True)).to_be_visible()
    expect(maya.card("Write the plan")).to_contain_text("Has a description")
    pages.problems.clear()


def test_who_does_not_come_back_after_a_restart_is_offline_with_the_right_last_seen(
    pages: Pages, server: Server, team: Team, open_board: OpenBoard
) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Active now", "Maya Brandt")
    server.kill()
    killed_at = datetime.now(UTC)
    maya.page.close()
    server.start()
    come_back(head)
    head.expect_in("Offline", "Maya Brandt", 4 + 2)
    assert abs(head.last_seen("Maya Brandt") - killed_at) < timedelta(seconds=3)
    head.expect_in("Active now", "Lena Head")
    pages.problems.clear()


def test_session_that_ended_meanwhile_leads_to_sign_in(
    pages: Pages, server: Server, team: Team, open_board: OpenBoard
) -> None:
    maya = open_board(team.maya, team.board)
    server.kill()
    expect(banner(maya)).to_be_visible(timeout=within(3) * SECOND)
    maya.page.context.clear_cookies()
    server.start()
    expect(maya.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=RECONNECT_SECONDS * SECOND)
    pages.problems.clear()
