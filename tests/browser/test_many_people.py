"""A panel of 200 people at twenty changes a second: rows stay the same elements, and none is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.patience import GENEROUS, within
from tests.support.socket_client import BoardSocket, connect

from .board_page import BoardPage

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.boards.models import Board
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

PEOPLE, WORKING, CHANGES_PER_SECOND = 200, 20, 20
ENOUGH_CHANGES = 60


@pytest.fixture
def crowd(people: People) -> tuple[Board, User, list[User]]:
    acme = people.organization()
    head = people.user("Lena Head", acme)
    members = people.users(PEOPLE - 1, acme)
    board = people.board(acme, [head], members)
    people.task_on(people.list_on(board, "To do"), "Write the plan")
    return board, head, members


@pytest.fixture
def working(server: Server, crowd: tuple[Board, User, list[User]]) -> Iterator[list[BoardSocket]]:
    board, _, members = crowd
    sockets = [connect(server.url, member.email) for member in members[:WORKING]]
    for socket in sockets:
        assert socket.emit("join_board", {"boardId": str(board.id)})["ok"]
    yield sockets
    for socket in sockets:
        socket.close()


class Changes:
    """Goes round the sockets: each turns from idle to active and back."""

    def __init__(self, sockets: list[BoardSocket], board: Board) -> None:
        self.sent = 0
        self._sockets, self._board, self._over = sockets, board, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Changes:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _tell(self, socket: BoardSocket, board_id: str, active: bool) -> None:
        socket.send("activity", {"boardId": board_id, "active": active, "visible": True})

    def _run(self) -> None:
        active = False
        for place, socket in cycle(enumerate(self._sockets)):
            if self._over.wait(1 / CHANGES_PER_SECOND):
                return
            self._tell(socket, str(self._board.id), active)
            self.sent += 1
            if place == len(self._sockets) - 1:
                active = not active


MARK_ROWS = """() => document.querySelectorAll("aside section li").forEach((row) => {
  row.keptAs = row.textContent.match(/Person \\d+|Lena Head/)[0];
})"""
CHANGED_ROWS = """() => [...document.querySelectorAll("aside section li")].filter(
  (row) => !row.keptAs || !row.textContent.includes(row.keptAs)).map((row) => row.textContent)"""


def test_two_hundred_rows_live_keep_their_identity(
    pages: Pages, crowd: tuple[Board, User, list[User]], working: list[BoardSocket]
) -> None:
    board, head, members = crowd
    page = BoardPage.open(pages.visitor(head.email), board)
    rows = page.panel.locator("section").get_by_role("listitem")
    expect(rows).to_have_count(PEOPLE)
    expect(page.group("Active now").get_by_role("listitem")).to_have_count(WORKING + 1)
    page.page.evaluate(MARK_ROWS)
    search = page.panel.get_by_role("searchbox", name="Search people")
    with Changes(working, board) as changes:
        search.press_sequentially(members[-1].name, delay=50)
        expect(rows.locator("visible=true")).to_have_count(1)
        expect(search).to_be_focused()
        search.fill("")
        page.open_task("Write the plan")  # the board goes on working meanwhile
        page.task_panel.get_by_label("Description").press_sequentially("Not slowed down", delay=20)
        page.wait(lambda: changes.sent >= ENOUGH_CHANGES, 2 * GENEROUS, "enough changes")
    last = working[0]
    last.send("typing", {"boardId": str(board.id)})
    expect(page.person(members[0].name).first).to_contain_text("Typing", timeout=within(2) * 1000)
    assert page.page.evaluate(CHANGED_ROWS) == []
    assert len(page.traffic.named("presence_dashboard")) > ENOUGH_CHANGES / 4
    assert page.traffic.joins == 1  # no gap in the numbers
    truth = page.page.request.get(f"/api/boards/{board.id}/presence").json()["members"]
    online = sum(member["status"] == "online" for member in truth)
    expect(page.group("Active now").get_by_role("listitem")).to_have_count(online)
    expect(rows).to_have_count(PEOPLE)


def test_search_finds_by_parts_of_the_name_and_says_when_there_is_nobody(
    pages: Pages, people: People
) -> None:
    acme = people.organization()
    head = people.user("Lena Head", acme)
    others = [people.user(name, acme) for name in ("Zoë Müller", "Maya Brandt", "Omar Said")]
    page = BoardPage.open(pages.visitor(head.email), people.board(acme, [head], others))
    rows = page.panel.locator("section").get_by_role("listitem").locator("visible=true")
    expect(rows).to_have_count(4)
    search = page.panel.get_by_role("searchbox", name="Search people")
    for query, found in (("muller zoe", "Zoë Müller"), ("BRA", "Maya Brandt"), ("said", "Omar Said")):
        search.fill(query)
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(found)
    search.fill("nobody")
    expect(rows).to_have_count(0)
    expect(page.panel.get_by_text("Nobody here is called “nobody”.")).to_be_visible()
    search.fill("")
    expect(rows).to_have_count(4)
