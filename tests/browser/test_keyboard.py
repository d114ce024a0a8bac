"""The main flow with the keyboard alone: no step of these tests touches a mouse or sets the focus itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from tests.support.people import PASSWORD

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages

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
    expect(page.get_by_role("button", name="New board")).to_be_focused()


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
