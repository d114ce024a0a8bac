"""Tells people's open pages that what they have to do has changed; the pages then ask for it.

Only that something changed is told, never what: whoever lost a board in the same moment learns nothing by it.
Whom it concerns is asked once for each transaction, at its end, however much it changes.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import event, select, union
from sqlalchemy.orm import Session

from ..boards.models import BoardMember, TaskAssignee, TaskWatcher
from ..boards.signals import board_changed, member_added, member_removed, task_changed
from ..db import after_commit
from ..realtime import publish

# Changes that take tasks out of sight, or bring them back, without a word about each.
WHOLESALE = {"task_deleted", "list_created", "list_updated", "list_deleted", "board_updated"}


def listen() -> None:
    task_changed.connect(_task_changed)
    board_changed.connect(_board_changed)
    for signal in (member_added, member_removed):
        signal.connect(_membership_changed)


class _Concerned:
    """Of one transaction."""

    def __init__(self, session: Session) -> None:
        self.tasks: set[UUID] = set()
        self.boards: set[UUID] = set()
        self.people: set[UUID] = set()
        event.listen(session, "before_commit", self._find_people, once=True)
        after_commit(session, self._tell)

    @classmethod
    def by(cls, session: Session) -> "_Concerned":
        found: _Concerned | None = session.info.get("work_changed")
        if found is None:
            found = session.info["work_changed"] = cls(session)
        return found

    def _find_people(self, session: Session) -> None:
        who = [
            select(kind.user_id).where(kind.task_id.in_(self.tasks))
            for kind in (TaskAssignee, TaskWatcher)
            if self.tasks
        ]
        if self.boards:
            who.append(select(BoardMember.user_id).where(BoardMember.board_id.in_(self.boards)))
        if who:
            self.people.update(session.scalars(union(*who)))

    def _tell(self) -> None:
        for user_id in self.people:
            publish.to_user(user_id, "work_changed", {})


def _task_changed(
    _sender: object, session: Session, task_id: UUID, details: dict[str, Any], **_news: Any
) -> None:
    concerned = _Concerned.by(session)
    concerned.tasks.add(task_id)
    if unassigned := details.get("userId"):
        concerned.people.add(UUID(str(unassigned)))


def _board_changed(_sender: object, session: Session, board_id: UUID, **news: Any) -> None:
    if news.get("event") in WHOLESALE:
        _Concerned.by(session).boards.add(board_id)


def _membership_changed(_sender: object, session: Session, user_id: UUID, **_news: Any) -> None:
    _Concerned.by(session).people.add(user_id)
