"""Who has the same task of a board open. Told only to those who have it open themselves, and of each
only to those who may see what page that person is on: of somebody hidden there is nothing to tell.

Holds what pages say and what they were told; the sequencer says when to look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from .board import BoardState

ALONE: tuple[UUID, ...] = ()


class Company:
    """Of one board."""

    __slots__ = ("_open", "_told", "changed")

    def __init__(self) -> None:
        self._open: dict[str, UUID] = {}  # sid -> the task
        self._told: dict[str, tuple[UUID, ...]] = {}
        self.changed = False

    def open(self, sid: str, task_id: UUID | None) -> None:
        """None: the page shows no task any more, or is gone."""
        if self._open.get(sid) == task_id:
            return
        self.changed = True
        self._told.pop(sid, None)
        if task_id is None:
            del self._open[sid]
        else:
            self._open[sid] = task_id

    def news(self, board: BoardState) -> Iterator[tuple[str, dict[str, Any]]]:
        """sid -> all who are with it on its task, where that differs from what it was told."""
        self.changed = False
        there: dict[UUID, set[UUID]] = defaultdict(set)
        for sid, task_id in self._open.items():
            there[task_id].add(board.sids[sid])
        for sid, task_id in self._open.items():
            seen = _seen_by(board, board.sids[sid], there[task_id])
            if seen != self._told.get(sid, ALONE):
                self._told[sid] = seen
                yield sid, _message(board, task_id, seen)


def _seen_by(board: BoardState, viewer: UUID, there: set[UUID]) -> tuple[UUID, ...]:
    return tuple(
        user_id
        for user_id in sorted(there - {viewer})
        if board.sight(viewer, user_id).page and board.views[user_id].status != "offline"
    )


def _message(board: BoardState, task_id: UUID, seen: tuple[UUID, ...]) -> dict[str, Any]:
    people = [board.people[user_id] for user_id in seen]
    return {
        "boardId": str(board.id),
        "taskId": str(task_id),
        "users": [
            {"userId": str(each.user_id), "name": each.name, "avatarUrl": each.avatar_url} for each in people
        ],
    }
