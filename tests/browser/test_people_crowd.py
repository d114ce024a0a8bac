"""A directory of a thousand people at twenty changes a second: every card is its own, and no frame waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.trace import TRACE_CATEGORIES, script_times
from tests.support.socket_client import BoardSocket, connect

from .board_page import Traffic
from .test_many_people import Changes
from .test_people_page import cards, search

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.boards.models import Board
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

PEOPLE, WORKING = 1_000, 20
WATCHED_SECONDS, MOST_FRAME_MS = 4, 16
ENOUGH_NEWS = 40
WRONG_CARDS = """() => [...document.querySelectorAll("#people > li")].filter(
  (card) => card.dataset.keptAs && card.dataset.keptAs !== card.querySelector("a").textContent).length"""
KEEP_CARDS = """() => document.querySelectorAll("#people > li").forEach(
  (card) => { card.dataset.keptAs = card.querySelector("a").textContent; })"""


class Typing(Changes):
    """What the directory shows of it: somebody who stays signed in is not idle because a board is."""

    def _tell(self, socket: BoardSocket, board_id: str, active: bool) -> None:
        socket.send("typing" if active else "stop_typing", {"boardId": board_id})


@pytest.fixture
def crowd(people: People) -> tuple[Board, User, list[User]]:
    """The board's head, and its members by name: they are the first in the directory."""
    acme = people.organization()
    members = sorted(people.users(PEOPLE - 1, acme), key=lambda user: user.name)
    head = people.user("Zoe Head", acme)
    return people.board(acme, [head], members[:WORKING]), head, members


@pytest.fixture
def working(server: Server, crowd: tuple[Board, User, list[User]]) -> Iterator[list[BoardSocket]]:
    board, _, members = crowd
    sockets = [connect(server.url, member.email) for member in members[:WORKING]]
    for socket in sockets:
        assert socket.emit("join_board", {"boardId": str(board.id)})["ok"]
    yield sockets
    for socket in sockets:
        socket.close()


def load_everybody(page: Page) -> None:
    for _ in range(60):
        if cards(page).count() == PEOPLE:
            return
        page.mouse.wheel(0, 20_000)
        page.wait_for_timeout(100)
    raise AssertionError(f"{cards(page).count()} of {PEOPLE} came")


def told(traffic: Traffic) -> list[Any]:
    return [user for update in traffic.named("presence_update") for user in update["users"]]


def test_thousand_cards_stay_smooth_while_twenty_change_each_second(
    browser: Browser, pages: Pages, crowd: tuple[Board, User, list[User]], working: list[BoardSocket]
) -> None:
    board, head, members = crowd
    page = pages.visitor(head.email).new_page()
    traffic = Traffic.of(page)
    page.goto("/people")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    load_everybody(page)
    expect(page.get_by_role("button", name=f"All {PEOPLE}")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    pills = page.get_by_role("group", name="Show by status")
    expect(pills.get_by_role("button", name="Online")).to_contain_text(str(WORKING + 1))
    page.evaluate(KEEP_CARDS)
    before = len(told(traffic))
    browser.start_tracing(page=page, categories=TRACE_CATEGORIES)
    with Typing(working, board):
        page.wait_for_timeout(WATCHED_SECONDS * 1_000)
    scripts = script_times(browser.stop_tracing())
    assert len(told(traffic)) - before >= ENOUGH_NEWS
    assert max(scripts.frames_cpu) < MOST_FRAME_MS
    assert page.evaluate(WRONG_CARDS) == 0

    search(page).fill(members[-1].name)
    expect(cards(page).filter(has_text=members[-1].email)).to_have_count(1)
    expect(cards(page)).to_have_count(sum(members[-1].name in member.name for member in members))
