"""Adding, editing and moving the tasks of a board, by anybody on it.

Works inside the caller's transaction; news go out when it is committed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ..errors import InvalidInput, NotFound
from .changes import Actor, Change, change_content, write_version
from .core import check_dates, entries_of_edit, stored_values
from .feed import note, tell_task
from .models import List, Task
from .ordering import last_position, place_after
from .schemas import TaskView
from .store import task_view


def add_task(
    board_id: UUID,
    list_id: UUID,
    title: str,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
    **more: Any,
) -> TaskView:
    """A new task at the end of its list; `more`: of `description`, `priority`, `start_at`, `due_at`,
    `time_zone`."""
    change = change_content(session, actor, board_id)
    open_list(change, list_id)
    check_dates(more.get("start_at"), more.get("due_at"))
    task = Task(
        board_id=board_id,
        list_id=list_id,
        title=title,
        position=last_position(change, Task, Task.list_id == list_id),
        created_by=actor.id,
        created_at=now,
        updated_at=now,
        **more,
    )
    session.add(task)
    session.flush()
    note(change, [(task.id, "created", {})], now)
    return tell_task(change, "task_created", task.id)


def edit_task(
    board_id: UUID,
    task_id: UUID,
    version: int,
    changes: dict[str, Any],
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> TaskView:
    """`changes`: of what add_task takes, `completed` and `archived`. A stale `version` is a Conflict, so no
    text is lost."""
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    before = dict(vars(task))
    values = stored_values(before, changes, now)
    if values.keys() & {"start_at", "due_at"}:
        check_dates(values.get("start_at", task.start_at), values.get("due_at", task.due_at))
    write_version(
        session,
        task,
        version,
        lambda: task_view(session, board_id, task_id),
        updated_at=now,
        **values,
    )
    note(change, [(task_id, *entry) for entry in entries_of_edit(before, vars(task))], now)
    return tell_task(change, "task_updated", task_id)


def move_task(
    board_id: UUID,
    task_id: UUID,
    list_id: UUID,
    after_task_id: UUID | None,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> TaskView:
    """Behind another task of the list, or to its front.

    The last one to move wins, and the version stays: a card that is dragged while somebody writes in
    it must not cost them their words.
    """
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    target = open_list(change, list_id)
    origin = change.session.get(List, task.list_id)
    with session.no_autoflush:  # one write, with its place
        task.list_id, task.updated_at = list_id, now
        place_after(change, task, Task.list_id == list_id, after_task_id, "afterTaskId")
    if origin is not None and origin.id != list_id:
        note(change, [(task_id, "moved", {"from": origin.name, "to": target.name})], now)
    return tell_task(change, "task_moved", task_id)


def open_list(change: Change, list_id: UUID, field: str = "listId") -> List:
    """A list that may take tasks; InvalidInput if it is not on the board, like an unknown one."""
    try:
        row = change.find(List, list_id)
    except NotFound:
        raise InvalidInput.at(field, "This list is not on the board") from None
    if row.archived_at is not None:
        raise InvalidInput.at(field, "This list is archived; restore it or choose another one")
    return row
