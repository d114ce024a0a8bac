"""The directory live: what others do is on their card in two seconds, what they hide looks like nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.api import Api
from tests.support.patience import within

from .test_people_page import card, cards, profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.accounts.models import User
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

    from .conftest import OpenBoard
    from .team import Team

    Says = Callable[..., None]

SETTINGS = {"PRESENCE_DISCONNECT_GRACE_SECONDS": 2, "PRESENCE_ONLINE_SECONDS": 3}
LIVE_MS = within(2) * 1000
GONE_MS = within(10) * 1000  # what takes its time to be believed: that somebody left, or types no more
UNTOUCHED = "() => document.documentElement.dataset.untouched"
SAID = """() => {
  window.said = [];
  const note = (changes) => changes.forEach(({ target }) => said.push(target.textContent));
  const read = { childList: true, characterData: true, subtree: true };
  for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]")) {
    new MutationObserver(note).observe(region, read);
  }
}"""


@pytest.fixture
def open_people(pages: Pages) -> Callable[..., Page]:
    """The directory of this person, live, with everything that is read out from now on noted."""

    def open_live(person: User, path: str = "/people", **options: Any) -> Page:
        page = pages.open(path, person.email, **options)
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        page.evaluate("() => { document.documentElement.dataset.untouched = 'yes'; }")
        page.evaluate(SAID)
        return page

    return open_live


@pytest.fixture
def says(server: Server) -> Says:
    """`says(team.maya, status="busy")`: by another of Maya's programs."""
    apis: dict[str, Api] = {}

    def say(person: User, **settings: object) -> None:
        if person.email not in apis:
            apis[person.email] = Api(server.url)
            apis[person.email].sign_in(person.email)
        answer = apis[person.email].put("/api/presence/settings", settings)
        assert answer.status == 200, answer

    return say


def expect_card(page: Page, name: str, *words: str | re.Pattern[str]) -> None:
    for word in words:
        expect(card(page, name)).to_contain_text(word, timeout=LIVE_MS)


def test_card_follows_its_person_without_a_reload_and_without_a_word(
    pages: Pages, team: Team, open_people: Callable[..., Page], open_board: OpenBoard, says: Says
) -> None:
    page = open_people(team.head)
    expect_card(page, "Maya Brandt", "Offline")
    says(team.maya, showCurrentPage=True)
    maya = open_board(team.maya, team.board)
    expect_card(page, "Maya Brandt", "Online · Board: Launch", "desktop", team.maya.email)
    says(team.maya, status="busy", customStatus="Deep work", customEmoji="🎧")
    expect_card(page, "Maya Brandt", "Busy", "🎧 Deep work")
    maya.open_task("Write the plan")
    maya.task_panel.get_by_label("Description").press_sequentially("Words", delay=20)
    expect_card(page, "Maya Brandt", "Busy · typing")
    expect(card(page, "Maya Brandt")).not_to_contain_text("typing", timeout=GONE_MS)
    says(team.maya, status=None, customStatus=None, customEmoji=None)
    expect_card(page, "Maya Brandt", "Online", team.maya.email)
    maya.page.close()
    expect(card(page, "Maya Brandt")).to_contain_text("Offline · last seen just now", timeout=GONE_MS)
    seen = card(page, "Maya Brandt").locator("time:visible")
    expect(seen).to_have_attribute("title", re.compile(r"\d{4}, \d+:\d\d:\d\d"))
    assert page.evaluate(UNTOUCHED) == "yes"
    assert page.evaluate("said") == [], "a status that changes is no news to read out"


def test_who_hides_looks_like_who_left(
    team: Team, open_people: Callable[..., Page], open_board: OpenBoard, says: Says
) -> None:
    page = open_people(team.head)
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    for name in ("Maya Brandt", "Omar Said"):
        expect_card(page, name, "Online")
    pill = page.get_by_role("group", name="Show by status").get_by_role("button", name="Online")
    says(team.maya, appearOffline=True)
    expect_card(page, "Maya Brandt", "Offline")
    expect(pill).to_contain_text("1", timeout=GONE_MS)  # the head is on no board, and long idle here
    omar.page.close()
    expect(card(page, "Omar Said")).to_contain_text("Offline", timeout=GONE_MS)

    def shown(name: str, email: str) -> str:
        markup = card(page, name).evaluate("element => element.outerHTML")
        for own in (name, email, r"[0-9a-f-]{36}", r"disc-\d", r">\w\w<", r'(datetime|title)="[^"]*"'):
            markup = re.sub(own, "", markup)
        return markup

    maya.open_task("Write the plan")  # also while she works
    maya.task_panel.get_by_label("Description").press_sequentially("Words", delay=20)
    assert shown("Maya Brandt", team.maya.email) == shown("Omar Said", team.omar.email)
    page.reload()
    expect_card(page, "Omar Said", "Offline")
    assert shown("Maya Brandt", team.maya.email) == shown("Omar Said", team.omar.email)
    says(team.maya, appearOffline=False)
    expect_card(page, "Maya Brandt", "Online")


def test_without_activity_only_the_status_is_told(
    team: Team, open_people: Callable[..., Page], open_board: OpenBoard, says: Says
) -> None:
    page = open_people(team.head)
    says(team.maya, showActivity=False)
    maya = open_board(team.maya, team.board)
    expect_card(page, "Maya Brandt", "Online")
    expect(card(page, "Maya Brandt")).not_to_contain_text("desktop")
    maya.page.close()
    expect(card(page, "Maya Brandt")).to_contain_text(re.compile("Offline(?! ·)"), timeout=GONE_MS)


def test_filter_by_status_follows_too(
    team: Team, open_people: Callable[..., Page], says: Says, open_board: OpenBoard
) -> None:
    page = open_people(team.head)
    page.get_by_role("button", name="Busy").click()
    expect(page.get_by_text("Nobody here is busy right now.")).to_be_visible()
    open_board(team.maya, team.board)
    says(team.maya, status="busy")
    expect(cards(page)).to_have_count(1, timeout=LIVE_MS)
    expect(card(page, "Maya Brandt")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/people\?status=busy$"))
    page.reload()
    expect(cards(page)).to_have_count(1, timeout=LIVE_MS)
    says(team.maya, status="away")
    expect(cards(page)).to_have_count(0, timeout=LIVE_MS)


@pytest.mark.parametrize("path", ["/people", "/people/{id}"])
def test_profile_is_live_beside_the_list_and_on_its_own_page(
    pages: Pages, team: Team, open_board: OpenBoard, says: Says, path: str
) -> None:
    page = pages.open(path.format(id=team.maya.id), team.head.email)
    if path == "/people":
        page.get_by_role("link", name="Maya Brandt").click()
    shown = profile(page, "Maya Brandt") if path == "/people" else page.get_by_role("main")
    expect(shown).to_contain_text("Offline", timeout=LIVE_MS)
    says(team.maya, showCurrentPage=True, customStatus="<b>Deep</b> work")
    open_board(team.maya, team.board)
    expect(shown).to_contain_text("Board: Launch", timeout=LIVE_MS)
    expect(shown).to_contain_text("<b>Deep</b> work")
    expect(shown).to_contain_text("Desktop")
    expect(shown.get_by_text("Last seen", exact=True)).to_be_hidden()
    says(team.maya, appearOffline=True)
    for word in ("Board: Launch", "Deep", "Desktop", "Online"):
        expect(shown.locator("article")).not_to_contain_text(word, timeout=LIVE_MS)
    expect(shown.get_by_text("Last seen", exact=True)).to_be_visible()


def test_guests_of_one_board_see_each_other_and_nobody_else(
    people: People, team: Team, open_people: Callable[..., Page], open_board: OpenBoard
) -> None:
    guest = people.user("Piotr Dudek", people.organization("Birch"))
    board = people.board(team.organization, [team.head], [guest], name="Fair")
    page, other = open_people(guest), open_people(team.head)
    expect(cards(page)).to_have_count(2)
    for person in (guest, team.head):  # a request alone makes them online for three seconds here
        open_board(person, board)
    expect_card(other, "Piotr Dudek", "Online")
    expect_card(page, "Lena Head", "Online")


def test_while_there_is_no_socket_the_page_asks_every_half_minute(
    pages: Pages, team: Team, says: Says, server: Server
) -> None:
    """As behind a proxy that lets no WebSocket through."""
    context = pages.visitor(team.head.email, for_once=True)
    page = context.new_page()
    page.clock.install()
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.goto("/people")
    page.clock.run_for(10_000)
    expect_card(page, "Maya Brandt", "Offline")
    maya = Api(server.url)
    maya.sign_in(team.maya.email)
    said = {"status": "busy", "device": "mobile"}
    assert maya.post("/api/presence/track", said).status == 200
    page.clock.run_for(30_000)
    expect_card(page, "Maya Brandt", "Busy", "mobile")
    expect(page.get_by_text("Reconnecting")).to_be_visible()
