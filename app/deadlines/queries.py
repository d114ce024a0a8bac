"""Reading what somebody has to do, across the boards they are on, through the person who asks.

Every query joins the person's own membership, besides row level security. What is done, archived or on an
archived board is nobody's work. Changes nothing.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from ..boards.models import Board, BoardMember, List, Task, TaskAssignee, TaskWatcher
from ..boards.rules import PRIORITIES
from .models import CalendarFeed
from .rules import BUCKETS, Edges
from .schemas import FeedView, WorkCounts, WorkTask, WorkView

FEED_BEHIND, FEED_AHEAD, MOST_IN_FEED = timedelta(days=90), timedelta(days=730), 1_000

_URGENT_FIRST = case({name: -height for height, name in enumerate(PRIORITIES)}, value=Task.priority)


class Dated(NamedTuple):
    """What a calendar program is told of a task."""

    task: Task
    board_name: str
    list_name: str


def work_of(
    session: Session, actor_id: UUID, *, bounds: Edges, watching: bool = False, limit: int
) -> WorkView:
    """The first `limit` of each bucket and how many there are, in one statement."""
    place = _bucket_of(bounds)
    order = (Task.due_at, _URGENT_FIRST, Task.id)
    ranked = _open_tasks(
        actor_id,
        watching,
        Task.id,
        Task.board_id,
        Board.name.label("board_name"),
        Board.color.label("board_color"),
        Task.list_id,
        List.name.label("list_name"),
        Task.title,
        Task.priority,
        Task.start_at,
        Task.due_at,
        Task.time_zone,
        Task.completed_at,
        Task.version,
        _is(TaskAssignee, actor_id).label("is_assigned"),
        place.label("bucket"),
        func.count().over(partition_by=place).label("of_bucket"),
        func.row_number().over(partition_by=place, order_by=order).label("place"),
    ).subquery()
    first = select(ranked).where(ranked.c.place <= limit).order_by(ranked.c.bucket, ranked.c.place)
    found: dict[str, list[WorkTask]] = {name: [] for name in BUCKETS}
    counts: dict[str, int] = {}
    for row in session.execute(first).mappings():
        name = BUCKETS[row["bucket"]]
        found[name].append(WorkTask.model_construct(**{key: row[key] for key in WorkTask.model_fields}))
        counts[name] = row["of_bucket"]
    return WorkView.model_construct(None, **found, counts=WorkCounts(**counts), server_time=bounds.now)


def feed_of(session: Session, actor_id: UUID) -> FeedView | None:
    columns = select(CalendarFeed.created_at, CalendarFeed.last_read_at)
    row = session.execute(columns.where(CalendarFeed.user_id == actor_id)).one_or_none()
    return FeedView.model_validate(row) if row else None


def dated_tasks(session: Session, actor_id: UUID, *, now: datetime) -> list[Dated]:
    """The open tasks with a date near enough, by date: those assigned to the person and those they watch."""
    near = and_(Task.due_at > now - FEED_BEHIND, Task.due_at < now + FEED_AHEAD)
    rows = _open_tasks(actor_id, True, Task, Board.name, List.name).where(near)
    in_order = rows.order_by(Task.due_at, Task.id).limit(MOST_IN_FEED)
    return [Dated(*row) for row in session.execute(in_order)]


def _open_tasks(actor_id: UUID, watching: bool, *columns: Any) -> Select[Any]:
    whose = _is(TaskAssignee, actor_id)
    return (
        select(*columns)
        .join(Board, Board.id == Task.board_id)
        .join(List, List.id == Task.list_id)
        .join(BoardMember, and_(BoardMember.board_id == Task.board_id, BoardMember.user_id == actor_id))
        .where(
            or_(whose, _is(TaskWatcher, actor_id)) if watching else whose,
            Task.completed_at.is_(None),
            *(thing.archived_at.is_(None) for thing in (Task, List, Board)),
        )
    )


def _is(kind: type[TaskAssignee] | type[TaskWatcher], actor_id: UUID) -> ColumnElement[bool]:
    return exists().where(kind.task_id == Task.id, kind.user_id == actor_id)


def _bucket_of(bounds: Edges) -> ColumnElement[int]:
    """As rules.bucket; the place in BUCKETS."""
    return case(
        (Task.due_at.is_(None), BUCKETS.index("no_date")),
        (Task.due_at < bounds.now, BUCKETS.index("overdue")),
        (Task.due_at < bounds.today, BUCKETS.index("today")),
        (Task.due_at < bounds.this_week, BUCKETS.index("this_week")),
        else_=BUCKETS.index("later"),
    )
