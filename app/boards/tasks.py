"""Adding, editing, moving and deleting the tasks of a board, by anybody on it.

Works inside the caller's transaction; news go out when it is committed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ..errors import InvalidInput, NotFound
from .changes import Actor, Change, change_content, write_version
from .models import List, Task
from .ordering import last_position, place_after
from .schemas import TaskView


def add_task(
    board_id: UUID,
    list_id: UUID,
    title: str,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
    description: str = "",
    due_at: datetime | None = None,
) -> Task:
    """A new task at the end of its list."""
    change = change_content(session, actor, board_id)
    _check_list(change, list_id)
    task = Task(
        board_id=board_id,
        list_id=list_id,
        title=title,
        description=description,
        due_at=due_at,
        position=last_position(change, Task, Task.list_id == list_id),
        created_by=actor.id,
        created_at=now,
        updated_at=now,
    )
    session.add(task)
    session.flush()
    change.tell("task_created", task=_view(task))
    return task


def edit_task(
    board_id: UUID,
    task_id: UUID,
    version: int,
    changes: dict[str, Any],
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> Task:
    """`changes`: of `title`, `description`, `due_at`. A stale `version` is a Conflict, so no text is lost."""
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    write_version(session, task, version, TaskView, updated_at=now, **changes)
    change.tell("task_updated", task=_view(task))
    return task


def move_task(
    board_id: UUID,
    task_id: UUID,
    list_id: UUID,
    after_task_id: UUID | None,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> Task:
    """Behind another task of the list, or to its front.

    The last one to move wins, and the version stays: a card that is dragged while somebody writes in
    it must not cost them their words.
    """
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    _check_list(change, list_id)
    task.list_id, task.updated_at = list_id, now
    place_after(change, task, Task.list_id == list_id, after_task_id, "afterTaskId")
    change.tell("task_moved", task=_view(task))
    return task


def delete_task(board_id: UUID, task_id: UUID, *, session: Session, actor: Actor) -> None:
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    session.execute(delete(Task).where(Task.id == task.id))
    change.tell("task_deleted", task={"id": str(task_id)})


def _check_list(change: Change, list_id: UUID) -> None:
    try:
        change.find(List, list_id)
    except NotFound:
        raise InvalidInput.at("listId", "This list is not on the board") from None


def _view(task: Task) -> dict[str, Any]:
    return TaskView.model_validate(task).to_json()
