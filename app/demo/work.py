"""Who has to do what in the demo, how urgent it is, and what is done. Never in production."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..boards.models import Task, TaskAssignee, TaskWatcher

ZONE = "Europe/Berlin"
PRIORITIES = ("none", "high", "none", "low", "urgent", "medium")
STARTED = {"Doing": 4, "In progress": 3}  # list -> days from start to due


def traits(list_name: str, place: int, due_at: datetime | None, now: datetime) -> dict[str, Any]:
    """Of the task at this place of its list."""
    days = STARTED.get(list_name)
    return {
        "time_zone": ZONE,
        "priority": PRIORITIES[(len(list_name) + place) % len(PRIORITIES)],
        "start_at": due_at - timedelta(days=days) if due_at and days else None,
        "completed_at": now - timedelta(days=2) if list_name == "Done" else None,
    }


def share_out(session: Session, board_id: UUID, people: Sequence[UUID]) -> None:
    """The first of `people` gets most, because who looks around signs in as them, and watches the rest."""
    whose = cycle([people[0], *people])
    tasks = select(Task.id).where(Task.board_id == board_id).order_by(Task.title)
    for task_id in session.scalars(tasks):
        assignee = next(whose)
        about = {"task_id": task_id, "board_id": board_id}
        session.add(TaskAssignee(user_id=assignee, **about))
        if assignee != people[0]:
            session.add(TaskWatcher(user_id=people[0], **about))
    session.flush()
