"""axe finds nothing on any page, in both themes and at both ends of the widths; no page scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from app.boards.models import ChecklistItem, Label, TaskAssignee, TaskLabel, TaskLink
from app.boards.rules import COLORS
from app.presence.models import Activity, BoardPresence
from tests.support.pages import Pages, accessibility_problems

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.people import People

    from .team import Team

ALL_LOOKS = ((360, "light"), (360, "dark"), (1280, "dark"), (1280, "light"))
NARROW_LIGHT_WIDE_DARK = ALL_LOOKS[::2]  # for what floats above a page that was looked at in all four
OF_COLOURS = ("color-contrast", "link-in-text-block")
LONG = "Antidisestablishmentarianism" * 6  # one word wider than any column
# Wide, though nothing of it can be scrolled to: what only assistive technology reads is kept out of sight.
SCROLLS = "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"


def axe_page(pages: Pages, email: str | None = None) -> Page:
    """Without the content security policy, because axe is put into the page; colours change at once."""
    return pages.visitor(email, bypass_csp=True, reduced_motion="reduce").new_page()


@pytest.fixture
def page(pages: Pages, team: Team) -> Page:
    return axe_page(pages, team.head.email)


@pytest.fixture
def furnished(people: People, team: Team) -> None:
    """One of everything the board can show."""
    now = datetime.now(UTC)
    people.task_on(team.doing, LONG, description="Words", due_at=now - timedelta(days=3))
    people.task_on(team.doing, "Soon", due_at=now + timedelta(days=1))
    people.task_on(team.doing, "Later", due_at=now + timedelta(days=30))
    people.list_on(team.board, LONG)
    task = people.task_on(team.doing, "Everything", priority="urgent")
    on_task = {"task_id": task.id, "board_id": team.board.id}
    for number, color in enumerate(COLORS):
        label = Label(board_id=team.board.id, name=f"{color} label", color=color)
        people.add(label)
        people.add(TaskLabel(label_id=label.id, **on_task))
        people.add(ChecklistItem(text=f"Item {number}", done=number > 2, position=f"a{number}", **on_task))
    for person in (team.maya, team.omar):
        people.add(TaskAssignee(user_id=person.id, **on_task))
    people.add(TaskLink(url="https://example.com", title=LONG, **on_task))
    for person in (team.maya, team.omar):
        state = {"board_id": team.board.id, "user_id": person.id, "status": "offline"}
        times = {"last_seen": now, "updated_at": now}
        people.add(BoardPresence(**state, **times), Activity(**state, **times, device="desktop"))


def check(
    page: Page, arrange: Callable[[], object] = lambda: None, looks: Sequence[tuple[int, str]] = ALL_LOOKS
) -> None:
    """`arrange` brings the page into the state in question, once for each look.

    A theme changes nothing but colours: in the second one of a width, the rules about them are asked.
    """
    before = 0
    for width, theme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        arrange()
        rules = OF_COLOURS if width == before else ()
        assert accessibility_problems(page, rules) == [], f"{width} px, {theme}"
        assert not page.evaluate(SCROLLS), f"scrolls sideways at {width} px"
        before = width


def test_sign_in(pages: Pages) -> None:
    page = axe_page(pages)
    page.goto("/login")
    check(page)
    page.get_by_label("E-mail").fill("nobody@test.example")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("is not right")).to_be_visible()
    check(page)
    pages.problems.clear()  # the 401


def test_boards_empty_and_full_and_their_dialog(pages: Pages, people: People, page: Page, team: Team) -> None:
    people.board(team.organization, [team.head], name=LONG)
    page.goto("/boards")
    expect(page.get_by_role("link", name="Launch")).to_be_visible()
    check(page)
    page.get_by_role("button", name="New board").click()
    page.get_by_role("dialog").get_by_role("button", name="Create board").click()
    check(page)
    newcomer = people.user("Nadia New", team.organization)
    page = axe_page(pages, newcomer.email)
    page.goto("/boards")
    expect(page.get_by_role("heading", name="No boards yet")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Your account").click()
    check(page)


def test_board_of_a_head(page: Page, team: Team, furnished: None) -> None:
    board = BoardPage(page)
    board.goto(team.board)
    expect(board.group("Offline").get_by_role("listitem")).to_have_count(2)
    check(page)

    def open_history() -> None:
        if board.panel.is_hidden():
            page.get_by_role("button", name="Presence 1").click()
        board.panel.get_by_role("tab", name="History").click()
        expect(board.panel.get_by_text("That is everything.")).to_be_visible()

    check(page, open_history)


def test_board_of_a_member_and_an_open_task(pages: Pages, team: Team, furnished: None) -> None:
    board = BoardPage(axe_page(pages, team.maya.email))
    board.goto(team.board)
    check(board.page)
    board.open_task("Everything")
    expect(board.task_panel.get_by_role("checkbox")).to_have_count(len(COLORS))
    board.task_panel.get_by_text("Activity").click()
    expect(board.task_panel.get_by_text("Nothing yet.")).to_be_visible()
    board.task_panel.get_by_label("Title").fill("")
    board.task_panel.get_by_role("button", name="Save").click()
    check(board.page)
    board.task_panel.get_by_label("Title").fill("Everything")

    def choose_labels() -> None:
        board.task_panel.get_by_role("button", name="Label", exact=True).click()
        expect(board.page.get_by_role("checkbox", name="teal label")).to_be_visible()

    def edit_label() -> None:
        choose_labels()
        board.page.get_by_role("button", name="Edit the label teal label").click()

    check(board.page, choose_labels, looks=NARROW_LIGHT_WIDE_DARK)
    check(board.page, edit_label, looks=NARROW_LIGHT_WIDE_DARK)


def test_conflict(pages: Pages, team: Team) -> None:
    board = BoardPage(axe_page(pages, team.maya.email))
    board.goto(team.board)
    board.open_task("Write the plan")
    board.task_panel.get_by_label("Description").fill("Mine " + LONG)
    current = {"title": "Write the plan", "description": "Theirs " + LONG, "dueAt": None, "version": 2}
    current |= {"labelIds": [], "assigneeIds": [], "startAt": None, "priority": "none"}
    current |= {"id": str(team.plan.id), "listId": str(team.todo.id), "position": team.plan.position}
    problem = {"code": "conflict", "title": "Changed meanwhile", "status": 409, "current": current}
    board.page.route("**/tasks/*", lambda route: route.fulfill(status=409, json=problem))
    board.task_panel.get_by_role("button", name="Save").click()
    expect(board.task_panel.get_by_text("Choose what to keep.")).to_be_visible()
    check(board.page)
    pages.problems.clear()  # the 409


def test_dialogs_and_menus_of_the_board(page: Page, team: Team, furnished: None) -> None:
    board = BoardPage(page)
    board.goto(team.board)
    page.get_by_role("button", name="Members").first.click()
    expect(page.get_by_role("dialog", name="Members").get_by_role("listitem")).to_have_count(3)
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.keyboard.press("Escape")
    board.choose("Actions for Write the plan", "Move to…")
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.keyboard.press("Escape")
    board.choose("Actions for Write the plan", "Archive")
    expect(page.get_by_role("alert").get_by_role("button", name="Undo")).to_be_visible()
    board.choose("Actions for Find the words", "Select")
    expect(page.get_by_role("region", name="Selected tasks")).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.get_by_role("button", name="Archive", exact=True).first.click()
    expect(page.get_by_role("button", name="Restore Write the plan")).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Actions for Find the words").click()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.keyboard.press("Escape")
    board.column("To do").get_by_role("button", name="Add task").click()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)


def test_error_pages_and_farewell(pages: Pages, page: Page, team: Team, people: People) -> None:
    page.goto("/boards/00000000-0000-0000-0000-000000000000")
    check(page)
    second = people.user("Nadia Second", team.organization)
    board = people.board(team.organization, [team.head, second], name="Short-lived")
    mine = BoardPage(page)
    mine.goto(board)
    other = BoardPage.open(pages.visitor(second.email), board)
    other.choose("Actions for the board", "Delete the board")
    other.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="This board was deleted")).to_be_visible()
    check(page)
    pages.problems.clear()  # the 404


def test_palette_sheet_of_keys_and_results(page: Page, team: Team, people: People) -> None:
    people.task_on(team.doing, LONG, description=f"Written about {LONG}")
    page.goto(f"/search?q={LONG}")
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("combobox", name="Search or go to").fill("antidis")
    expect(page.get_by_role("option", name=LONG)).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Search").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)


def test_filter_of_a_board(page: Page, team: Team, furnished: None) -> None:
    board = BoardPage(page)
    board.goto(team.board)
    page.keyboard.press("f")
    bar = page.get_by_role("region", name="Filter")
    bar.get_by_role("combobox", name="Status").select_option("Done")
    expect(bar.get_by_text("No task fits.")).to_be_visible()
    bar.get_by_role("button", name="People").click()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
