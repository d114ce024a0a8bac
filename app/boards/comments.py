"""Comments on a task: reading, writing, editing with what they said before, deleting.

Anybody on the board writes; only the author edits; the author and heads delete. Whoever is on the board can
be mentioned, and is mentioned by the name they have now. Works inside the caller's transaction; news go out
when it is committed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..db import new_id
from ..errors import Conflict, Forbidden, InvalidInput, NotFound
from ..paging import moment_cursor, read_moment_cursor
from .changes import Actor, Change, change_content
from .markdown import mentioned_ids, render
from .models import BoardMember, Comment, CommentVersion, Task, TaskWatcher
from .queries import board_for, roles_of
from .rules import HEAD
from .schemas import Author, CommentVersionView, CommentView
from .signals import commented
from .store import task_view

MOST_MENTIONS = 50


def comments_of(
    session: Session, actor_id: UUID, board_id: UUID, task_id: UUID, *, limit: int, cursor: str | None = None
) -> tuple[list[CommentView], str | None]:
    """One page of a task's comments, the newest first, and the cursor of older ones."""
    _check_task(session, actor_id, board_id, task_id)
    page = _with_authors().where(Comment.board_id == board_id, Comment.task_id == task_id)
    if cursor is not None:
        page = page.where(tuple_(Comment.created_at, Comment.id) < tuple_(*read_moment_cursor(cursor)))
    newest = page.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(limit + 1)
    rows = session.execute(newest).all()
    more, rows = len(rows) > limit, rows[:limit]
    last = rows[-1][0] if more else None
    return _views(session, rows), last and moment_cursor(last.created_at, last.id)


def add_comment(
    board_id: UUID, task_id: UUID, body: str, *, session: Session, actor: Actor, now: datetime
) -> CommentView:
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    comment = Comment(
        id=new_id(),
        board_id=board_id,
        task_id=task.id,
        author_id=actor.id,
        body=body,
        mention_ids=_mentioned(session, board_id, body),
        created_at=now,
    )
    session.add(comment)
    session.flush()
    # Whoever says something wants to know what is answered.
    watching = {"task_id": task.id, "user_id": actor.id, "board_id": board_id}
    session.execute(insert(TaskWatcher).values(**watching).on_conflict_do_nothing())
    return _tell(change, "comment_added", task, comment, mentioned=comment.mention_ids, now=now)


def edit_comment(
    board_id: UUID,
    task_id: UUID,
    comment_id: UUID,
    version: int,
    body: str,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> CommentView:
    """By its author. A stale `version` is a Conflict with the current comment, so no text is lost."""
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    comment = _find(session, task, comment_id)
    if comment.author_id != actor.id:
        raise Forbidden("Only who wrote a comment can change it.")
    before, body_before, written_at = (
        comment.mention_ids,
        comment.body,
        comment.edited_at or comment.created_at,
    )
    mentions = _mentioned(session, board_id, body)
    written = session.execute(
        update(Comment)
        .where(Comment.id == comment.id, Comment.version == version)
        .values(version=version + 1, body=body, mention_ids=mentions, edited_at=now)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", written).rowcount != 1:
        raise Conflict(current=_view(session, comment).to_json())
    session.add(
        CommentVersion(
            comment_id=comment.id, version=version, board_id=board_id, body=body_before, written_at=written_at
        )
    )
    session.flush()
    session.refresh(comment)
    mentioned = [user_id for user_id in mentions if user_id not in before]
    return _tell(change, "comment_updated", task, comment, mentioned=mentioned, now=now)


def delete_comment(
    board_id: UUID, task_id: UUID, comment_id: UUID, *, session: Session, actor: Actor
) -> None:
    """For good, with what it said before."""
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    comment = _find(session, task, comment_id)
    if actor.id != comment.author_id and roles_of(session, board_id)[actor.id] != HEAD:
        raise Forbidden("Only who wrote a comment and heads of the board can delete it.")
    session.execute(delete(Comment).where(Comment.id == comment.id))
    change.tell("comment_deleted", task=_task_json(session, task), comment={"id": str(comment_id)})


def history_of(
    session: Session,
    actor_id: UUID,
    board_id: UUID,
    task_id: UUID,
    comment_id: UUID,
    *,
    limit: int,
    cursor: str | None = None,
) -> tuple[list[CommentVersionView], str | None]:
    """What the comment says and said, the newest first, and the cursor of older versions."""
    task = _check_task(session, actor_id, board_id, task_id)
    comment = _find(session, task, comment_id)
    earlier = select(CommentVersion).where(CommentVersion.comment_id == comment.id)
    if cursor is not None:
        earlier = earlier.where(CommentVersion.version < _read_version(cursor))
    rows = list(session.scalars(earlier.order_by(CommentVersion.version.desc()).limit(limit + 1)))
    if cursor is None:
        now = {"version": comment.version, "written_at": comment.edited_at or comment.created_at}
        rows.insert(0, CommentVersion(comment_id=comment.id, body=comment.body, **now))
    names = _names(session, board_id, {UUID(id) for row in rows for id in mentioned_ids(row.body)})
    items = [
        CommentVersionView(
            version=row.version,
            body=row.body,
            body_html=render(row.body, names),
            written_at=row.written_at,
        )
        for row in rows[:limit]
    ]
    return items, str(items[-1].version) if len(rows) > limit else None


def _tell(
    change: Change,
    event: str,
    task: Task,
    comment: Comment,
    *,
    mentioned: Sequence[UUID],
    now: datetime,
) -> CommentView:
    session, view = change.session, _view(change.session, comment)
    commented.send(
        None,
        session=session,
        board_id=comment.board_id,
        task_id=comment.task_id,
        comment_id=comment.id,
        actor_id=change.actor.id,
        mentioned=frozenset(mentioned),
        is_new=event == "comment_added",
        now=now,
    )
    change.tell(event, task=_task_json(session, task), comment=view.to_json())
    return view


def _task_json(session: Session, task: Task) -> dict[str, Any]:
    return task_view(session, task.board_id, task.id).to_json()


def _check_task(session: Session, actor_id: UUID, board_id: UUID, task_id: UUID) -> Task:
    board_for(session, actor_id, board_id)
    task = session.scalar(
        select(Task).where(Task.id == task_id, Task.board_id == board_id, Task.deleted_at.is_(None))
    )
    if task is None:
        raise NotFound()
    return task


def _find(session: Session, task: Task, comment_id: UUID) -> Comment:
    comment = session.scalar(select(Comment).where(Comment.id == comment_id, Comment.task_id == task.id))
    if comment is None:
        raise NotFound()
    return comment


def _with_authors() -> Any:
    return select(Comment, User).outerjoin(User, User.id == Comment.author_id)


def _view(session: Session, comment: Comment) -> CommentView:
    author = session.get(User, comment.author_id) if comment.author_id else None
    return _views(session, [(comment, author)])[0]


def _views(session: Session, rows: Iterable[Any]) -> list[CommentView]:
    found = list(rows)
    mentioned = {user_id for comment, _ in found for user_id in comment.mention_ids}
    names = _names(session, found[0][0].board_id, mentioned) if mentioned else {}
    return [
        CommentView(
            id=comment.id,
            task_id=comment.task_id,
            author=_author(comment, author),
            body=comment.body,
            body_html=render(comment.body, names),
            created_at=comment.created_at,
            edited_at=comment.edited_at,
            version=comment.version,
            mention_ids=comment.mention_ids,
        )
        for comment, author in found
    ]


def _author(comment: Comment, user: User | None) -> Author | None:
    if user is not None:
        return Author(user_id=user.id, name=user.name, avatar_url=user.avatar_url)
    return Author(user_id=None, name=comment.author_name, avatar_url=None) if comment.author_name else None


def _mentioned(session: Session, board_id: UUID, body: str) -> list[UUID]:
    """Of those whom the text names the ones on the board, in its order."""
    wanted = [UUID(user_id) for user_id in mentioned_ids(body)]
    if len(wanted) > MOST_MENTIONS:
        raise InvalidInput.at("body", f"Mention at most {MOST_MENTIONS} people")
    names = _names(session, board_id, set(wanted)) if wanted else {}
    return [user_id for user_id in wanted if str(user_id) in names]


def _names(session: Session, board_id: UUID, user_ids: set[UUID]) -> dict[str, str]:
    """Of those on the board."""
    on_board = select(User.id, User.name).join(BoardMember, BoardMember.user_id == User.id)
    which = BoardMember.board_id == board_id, User.id.in_(user_ids)
    return {str(user_id): name for user_id, name in session.execute(on_board.where(*which))}


def _read_version(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise InvalidInput.at("cursor", "This is not a cursor that this list gave out")
    return int(cursor)
