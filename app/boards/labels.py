"""The labels of a board, and putting them on tasks; by anybody on the board.

Whatever is put on or taken off commutes: two people at once both have their way, and no version counts it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..errors import InvalidInput, NotFound
from .changes import Actor, Change, change_content, write_version
from .feed import Entry, note, tell_task
from .models import Label, Task, TaskLabel
from .rules import MOST_LABELS, Color
from .schemas import BoardNews, LabelView, TaskView
from .store import labels_of


def add_label(
    board_id: UUID, name: str, color: Color, *, session: Session, actor: Actor, now: datetime
) -> LabelView:
    change = change_content(session, actor, board_id)
    labels = labels_of(session, board_id)
    if len(labels) >= MOST_LABELS:
        raise InvalidInput.at("name", f"A board has at most {MOST_LABELS} labels; delete one first")
    _check_name(change, name)
    label = Label(board_id=board_id, name=name, color=color, created_at=now)
    session.add(label)
    session.flush()
    _tell(change)
    return _view(label)


def edit_label(
    board_id: UUID,
    label_id: UUID,
    version: int,
    changes: dict[str, Any],
    *,
    session: Session,
    actor: Actor,
) -> LabelView:
    """`changes`: of `name` and `color`."""
    change = change_content(session, actor, board_id)
    label = _find(change, label_id)
    if "name" in changes:
        _check_name(change, changes["name"], but=label_id)
    write_version(session, label, version, lambda: _view(label), **changes)
    _tell(change)
    return _view(label)


def delete_label(board_id: UUID, label_id: UUID, *, session: Session, actor: Actor) -> None:
    """From all tasks: a page forgets a label that is not among the board's any more."""
    change = change_content(session, actor, board_id)
    label = _find(change, label_id)
    session.execute(delete(Label).where(Label.id == label.id))
    _tell(change)


def put_label(
    board_id: UUID, task_id: UUID, label_id: UUID, *, session: Session, actor: Actor, now: datetime
) -> TaskView:
    change = change_content(session, actor, board_id)
    task, label = change.find(Task, task_id), _find(change, label_id)
    note(change, put(change, [task.id], [label]), now)
    return tell_task(change, "task_updated", task_id)


def take_label(
    board_id: UUID, task_id: UUID, label_id: UUID, *, session: Session, actor: Actor, now: datetime
) -> TaskView:
    change = change_content(session, actor, board_id)
    task, label = change.find(Task, task_id), _find(change, label_id)
    note(change, take(change, [task.id], [label]), now)
    return tell_task(change, "task_updated", task_id)


def labels_on(change: Change, label_ids: Sequence[UUID], field: str) -> list[Label]:
    """InvalidInput at `field` unless all are labels of this board."""
    found = change.session.scalars(
        select(Label).where(Label.id.in_(label_ids), Label.board_id == change.board.id)
    ).all()
    if len(found) < len(set(label_ids)):
        raise InvalidInput.at(field, "One of these labels is not on the board any more")
    return list(found)


def put(change: Change, task_ids: Sequence[UUID], labels: Sequence[Label]) -> list[Entry]:
    """Puts each label on each task, and says what was not there before."""
    pairs = [
        {"task_id": task_id, "label_id": label.id, "board_id": change.board.id}
        for task_id in task_ids
        for label in labels
    ]
    if not pairs:
        return []
    put_on = insert(TaskLabel).values(pairs).on_conflict_do_nothing()
    done = change.session.execute(put_on.returning(TaskLabel.task_id, TaskLabel.label_id))
    return _entries("labeled", labels, done.all())


def take(change: Change, task_ids: Sequence[UUID], labels: Sequence[Label]) -> list[Entry]:
    """Takes each label off each task, and says what was there before."""
    which = TaskLabel.task_id.in_(task_ids), TaskLabel.label_id.in_([label.id for label in labels])
    taken = delete(TaskLabel).where(*which).returning(TaskLabel.task_id, TaskLabel.label_id)
    return _entries("unlabeled", labels, change.session.execute(taken).all())


def _entries(kind: str, labels: Sequence[Label], pairs: Sequence[Any]) -> list[Entry]:
    told = {
        label.id: {"labelId": str(label.id), "name": label.name, "color": label.color} for label in labels
    }
    return [(task_id, kind, told[label_id]) for task_id, label_id in pairs]


def _check_name(change: Change, name: str, but: UUID | None = None) -> None:
    same = Label.board_id == change.board.id, func.lower(Label.name) == func.lower(name), Label.id != but
    if change.session.scalar(select(Label.id).where(*same if but else same[:2]).limit(1)):
        raise InvalidInput.at("name", "There is a label of this name already; choose another one")


def _find(change: Change, label_id: UUID) -> Label:
    here = Label.id == label_id, Label.board_id == change.board.id
    label = change.session.scalar(select(Label).where(*here))
    if label is None:
        raise NotFound()
    return label


def _tell(change: Change) -> None:
    labels = labels_of(change.session, change.board.id)
    board = BoardNews.model_validate(change.board).to_json()
    change.tell("board_updated", board=board, labels=[label.to_json() for label in labels])


def _view(label: Label) -> LabelView:
    return LabelView.model_validate(label)
