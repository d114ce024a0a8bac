"""One board in one browser, spoken of by what a person sees: roles, labels and words, never classes.

Keeps what the page asked and what came over its socket, so that a test can also say what did not happen.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, WebSocket, expect

from app.boards.models import Board
from tests.support.patience import GENEROUS

JOINED_SECONDS = 2 * GENEROUS


@dataclass
class Traffic:
    requests: list[str] = field(default_factory=list)  # "GET /api/..."
    events: list[tuple[str, Any]] = field(default_factory=list)  # what the server sent by itself
    joins: int = 0  # acknowledged
    sockets: list[WebSocket] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> "Traffic":
        traffic = cls()
        page.on("request", lambda request: traffic.requests.append(f"{request.method} {request.url}"))
        page.on("websocket", traffic._watch)
        return traffic

    def named(self, event: str) -> list[Any]:
        return [payload for name, payload in self.events if name == event]

    def _watch(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framereceived", self._understand)

    def _understand(self, frame: str | bytes) -> None:
        kind, _, rest = str(frame).partition("/board,")
        if kind == "42":
            event, *payload = json.loads(rest)
            self.events.append((event, payload[0] if payload else None))
        elif kind == "43" and '"boardSeq"' in rest:
            self.joins += 1


class BoardPage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.traffic = Traffic.of(page)
        self.panel = page.get_by_role("complementary", name="Team presence")
        self.task_panel = page.get_by_role("dialog", name="Task in")
        self.announcer = page.get_by_role("status")

    @classmethod
    def open(cls, context: BrowserContext, board: Board) -> "BoardPage":
        opened = cls(context.new_page())
        opened.goto(board)
        return opened

    def goto(self, board: Board) -> None:
        self.page.goto(f"/boards/{board.id}")
        self.wait_joined(1)

    def reload(self) -> None:
        joins = self.traffic.joins
        self.page.reload()
        self.wait_joined(joins + 1)

    def wait_joined(self, times: int) -> None:
        self.wait(lambda: self.traffic.joins >= times, JOINED_SECONDS, "joining the board")

    def wait(self, condition: Callable[[], object], timeout: float, what: str) -> None:
        """For what the page itself does not show; the browser's events arrive meanwhile."""
        for _ in range(round(timeout * 50)):
            if condition():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{what} did not come true within {timeout:g} s")

    # The board

    def tasks_in(self, name: str) -> Locator:
        return self.page.get_by_role("list", name=f"Tasks in {name}", exact=True)

    def column(self, name: str) -> Locator:
        """The list with its heading, its menu and its form."""
        return self.page.get_by_role("listitem").filter(has=self.tasks_in(name))

    def card(self, title: str) -> Locator:
        cards = self.page.get_by_role("list", name="Tasks in ").get_by_role("listitem")
        return cards.filter(has=self.link(title))

    def link(self, title: str) -> Locator:
        return self.page.get_by_role("link", name=title, exact=True)

    def titles(self, list_name: str) -> list[str]:
        return self.tasks_in(list_name).get_by_role("link").all_inner_texts()

    def expect_tasks(self, list_name: str, *titles: str, seconds: float = GENEROUS) -> None:
        links = self.tasks_in(list_name).get_by_role("link")
        expect(links).to_have_text(list(titles), timeout=seconds * 1000)

    def expect_lists(self, *names: str, seconds: float = GENEROUS) -> None:
        headings = self.page.get_by_role("main").get_by_role("heading", level=2)
        headings = headings.filter(has_not_text="Task in")
        expect(headings).to_have_text(list(names), timeout=seconds * 1000)

    def open_task(self, title: str) -> None:
        self.link(title).click()
        expect(self.task_panel).to_be_visible()

    def add_task(self, list_name: str, title: str) -> None:
        column = self.column(list_name)
        if not column.get_by_role("textbox").is_visible():
            column.get_by_role("button", name="Add task").click()
        column.get_by_role("textbox", name="Add task").fill(title)
        column.get_by_role("textbox", name="Add task").press("Enter")
        expect(self.link(title)).to_be_visible()

    def choose(self, button: str, item: str) -> None:
        """From the menu behind a button."""
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def undo(self, words: str) -> None:
        """What the message with these words speaks of."""
        message = self.page.get_by_role("alert").locator("div").filter(has_text=words)
        message.get_by_role("button", name="Undo").click()

    # The panel of heads

    def group(self, name: str) -> Locator:
        heading = self.page.get_by_role("heading", name=name, exact=True)
        return self.panel.locator("section").filter(has=heading)

    def person(self, name: str) -> Locator:
        return self.panel.locator("section").get_by_role("listitem").filter(has_text=name)

    def expect_in(self, group: str, name: str, seconds: float = GENEROUS) -> None:
        row = self.group(group).get_by_role("listitem").filter(has_text=name)
        expect(row).to_be_visible(timeout=seconds * 1000)

    def last_seen(self, name: str) -> datetime:
        shown = self.person(name).locator("time").first.get_attribute("datetime")
        assert shown
        return datetime.fromisoformat(shown)
