"""Searching through the person who asks, in three statements whatever is found.

The index of words answers for the boards of app.user_id only (migration 0016); what it names is then read
like any task, through the asker's own membership and under row level security. Changes nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import DateTime, Integer, Row, Uuid, and_, column, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from ..boards.models import Board, BoardMember, Comment, List, Task
from ..errors import InvalidInput
from .rules import Part, excerpt, parts_of, words_in
from .schemas import ExcerptPart, Found, FoundTask

TIERS = (1, 2)  # all words in the title; in everything said about the task


def find_tasks(
    session: Session, actor_id: UUID, *, q: str, limit: int, cursor: str | None = None
) -> tuple[list[Found], str | None]:
    """One page of tasks with all these words: titles first, then those written last, and the next cursor.

    A page may hold less than `limit` though another one follows: of what was just deleted nothing is told.
    """
    after = _read_cursor(cursor) if cursor else (None, None, None)
    place = func.search_tasks(q, limit + 1, *after).table_valued(
        column("task_id", Uuid), column("tier", Integer), column("changed_at", DateTime(timezone=True))
    )
    rows = session.execute(select(place)).all()
    more, rows = len(rows) > limit, rows[:limit]
    seen = _seen(session, actor_id, [row.task_id for row in rows])
    items = [_found(*seen[row.task_id], q) for row in rows if row.task_id in seen]
    said = _comments(session, [item.task.id for item in items if not item.excerpt], words_in(q))
    for item in items:
        item.excerpt = item.excerpt or _view(excerpt(said.get(item.task.id, ""), q))
    return items, _cursor(rows[-1]) if more else None


def _seen(session: Session, actor_id: UUID, task_ids: Sequence[UUID]) -> dict[UUID, tuple[Task, List, Board]]:
    if not task_ids:
        return {}
    mine = and_(BoardMember.board_id == Task.board_id, BoardMember.user_id == actor_id)
    things = (
        select(Task, List, Board)
        .join(List, List.id == Task.list_id)
        .join(Board, Board.id == Task.board_id)
        .join(BoardMember, mine)
        .where(Task.id.in_(task_ids), *(kind.deleted_at.is_(None) for kind in (Task, List, Board)))
    )
    return {row[0].id: (row[0], row[1], row[2]) for row in session.execute(things)}


def _comments(session: Session, task_ids: Sequence[UUID], words: Sequence[str]) -> dict[UUID, str]:
    """Of each of these tasks the last comment with one of the words; tasks were found through the asker."""
    if not task_ids or not words:
        return {}
    has_one = or_(*(Comment.body.icontains(word, autoescape=True) for word in words))
    latest = (
        select(Comment.task_id, Comment.body)
        .where(Comment.task_id.in_(task_ids), has_one)
        .order_by(Comment.task_id, Comment.created_at.desc(), Comment.id)
        .ext(distinct_on(Comment.task_id))
    )
    return dict(session.execute(latest).all())


def _found(task: Task, row: List, board: Board, asked: str) -> Found:
    return Found(
        task=FoundTask(
            id=task.id,
            board_id=board.id,
            list_id=row.id,
            title=task.title,
            due_at=task.due_at,
            completed_at=task.completed_at,
            is_archived=any(thing.archived_at is not None for thing in (task, row, board)),
        ),
        board_name=board.name,
        list_name=row.name,
        title=_view(parts_of(task.title, asked)),
        excerpt=_view(excerpt(task.description, asked)),
    )


def _view(parts: Sequence[Part]) -> list[ExcerptPart]:
    return [ExcerptPart(text=part.text, hit=part.hit) for part in parts]


def _cursor(row: Row[Any]) -> str:
    return urlsafe_b64encode(orjson.dumps([row.tier, row.changed_at, row.task_id])).decode()


def _read_cursor(cursor: str) -> tuple[int, datetime, UUID]:
    try:
        tier, changed_at, task_id = orjson.loads(urlsafe_b64decode(cursor))
        moment = datetime.fromisoformat(changed_at)
        if tier not in TIERS or isinstance(tier, bool) or moment.tzinfo is None:
            raise ValueError
        return int(tier), moment, UUID(task_id)
    except (ValueError, TypeError, AttributeError):
        raise InvalidInput.at("cursor", "This is not a cursor that this list gave out") from None
