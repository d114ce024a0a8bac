"""Who does a task, and who watches it. Anybody on the board may be asked to, guests too.

Whoever is assigned watches from then on. Whoever leaves the board leaves its tasks.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..db import as_service
from ..errors import InvalidInput, NotFound
from .changes import Actor, Change, change_content
from .feed import Entry, note, tell_task
from .models import BoardMember, Task, TaskAssignee, TaskWatcher
from .queries import board_for, task_on
from .schemas import TaskView
from .store import task_views

MOST_TOLD = 50
"""Tasks that are told one by one when somebody leaves the board; with more, pages load the board again."""


def assign(
    board_id: UUID, task_id: UUID, user_id: UUID, *, session: Session, actor: Actor, now: datetime
) -> TaskView:
    """NotFound for whoever is not on the board."""
    change = change_content(session, actor, board_id)
    task, names = change.find(Task, task_id), names_on(change, [user_id])
    if not names:
        raise NotFound()
    note(change, put(change, [task.id], names, now), now)
    return tell_task(change, "task_updated", task_id)


def unassign(
    board_id: UUID, task_id: UUID, user_id: UUID, *, session: Session, actor: Actor, now: datetime
) -> TaskView:
    """They go on watching."""
    change = change_content(session, actor, board_id)
    task, names = change.find(Task, task_id), names_on(change, [user_id])
    if not names:
        raise NotFound()
    note(change, take(change, [task.id], names), now)
    return tell_task(change, "task_updated", task_id)


def people_on(change: Change, user_ids: Sequence[UUID], field: str) -> dict[UUID, str]:
    """Their names; InvalidInput at `field` unless all are on the board."""
    names = names_on(change, user_ids)
    if len(names) < len(set(user_ids)):
        raise InvalidInput.at(field, "One of these people is not on the board any more")
    return names


def names_on(change: Change, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Of those who are on the board."""
    on_board = BoardMember.board_id == change.board.id, BoardMember.user_id.in_(user_ids)
    people = select(User.id, User.name).join(BoardMember, BoardMember.user_id == User.id).where(*on_board)
    return dict(change.session.execute(people).all())


def put(change: Change, task_ids: Sequence[UUID], names: dict[UUID, str], now: datetime) -> list[Entry]:
    """Assigns each person to each task, and says who was not before."""
    rows = [
        {"task_id": task_id, "user_id": user_id, "board_id": change.board.id, "created_at": now}
        for task_id in task_ids
        for user_id in names
    ]
    if not rows:
        return []
    assigned = insert(TaskAssignee).values(rows).on_conflict_do_nothing()
    done = change.session.execute(assigned.returning(TaskAssignee.task_id, TaskAssignee.user_id)).all()
    change.session.execute(insert(TaskWatcher).values(rows).on_conflict_do_nothing())
    return _entries("assigned", names, done)


def take(change: Change, task_ids: Sequence[UUID], names: dict[UUID, str]) -> list[Entry]:
    which = TaskAssignee.task_id.in_(task_ids), TaskAssignee.user_id.in_(names)
    taken = delete(TaskAssignee).where(*which).returning(TaskAssignee.task_id, TaskAssignee.user_id)
    return _entries("unassigned", names, change.session.execute(taken).all())


@contextmanager
def leaving_tasks(change: Change, user_id: UUID, name: str, now: datetime) -> Iterator[None]:
    """Around taking somebody off the board, which takes them off its tasks: says so of each task.

    Read and told by the site: whoever removes somebody need not be on the board, and whoever leaves it is
    not any more. They number the changes as long as they may.
    """
    session, theirs = change.session, TaskAssignee.user_id == user_id
    tasks = select(Task.id).join(TaskAssignee, TaskAssignee.task_id == Task.id)
    with as_service(session):
        here = Task.board_id == change.board.id, Task.deleted_at.is_(None)
        task_ids = session.scalars(tasks.where(theirs, *here)).all()
    one_by_one = len(task_ids) <= MOST_TOLD
    numbers = change.take_numbers(len(task_ids) if one_by_one else 1)  # with one for the news of members
    yield
    with as_service(session):
        note(change, _entries("unassigned", {user_id: name}, [(task, user_id) for task in task_ids]), now)
        views = task_views(session, change.board.id, task_ids) if one_by_one else []
        for number, view in zip(numbers, views, strict=False):
            change.seq = number
            change.tell("task_updated", task=view.to_json())
    change.seq = numbers[-1]


def watch(board_id: UUID, task_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    """Nobody else is told: no change of the board."""
    board_for(session, actor.id, board_id)
    task_on(session, board_id, task_id)
    row = {"task_id": task_id, "user_id": actor.id, "board_id": board_id, "created_at": now}
    session.execute(insert(TaskWatcher).values(row).on_conflict_do_nothing())


def unwatch(board_id: UUID, task_id: UUID, *, session: Session, actor: Actor) -> None:
    board_for(session, actor.id, board_id)
    task_on(session, board_id, task_id)
    session.execute(
        delete(TaskWatcher).where(TaskWatcher.task_id == task_id, TaskWatcher.user_id == actor.id)
    )


def _entries(kind: str, names: dict[UUID, str], pairs: Sequence[Any]) -> list[Entry]:
    return [(task_id, kind, {"userId": str(user_id), "name": names[user_id]}) for task_id, user_id in pairs]
