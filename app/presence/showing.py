"""What others get of a change on a board: the row, the hint of typing, and the end of what they could see.

Judges by what each person shows (privacy, through the board); the sequencer says when.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from ..db import new_id
from . import core, privacy
from .board import BoardState
from .ports import Publish
from .privacy import Trace
from .recorder import Recorder
from .store import Transition


class Showing:
    def __init__(self, limits: core.Limits, recorder: Recorder, publish: Publish) -> None:
        self._limits = limits
        self._recorder = recorder
        self._publish = publish

    def record(
        self, board: BoardState, user_id: UUID, view: core.View, now: datetime, trace: Trace | None = None
    ) -> None:
        row = Transition(
            id=new_id(),
            board_id=board.id,
            user_id=user_id,
            status=view.status,
            last_seen=view.last_seen or now,
            updated_at=now,
            device=view.device,
            page=view.page,
            trace=trace or board.trace(user_id),
        )
        board.receipts[user_id] = self._recorder.record(row)

    @contextmanager
    def otherwise(self, board: BoardState, user_ids: Iterable[UUID], now: datetime) -> Iterator[None]:
        """What is done inside changes who may see these people. Whoever can no longer has seen them leave."""
        before = {user_id: board.trace(user_id) for user_id in user_ids}
        typing = {user_id: board.sids_shown_typing(user_id) for user_id in before}
        yield
        for user_id, trace in before.items():
            for sid in typing[user_id] - board.sids_shown_typing(user_id):
                task_id = board.views[user_id].task_id
                self._publish.to_sid(sid, "stop_typing", typing_of(board, user_id, task_id))
            if board.trace(user_id) != trace:
                self._leave_a_trace(board, user_id, trace, now)

    def _leave_a_trace(self, board: BoardState, user_id: UUID, before: Trace, now: datetime) -> None:
        """The record goes on as it looked: a visible end before what is hidden, a beginning after it."""
        board.dirty.add(user_id)
        view, after = board.views[user_id], board.trace(user_id)
        left = core.absent(core.last_life(board.members[user_id], now, self._limits))
        board.moments[user_id] = privacy.seen_on_board(board.moments[user_id], before, left.last_seen)
        if view.status == "offline" or (before.visible, before.team_only) == (after.visible, after.team_only):
            return
        if before.visible and not (after.visible and before.team_only):
            self.record(board, user_id, left, now, before)
        self.record(board, user_id, view, now)

    def tell_typing(
        self, board: BoardState, user_id: UUID, event: str, task_id: str | None, skip: str
    ) -> None:
        """To all others on the board, or to those of them who may see it."""
        told = typing_of(board, user_id, task_id)
        if board.is_activity_shown_to_all(user_id):
            self._publish.to_board(board.id, event, told, skip=skip)
            return
        for sid, viewer in board.sids.items():
            if sid != skip and board.sight(viewer, user_id).activity:
                self._publish.to_sid(sid, event, told)


def typing_of(board: BoardState, user_id: UUID, task_id: str | None) -> dict[str, Any]:
    name = board.people[user_id].name
    return {"boardId": str(board.id), "userId": str(user_id), "name": name, "taskId": task_id}
