"""The live boards: who belongs to each, their members' values, what heads were last told, who is connected.

Holds data and merges rosters; decides nothing about time (core) and tells nobody (service).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ..clock import isoformat
from . import core
from .recorder import Receipt
from .store import Person


@dataclass(slots=True)
class BoardState:
    id: UUID
    people: dict[UUID, Person] = field(default_factory=dict)
    members: dict[UUID, core.Member] = field(default_factory=dict)
    views: dict[UUID, core.View] = field(default_factory=dict)
    receipts: dict[UUID, Receipt] = field(default_factory=dict)  # of the newest row, until it is committed
    sids: dict[str, UUID] = field(default_factory=dict)
    heads: set[str] = field(default_factory=set)  # sids that get presence_dashboard
    dirty: set[UUID] = field(default_factory=set)
    removed: set[UUID] = field(default_factory=set)
    seq: int = 0
    is_stale: bool = False  # the roster changed while the database was away

    def replace_people(self, people: dict[UUID, Person]) -> None:
        """Takes over names and roles; whoever was removed has been forgotten before."""
        self.dirty |= {user_id for user_id, person in people.items() if self.people.get(user_id) != person}
        self.removed -= people.keys()
        self.people = people
        self.is_stale = False

    def forget(self, user_id: UUID) -> None:
        for belongings in (self.people, self.members, self.views, self.receipts):
            belongings.pop(user_id, None)
        self.dirty.discard(user_id)
        self.removed.add(user_id)

    @property
    def is_quiet(self) -> bool:
        return not self.sids and not any(member.connections for member in self.members.values())

    def snapshot(self, now: datetime) -> dict[str, Any]:
        return self._message("snapshot", now, self.people, ())

    def next_delta(self, now: datetime) -> dict[str, Any] | None:
        """What changed since the last one, with the next number; None when nothing did."""
        if not (self.dirty or self.removed):
            return None
        self.seq += 1
        message = self._message("delta", now, sorted(self.dirty & self.people.keys()), sorted(self.removed))
        self.dirty.clear()
        self.removed.clear()
        return message

    def _message(
        self, kind: str, now: datetime, user_ids: Iterable[UUID], removed: Iterable[UUID]
    ) -> dict[str, Any]:
        return {
            "boardId": str(self.id),
            "kind": kind,
            "seq": self.seq,
            "serverTime": isoformat(now),
            "members": [self._member(user_id) for user_id in user_ids],
            "removed": [str(user_id) for user_id in removed],
        }

    def _member(self, user_id: UUID) -> dict[str, Any]:
        person, seen = self.people[user_id], self.views[user_id]
        return {
            "userId": str(user_id),
            "name": person.name,
            "avatarUrl": person.avatar_url,
            "role": person.role,
            "isGuest": person.is_guest,
            "status": seen.status,
            "typing": seen.typing,
            "taskId": seen.task_id,
            "reconnecting": seen.reconnecting,
            "lastSeen": isoformat(seen.last_seen) if seen.last_seen else None,
            "device": seen.device,
            "currentPage": None,  # shown only to whom a person's settings allow it; hidden by default
            "statusUntil": isoformat(seen.status_until) if seen.status_until else None,
            "customStatus": seen.custom_status,
            "customEmoji": seen.custom_emoji,
            "connections": seen.connections,
        }


class Boards:
    """The boards in memory, and on which of them each connection is."""

    def __init__(self) -> None:
        self._boards: dict[UUID, BoardState] = {}
        self._of_sid: dict[str, set[UUID]] = defaultdict(set)

    def __iter__(self) -> Iterator[BoardState]:
        return iter(list(self._boards.values()))

    def __contains__(self, board_id: UUID) -> bool:
        return board_id in self._boards

    def get(self, board_id: UUID) -> BoardState | None:
        return self._boards.get(board_id)

    def get_or_make(self, board_id: UUID) -> BoardState:
        return self._boards.setdefault(board_id, BoardState(board_id))

    def of_sid(self, sid: str) -> frozenset[UUID]:
        return frozenset(self._of_sid.get(sid, ()))

    def attach(self, board: BoardState, sid: str, user_id: UUID) -> None:
        board.sids[sid] = user_id
        self._of_sid[sid].add(board.id)

    def detach(self, board: BoardState, sid: str) -> None:
        """Harmless for a connection that has gone already."""
        board.sids.pop(sid, None)
        board.heads.discard(sid)
        self._of_sid[sid].discard(board.id)
        if not self._of_sid[sid]:
            del self._of_sid[sid]

    def detach_everywhere(self, sid: str) -> Iterator[tuple[BoardState, UUID]]:
        """The boards it was on, and as whom."""
        for board_id in self.of_sid(sid):
            board = self._boards[board_id]
            user_id = board.sids[sid]
            self.detach(board, sid)
            yield board, user_id

    def forget(self, board: BoardState) -> None:
        for sid in list(board.sids):
            self.detach(board, sid)
        self._boards.pop(board.id, None)
