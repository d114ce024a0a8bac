"""Making, changing and deleting boards. Lists, tasks and members have services of their own.

Works inside the caller's transaction; news go out when it is committed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from ..accounts.models import Membership
from ..db import as_service, new_id
from ..errors import InvalidInput, NotFound
from . import trail
from .changes import Actor, change_board, write_version
from .models import Board, BoardMember, Label, List
from .rules import HEAD, UNDO, Color, fresh_positions
from .schemas import BoardNews
from .signals import board_deleted, board_restored, member_added
from .templates import TEMPLATES, TemplateName


def create_board(
    *,
    session: Session,
    actor: Actor,
    now: datetime,
    name: str,
    organization_id: UUID | None = None,
    template: TemplateName = "blank",
    color: Color = "teal",
) -> Board:
    """A new board whose maker is its first head. Without an organization: the person's only one."""
    board = {
        "id": new_id(),
        "organization_id": organization_for(session, actor.id, organization_id),
        "name": name,
        "color": color,
        "created_by": actor.id,
        "created_at": now,
        "updated_at": now,
    }
    # Two plain inserts: nobody may read the board (RETURNING does) before its first head is there.
    session.execute(insert(Board).values(board))
    head = {"board_id": board["id"], "user_id": actor.id, "role": HEAD, "created_at": now}
    session.execute(insert(BoardMember).values(head))
    member_added.send(None, session=session, board_id=board["id"], user_id=actor.id, role=HEAD)
    made = session.get_one(Board, board["id"])
    _furnish(session, made.id, template, now)
    trail.record(session, actor.id, made, "created", now)
    return made


def update_board(
    board_id: UUID, version: int, changes: dict[str, Any], *, session: Session, actor: Actor, now: datetime
) -> Board:
    """`changes`: of `name`, `color` and `archived`. Raises Conflict if `version` is not the stored one."""
    change = change_board(session, actor, board_id)
    before = change.board.name, change.board.archived_at
    values = {key: value for key, value in changes.items() if key != "archived"}
    if "archived" in changes:
        values["archived_at"] = (change.board.archived_at or now) if changes["archived"] else None
    write_version(session, change.board, version, lambda: _news(change.board), updated_at=now, **values)
    change.tell("board_updated", board=_news(change.board).to_json())
    _record_update(session, actor.id, change.board, *before, now)
    return change.board


def delete_board(board_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    """Hides it from everybody. For UNDO its heads may take that back; then it is dropped with everything on
    it, its history of presence included."""
    board = change_board(session, actor, board_id).board
    trail.record(session, actor.id, board, "deleted", now)
    board_deleted.send(None, session=session, board_id=board_id, user_id=None, role=None)
    with as_service(session):
        mark = update(Board).where(Board.id == board_id).values(deleted_at=now)
        session.execute(mark, execution_options={"synchronize_session": False})


def restore_board(board_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    """As it was, with everybody who was on it. NotFound when it is too late, and for all but its heads."""
    headed = select(BoardMember.board_id).where(BoardMember.user_id == actor.id, BoardMember.role == HEAD)
    deleted = select(Board).where(Board.id == board_id, Board.deleted_at > now - UNDO, Board.id.in_(headed))
    with as_service(session):
        board = session.scalar(deleted.with_for_update(key_share=True))
        if board is None:
            raise NotFound()
        board.deleted_at = None
        session.flush()
    trail.record(session, actor.id, board, "deletion_undone", now)
    board_restored.send(None, session=session, board_id=board_id, user_id=None, role=None)


def _furnish(session: Session, board_id: UUID, template: TemplateName, now: datetime) -> None:
    """Nobody looks at the board yet, so that its first lists and labels take no numbers."""
    names, labels = TEMPLATES[template].lists, TEMPLATES[template].labels
    times = {"created_at": now, "updated_at": now}
    for name, position in zip(names, fresh_positions(len(names)), strict=True):
        session.add(List(board_id=board_id, name=name, position=position, **times))
    for name, color in labels:
        session.add(Label(board_id=board_id, name=name, color=color))
    session.flush()


def _news(board: Board) -> BoardNews:
    return BoardNews.model_validate(board)


def _record_update(
    session: Session, actor_id: UUID, board: Board, name: str, archived_at: datetime | None, now: datetime
) -> None:
    """`name` and `archived_at` are those of before."""
    if board.name != name:
        trail.record(session, actor_id, board, "renamed", now, before=name)
    if board.archived_at != archived_at:
        trail.record(session, actor_id, board, "archived" if board.archived_at else "restored", now)


def organization_for(session: Session, actor_id: UUID, wanted: UUID | None) -> UUID:
    """That of a new board: the one that is wanted, if it is the person's own, or their only one."""
    mine = session.scalars(select(Membership.organization_id).where(Membership.user_id == actor_id)).all()
    if wanted is None and len(mine) == 1:
        return mine[0]
    if wanted is None:
        raise InvalidInput.at("organizationId", "Say in which of your organizations")
    if wanted not in mine:
        raise InvalidInput.at("organizationId", "This is not one of your organizations")
    return wanted
