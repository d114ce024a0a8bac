"""What somebody says of themselves in the account menu, and how their head and their other pages say it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from tests.support.patience import within

from .board_page import BoardPage
from .test_accessibility import ALL_LOOKS, axe_page, check
from .test_keyboard import tab_to

if TYPE_CHECKING:
    from tests.support.pages import Pages

    from .conftest import OpenBoard
    from .team import Team

LIVE_SECONDS = within(2)
BERLIN = {"locale": "de-DE", "timezone_id": "Europe/Berlin"}
PUT = """async settings => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": token};
  const request = {method: "PUT", headers, body: JSON.stringify(settings)};
  const answer = await fetch("/api/presence/settings", request);
  if (!answer.ok) throw new Error(await answer.text());
}"""


def account(page: Page) -> Locator:
    return page.get_by_role("button", name="Your account")


def choice(page: Page, name: str) -> Locator:
    return page.get_by_role("menu", name="Status").get_by_role("menuitemradio", name=name)


def expect_own(page: Page, words: str | re.Pattern[str]) -> None:
    expect(account(page)).to_contain_text(words, timeout=LIVE_SECONDS * 1000)


def test_head_sees_busy_with_words_and_until_in_own_locale(team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board, **BERLIN)
    maya = open_board(team.maya, team.board).page
    head.expect_in("Active now", "Maya Brandt")
    row = head.person("Maya Brandt")
    account(maya).click()
    choice(maya, "Busy").click()
    expect(row).to_contain_text("Busy", timeout=LIVE_SECONDS * 1000)
    maya.get_by_label("Clear after").select_option("Until tomorrow at 9:00 AM")
    expect(row).to_contain_text("Busy until ", timeout=LIVE_SECONDS * 1000)
    until = row.locator("time[datetime]:visible").get_attribute("datetime")
    assert until and timedelta() < datetime.fromisoformat(until) - datetime.now(UTC) < timedelta(hours=36)
    expect(row.get_by_text(re.compile(r"^(tomorrow at )?\d\d:\d\d$|^\w+, .* at \d\d:\d\d$"))).to_be_visible()

    maya.get_by_role("button", name="Choose an emoji").click()
    maya.get_by_role("searchbox", name="Search by a word").fill("focus")
    maya.get_by_role("gridcell", name="headphones").click()
    maya.get_by_role("textbox", name="Custom status").fill("Deep <b>work</b>")
    maya.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("🎧 Deep <b>work</b>", timeout=LIVE_SECONDS * 1000)
    head.expect_in("Active now", "Maya Brandt")

    choice(maya, "Away").click()
    head.expect_in("Idle / away", "Maya Brandt")
    expect(row).not_to_contain_text("back")
    head.panel.get_by_role("tab", name="History").click()
    expect(head.panel.get_by_text("is busy")).to_be_visible()
    expect(head.panel.get_by_text("went away")).to_be_visible()


def test_status_and_words_clear_by_themselves_everywhere(
    pages: Pages, team: Team, open_board: OpenBoard
) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    boards = maya.page.context.new_page()  # a page without a socket
    boards.goto("/boards")
    soon = (datetime.now(UTC) + timedelta(seconds=4)).isoformat()
    words = {"customStatus": "Lunch", "customEmoji": "🍕", "customStatusUntil": soon}
    maya.page.evaluate(PUT, {"status": "away", "statusUntil": soon, **words})
    row = head.person("Maya Brandt")
    head.expect_in("Idle / away", "Maya Brandt")
    expect(row).to_contain_text("Away · back at ")
    expect(row).to_contain_text("🍕 Lunch")
    account(boards).click()
    for page in (maya.page, boards):
        expect_own(page, re.compile(r"Away until .* · 🍕 Lunch"))
    head.expect_in("Active now", "Maya Brandt", 4 + LIVE_SECONDS)
    expect(row).not_to_contain_text("Lunch", timeout=LIVE_SECONDS * 1000)
    for page in (maya.page, boards):
        expect_own(page, re.compile(r", Online\s*$"))
    expect(choice(boards, "Online")).to_be_checked()


def test_other_page_of_the_same_person_follows_and_keeps_what_is_being_written(
    team: Team, open_board: OpenBoard
) -> None:
    first = open_board(team.maya, team.board).page
    second = BoardPage.open(first.context, team.board).page
    account(second).click()
    second.get_by_role("textbox", name="Custom status").fill("In the mid")
    second.get_by_role("textbox", name="Custom status").press_sequentially("dle")
    account(first).click()
    choice(first, "Busy").click()
    first.get_by_role("textbox", name="Custom status").fill("Elsewhere")
    first.get_by_role("textbox", name="Custom status").press("Enter")
    expect(choice(second, "Busy")).to_be_checked(timeout=LIVE_SECONDS * 1000)
    expect_own(second, "Busy · Elsewhere")
    expect(second.get_by_role("textbox", name="Custom status")).to_have_value("In the middle")
    second.get_by_role("button", name="Clear", exact=True).click()
    expect_own(first, re.compile(r", Busy\s*$"))
    expect(first.get_by_role("textbox", name="Custom status")).to_have_value("")


def test_with_the_keyboard_alone_and_errors_at_their_field(pages: Pages, team: Team) -> None:
    page = pages.open("/boards", team.maya.email, timezone_id="UTC")
    keys = page.keyboard
    expect_own(page, "Online")
    tab_to(page, "Notifications")
    keys.press("Tab")
    expect(account(page)).to_be_focused()
    keys.press("Enter")
    expect(choice(page, "Online")).to_be_focused()
    keys.press("ArrowUp")
    expect(choice(page, "Busy")).to_be_focused()
    keys.press("Enter")
    expect(choice(page, "Busy")).to_be_checked()
    expect(page.get_by_role("status")).to_contain_text("Busy")
    tab_to(page, "Clear after")
    keys.type("Until a time")
    tab_to(page, "Time today")
    keys.type("1200AM")
    keys.press("Enter")
    time = page.get_by_role("textbox", name="Time today")
    expect(time).to_be_focused()
    expect(time).to_have_accessible_description("This time is over today. Choose a later one.")
    expect_own(page, re.compile(r", Busy\s*$"))

    tab_to(page, "Choose an emoji")
    keys.press("Enter")
    expect(page.get_by_role("searchbox", name="Search by a word")).to_be_focused()
    keys.type("hol")
    keys.press("ArrowDown")
    keys.press("ArrowRight")
    expect(page.get_by_role("gridcell", name="beach", exact=True)).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("button", name="Emoji: beach")).to_be_focused()
    keys.press("Enter")
    keys.type("🦩")
    keys.press("Enter")
    keys.press("Tab")
    expect(page.get_by_role("textbox", name="Custom status")).to_be_focused()
    keys.type("Away from it all")
    keys.press("Enter")
    expect_own(page, "Busy · 🦩 Away from it all")
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Your account")).to_be_hidden()
    expect(account(page)).to_be_focused()


def test_axe_finds_nothing_in_the_menu_and_the_picker(pages: Pages, team: Team) -> None:
    board = BoardPage(axe_page(pages, team.head.email))
    board.goto(team.board)
    page = board.page
    long = "Antidisestablishmentarianism" * 3
    page.evaluate(PUT, {"status": "busy", "customEmoji": "🎧", "customStatus": long})
    page.route(
        "**/api/presence/settings",
        lambda route: route.abort() if route.request.method == "PUT" else route.fallback(),
    )
    account(page).click()
    choice(page, "Away").click()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer.")).to_be_visible()
    page.get_by_label("Clear custom status after").select_option("Until a time today…")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter a time.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Emoji: headphones").click()
    page.get_by_role("searchbox", name="Search by a word").fill("foc")
    check(page, looks=ALL_LOOKS)
    page.get_by_role("searchbox", name="Search by a word").fill("nonesuch")
    check(page, looks=ALL_LOOKS[::2])
    pages.problems.clear()  # the request that was cut off
