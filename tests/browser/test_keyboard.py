"""The main flow with the keyboard alone: no step of these tests touches a mouse or sets the focus itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from app.boards.models import Label
from tests.support.people import PASSWORD

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People

    from .team import Team

MOST_STEPS = 40
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return "(the browser's own)";
  const label = element.labels?.[0]?.textContent;
  return (element.getAttribute("aria-label") || label || element.textContent).trim();
}"""
FOCUS_IS_VISIBLE = """() => {
  if (document.activeElement === document.body) return true;
  const shows = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && style.outlineWidth !== "0px" || style.boxShadow !== "none";
  };
  let at = document.activeElement;
  while (at !== document.body && !shows(at)) at = at.parentElement;
  return at !== document.body;
}"""


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Steps through the page until what is called `name` has the focus; each step shows where one is."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED))
        assert page.evaluate(FOCUS_IS_VISIBLE), f"the focus on {passed[-1]!r} cannot be seen"
        if passed[-1] == name:
            return
    raise AssertionError(f"{name!r} was not reached, but {passed}")


def test_from_sign_in_to_a_moved_task_and_the_history(pages: Pages, team: Team) -> None:
    page = pages.open("/login")
    keys = page.keyboard
    expect(page.get_by_label("E-mail")).to_be_focused()
    keys.type(team.head.email)
    tab_to(page, "Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Boards", level=1)).to_be_visible()

    tab_to(page, "Launch")
    board = BoardPage(page)
    keys.press("Enter")
    board.wait_joined(1)

    tab_to(page, "Add task")
    keys.press("Enter")
    keys.type("Call the printer")
    keys.press("Enter")
    board.expect_tasks("To do", "Write the plan", "Find the words", "Call the printer")
    keys.press("Escape")
    expect(board.column("To do").get_by_role("button", name="Add task")).to_be_focused()

    tab_to(page, "Actions for Call the printer", "Shift+Tab")
    keys.press("Enter")
    keys.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Move to…")).to_be_focused()
    keys.press("Enter")
    keys.press("ArrowDown")  # the next list
    tab_to(page, "Move")
    keys.press("Enter")
    expect(board.link("Call the printer")).to_be_focused()
    board.expect_tasks("Doing", "Call the printer")

    keys.press("Enter")
    expect(board.task_panel).to_be_visible()
    tab_to(page, "Description")
    keys.type("By noon")
    keys.press("Control+Enter")
    expect(board.task_panel.get_by_text("Saved", exact=True)).to_be_visible()
    keys.press("Escape")
    expect(board.link("Call the printer")).to_be_focused()

    tab_to(page, "People")
    keys.press("ArrowRight")
    expect(board.panel.get_by_role("tab", name="History")).to_be_focused()
    expect(board.panel.get_by_text("came online")).to_be_visible()
    keys.press("ArrowLeft")
    expect(board.group("Active now")).to_be_visible()


def test_first_key_offers_to_skip_to_the_content(pages: Pages, team: Team) -> None:
    page = pages.open("/boards", team.maya.email)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").locator("a, button").first).to_be_focused()


def test_escape_closes_what_is_open_and_gives_the_focus_back(pages: Pages, team: Team) -> None:
    board = BoardPage.open(pages.visitor(team.head.email), team.board)
    page = board.page
    for opener, opened in (
        ("Rename the board", page.get_by_role("textbox", name="Name of the board")),
        ("Members 3", page.get_by_role("dialog", name="Members")),
        ("Actions for the board", page.get_by_role("menu", name="Board")),
    ):
        button = page.get_by_role("button", name=opener)
        tab_to(page, opener)
        page.keyboard.press("Enter")
        expect(opened).to_be_visible()
        page.keyboard.press("Escape")
        expect(opened).to_be_hidden()
        expect(button).to_be_focused()


def test_on_a_phone_the_panel_is_a_sheet_one_opens_and_closes(pages: Pages, team: Team) -> None:
    board = BoardPage.open(pages.visitor(team.head.email, viewport={"width": 360, "height": 740}), team.board)
    page = board.page
    expect(board.panel).to_be_hidden()
    tab_to(page, "Presence 1")
    page.keyboard.press("Enter")
    board.expect_in("Active now", "Lena Head")
    tab_to(page, "Close presence")
    page.keyboard.press("Enter")
    expect(board.panel).to_be_hidden()
    expect(page.get_by_role("button", name="Presence 1")).to_be_focused()


LETTERS = "Call Ann: does n, d, f or / do harm?"  # they are text where one writes


def test_work_on_a_board_without_a_mouse(pages: Pages, people: People, team: Team) -> None:
    """Making, naming, carrying, labelling, assigning, finishing, filtering, finding; all said aloud."""
    people.add(Label(board_id=team.board.id, name="Printing", color="blue"))
    board = BoardPage.open(pages.visitor(team.head.email), team.board)
    make_and_rename(board)
    carry_the_task(board)
    carry_its_list(board)
    label_and_assign(board)
    finish_and_filter(board)
    switch_letters_off(board)
    board.reload()
    for title, column in (("Find the words", "To do"), (LETTERS, "Done")):
        expect(board.tasks_in(column).get_by_role("link", name=title)).to_be_visible()
    expect(board.card(LETTERS)).to_contain_text("Done")
    board.page.keyboard.press("Control+k")
    expect(board.page.get_by_role("combobox", name="Search or go to")).to_be_focused()
    board.page.keyboard.type("ann harm")
    expect(board.page.get_by_role("option", name="Call Ann")).to_be_visible()
    board.page.keyboard.press("Enter")
    expect(board.task_panel).to_be_visible()


def press(board: BoardPage, *names: str) -> None:
    for name in names:
        board.page.keyboard.press(name)


def expect_said(board: BoardPage, words: str) -> None:
    expect(board.page.locator("#announcer")).to_contain_text(words)


def make_and_rename(board: BoardPage) -> None:
    page, keys = board.page, board.page.keyboard
    press(board, "n")
    keys.type("Call the printer")
    press(board, "Enter")
    board.expect_tasks("To do", "Write the plan", "Find the words", "Call the printer")
    press(board, "Escape")
    tab_to(page, "Call the printer", "Shift+Tab")
    press(board, "ArrowUp")
    expect(board.link("Find the words")).to_be_focused()
    press(board, "End")
    expect(board.link("Call the printer")).to_be_focused()
    press(board, "e")
    expect(page.get_by_role("textbox", name="Title of the task")).to_be_focused()
    keys.type(LETTERS)
    press(board, "Enter")
    expect(board.link(LETTERS)).to_be_focused()


def carry_the_task(board: BoardPage) -> None:
    """Into another list and put back; up and put down; sideways at once."""
    press(board, "Space")
    expect_said(board, f"Picked up “{LETTERS}”. To do, position 3 of 3.")
    press(board, "ArrowRight")
    expect_said(board, "Doing, position 1 of 1")
    board.expect_tasks("Doing", LETTERS)
    press(board, "Escape")
    expect_said(board, "is in To do, position 3 of 3")
    board.expect_tasks("To do", "Write the plan", "Find the words", LETTERS)
    expect(board.link(LETTERS)).to_be_focused()
    press(board, "Space", "ArrowUp", "ArrowUp", "Space")
    expect_said(board, f"Moved “{LETTERS}” to To do, position 1 of 3.")
    board.expect_tasks("To do", LETTERS, "Write the plan", "Find the words")
    press(board, "Alt+ArrowRight", "Alt+ArrowRight")
    expect_said(board, f"Moved “{LETTERS}” to Done, position 1 of 1.")
    expect(board.link(LETTERS)).to_be_focused()


def carry_its_list(board: BoardPage) -> None:
    """By its name, where the arrow up leads."""
    press(board, "ArrowUp", "Space", "ArrowLeft", "Space")
    expect_said(board, "Moved list “Done” to position 2 of 3.")
    board.expect_lists("To do", "Done", "Doing")
    press(board, "Alt+ArrowRight")
    expect_said(board, "Moved list “Done” to position 3 of 3.")
    press(board, "ArrowDown")
    expect(board.link(LETTERS)).to_be_focused()


def label_and_assign(board: BoardPage) -> None:
    """Each in a chooser that is searched; Enter takes the first."""
    page = board.page
    for key, name, found in (("l", "Labels", "Printing"), ("a", "People on this board", "Maya Brandt")):
        press(board, key)
        chooser = page.get_by_role("dialog", name=name)
        expect(chooser.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type(found[:4])
        expect(chooser.get_by_role("checkbox", name=found)).to_be_visible()
        press(board, "Enter")
        expect(chooser.get_by_role("checkbox", name=found)).to_be_checked()
        press(board, "Escape")
        expect(board.link(LETTERS)).to_be_focused()
        expect(board.card(LETTERS)).to_contain_text(found)


def finish_and_filter(board: BoardPage) -> None:
    press(board, "d")
    expect_said(board, f"“{LETTERS}” is done.")
    press(board, "f")
    expect(board.page.get_by_role("searchbox", name="Filter by words")).to_be_focused()
    board.page.keyboard.type("harm")
    expect(board.page.get_by_text("1 of 3 tasks")).to_be_visible()
    press(board, "Escape", "Escape")  # empties the field, then closes the filter
    expect(board.link("Write the plan")).to_be_visible()


def switch_letters_off(board: BoardPage) -> None:
    """Then they do nothing, and what moves things stays."""
    page = board.page
    press(board, "?")
    tab_to(page, "Single keys without Ctrl")
    press(board, "Space", "Escape")
    tab_to(page, "Write the plan")
    press(board, "f", "n", "d", "Alt+ArrowDown")
    expect_said(board, "Moved “Write the plan” to To do, position 2 of 2.")
    expect(page.get_by_role("region", name="Filter")).to_be_hidden()
