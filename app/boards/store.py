"""Tasks as they are shown, with what hangs on them, however many they are: in two statements.

What hangs on tasks is gathered by kind and put together here: as joins, its size would be a guess of the
planner's, and a wrong guess costs seconds on a board of thousands. Only for a board that was found through
the person. Changes nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, Text, Uuid, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from ..errors import NotFound
from .models import ChecklistItem, Label, List, Task, TaskAssignee, TaskLabel, TaskLink
from .rules import Color
from .schemas import LabelView, TaskView

# Ids as texts: the driver's way to make UUIDs of them takes a fifth of the time of a large board.
_SHOWN = [
    cast(column, Text).label(column.key) if isinstance(column.type, Uuid) else column
    for column in Task.__table__.columns
    if column.key in TaskView.model_fields
]
_BY_NAME = func.lower(Label.name), Label.id
Gathered = dict[str, Any]


def task_view(session: Session, board_id: UUID, task_id: UUID) -> TaskView:
    """NotFound unless the task is on the board."""
    for view in task_views(session, board_id, [task_id]):
        return view
    raise NotFound()


def task_views(session: Session, board_id: UUID, task_ids: Sequence[UUID]) -> list[TaskView]:
    """Those of `task_ids` that are there, archived or not, in the order of `task_ids`."""
    rows = _rows(session, board_id, Task.id.in_(task_ids))
    hanging = _hanging(session, board_id, task_ids)
    place = {task_id: place for place, task_id in enumerate(task_ids)}
    return sorted(_views(rows, hanging), key=lambda view: place[view.id])


def tasks_and_labels(session: Session, board_id: UUID) -> tuple[list[TaskView], list[LabelView]]:
    """What a board shows: neither archived tasks nor those of archived lists. Tasks by position, which is
    the order of those of one list; labels by name."""
    put_away = select(List.id).where(List.board_id == board_id, List.archived_at.is_not(None))
    rows = _rows(session, board_id, Task.archived_at.is_(None), Task.list_id.not_in(put_away))
    each = func.jsonb_build_array(Label.id, Label.board_id, Label.name, Label.color, Label.version)
    labels = select(func.jsonb_agg(aggregate_order_by(each, *_BY_NAME))).where(Label.board_id == board_id)
    hanging = _hanging(session, board_id, all_labels=labels.scalar_subquery())
    return _views(rows, hanging), [_label(*values) for values in hanging["all_labels"]]


def archived_tasks(session: Session, board_id: UUID) -> list[TaskView]:
    """The last archived first."""
    rows = _rows(session, board_id, Task.archived_at.is_not(None))
    rows.sort(key=lambda row: (row.archived_at, row.id), reverse=True)
    return _views(rows, _hanging(session, board_id, [UUID(row.id) for row in rows]))


def labels_of(session: Session, board_id: UUID) -> list[LabelView]:
    in_order = select(Label).where(Label.board_id == board_id).order_by(*_BY_NAME)
    return [LabelView.model_validate(label) for label in session.scalars(in_order)]


def _rows(session: Session, board_id: UUID, *conditions: ColumnElement[bool]) -> list[Any]:
    on_board = Task.board_id == board_id, Task.deleted_at.is_(None)
    return list(
        session.execute(select(*_SHOWN).where(*on_board, *conditions).order_by(Task.position, Task.id))
    )


def _views(rows: Sequence[Any], hanging: Gathered) -> list[TaskView]:
    nothing = [0, 0]
    views = []
    for row in rows:
        key = row.id
        done, total = hanging["checklist"].get(key, nothing)
        views.append(
            TaskView.model_validate(
                {
                    **row._mapping,
                    "label_ids": hanging["labels"].get(key, ()),
                    "assignee_ids": hanging["assignees"].get(key, ()),
                    "checklist_done": done,
                    "checklist_total": total,
                    "link_count": hanging["links"].get(key, 0),
                }
            )
        )
    return views


def _label(label_id: str, board_id: str, name: str, color: Color, version: int) -> LabelView:
    return LabelView(id=UUID(label_id), board_id=UUID(board_id), name=name, color=color, version=version)


def _each_kind(of_some: bool) -> dict[str, ScalarSelect[Any]]:
    """kind -> what of it hangs on which task of the board, or of those in `task_ids`."""

    def gathered(kind: Any, what: ColumnElement[Any]) -> ScalarSelect[Any]:
        of_each = select(kind.task_id, what.label("what")).where(kind.board_id == bindparam("board_id"))
        if of_some:
            of_each = of_each.where(kind.task_id.in_(bindparam("task_ids", expanding=True)))
        each = of_each.group_by(kind.task_id).subquery()
        return select(func.jsonb_object_agg(each.c.task_id, each.c.what)).scalar_subquery()

    labels = aggregate_order_by(TaskLabel.label_id, TaskLabel.label_id)
    people = aggregate_order_by(TaskAssignee.user_id, TaskAssignee.created_at, TaskAssignee.user_id)
    done = func.count().filter(ChecklistItem.done)
    return {
        "labels": gathered(TaskLabel, func.array_agg(labels)),
        "assignees": gathered(TaskAssignee, func.array_agg(people)),
        "checklist": gathered(ChecklistItem, func.jsonb_build_array(done, func.count())),
        "links": gathered(TaskLink, func.count()),
    }


def _all_of(wanted: Mapping[str, ScalarSelect[Any]]) -> Select[Any]:
    return select(*(what.label(kind) for kind, what in wanted.items()))


# Made once: each change of a task asks this, and making it took a seventh of the change's time.
_OF_SOME = _all_of(_each_kind(of_some=True))


def _hanging(
    session: Session,
    board_id: UUID,
    task_ids: Collection[UUID] | None = None,
    **others: ScalarSelect[Any],
) -> Gathered:
    """kind -> task -> what hangs on it; and whatever else is asked for with it."""
    if task_ids is None:
        asked = _all_of({**_each_kind(of_some=False), **others})
        found = session.execute(asked, {"board_id": board_id}).one()
    else:
        found = session.execute(_OF_SOME, {"board_id": board_id, "task_ids": list(task_ids)}).one()
    return {kind: what or {} for kind, what in found._mapping.items()}
