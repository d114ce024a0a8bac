"""Deleting lists and tasks, taking that back for ten minutes, and dropping them for good afterwards.

What is deleted is hidden from everybody by row level security; so the site itself sets the mark and takes
it back, always after the board was found through the person. Works inside the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from ..db import as_service
from ..errors import NotFound
from .changes import Actor, Change, Thing, change_content
from .feed import note, tell_task
from .models import Board, List, Task
from .ordering import place_back
from .rules import UNDO
from .schemas import ListView, TaskView

DROPPED_AT_ONCE = 500


def delete_task(board_id: UUID, task_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    change = change_content(session, actor, board_id)
    hide_tasks(change, [change.find(Task, task_id).id], now)
    change.tell("task_deleted", task={"id": str(task_id)})


def hide_tasks(change: Change, task_ids: Sequence[UUID], now: datetime) -> None:
    """Those of this board; the news are the caller's."""
    _mark(change.session, Task, Task.id.in_(task_ids) & (Task.board_id == change.board.id), now)


def delete_list(board_id: UUID, list_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    """With its tasks, which carry the same moment: what was deleted together comes back together."""
    change = change_content(session, actor, board_id)
    row = change.find(List, list_id)
    _mark(session, Task, Task.list_id == row.id, now)
    _mark(session, List, List.id == row.id, now)
    change.tell("list_deleted", list={"id": str(list_id)})


def restore_task(board_id: UUID, task_id: UUID, *, session: Session, actor: Actor, now: datetime) -> TaskView:
    """NotFound when it is too late."""
    change = change_content(session, actor, board_id)
    with as_service(session):
        task = _deleted(change, Task, task_id, now)
        if session.get_one(List, task.list_id).deleted_at is not None:
            raise NotFound("Its list was deleted as well: restore the list first.")
        _unmark(session, Task, Task.id == task.id)
    place_back(change, task, Task.list_id == task.list_id)
    note(change, [(task.id, "restored", {})], now)
    return tell_task(change, "task_created", task.id)


def restore_list(board_id: UUID, list_id: UUID, *, session: Session, actor: Actor, now: datetime) -> ListView:
    """With the tasks that were deleted with it; then pages load the board again to have them."""
    change = change_content(session, actor, board_id)
    with as_service(session):
        row = _deleted(change, List, list_id, now)
        together = (Task.list_id == row.id) & (Task.deleted_at == row.deleted_at)
        task_ids = session.scalars(select(Task.id).where(together)).all()
        _unmark(session, Task, Task.id.in_(task_ids))
        _unmark(session, List, List.id == row.id)
    place_back(change, row, List.board_id == board_id)
    note(change, [(task_id, "restored", {}) for task_id in task_ids], now)
    if task_ids:
        change.leave_gap()
    session.refresh(row)
    view = ListView.model_validate(row)
    change.tell("list_created", list=view.to_json())
    return view


def drop_deleted(session: Session, now: datetime) -> int:
    """Some of what nobody can restore any more, as the site's own work. Returns how much."""
    for kind in (Task, List, Board):
        late = select(kind.id).where(kind.deleted_at <= now - UNDO).limit(DROPPED_AT_ONCE)
        ids = session.scalars(late.with_for_update(skip_locked=True)).all()
        if ids:
            session.execute(delete(kind).where(kind.id.in_(ids)))
            return len(ids)
    return 0


def _deleted(change: Change, kind: type[Thing], thing_id: UUID, now: datetime) -> Thing:
    here = kind.id == thing_id, kind.board_id == change.board.id
    thing = change.session.scalar(select(kind).where(*here, kind.deleted_at > now - UNDO))
    if thing is None:
        raise NotFound()
    return thing


def _mark(session: Session, kind: type[Thing], which: ColumnElement[bool], now: datetime) -> None:
    with as_service(session):
        there = which & kind.deleted_at.is_(None)
        session.execute(update(kind).where(there).values(deleted_at=now), execution_options=_PLAIN)


def _unmark(session: Session, kind: type[Thing], which: ColumnElement[bool]) -> None:
    session.execute(update(kind).where(which).values(deleted_at=None), execution_options=_PLAIN)


_PLAIN = {"synchronize_session": False}
