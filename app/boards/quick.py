"""Many tasks at once: several new ones from several lines, copies, and one edit of many, all or nothing."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ..db import new_id
from ..errors import InvalidInput
from . import assignees, labels
from .changes import Actor, Change, change_content
from .core import check_dates, entries_of_edit, stored_values
from .feed import Entry, note, tell_task, tell_tasks
from .models import ChecklistItem, List, Task, TaskAssignee, TaskLabel, TaskLink
from .ordering import last_position, last_positions, place_after
from .schemas import TaskView
from .tasks import open_list
from .trash import hide_tasks

MOST_ASSIGNED = 200  # tasks times people: each of them is told by itself, with the board locked
COPIED = ("description", "priority", "start_at", "due_at", "time_zone")


def add_tasks(
    board_id: UUID, list_id: UUID, titles: Sequence[str], *, session: Session, actor: Actor, now: datetime
) -> list[TaskView]:
    """At the end of the list, in their order."""
    change = change_content(session, actor, board_id)
    open_list(change, list_id)
    positions = last_positions(change, Task, Task.list_id == list_id, len(titles))
    common = {"board_id": board_id, "list_id": list_id, "created_by": actor.id}
    tasks = [
        Task(id=new_id(), title=title, position=position, **common, created_at=now, updated_at=now)
        for title, position in zip(titles, positions, strict=True)
    ]
    session.add_all(tasks)
    session.flush()
    note(change, [(task.id, "created", {}) for task in tasks], now)
    return tell_tasks(change, "task_created", [task.id for task in tasks])


def copy_task(
    board_id: UUID,
    task_id: UUID,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
    list_id: UUID | None = None,
    after_task_id: UUID | None = None,
    title: str | None = None,
) -> TaskView:
    """With labels, people, links and an unticked checklist, without comments. Right behind the original, at
    the end of another list, or behind `after_task_id`."""
    change = change_content(session, actor, board_id)
    origin = change.find(Task, task_id)
    target = open_list(change, list_id or origin.list_id)
    row = Task.list_id == target.id
    task = Task(
        id=new_id(),
        board_id=board_id,
        list_id=target.id,
        title=title or origin.title,
        position=last_position(change, Task, row),
        created_by=actor.id,
        created_at=now,
        updated_at=now,
        **{name: getattr(origin, name) for name in COPIED},
    )
    session.add(task)
    session.flush()
    behind = origin.id if target.id == origin.list_id else None
    if after_task_id or behind:
        place_after(change, task, row, after_task_id or behind, "afterTaskId")
    _copy_parts(change, origin.id, task.id, now)
    note(change, [(task.id, "copied", {"fromTaskId": str(origin.id), "title": origin.title})], now)
    return tell_task(change, "task_created", task.id)


def edit_tasks(
    board_id: UUID,
    task_ids: Sequence[UUID],
    changes: dict[str, Any],
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> list[TaskView]:
    """Everything of `changes` (as in the schema Bulk) on every task, or an error and nothing.

    The tasks that are left, in the order of `task_ids`, which is also theirs in a new list.
    """
    change = change_content(session, actor, board_id)
    tasks = _find_all(change, list(dict.fromkeys(task_ids)))
    ids = [task.id for task in tasks]
    if "deleted" in changes:
        hide_tasks(change, ids, now)
        for number, task_id in zip(change.take_numbers(len(ids) - 1), ids, strict=True):
            change.seq = number
            change.tell("task_deleted", task={"id": str(task_id)})
        return []
    entries = [
        *_write(tasks, {name: changes[name] for name in FIELDS if name in changes}, now),
        *_hang(change, ids, changes, now),
        *(_move(change, tasks, changes["list_id"]) if "list_id" in changes else ()),
    ]
    for task in tasks:
        task.updated_at = now
    session.flush()
    note(change, entries, now)
    return tell_tasks(change, "task_moved" if "list_id" in changes else "task_updated", ids)


FIELDS = ("priority", "due_at", "completed", "archived")


def _find_all(change: Change, task_ids: Sequence[UUID]) -> list[Task]:
    here = Task.id.in_(task_ids), Task.board_id == change.board.id, Task.deleted_at.is_(None)
    found = {task.id: task for task in change.session.scalars(select(Task).where(*here))}
    if len(found) < len(task_ids):
        raise InvalidInput.at("taskIds", "One of these tasks is not on the board any more; choose again")
    return [found[task_id] for task_id in task_ids]


def _write(tasks: Sequence[Task], changes: dict[str, Any], now: datetime) -> list[Entry]:
    """What it changes raises the version, like any edit: a stale page must not take it back unknowingly."""
    entries: list[Entry] = []
    for task in tasks:
        before = dict(vars(task))
        values = stored_values(before, changes, now)
        if "due_at" in values:
            check_dates(task.start_at, values["due_at"])
        if any(before[name] != value for name, value in values.items()):
            for name, value in values.items():
                setattr(task, name, value)
            task.version += 1
            entries += [(task.id, *entry) for entry in entries_of_edit(before, vars(task))]
    return entries


def _hang(change: Change, task_ids: Sequence[UUID], changes: dict[str, Any], now: datetime) -> list[Entry]:
    """Labels and people; what is both added and taken is taken."""
    entries: list[Entry] = []
    if wanted := changes.get("add_label_ids"):
        entries += labels.put(change, task_ids, labels.labels_on(change, wanted, "addLabelIds"))
    if wanted := changes.get("remove_label_ids"):
        entries += labels.take(change, task_ids, labels.labels_on(change, wanted, "removeLabelIds"))
    if wanted := changes.get("add_assignee_ids"):
        names = assignees.people_on(change, wanted, "addAssigneeIds")
        if len(task_ids) * len(names) > MOST_ASSIGNED:
            few = f"At most {MOST_ASSIGNED} assignments at once: choose fewer tasks or people"
            raise InvalidInput.at("addAssigneeIds", few)
        entries += assignees.put(change, task_ids, names, now)
    if wanted := changes.get("remove_assignee_ids"):
        names = assignees.people_on(change, wanted, "removeAssigneeIds")
        entries += assignees.take(change, task_ids, names)
    return entries


def _move(change: Change, tasks: Sequence[Task], list_id: UUID) -> list[Entry]:
    """To the end of the list; those that are there already stay where they are."""
    target = open_list(change, list_id)
    moving = [task for task in tasks if task.list_id != target.id]
    origins = select(List.id, List.name).where(List.id.in_({task.list_id for task in moving}))
    names = dict(change.session.execute(origins).all())
    positions = last_positions(change, Task, Task.list_id == target.id, len(moving))
    entries = [(task.id, "moved", {"from": names[task.list_id], "to": target.name}) for task in moving]
    for task, position in zip(moving, positions, strict=True):
        task.list_id, task.position = target.id, position
    return entries


def _copy_parts(change: Change, origin_id: UUID, copy_id: UUID, now: datetime) -> None:
    session, whose = change.session, {"board_id": change.board.id, "task_id": copy_id}

    def copy(kind: Any, make: Callable[[Any], dict[str, Any]]) -> None:
        rows = session.scalars(select(kind).where(kind.task_id == origin_id)).all()
        if rows:
            session.execute(insert(kind), [{**whose, **make(row)} for row in rows])

    copy(TaskLabel, lambda row: {"label_id": row.label_id})
    copy(
        ChecklistItem,
        lambda row: {"id": new_id(), "text": row.text, "position": row.position, "created_at": now},
    )
    copy(
        TaskLink,
        lambda row: {
            "id": new_id(),
            "url": row.url,
            "title": row.title,
            "created_by": change.actor.id,
            "created_at": row.created_at,
        },
    )
    people = session.scalars(select(TaskAssignee.user_id).where(TaskAssignee.task_id == origin_id)).all()
    note(change, assignees.put(change, [copy_id], assignees.names_on(change, people), now), now)
