"""Reading notifications: their own person's, and only of boards they are still on. Changes nothing.

The conditions stand here besides row level security, because the site itself counts and mails by them too.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..boards.markdown import plain
from ..boards.models import Board, BoardMember, Comment, Task
from ..boards.schemas import Author
from ..paging import moment_cursor, read_moment_cursor
from .models import Notification
from .schemas import Named, NotificationView

LONGEST_EXCERPT = 160


def notifications_of(
    session: Session, actor_id: UUID, *, limit: int, cursor: str | None = None, unread: bool = False
) -> tuple[list[NotificationView], str | None]:
    """One page, the newest first, and the cursor of older ones."""
    page = select_views().where(Notification.user_id == actor_id, Notification.in_app)
    if unread:
        page = page.where(Notification.read_at.is_(None))
    by_time = Notification.created_at, Notification.id
    if cursor is not None:
        page = page.where(tuple_(*by_time) < tuple_(*read_moment_cursor(cursor)))
    newest = page.order_by(*(column.desc() for column in by_time)).limit(limit + 1)
    rows = session.execute(newest).all()
    more, rows = len(rows) > limit, rows[:limit]
    last = rows[-1][0] if rows else None
    behind = moment_cursor(last.created_at, last.id) if more and last else None
    return [view_of(row) for row in rows], behind


def unread_counts(session: Session, user_ids: Collection[UUID]) -> dict[UUID, int]:
    counts = (
        select(Notification.user_id, func.count())
        .join(Board, Board.id == Notification.board_id)
        .where(Notification.user_id.in_(user_ids), Notification.in_app, Notification.read_at.is_(None))
        .where(is_visible(), Board.deleted_at.is_(None))
        .group_by(Notification.user_id)
    )
    return {**dict.fromkeys(user_ids, 0), **dict(session.execute(counts).all())}


def select_views() -> Select[Notification, str, str, str, User]:
    """What view_of needs, of notifications that their person may see."""
    return (
        select(Notification, Board.name, Task.title, Comment.body, User)
        .join(Board, Board.id == Notification.board_id)
        .outerjoin(Task, Task.id == Notification.task_id)
        .outerjoin(Comment, Comment.id == Notification.comment_id)
        .outerjoin(User, User.id == Notification.actor_id)
        .where(is_visible(), Board.deleted_at.is_(None))
    )


def is_visible() -> ColumnElement[bool]:
    on_board = exists().where(
        BoardMember.board_id == Notification.board_id, BoardMember.user_id == Notification.user_id
    )
    task_there = exists().where(Task.id == Notification.task_id, Task.deleted_at.is_(None))
    is_there = or_(Notification.task_id.is_(None), task_there.correlate(Notification))
    return and_(on_board.correlate(Notification), is_there)


def view_of(row: Any) -> NotificationView:
    news, board, title, body, actor = row
    due_at = news.details.get("dueAt")
    return NotificationView(
        id=news.id,
        kind=news.kind,
        board=Named(id=news.board_id, name=board),
        task=Named(id=news.task_id, name=title) if title is not None else None,
        comment_id=news.comment_id,
        actor=actor and Author(user_id=actor.id, name=actor.name, avatar_url=actor.avatar_url),
        excerpt=_excerpt(body) if body is not None else None,
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        created_at=news.created_at,
        read_at=news.read_at,
    )


def _excerpt(body: str) -> str:
    words = plain(body, {})
    return words if len(words) <= LONGEST_EXCERPT else f"{words[:LONGEST_EXCERPT].rstrip()}…"
