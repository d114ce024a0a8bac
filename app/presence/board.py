"""The live boards: who belongs to each, their members' values, what each head may see, who is connected.

Holds data and merges rosters; decides nothing about time (core) or sight (privacy), tells nobody (service).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ..clock import isoformat
from . import core, privacy
from .company import Company
from .dashboard import Dashboard, Shown
from .pages import label
from .privacy import Moments, Privacy, Relation, Sight, Trace
from .recorder import Receipt
from .store import Person, Roster


@dataclass(slots=True)
class BoardState:
    id: UUID
    organization_id: UUID | None = None
    name: str = ""
    heads_always_see: bool = False
    people: dict[UUID, Person] = field(default_factory=dict)
    members: dict[UUID, core.Member] = field(default_factory=dict)
    views: dict[UUID, core.View] = field(default_factory=dict)  # the truth; `seen` is what somebody may have
    privacies: dict[UUID, Privacy] = field(default_factory=dict)
    moments: dict[UUID, Moments] = field(default_factory=dict)
    receipts: dict[UUID, Receipt] = field(default_factory=dict)  # of the newest row, until it is committed
    sids: dict[str, UUID] = field(default_factory=dict)
    dashboards: dict[UUID, Dashboard] = field(default_factory=dict)  # of the heads who have the board open
    company: Company = field(default_factory=Company)
    dirty: set[UUID] = field(default_factory=set)
    is_stale: bool = False  # the roster changed while the database was away

    def adopt(self, roster: Roster, people: dict[UUID, Person]) -> None:
        """Takes over names and roles; whoever was removed has been forgotten before."""
        self.dirty |= {user_id for user_id, person in people.items() if self.people.get(user_id) != person}
        self.people = people
        self.rename(roster.name)
        self.organization_id = roster.organization_id
        self.heads_always_see = roster.heads_always_see
        self.is_stale = False

    def rename(self, name: str) -> None:
        """It is also the name of the page that people are on."""
        if self.name != name:
            self.name = name
            self.dirty |= self.people.keys()

    def forget(self, user_id: UUID) -> None:
        about = (self.people, self.members, self.views, self.privacies, self.moments, self.receipts)
        for belongings in (*about, self.dashboards):
            belongings.pop(user_id, None)
        self.dirty.add(user_id)

    @property
    def is_quiet(self) -> bool:
        return not self.sids and not any(member.connections for member in self.members.values())

    def is_head(self, user_id: UUID) -> bool:
        return self.people[user_id].role == "head"

    # What somebody may see

    def sight(self, viewer: UUID, user_id: UUID) -> Sight:
        return privacy.sight(self.privacies[user_id], self._relation(viewer, user_id))

    def seen(self, viewer: UUID, user_id: UUID) -> core.View:
        relation, settings = self._relation(viewer, user_id), self.privacies[user_id]
        sight = privacy.sight(settings, relation)
        frozen = privacy.last_visible(settings, relation, self.moments[user_id])
        return privacy.masked(self.views[user_id], sight, frozen)

    def is_activity_shown_to_all(self, user_id: UUID) -> bool:
        """All on the board are contacts, whatever else they are."""
        return privacy.sight(self.privacies[user_id], Relation.CONTACT).activity

    def sids_shown_typing(self, user_id: UUID) -> set[str]:
        if not self.views[user_id].typing:
            return set()
        return {sid for sid, viewer in self.sids.items() if self.sight(viewer, user_id).activity}

    def trace(self, user_id: UUID) -> Trace:
        return privacy.trace(self.privacies[user_id], self.heads_always_see)

    def _relation(self, viewer: UUID, user_id: UUID) -> Relation:
        if viewer == user_id:
            return Relation.SELF
        relation = Relation.CONTACT
        if not self.people[viewer].organizations.isdisjoint(self.people[user_id].organizations):
            relation |= Relation.TEAM
        if self.heads_always_see and self.is_head(viewer):
            relation |= Relation.HEAD
        return relation

    # What heads are shown

    def snapshot(self, viewer: UUID, now: datetime) -> dict[str, Any]:
        seq = self.dashboards[viewer].seq if viewer in self.dashboards else 0
        return self._message("snapshot", now, seq, self.shown_to(viewer, self.people).values(), ())

    def opened_dashboard(self, viewer: UUID, now: datetime) -> dict[str, Any]:
        """What the viewer's other pages have been told already: the next delta is for all of them."""
        dashboard = self.dashboards.get(viewer)
        if dashboard is None:
            dashboard = self.dashboards[viewer] = Dashboard(self.shown_to(viewer, self.people))
        return self._message("snapshot", now, dashboard.seq, dashboard.shown.values(), ())

    def deltas(self, now: datetime) -> Iterator[tuple[UUID, dict[str, Any]]]:
        """For each head what has changed for them, with the next number of theirs."""
        looked_at = sorted(self.dirty & self.people.keys())
        for viewer, dashboard in self.dashboards.items():
            changed, removed = dashboard.take_over(
                self.shown_to(viewer, looked_at), self.dirty - self.people.keys()
            )
            if changed or removed:
                yield viewer, self._message("delta", now, dashboard.seq, changed, removed)
        self.dirty.clear()

    def shown_to(self, viewer: UUID, user_ids: Iterable[UUID]) -> dict[UUID, Shown]:
        return {user_id: self._shown(user_id, self.seen(viewer, user_id)) for user_id in user_ids}

    def _message(
        self, kind: str, now: datetime, seq: int, members: Iterable[Shown], removed: Iterable[UUID]
    ) -> dict[str, Any]:
        return {
            "boardId": str(self.id),
            "kind": kind,
            "seq": seq,
            "serverTime": isoformat(now),
            "members": list(members),
            "removed": [str(user_id) for user_id in removed],
        }

    def _shown(self, user_id: UUID, seen: core.View) -> Shown:
        person = self.people[user_id]
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
            "currentPage": label(seen.page, {self.id: self.name}),
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
        self._of_user: dict[UUID, dict[UUID, BoardState]] = defaultdict(dict)

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

    def introduce(self, board: BoardState, user_id: UUID) -> None:
        self._of_user[user_id][board.id] = board

    def dismiss(self, board: BoardState, user_id: UUID) -> None:
        self._of_user[user_id].pop(board.id, None)
        if not self._of_user[user_id]:
            del self._of_user[user_id]

    def of_user(self, user_id: UUID) -> list[BoardState]:
        """Those the person is a member of: a look-up, however many boards are in memory."""
        return list(self._of_user.get(user_id, {}).values())

    def attach(self, board: BoardState, sid: str, user_id: UUID) -> None:
        board.sids[sid] = user_id
        self._of_sid[sid].add(board.id)

    def detach(self, board: BoardState, sid: str) -> None:
        """Harmless for a connection that has gone already."""
        board.company.open(sid, None)
        user_id = board.sids.pop(sid, None)
        if user_id in board.dashboards and user_id not in board.sids.values():
            del board.dashboards[user_id]
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
        for user_id in board.members:
            self.dismiss(board, user_id)
