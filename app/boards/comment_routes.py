"""REST for the comments of a task. Holds no rules, as routes.py."""

from uuid import UUID

from flask import Blueprint

from ..accounts.queries import Actor
from ..api import api
from ..clock import clock
from ..db import unit_of_work
from ..errors import Conflict, Forbidden
from ..schema import Page
from . import comments
from .schemas import CommentPatch, CommentsQuery, CommentVersionView, CommentView, NewComment

blueprint = Blueprint("comments", __name__)

COMMENTS = "/api/boards/<uuid:board_id>/tasks/<uuid:task_id>/comments"
COMMENT = f"{COMMENTS}/<uuid:comment_id>"


@blueprint.get(COMMENTS)
@api("boards:read")
def list_comments(actor: Actor, board_id: UUID, task_id: UUID, query: CommentsQuery) -> Page[CommentView]:
    """The comments of a task, the newest first."""
    with unit_of_work(actor.id) as session:
        items, cursor = comments.comments_of(session, actor.id, board_id, task_id, **query.model_dump())
    return Page(items=items, next_cursor=cursor)


@blueprint.post(COMMENTS)
@api("boards:write", status=201, errors=[Forbidden])
def add_comment(actor: Actor, board_id: UUID, task_id: UUID, body: NewComment) -> CommentView:
    """Comment on a task. Whoever is on the board can be mentioned: `@[Name](user:id)`."""
    with unit_of_work(actor.id) as session:
        return comments.add_comment(
            board_id, task_id, body.body, session=session, actor=actor, now=clock.now()
        )


@blueprint.patch(COMMENT)
@api("boards:write", errors=[Forbidden, Conflict])
def edit_comment(
    actor: Actor, board_id: UUID, task_id: UUID, comment_id: UUID, body: CommentPatch
) -> CommentView:
    """Change what a comment says; for its author. What it said before stays in its history."""
    with unit_of_work(actor.id) as session:
        return comments.edit_comment(
            board_id,
            task_id,
            comment_id,
            body.version,
            body.body,
            session=session,
            actor=actor,
            now=clock.now(),
        )


@blueprint.delete(COMMENT)
@api("boards:write", errors=[Forbidden])
def delete_comment(actor: Actor, board_id: UUID, task_id: UUID, comment_id: UUID) -> None:
    """Delete a comment with its history; for its author and heads of the board."""
    with unit_of_work(actor.id) as session:
        comments.delete_comment(board_id, task_id, comment_id, session=session, actor=actor)


@blueprint.get(f"{COMMENT}/history")
@api("boards:read")
def list_versions(
    actor: Actor, board_id: UUID, task_id: UUID, comment_id: UUID, query: CommentsQuery
) -> Page[CommentVersionView]:
    """What a comment says now, and what it said before each edit."""
    with unit_of_work(actor.id) as session:
        items, cursor = comments.history_of(
            session, actor.id, board_id, task_id, comment_id, **query.model_dump()
        )
    return Page(items=items, next_cursor=cursor)
