"""Many people on several boards at once, each with a login and a page."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests.presence.live import Live, join
from tests.support.api import Api
from tests.support.socket_client import BoardSocket

AT_ONCE = 8  # logins under way at the same time; one address may try ten


@dataclass
class Visitor:
    user: Any
    board: Any
    api: Api
    page: BoardSocket | None = None

    def open(self, live: Live) -> None:
        self.page = live.open_tab(self.api)
        assert join(self.page, self.board)["persisted"]


def gather(live: Live, boards: int, people: int) -> list[Visitor]:
    """So many people in all, each signed in and on one of the boards; the first of each board is its head."""
    organization = live.people.organization("Crowd")
    users = live.people.users(people, organization)
    places = []
    for number in range(boards):
        head, *members = users[number::boards]
        board = live.people.board(organization, [head], members, name=f"Board {number}")
        places += [(user, board) for user in (head, *members)]
    visitors = [Visitor(user, board, Api(live.server.url)) for user, board in places]
    each(visitors, lambda visitor: visitor.api.sign_in(visitor.user.email))
    come(live, visitors)
    return visitors


def come(live: Live, visitors: Iterable[Visitor]) -> None:
    each(visitors, lambda visitor: visitor.open(live))


def vanish(visitors: Iterable[Visitor]) -> None:
    for visitor in visitors:
        if visitor.page:
            with suppress(OSError):
                visitor.page.vanish()


def each(visitors: Iterable[Visitor], do: Callable[[Visitor], object]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(do, visitors))


def histories(live: Live, visitors: Sequence[Visitor]) -> list[list[Any]]:
    """Of each visitor the recorded transitions on their board: (status, last_seen, updated_at)."""
    rows = live.backstage.run("select user_id, status, last_seen, updated_at from activity order by id")
    found: dict[Any, list[Any]] = {visitor.user.id: [] for visitor in visitors}
    for user_id, *transition in rows:
        if user_id in found:
            found[user_id].append(tuple(transition))
    return list(found.values())


def present(live: Live) -> set[Any]:
    """Who is not offline according to PostgreSQL."""
    return {
        row[0] for row in live.backstage.run("select user_id from board_presence where status <> 'offline'")
    }
