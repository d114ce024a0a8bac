"""What the sequencer records: transitions, each with a receipt, and the life signs of login sessions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from ..errors import Unavailable
from .group_commit import GroupCommit, Receipt
from .store import Transition

__all__ = ["Receipt", "Recorder"]

Touch = Callable[[Mapping[UUID, datetime]], None]


class Recorder(GroupCommit[Transition]):
    def __init__(
        self,
        write: Callable[[Sequence[Transition]], None],
        touch: Touch,
        flush_seconds: float,
        sleep: Callable[[float], None],
    ) -> None:
        super().__init__(write, flush_seconds, sleep)
        self._touch = touch
        self._touches: dict[UUID, datetime] = {}

    def touch(self, session_id: UUID, now: datetime) -> None:
        """The session's life sign; written with the next one of the process, not by itself."""
        self._touches[session_id] = now

    def flush_touches(self) -> None:
        touches, self._touches = self._touches, {}
        try:
            if touches:
                self._touch(touches)
        except Unavailable:
            self._touches = {**touches, **self._touches}
