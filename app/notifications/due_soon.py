"""Tells whoever works on a task, or watches it, that it is due soon: once, on a morning of theirs.

A task that gets another date is due soon once more. Runs as workhub_service.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, cast, exists, select, union
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..boards.models import Board, List, Task, TaskAssignee, TaskWatcher
from ..clock import isoformat
from .models import Notification
from .rules import MOST_NOTICE, reminder_at
from .service import News, notify

LOOKED_AT_ONCE = 5_000  # the next deadlines first


def remind(session: Session, now: datetime) -> int:
    """Says how many were told."""
    due: defaultdict[tuple[UUID, UUID, datetime], list[UUID]] = defaultdict(list)
    for task_id, board_id, due_at, user_id, time_zone in _coming(session, now):
        if reminder_at(due_at, time_zone) <= now:
            due[task_id, board_id, due_at].append(user_id)
    told = 0
    for (task_id, board_id, due_at), user_ids in due.items():
        details = {"dueAt": isoformat(due_at)}
        told += notify(session, user_ids, News("due_soon", board_id, now, task_id, details=details))
    return told


def _coming(session: Session, now: datetime) -> list[Any]:
    """Everybody with a task that is due before long and still open, who was not told of that date."""
    people = union(
        select(TaskAssignee.task_id, TaskAssignee.user_id), select(TaskWatcher.task_id, TaskWatcher.user_id)
    ).subquery()
    told_of = cast(Notification.details["dueAt"].astext, DateTime(timezone=True))
    was_told = exists().where(
        Notification.kind == "due_soon",
        Notification.user_id == people.c.user_id,
        Notification.task_id == Task.id,
        told_of == Task.due_at,
    )
    wanted = (
        select(Task.id, Task.board_id, Task.due_at, User.id, User.time_zone)
        .join(List, List.id == Task.list_id)
        .join(Board, Board.id == Task.board_id)
        .join(people, people.c.task_id == Task.id)
        .join(User, User.id == people.c.user_id)
        .where(Task.due_at > now, Task.due_at < now + MOST_NOTICE, Task.completed_at.is_(None))
        .where(~was_told)
    )
    for kind in (Task, List, Board):
        wanted = wanted.where(kind.archived_at.is_(None), kind.deleted_at.is_(None))
    return list(session.execute(wanted.order_by(Task.due_at, Task.id, User.id).limit(LOOKED_AT_ONCE)))
