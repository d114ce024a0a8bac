"""What the audit trail keeps of boards: making and ending them, their names, and who is on them as what.

Not what people write on them: lists and tasks are content, and everybody on the board sees who changes it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from .. import audit
from .models import Board
from .schemas import MemberView


def record(
    session: Session, actor_id: UUID, board: Board, action: str, now: datetime, **details: Any
) -> None:
    """In the trail of the board's organization, with the name that the board has now."""
    audit.record(
        session,
        action=f"board.{action}",
        actor_id=actor_id,
        organization_ids=[board.organization_id],
        target_type="board",
        target_id=str(board.id),
        details={"board": board.name, **details},
        now=now,
    )


def record_member(
    session: Session, actor_id: UUID, board: Board, action: str, member: MemberView, now: datetime
) -> None:
    """With the role that the member gets, or had."""
    about = {"userId": str(member.user_id), "name": member.name, "role": member.role}
    record(session, actor_id, board, action, now, **about)
