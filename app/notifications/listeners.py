"""What boards have to say that concerns single people. Boards know nothing of notifications."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..boards import signals
from ..boards.models import TaskWatcher
from ..clock import clock
from .service import News, notify


def connect() -> None:
    signals.commented.connect(_commented)
    signals.member_added.connect(_member_added)
    signals.task_changed.connect(_task_changed)


def _commented(
    _sender: object,
    *,
    session: Session,
    board_id: UUID,
    task_id: UUID,
    comment_id: UUID,
    actor_id: UUID,
    mentioned: Collection[UUID],
    is_new: bool,
    now: datetime,
    **_: Any,
) -> None:
    """Whoever is mentioned is told that, and not once more because they watch the task."""
    notify(session, mentioned, News("mention", board_id, now, task_id, comment_id, actor_id))
    if is_new:
        watching = session.scalars(select(TaskWatcher.user_id).where(TaskWatcher.task_id == task_id))
        others = [user_id for user_id in watching if user_id not in mentioned]
        notify(session, others, News("comment", board_id, now, task_id, comment_id, actor_id))


def _task_changed(
    _sender: object,
    *,
    session: Session,
    board_id: UUID,
    task_id: UUID,
    kind: str,
    actor_id: UUID,
    details: dict[str, Any],
    now: datetime,
) -> None:
    if kind == "assigned":
        user_id = UUID(str(details["userId"]))
        notify(session, [user_id], News("assigned", board_id, now, task_id, actor_id=actor_id))


def _member_added(
    _sender: object,
    *,
    session: Session,
    board_id: UUID,
    user_id: UUID,
    actor_id: UUID | None = None,
    now: datetime | None = None,
    **_: Any,
) -> None:
    notify(session, [user_id], News("board_added", board_id, now or clock.now(), actor_id=actor_id))
