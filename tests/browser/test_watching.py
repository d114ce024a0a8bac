"""The main job: a head watches a board while its members come, type, reload, vanish and leave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, text

from app.boards.models import BoardMember
from app.presence.models import BoardPresence
from tests.support.patience import within
from tests.support.waiting import wait_until

from .board_page import BoardPage
from .machine import Machine

if TYPE_CHECKING:
    from tests.support.people import People
    from tests.support.postgres import TestDatabase
    from tests.support.server import Server

    from .conftest import OpenBoard
    from .team import Team

SETTINGS = {"PRESENCE_DISCONNECT_GRACE_SECONDS": 3}
LIVE_SECONDS = within(2)
LEAVE_SECONDS = 1.5 + LIVE_SECONDS
TYPING_SECONDS = 5
SEEN = re.compile(r"last seen \d{1,2}:\d\d [AP]M, [A-Z][a-z]{2} \d{1,2}, \d{4}")
NEW_YORK = {"locale": "en-US", "timezone_id": "America/New_York"}
BERLIN = {"locale": "de-DE", "timezone_id": "Europe/Berlin"}


def was_there(people: People, team: Team, user_id: UUID, last_seen: datetime) -> None:
    whose = {"board_id": team.board.id, "user_id": user_id}
    people.add(BoardPresence(**whose, status="offline", last_seen=last_seen, updated_at=last_seen))


def recorded(database: TestDatabase, team: Team, user_id: UUID) -> list[str]:
    """The statuses in the table activity, oldest first."""
    engine = create_engine(database.admin_url)
    rows = "select status from activity where board_id = :board and user_id = :person order by updated_at, id"
    with engine.connect() as connection:
        found = connection.scalars(text(rows), {"board": team.board.id, "person": user_id})
        statuses = list(found)
    engine.dispose()
    return statuses


def test_head_sees_everybody_at_once_in_own_zone_and_locale(
    people: People, team: Team, open_board: OpenBoard
) -> None:
    was_there(people, team, team.maya.id, datetime(2025, 8, 10, 16, 34, 56, tzinfo=UTC))
    was_there(people, team, team.omar.id, datetime.now(UTC) - timedelta(minutes=8))
    other = people.user("Nadia New", team.organization)
    board = people.board(team.organization, [team.head, other], [], name="Second")
    american = open_board(team.head, team.board, **NEW_YORK)
    american.expect_in("Active now", "Lena Head")
    maya = american.group("Offline").get_by_role("listitem").filter(has_text="Maya Brandt")
    expect(maya).to_contain_text("last seen 12:34 PM, Aug 10, 2025")
    exact = maya.get_by_text("12:34 PM, Aug 10, 2025")
    expect(exact).to_have_attribute("title", "Aug 10, 2025, 12:34:56 PM EDT")
    expect(maya.get_by_text(re.compile(r"^\d+ (months|years) ago$"))).to_be_visible()
    expect(american.person("Omar Said").get_by_text("8 min ago")).to_be_visible()
    german = open_board(team.head, team.board, **BERLIN)
    maya = german.group("Offline").get_by_role("listitem").filter(has_text="Maya Brandt")
    expect(maya).to_contain_text("last seen 18:34, 10. Aug. 2025")
    expect(maya.get_by_text("18:34, 10. Aug. 2025")).to_have_attribute("title", re.compile("18:34:56 MESZ"))
    second = open_board(team.head, board)
    expect(second.person("Nadia New")).to_contain_text("Offline")
    expect(second.panel.get_by_role("definition")).to_have_text(["1", "0", "1"])


def test_panel_shows_initials_role_and_device(team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board)
    open_board(team.maya, team.board, viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    head.expect_in("Active now", "Maya Brandt")
    for name, words in (("Maya Brandt", "MB member mobile Online"), ("Lena Head", "LH head desktop Online")):
        for word in words.split():
            expect(head.person(name)).to_contain_text(word)


def test_member_who_opens_the_board_appears_within_two_seconds(team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board)
    head.expect_in("Offline", "Maya Brandt")
    open_board(team.maya, team.board)
    head.expect_in("Active now", "Maya Brandt", LIVE_SECONDS)
    expect(head.group("Offline").get_by_role("listitem")).to_have_count(1)
    assert head.traffic.joins == 1
    assert [request for request in head.traffic.requests if "presence?" in request] == []


def test_typing_shows_in_the_panel_and_on_the_card_until_it_is_saved(
    team: Team, open_board: OpenBoard
) -> None:
    head, maya, omar = (open_board(person, team.board) for person in (team.head, team.maya, team.omar))
    maya.open_task("Write the plan")
    maya.task_panel.get_by_label("Description").press_sequentially("First we", delay=20)
    row, hint = head.person("Maya Brandt"), omar.card("Write the plan").get_by_text("Maya is typing…")
    expect(row).to_contain_text("Typing in “Write the plan”", timeout=LIVE_SECONDS * 1000)
    expect(hint).to_be_visible(timeout=LIVE_SECONDS * 1000)
    expect(omar.card("Find the words").get_by_text("is typing…")).to_be_hidden()
    maya.task_panel.get_by_role("button", name="Save").click()
    expect(hint).to_be_hidden(timeout=LIVE_SECONDS * 1000)
    expect(row).not_to_contain_text("Typing", timeout=LIVE_SECONDS * 1000)
    expect(row).to_contain_text("Online")


def test_typing_in_a_new_task_shows_on_the_board(team: Team, open_board: OpenBoard) -> None:
    head, maya, omar = (open_board(person, team.board) for person in (team.head, team.maya, team.omar))
    maya.column("Doing").get_by_role("button", name="Add task").click()
    maya.column("Doing").get_by_role("textbox", name="Add task").press_sequentially("Call", delay=20)
    expect(omar.page.get_by_text("Maya is typing…")).to_be_visible(timeout=LIVE_SECONDS * 1000)
    expect(head.person("Maya Brandt")).to_contain_text("Typing")


@pytest.fixture
def machine(browser: Browser, server: Server) -> Iterator[Machine]:
    """Somebody's own; `browser` has Playwright running."""
    started = Machine(browser.browser_type, server.url)
    yield started
    started.kill()


def test_killed_browser_ends_typing_and_turns_offline_without_a_ghost(
    team: Team, open_board: OpenBoard, machine: Machine
) -> None:
    head, omar = (open_board(person, team.board) for person in (team.head, team.omar))
    maya = BoardPage.open(machine.pages.visitor(team.maya.email), team.board)
    maya.open_task("Write the plan")
    maya.task_panel.get_by_label("Description").press_sequentially("First we", delay=20)
    hint = omar.card("Write the plan").get_by_text("Maya is typing…")
    expect(hint).to_be_visible()
    machine.kill()
    killed_at = datetime.now(UTC)
    row = head.person("Maya Brandt")
    expect(row).to_contain_text("leaving…", timeout=LIVE_SECONDS * 1000)
    expect(row).not_to_contain_text("Typing")
    expect(hint).to_be_hidden(timeout=LIVE_SECONDS * 1000)
    head.expect_in("Offline", "Maya Brandt", 3 + LIVE_SECONDS)
    expect(row).to_contain_text(SEEN, use_inner_text=True)
    assert abs(head.last_seen("Maya Brandt") - killed_at) < timedelta(seconds=LIVE_SECONDS)


def test_typing_ends_five_seconds_after_the_last_key_even_when_the_machine_just_stops(
    people: People, team: Team, open_board: OpenBoard, machine: Machine
) -> None:
    nadia = people.user("Nadia New", team.organization)
    people.add(BoardMember(board_id=team.board.id, user_id=nadia.id))
    head, maya, watcher = (open_board(person, team.board) for person in (team.head, team.maya, nadia))
    omar = BoardPage.open(machine.pages.visitor(team.omar.email), team.board)
    for page, title in ((maya, "Write the plan"), (omar, "Find the words")):
        page.open_task(title)
        page.task_panel.get_by_label("Description").press_sequentially("First we", delay=20)
    machine.freeze()
    expect(watcher.card("Write the plan").get_by_text("Maya is typing…")).to_be_visible()
    expect(watcher.card("Find the words").get_by_text("Omar is typing…")).to_be_visible()
    for name, title in (("Maya", "Write the plan"), ("Omar", "Find the words")):
        hint = watcher.card(title).get_by_text("is typing…")
        expect(hint).to_be_hidden(timeout=(TYPING_SECONDS + LIVE_SECONDS) * 1000)
        expect(head.person(name)).not_to_contain_text("Typing", timeout=LIVE_SECONDS * 1000)


WATCH_PERSON = """name => {
  window.seenIn = [];
  const look = () => {
    for (const section of document.querySelectorAll("aside section")) {
      const here = [...section.querySelectorAll("li")].some((row) => row.textContent.includes(name));
      const group = section.querySelector("h3").textContent;
      if (here && window.seenIn.at(-1) !== group) window.seenIn.push(group);
    }
  };
  look();
  new MutationObserver(look).observe(document.querySelector("aside"), {subtree: true, childList: true});
}"""


def test_reloading_ten_times_never_shows_offline_and_records_none(
    team: Team, database: TestDatabase, open_board: OpenBoard
) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Active now", "Maya Brandt")
    head.page.evaluate(WATCH_PERSON, "Maya Brandt")
    before = len(head.traffic.named("presence_dashboard"))
    for _ in range(10):
        maya.reload()
    expect(head.person("Maya Brandt")).to_contain_text("Online")
    assert head.page.evaluate("window.seenIn") == ["Active now"]
    deltas = head.traffic.named("presence_dashboard")[before:]
    told = [member for delta in deltas for member in delta["members"]]
    statuses = [member["status"] for member in told if member["userId"] == str(team.maya.id)]
    assert len(statuses) > 10 and set(statuses) == {"online"}
    assert recorded(database, team, team.maya.id) == ["online"]


def test_who_closes_is_leaving_then_offline_with_last_seen_and_may_come_back(
    team: Team, database: TestDatabase, open_board: OpenBoard
) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    row = head.person("Maya Brandt")
    head.expect_in("Active now", "Maya Brandt")
    maya.page.close()
    closed_at = datetime.now(UTC)
    expect(row).to_contain_text("leaving…", timeout=LIVE_SECONDS * 1000)
    head.expect_in("Offline", "Maya Brandt", LEAVE_SECONDS)
    expect(row).to_contain_text(SEEN, use_inner_text=True)
    expect(row.get_by_text("just now")).to_be_visible()
    assert abs(head.last_seen("Maya Brandt") - closed_at) < timedelta(seconds=1)
    BoardPage.open(maya.page.context, team.board)
    head.expect_in("Active now", "Maya Brandt", LIVE_SECONDS)
    wait_until(
        lambda: recorded(database, team, team.maya.id) == ["online", "offline", "online"], what="three rows"
    )


def test_leaving_for_another_page_is_leaving_the_board(team: Team, open_board: OpenBoard) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Active now", "Maya Brandt")
    maya.page.get_by_role("link", name="Boards").click()
    expect(maya.page.get_by_role("heading", name="Boards", level=1)).to_be_visible()
    head.expect_in("Offline", "Maya Brandt", LEAVE_SECONDS)
    maya.page.go_back()
    head.expect_in("Active now", "Maya Brandt", LIVE_SECONDS)


def test_second_tab_keeps_a_person_there_when_the_first_is_closed(
    team: Team, database: TestDatabase, open_board: OpenBoard
) -> None:
    head, first = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Active now", "Maya Brandt")
    head.page.evaluate(WATCH_PERSON, "Maya Brandt")
    second = BoardPage.open(first.page.context, team.board)
    row = head.person("Maya Brandt")
    expect(row).to_contain_text("desktop +1", timeout=LIVE_SECONDS * 1000)
    first.page.close()
    expect(row).not_to_contain_text("+1", timeout=LEAVE_SECONDS * 1000)
    assert head.page.evaluate("window.seenIn") == ["Active now"]
    assert recorded(database, team, team.maya.id) == ["online"]
    second.page.close()
    head.expect_in("Offline", "Maya Brandt", LEAVE_SECONDS)


def test_signing_out_is_offline_at_once(team: Team, open_board: OpenBoard) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Active now", "Maya Brandt")
    maya.page.get_by_role("button", name="Your account").click()
    maya.page.get_by_role("button", name="Sign out").click()
    head.expect_in("Offline", "Maya Brandt", 1)
