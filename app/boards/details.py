"""Reading what a board does not show at first: one task whole, its feed, and what is archived.

Through the person who asks, like all reading. Changes nothing.
"""

from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..paging import moment_cursor, read_moment_cursor
from .checklist import items_of
from .detail_schemas import ArchivedItem, TaskDetail, TaskEventView
from .links import links_of
from .markdown import mentioned_ids, render
from .models import BoardMember, TaskEvent, TaskWatcher
from .queries import board_for, lists_of, task_on
from .schemas import By
from .store import archived_tasks, task_view


def task_detail(session: Session, actor_id: UUID, board_id: UUID, task_id: UUID) -> TaskDetail:
    board_for(session, actor_id, board_id)
    task = task_view(session, board_id, task_id)
    watching = select(TaskWatcher.user_id).where(TaskWatcher.task_id == task_id)
    watchers = session.scalars(watching.order_by(TaskWatcher.created_at, TaskWatcher.user_id)).all()
    return TaskDetail(
        task=task,
        description_html=render(task.description, mentionable(session, board_id, task.description)),
        checklist=items_of(session, task_id),
        links=links_of(session, task_id),
        watcher_ids=list(watchers),
        is_watching=actor_id in watchers,
    )


def mentionable(session: Session, board_id: UUID | None, text: str) -> dict[str, str]:
    """Whom the text mentions, of those on the board; without a board, of those whom the person knows."""
    wanted = [UUID(user_id) for user_id in mentioned_ids(text)]
    if not wanted:
        return {}
    people = select(User.id, User.name).where(User.id.in_(wanted))
    if board_id is not None:
        on_board = BoardMember.user_id == User.id, BoardMember.board_id == board_id
        people = people.where(select(BoardMember.user_id).where(*on_board).exists())
    return {str(user_id): name for user_id, name in session.execute(people)}


def feed_of(
    session: Session, actor_id: UUID, board_id: UUID, task_id: UUID, *, limit: int, cursor: str | None = None
) -> tuple[list[TaskEventView], str | None]:
    """One page of what happened to a task, the newest first, and the cursor of older entries."""
    board_for(session, actor_id, board_id)
    task_on(session, board_id, task_id)
    page = (
        select(TaskEvent, User.name)
        .outerjoin(User, User.id == TaskEvent.actor_id)
        .where(TaskEvent.task_id == task_id)
    )
    if cursor is not None:
        page = page.where(tuple_(TaskEvent.created_at, TaskEvent.id) < tuple_(*read_moment_cursor(cursor)))
    newest = page.order_by(TaskEvent.created_at.desc(), TaskEvent.id.desc()).limit(limit + 1)
    rows = session.execute(newest).all()
    more, rows = len(rows) > limit, rows[:limit]
    items = [
        TaskEventView(
            id=event.id,
            kind=event.kind,
            actor=By(user_id=event.actor_id, name=name) if event.actor_id and name else None,
            at=event.created_at,
            details=event.details,
        )
        for event, name in rows
    ]
    return items, moment_cursor(items[-1].at, items[-1].id) if more else None


def archive_of(session: Session, actor_id: UUID, board_id: UUID) -> list[ArchivedItem]:
    """What was put away last comes first. Tasks of an archived list come back with it and are not named."""
    board_for(session, actor_id, board_id)
    lists = lists_of(session, board_id, archived=True)
    items = [
        ArchivedItem(kind="list", archived_at=row.archived_at, list=row, task=None)
        for row in lists
        if row.archived_at
    ]
    items += [
        ArchivedItem(kind="task", archived_at=task.archived_at, list=None, task=task)
        for task in archived_tasks(session, board_id)
        if task.archived_at
    ]
    return sorted(items, key=lambda item: item.archived_at, reverse=True)
