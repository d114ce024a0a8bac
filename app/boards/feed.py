"""What happened to tasks: an entry in the task's feed, a signal for the rooms above, news for the pages.

Only inside a change of their board.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from .changes import Change
from .models import TaskEvent
from .schemas import TaskView
from .signals import task_changed
from .store import task_view


def note(change: Change, task_id: UUID, kind: str, now: datetime, **details: Any) -> None:
    """Adds an entry, and says so to whoever listens inside the transaction."""
    session, board_id, actor_id = change.session, change.board.id, change.actor.id
    session.add(
        TaskEvent(
            board_id=board_id,
            task_id=task_id,
            kind=kind,
            actor_id=actor_id,
            details=details,
            created_at=now,
        )
    )
    session.flush()
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


def note_all(
    change: Change, task_id: UUID, entries: Iterable[tuple[str, dict[str, Any]]], now: datetime
) -> None:
    for kind, details in entries:
        note(change, task_id, kind, now, **details)


def tell_task(change: Change, event: str, task_id: UUID, **more: Any) -> TaskView:
    """Tells the task as it is now."""
    view = task_view(change.session, change.board.id, task_id)
    change.tell(event, task=view.to_json(), **more)
    return view
