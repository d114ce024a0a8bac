"""The History tab: loaded as one scrolls, filtered, empty, failed and tried again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, expect

from app.presence.models import Activity

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People

    from .conftest import OpenBoard
    from .team import Team

MINUTES = 120
YESTERDAY = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


@pytest.fixture
def past(people: People, team: Team) -> None:
    """Yesterday Maya came and went every other minute of two hours; three days ago Omar was idle once."""
    moments = [YESTERDAY + timedelta(minutes=minute) for minute in range(MINUTES)]
    statuses = ("online", "offline") * (MINUTES // 2)
    rows = [row(team, team.maya, *happened) for happened in zip(statuses, moments, strict=True)]
    people.add(row(team, team.omar, "idle", YESTERDAY - timedelta(days=2)), *rows)


def row(team: Team, person: object, status: str, at: datetime) -> Activity:
    who = {"board_id": team.board.id, "user_id": person.id}
    return Activity(**who, status=status, last_seen=at, updated_at=at, device="desktop")


def open_history(head: BoardPage) -> Locator:
    """The entries, each a list item with a moment."""
    head.panel.get_by_role("tab", name="History").click()
    panel = head.panel.get_by_role("tabpanel", name="History")
    expect(panel).to_be_visible()
    entries = panel.get_by_role("listitem").filter(has=head.page.locator("time"))
    return entries.filter(has_not=head.page.get_by_role("listitem"))  # not the days around them


def test_history_loads_more_on_scroll_until_everything_is_there(
    past: None, team: Team, open_board: OpenBoard
) -> None:
    head = open_board(team.head, team.board, timezone_id="UTC")
    entries = open_history(head)
    expect(entries.first).to_contain_text("Lena Head came online")
    expect(entries.nth(1)).to_contain_text("Maya Brandt went offline")
    expect(entries.nth(1).locator("time")).to_have_text("1:59 PM")
    shown = entries.count()
    assert shown < MINUTES
    assert len(pages_asked(head)) < 3
    headings = head.panel.get_by_role("tabpanel").get_by_role("heading")
    expect(headings).to_have_text(["Today", "Yesterday"])
    end = head.panel.get_by_text("That is everything.")
    for _ in range(4):
        entries.last.scroll_into_view_if_needed()
        head.panel.get_by_role("tabpanel").hover()
        head.page.mouse.wheel(0, 20_000)
        if end.is_visible():
            break
        expect(entries).not_to_have_count(shown)
        shown = entries.count()
    expect(end).to_be_visible()
    expect(entries).to_have_count(MINUTES + 2)  # with Lena now and Omar three days ago
    expect(entries.last).to_contain_text("Omar Said went idle")
    assert len(pages_asked(head)) == 3


def pages_asked(head: BoardPage) -> list[str]:
    return [request for request in head.traffic.requests if "/activity?" in request]


def test_history_is_filtered_by_member_status_and_date(past: None, team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board, timezone_id="UTC")
    entries = open_history(head)
    filters = head.panel.get_by_role("form", name="Filter the history")
    filters.get_by_label("Member").select_option("Omar Said")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Omar Said went idle")
    filters.get_by_label("Member").select_option("All members")
    filters.get_by_label("Status").select_option("Online")
    expect(entries.first).to_contain_text("Lena Head came online")
    expect(entries.nth(1)).to_contain_text("Maya Brandt came online")
    expect(entries.filter(has_text="offline")).to_have_count(0)
    filters.get_by_label("Status").select_option("Any status")
    three_days_ago = (YESTERDAY - timedelta(days=2)).date().isoformat()
    filters.get_by_label("From").fill(three_days_ago)
    filters.get_by_label("To").fill(three_days_ago)
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Omar Said")
    filters.get_by_label("Status").select_option("Busy")
    expect(head.panel.get_by_text("Nothing matches these filters.")).to_be_visible()
    expect(entries).to_have_count(0)


def test_days_are_those_of_the_viewer(people: People, team: Team, open_board: OpenBoard) -> None:
    late = YESTERDAY.replace(hour=20)  # already the next day in Tokyo
    people.add(row(team, team.maya, "online", late))
    head = open_board(team.head, team.board, timezone_id="Asia/Tokyo", locale="en-GB")
    entries = open_history(head)
    filters = head.panel.get_by_role("form", name="Filter the history")
    filters.get_by_label("Member").select_option("Maya Brandt")
    day = late.date() + timedelta(days=1)
    filters.get_by_label("From").fill(day.isoformat())
    filters.get_by_label("To").fill(day.isoformat())
    expect(entries).to_have_count(1)
    expect(entries.locator("time")).to_have_text(re.compile("^0?5:00$"))
    filters.get_by_label("From").fill(late.date().isoformat())
    filters.get_by_label("To").fill(late.date().isoformat())
    expect(head.panel.get_by_text("Nothing matches these filters.")).to_be_visible()


def test_what_happens_now_appears_on_top(team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board)
    entries = open_history(head)
    expect(entries).to_have_count(1)
    maya = open_board(team.maya, team.board)
    expect(entries.first).to_contain_text("Maya Brandt came online")
    maya.page.close()
    expect(entries.first).to_contain_text("Maya Brandt went offline")
    expect(entries).to_have_count(3)


def test_empty_history_says_what_will_appear(team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board)
    nothing = {"items": [], "nextCursor": None}
    head.page.route("**/activity?*", lambda route: route.fulfill(json=nothing))
    open_history(head)
    expect(head.panel.get_by_text("Nothing has happened yet.")).to_be_visible()


def test_failed_history_can_be_tried_again(
    pages: Pages, past: None, team: Team, open_board: OpenBoard
) -> None:
    head = open_board(team.head, team.board)
    head.page.route("**/activity?*", lambda route: route.abort())
    entries = open_history(head)
    failure = head.panel.get_by_text(re.compile("The history could not be loaded"))
    expect(failure).to_be_visible()
    head.panel.get_by_role("button", name="Try again").click()
    expect(failure).to_be_visible()
    head.page.unroute("**/activity?*")
    head.panel.get_by_role("button", name="Try again").click()
    expect(entries.first).to_contain_text("Lena Head came online")
    expect(failure).to_be_hidden()
    expect(head.panel.get_by_role("button", name="Try again")).to_be_hidden()
    pages.problems.clear()  # the requests that failed
