"""Adding, renaming, archiving and moving the lists of a board, by anybody on it.

Works inside the caller's transaction; news go out when it is committed.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from .changes import Actor, Change, change_content, write_version
from .core import stored_values
from .models import List
from .ordering import last_position, place_after
from .schemas import ListView


def add_list(board_id: UUID, name: str, *, session: Session, actor: Actor, now: datetime) -> ListView:
    """A new list behind the others."""
    change = change_content(session, actor, board_id)
    row = List(
        board_id=board_id,
        name=name,
        position=last_position(change, List, List.board_id == board_id),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return _tell(change, "list_created", row)


def edit_list(
    board_id: UUID,
    list_id: UUID,
    version: int,
    changes: dict[str, Any],
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> ListView:
    """`changes`: of `name` and `archived`. Pages have nothing of an archived list: when it comes back they
    load the board."""
    change = change_content(session, actor, board_id)
    row = change.find(List, list_id)
    was_archived = row.archived_at is not None
    values = stored_values({"archived_at": row.archived_at}, changes, now)
    write_version(session, row, version, lambda: _view(row), updated_at=now, **values)
    if was_archived and row.archived_at is None:
        change.leave_gap()
    return _tell(change, "list_updated", row)


def move_list(
    board_id: UUID,
    list_id: UUID,
    after_list_id: UUID | None,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> ListView:
    """Behind another list, or to the front. The last one to move wins; the version stays."""
    change = change_content(session, actor, board_id)
    row = change.find(List, list_id)
    row.updated_at = now
    place_after(change, row, List.board_id == board_id, after_list_id, "afterListId")
    return _tell(change, "list_moved", row)


def _tell(change: Change, event: str, row: List) -> ListView:
    view = _view(row)
    change.tell(event, list=view.to_json())
    return view


def _view(row: List) -> ListView:
    return ListView.model_validate(row)
