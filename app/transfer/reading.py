"""A board as a document: all that is on it, archived things too, but nothing that was deleted.

Only for a board that was found through the person. Changes nothing.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..boards.models import (
    Board,
    ChecklistItem,
    Comment,
    List,
    Task,
    TaskAssignee,
    TaskLabel,
    TaskLink,
    TaskWatcher,
)
from ..boards.queries import members_of
from ..boards.store import labels_of
from .document import BoardDocument, WrittenTask

NOBODY = "Somebody"
_COPIED = (
    "title", "description", "priority", "start_at", "due_at", "time_zone", "completed_at", "archived_at",
    "created_at",
)  # fmt: skip


def document_of(session: Session, board: Board, now: datetime) -> BoardDocument:
    members, labels = members_of(session, board), labels_of(session, board.id)
    people = {member.user_id: place for place, member in enumerate(members)}
    names = {label.id: place for place, label in enumerate(labels)}
    hanging = {
        "labels": _places(session, TaskLabel, board.id, TaskLabel.label_id, names),
        "assignees": _places(session, TaskAssignee, board.id, TaskAssignee.user_id, people),
        "watchers": _places(session, TaskWatcher, board.id, TaskWatcher.user_id, people),
        "checklist": _parts(session, ChecklistItem, board.id, ChecklistItem.position),
        "links": _parts(session, TaskLink, board.id, TaskLink.created_at),
        "comments": _comments(session, board.id),
    }
    tasks: dict[UUID, list[WrittenTask]] = defaultdict(list)
    on_board = Task.board_id == board.id, Task.deleted_at.is_(None)
    for task in session.scalars(select(Task).where(*on_board).order_by(Task.position, Task.id)):
        parts = {kind: of_each[task.id] for kind, of_each in hanging.items()}
        columns = {name: getattr(task, name) for name in _COPIED}
        tasks[task.list_id].append(WrittenTask.model_validate({**columns, **parts}))
    there = List.board_id == board.id, List.deleted_at.is_(None)
    rows = session.scalars(select(List).where(*there).order_by(List.position, List.id))
    return BoardDocument.model_validate(
        {
            "exported_at": now,
            "name": board.name,
            "color": board.color,
            "labels": [{"name": label.name, "color": label.color} for label in labels],
            "people": [{"name": each.name, "email": each.email, "role": each.role} for each in members],
            "lists": [
                {"name": row.name, "archived_at": row.archived_at, "tasks": tasks[row.id]} for row in rows
            ],
        }
    )


def _places(
    session: Session, kind: Any, board_id: UUID, thing: Any, place: dict[UUID, int]
) -> dict[UUID, list[int]]:
    """task -> places of what hangs on it, in the order of the document's own list."""
    found: dict[UUID, list[int]] = defaultdict(list)
    for task_id, thing_id in session.execute(select(kind.task_id, thing).where(kind.board_id == board_id)):
        found[task_id].append(place[thing_id])
    return defaultdict(list, {task_id: sorted(places) for task_id, places in found.items()})


def _comments(session: Session, board_id: UUID) -> dict[UUID, list[dict[str, Any]]]:
    """With the names of those who wrote them; of whoever is gone there is none."""
    written = select(Comment, User.name).outerjoin(User, User.id == Comment.author_id)
    in_order = written.where(Comment.board_id == board_id).order_by(Comment.created_at, Comment.id)
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for comment, name in session.execute(in_order):
        times = {"created_at": comment.created_at, "edited_at": comment.edited_at}
        author = name or comment.author_name or NOBODY
        found[comment.task_id].append({"author": author, "body": comment.body, **times})
    return found


def _parts(session: Session, kind: Any, board_id: UUID, order: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for part in session.scalars(select(kind).where(kind.board_id == board_id).order_by(order, kind.id)):
        found[part.task_id].append(part)
    return found
