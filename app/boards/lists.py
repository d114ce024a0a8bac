"""Adding, renaming, moving and deleting the lists of a board, by anybody on it.

Works inside the caller's transaction; news go out when it is committed.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from .changes import Actor, change_content, write_version
from .models import List
from .ordering import last_position, place_after
from .schemas import ListView


def add_list(board_id: UUID, name: str, *, session: Session, actor: Actor, now: datetime) -> List:
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
    change.tell("list_created", list=_view(row))
    return row


def rename_list(
    board_id: UUID,
    list_id: UUID,
    version: int,
    name: str,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> List:
    change = change_content(session, actor, board_id)
    row = change.find(List, list_id)
    write_version(session, row, version, ListView, name=name, updated_at=now)
    change.tell("list_updated", list=_view(row))
    return row


def move_list(
    board_id: UUID,
    list_id: UUID,
    after_list_id: UUID | None,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> List:
    """Behind another list, or to the front. The last one to move wins; the version stays."""
    change = change_content(session, actor, board_id)
    row = change.find(List, list_id)
    row.updated_at = now
    place_after(change, row, List.board_id == board_id, after_list_id, "afterListId")
    change.tell("list_moved", list=_view(row))
    return row


def delete_list(board_id: UUID, list_id: UUID, *, session: Session, actor: Actor) -> None:
    """With the tasks on it."""
    change = change_content(session, actor, board_id)
    row = change.find(List, list_id)
    session.execute(delete(List).where(List.id == row.id))
    change.tell("list_deleted", list={"id": str(list_id)})


def _view(row: List) -> dict[str, object]:
    return ListView.model_validate(row).to_json()
