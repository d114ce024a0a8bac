"""What happened to tasks: entries in their feeds, a signal for the rooms above, news for the pages.

Only inside a change of their board.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from .changes import Change
from .models import TaskEvent
from .schemas import TaskView
from .signals import task_changed
from .store import task_view, task_views

Entry = tuple[UUID, str, dict[str, Any]]
"""The task, the kind, and details."""


def note(change: Change, entries: Sequence[Entry], now: datetime) -> None:
    """Adds entries, and says so to whoever listens inside the transaction."""
    session, board_id, actor_id = change.session, change.board.id, change.actor.id
    session.add_all(
        TaskEvent(
            board_id=board_id,
            task_id=task_id,
            kind=kind,
            actor_id=actor_id,
            details=details,
            created_at=now,
        )
        for task_id, kind, details in entries
    )
    session.flush()
    for task_id, kind, details in entries:
        task_changed.send(
            None,
            session=session,
            board_id=board_id,
            task_id=task_id,
            kind=kind,
            actor_id=actor_id,
            details=details,
            now=now,
        )


def tell_task(change: Change, event: str, task_id: UUID, **more: Any) -> TaskView:
    """Tells the task as it is now."""
    view = task_view(change.session, change.board.id, task_id)
    change.tell(event, task=view.to_json(), **more)
    return view


def tell_tasks(change: Change, event: str, task_ids: Sequence[UUID]) -> list[TaskView]:
    """Tells each of them under a number of its own."""
    views = task_views(change.session, change.board.id, task_ids)
    for number, view in zip(change.take_numbers(len(views) - 1), views, strict=True):
        change.seq = number
        change.tell(event, task=view.to_json())
    return views
