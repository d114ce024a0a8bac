"""What the sequencer needs from outside, and what it answers: so that it knows neither sockets nor Flask."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from .core import Status
from .recorder import Receipt


class Publish(Protocol):
    """How news leaves; rooms are named by the one who implements this."""

    def to_board(self, board_id: UUID, event: str, payload: Any, skip: str | None = None) -> None: ...
    def to_head(self, board_id: UUID, user_id: UUID, event: str, payload: Any) -> None: ...
    def to_sid(self, sid: str, event: str, payload: Any) -> None: ...
    def to_sids(self, sids: Iterable[str], event: str, payload: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class Joined:
    role: str
    status: Status
    typing: list[dict[str, Any]]
    receipt: Receipt | None
