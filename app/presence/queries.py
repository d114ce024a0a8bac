"""Reads of presence through the actor: the history of a board for its heads."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..boards.models import BoardMember
from ..clock import isoformat
from ..errors import InvalidInput, NotFound
from .models import Activity
from .schemas import HistoryQuery


def require_head(session: Session, *, actor_id: UUID, board_id: UUID) -> None:
    """Raises NotFound for everybody else: a board's presence does not exist for them."""
    is_head = select(BoardMember.user_id).where(
        BoardMember.board_id == board_id, BoardMember.user_id == actor_id, BoardMember.role == "head"
    )
    if session.scalar(is_head) is None:
        raise NotFound()


def history(session: Session, *, actor_id: UUID, board_id: UUID, query: HistoryQuery) -> dict[str, Any]:
    """Newest first; {items, nextCursor}."""
    require_head(session, actor_id=actor_id, board_id=board_id)
    rows = select(Activity, User.name).join(User, User.id == Activity.user_id)
    rows = rows.where(Activity.board_id == board_id)  # row level security leaves out what was hidden
    if query.user_id:
        rows = rows.where(Activity.user_id == query.user_id)
    if query.status:
        rows = rows.where(Activity.status == query.status)
    if query.from_:
        rows = rows.where(Activity.updated_at >= query.from_)
    if query.to:
        rows = rows.where(Activity.updated_at < query.to)
    if query.cursor:
        rows = rows.where(tuple_(Activity.updated_at, Activity.id) < tuple_(*_place(query.cursor)))
    newest_first = rows.order_by(Activity.updated_at.desc(), Activity.id.desc())
    found = session.execute(newest_first.limit(query.limit + 1)).all()
    page = found[: query.limit]
    more = len(found) > query.limit
    return {
        "items": [_item(activity, name) for activity, name in page],
        "nextCursor": _cursor(page[-1][0]) if more else None,
    }


def _item(activity: Activity, name: str) -> dict[str, Any]:
    return {
        "id": str(activity.id),
        "userId": str(activity.user_id),
        "name": name,
        "status": activity.status,
        "lastSeen": isoformat(activity.last_seen),
        "updatedAt": isoformat(activity.updated_at),
        "device": activity.device,
    }


def _cursor(last: Activity) -> str:
    return base64.urlsafe_b64encode(f"{last.updated_at.isoformat()} {last.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        place = datetime.fromisoformat(moment), UUID(row_id)
        if place[0].tzinfo is None:
            raise ValueError("no zone")
    except (ValueError, binascii.Error):
        raise InvalidInput.at("cursor", "use the nextCursor of an earlier answer as it was") from None
    return place
