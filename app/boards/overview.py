"""What the page of all boards shows besides: who is on them, and what was deleted a moment ago."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..db import as_service
from .models import Board, BoardMember
from .rules import HEAD, UNDO

FACES = 5  # on a tile


def faces_of(session: Session, board_ids: Collection[UUID]) -> dict[str, list[dict[str, Any]]]:
    """The first people of each board, heads before the others; of boards found through the person."""
    place = func.row_number().over(
        partition_by=BoardMember.board_id,
        order_by=(BoardMember.role != HEAD, func.lower(User.name), User.id),
    )
    ranked = (
        select(BoardMember.board_id, User.id, User.name, User.avatar_url, place.label("place"))
        .join(User, User.id == BoardMember.user_id)
        .where(BoardMember.board_id.in_(board_ids))
        .subquery()
    )
    faces: dict[str, list[dict[str, Any]]] = {}
    for row in session.execute(select(ranked).where(ranked.c.place <= FACES).order_by(ranked.c.place)):
        face = {"userId": str(row.id), "name": row.name, "avatarUrl": row.avatar_url}
        faces.setdefault(str(row.board_id), []).append(face)
    return faces


def deleted_lately(session: Session, actor_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Boards that the person, as a head, may still bring back, the last one first.

    Nobody sees a deleted board: the site itself looks, for who could undo it and nobody else.
    """
    headed = select(BoardMember.board_id).where(BoardMember.user_id == actor_id, BoardMember.role == HEAD)
    lately = select(Board.id, Board.name).where(Board.id.in_(headed), Board.deleted_at > now - UNDO)
    with as_service(session):
        rows = session.execute(lately.order_by(Board.deleted_at.desc(), Board.id)).all()
    return [{"id": str(row.id), "name": row.name} for row in rows]
