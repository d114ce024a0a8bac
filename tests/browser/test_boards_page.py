"""The page of all boards, and a board's whole life as two people see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.support.pages import Pages

from .board_page import BoardPage
from .test_accessibility import NARROW_LIGHT_WIDE_DARK, axe_page, check

if TYPE_CHECKING:
    from tests.support.people import People

    from .team import Team

    OpenBoard = Callable[..., BoardPage]


def tile(page: Page, name: str) -> Any:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))


def act(page: Page, name: str, what: str) -> None:
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name=what).click()


def test_boards_are_made_from_templates_found_changed_and_put_away(
    pages: Pages, people: People, team: Team
) -> None:
    birch = people.organization("Birch")
    people.membership(team.head, birch)
    people.board(birch, [people.user("Bruno", birch)], [team.head], name="Client work", color="green")
    people.board(people.organization("Cedar"), [people.user("Cem")], [team.head], name="As a guest")
    page = axe_page(pages, team.head.email)
    page.goto("/boards")
    sections = page.get_by_role("heading", level=2)
    expect(sections).to_have_text(["Acme 1", "Birch 1", "Cedar Guest 1"])
    page.get_by_role("button", name="New board").click()
    dialog = page.get_by_role("dialog", name="New board")
    dialog.get_by_label("Name").fill("Iteration")
    dialog.get_by_label("Sprint").check()
    dialog.get_by_role("radio", name="Purple").check()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    dialog.get_by_role("button", name="Create board").click()
    expect(page.get_by_role("heading", name="Iteration", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="This sprint")).to_be_visible()
    page.goto("/boards")
    page.get_by_label("Search boards by name").fill("ITER")
    expect(page.get_by_text("1 board found.")).to_be_attached()
    expect(tile(page, "Client work")).to_be_hidden()
    act(page, "Iteration", "Name and colour")
    dialog = page.get_by_role("dialog", name="Name and colour")
    expect(dialog.get_by_role("radio", name="Purple")).to_be_checked()
    dialog.get_by_label("Name").fill("Sprint 1")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Sprint 1” is saved.").first).to_be_visible()
    act(page, "Sprint 1", "Archive")
    expect(page.get_by_text("“Sprint 1” is archived.").first).to_be_visible()
    expect(page.get_by_role("heading", name="Archived 1")).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.get_by_role("button", name="Restore Sprint 1").click()
    expect(page.get_by_text("“Sprint 1” is back.").first).to_be_visible()
    expect(page.get_by_role("heading", name="Archived")).to_have_count(0)
    act(page, "Sprint 1", "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Sprint 1” is deleted.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Undo: bring Sprint 1 back").click()
    expect(tile(page, "Sprint 1")).to_be_visible()


def test_everybody_on_a_board_sees_it_archived_deleted_and_back(team: Team, open_board: OpenBoard) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.choose("Actions for the board", "Colour")
    dialog = head.page.get_by_role("dialog", name="Colour of the board")
    dialog.get_by_role("radio", name="Red").check()
    dialog.get_by_role("button", name="Save").click()
    expect(maya.page.get_by_role("main")).to_have_attribute("data-hue", "red")
    head.choose("Actions for the board", "Archive")
    for page in (head.page, maya.page):
        expect(page.get_by_text("This board is archived")).to_be_visible()
        expect(page.get_by_role("button", name="Add list")).to_be_hidden()
    expect(maya.page.get_by_role("button", name="Restore")).to_have_count(0)
    head.page.get_by_role("button", name="Restore").click()
    expect(maya.page.get_by_text("This board is archived")).to_be_hidden()
    head.expect_in("Active now", "Maya Brandt")
    head.choose("Actions for the board", "Delete the board")
    head.page.get_by_role("dialog", name="Delete this board?").get_by_role("button", name="Delete").click()
    for page in (head.page, maya.page):
        expect(page.get_by_role("heading", name="This board was deleted")).to_be_visible()
    head.page.get_by_role("button", name="Undo").click()
    head.expect_in("Offline", "Maya Brandt")
    maya.page.reload()
    head.expect_in("Active now", "Maya Brandt")
    maya.expect_tasks("To do", "Write the plan", "Find the words")
