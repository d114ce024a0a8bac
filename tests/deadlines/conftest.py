"""A person with tasks on two boards, one of them of another organization."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.boards.models import TaskAssignee, TaskWatcher
from app.clock import clock

if TYPE_CHECKING:
    from datetime import datetime

    from app.accounts.models import User
    from app.boards.models import Board, List, Task
    from tests.support.people import People


@dataclass
class Desk:
    people: People
    maya: User
    head: User
    board: Board
    row: List
    elsewhere: List

    def task(self, title: str, due: datetime | None = None, *, row: List | None = None, **more: Any) -> Task:
        """Assigned to Maya, unless `whose` says to whom."""
        whose = more.pop("whose", self.maya)
        task = self.people.task_on(row or self.row, title, due_at=due, **more)
        if whose:
            self.people.add(TaskAssignee(task_id=task.id, board_id=task.board_id, user_id=whose.id))
        return task

    def watch(self, task: Task) -> None:
        self.people.add(TaskWatcher(task_id=task.id, board_id=task.board_id, user_id=self.maya.id))


@pytest.fixture
def desk(people: People) -> Desk:
    acme, birch = people.organization("Acme"), people.organization("Birch")
    head = people.user("Hanna", acme)
    maya = people.user("Maya", acme, time_zone="Europe/Berlin")
    board = people.board(acme, [head], [maya], name="Launch; part 1, \\final")
    foreign = people.board(birch, [head], [maya], name="Birch board", color="red")
    return Desk(people, maya, head, board, people.list_on(board), people.list_on(foreign, "Doing"))


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)
