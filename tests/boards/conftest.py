"""Two organizations with a board each: whatever one may do on theirs, nobody may do on the other's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from uuid import UUID

    from app.accounts.models import Organization, User
    from app.boards.models import Board, List, Task
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

NOW = datetime(2025, 8, 10, 12, 34, tzinfo=UTC)


@dataclass
class House:
    """An organization and the people around its one board."""

    organization: Organization
    owner: User  # runs the organization, is not on the board
    head: User
    member: User
    colleague: User  # in the organization, not on the board
    board: Board
    todo: List
    done: List
    tasks: list[Task]  # three, all in `todo`


@dataclass
class Told:
    board_id: UUID
    event: str
    payload: dict[str, Any]


@pytest.fixture
def connected(database: TestDatabase, told: list[Told]) -> Iterator[None]:
    """Services on a database of the test's own, without a web application around them."""
    from app import db

    db.database.connect(database.url)
    yield
    db.database.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    """What the sockets of boards were told, in order."""
    news: list[Told] = []
    monkeypatch.setattr("app.realtime.publish.to_board", lambda *args: news.append(Told(*args)))
    return news


@pytest.fixture
def acme(people: People) -> House:
    return furnish(people, "Acme")


@pytest.fixture
def birch(people: People) -> House:
    return furnish(people, "Birch")


def furnish(people: People, name: str) -> House:
    organization = people.organization(name)
    owner, head, member, colleague = (
        people.user(f"{name} {role}", organization, "owner" if role == "owner" else "member")
        for role in ("owner", "head", "member", "colleague")
    )
    board = people.board(organization, [head], [member], name=f"{name} board")
    todo, done = people.list_on(board, "To do"), people.list_on(board, "Done")
    tasks = [people.task_on(todo, title) for title in ("One", "Two", "Three")]
    return House(organization, owner, head, member, colleague, board, todo, done, tasks)
