"""The sequencer: every presence event of this process passes here, one at a time.

Between reading a member and writing it nothing yields, so no lock is needed: I/O (rosters, commits)
happens before or after. Changes of status go to the recorder, changes of view to the board's heads, gathered
per tick. Authorizes by the board's roster; knows neither sockets nor Flask.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ..clock import Clock
from ..errors import NotFound, WorkHubError
from . import core
from .board import Boards, BoardState
from .deadlines import Deadlines
from .ports import Joined, Publish
from .privacy import Privacy
from .recorder import Recorder
from .showing import Showing, typing_of
from .store import Person, Roster

RELEASE_AFTER = timedelta(minutes=10)


class Presence:
    def __init__(
        self,
        *,
        clock: Clock,
        limits: core.Limits,
        recorder: Recorder,
        publish: Publish,
        load_roster: Callable[[UUID], Roster | None],
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._recorder = recorder
        self._publish = publish
        self._showing = Showing(limits, recorder, publish)
        self._load_roster = load_roster
        self._boards = Boards()
        self._deadlines: Deadlines[tuple[UUID, UUID]] = Deadlines()
        self._board_seqs: dict[UUID, int] = {}
        self._roster_news: dict[UUID, int] = {}  # how often members or roles changed
        # Said since the start: newer than any roster being read.
        self._choices: dict[UUID, core.Choice] = {}
        self._privacies: dict[UUID, Privacy] = {}
        self._released_at = clock.now()
        self.on_person_changed: Callable[[UUID], None] = lambda _user_id: None

    # Boards

    def board(self, board_id: UUID) -> BoardState:
        """The live board, loaded when nobody was on it; raises NotFound. The only call here that does I/O.

        A roster read before the newest change is dropped: it would give back what the change has taken.
        """
        while (board := self._fresh(board_id)) is None:
            news = self._roster_news.get(board_id)
            roster = self._load_roster(board_id)
            if roster is None:
                raise NotFound()
            if self._fresh(board_id) is None and self._roster_news.get(board_id) == news:
                self._adopt(board_id, roster, departure=None)
        return board

    def membership(self, board_id: UUID, user_id: UUID) -> Person:
        """The person's place on the board; a board one is not on is one that does not exist."""
        person = self.board(board_id).people.get(user_id)
        if person is None:
            raise NotFound()
        return person

    def restore(
        self, rosters: Mapping[UUID, Roster], life_signs: tuple[datetime, datetime] | None
    ) -> datetime | None:
        """After a restart: whoever was present when the last process died is on the way back, or gone.

        Of several that died before it was clear who comes back, the last sign of the first is the last that
        is known of anybody, and the grace begins with the last sign of the last. Answers when it ends.
        """
        departure = None
        if life_signs is not None:
            departure = core.Departure(life_signs[0], life_signs[1] + self._limits.disconnect_grace)
        for board_id, roster in rosters.items():
            self._adopt(board_id, roster, departure)
        return departure.believed_at if departure else None

    def roster_changed(self, board_id: UUID) -> None:
        """Members or roles changed (committed). Boards nobody is on load fresh when somebody comes."""
        self._roster_news[board_id] = self._roster_news.get(board_id, 0) + 1
        board = self._boards.get(board_id)
        if board is None:
            return
        board.is_stale = True
        try:
            self.board(board_id)
        except NotFound:
            self._adopt(board_id, Roster(board_seq=0), None)  # it may come back, with nobody there
            self._boards.forget(board)
        except WorkHubError:
            pass  # the database is away: the next join loads it

    def policy_changed(self, organization_id: UUID) -> None:
        """Whether heads always see presence changed (committed)."""
        for board in self._boards:
            if board.organization_id == organization_id:
                self.roster_changed(board.id)

    def board_changed(self, board_id: UUID, seq: int) -> None:
        """Also for boards nobody is on: a roster may be on its way from before this change."""
        self._board_seqs[board_id] = max(seq, self._board_seqs.get(board_id, 0))

    def board_named(self, board_id: UUID, name: str) -> None:
        if board := self._boards.get(board_id):
            board.rename(name)

    def board_seq(self, board_id: UUID) -> int:
        """The number of the newest change that a socket entering the board now will not be told of."""
        return self._board_seqs.get(board_id, 0)

    def settings_changed(self, user_id: UUID, choice: core.Choice, shown: Privacy) -> None:
        """Somebody says or shows something else (committed); true on all their boards at once."""
        self._choices[user_id], self._privacies[user_id], now = choice, shown, self._clock.now()
        for board in self._boards.of_user(user_id):
            with self._showing.otherwise(board, [user_id], now):
                board.privacies[user_id] = shown
            board.dirty.add(user_id)
            self._apply(board, user_id, core.choose(board.members[user_id], choice), now)

    # What people do

    def join(
        self, board_id: UUID, user_id: UUID, sid: str, *, device: str | None, page: str | None, active: bool
    ) -> Joined:
        """A connection comes to a board that `membership` has just allowed. Does no I/O."""
        board, now = self._boards.get(board_id), self._clock.now()
        if board is None or user_id not in board.people:
            raise NotFound()
        person, member = board.people[user_id], board.members[user_id]
        # Asking again (after a gap in the numbers) is no sign of life; coming again after leaving is one.
        known = next((c for c in member.connections if c.sid == sid and c.departure is None), None)
        connection = core.Connection(
            sid=sid,
            active_at=known.active_at if known else now,
            active=known.active if known else active,
            device=device or (known.device if known else None),
            page=page or (known.page if known else None),
        )
        self._boards.attach(board, sid, user_id)
        self._apply(board, user_id, core.connect(member, connection), now)
        return Joined(
            role=person.role,
            status=board.views[user_id].status,
            typing=[
                typing_of(board, other, view.task_id)
                for other, view in board.views.items()
                if view.typing and board.sight(user_id, other).activity
            ],
            receipt=board.receipts.get(user_id),
        )

    def act(self, board_id: UUID, sid: str, *, active: bool, visible: bool, page: str | None) -> core.Status:
        board, user_id, now = *self._joined(board_id, sid), self._clock.now()
        member = core.act(board.members[user_id], sid, now, active=active, visible=visible, page=page)
        self._apply(board, user_id, member, now)
        return board.views[user_id].status

    def is_news(self, board_id: UUID, sid: str, *, active: bool, visible: bool, page: str | None) -> bool:
        """Whether `act` would change more than a moment."""
        board, user_id, now = *self._joined(board_id, sid), self._clock.now()
        said = {"active": active, "visible": visible}
        return core.is_news(board.members[user_id], sid, now, self._limits, page=page, **said)

    def status(self, board_id: UUID, sid: str) -> core.Status:
        board, user_id = self._joined(board_id, sid)
        return board.views[user_id].status

    def type_(self, board_id: UUID, sid: str, task_id: str | None) -> None:
        board, user_id, now = *self._joined(board_id, sid), self._clock.now()
        member = core.type_(board.members[user_id], sid, task_id, now, self._limits)
        self._apply(board, user_id, member, now)
        self._showing.tell_typing(board, user_id, "typing", task_id, skip=sid)

    def stop_typing(self, board_id: UUID, sid: str) -> None:
        board, user_id = self._joined(board_id, sid)
        self._apply(board, user_id, core.stop_typing(board.members[user_id], sid), self._clock.now())

    def open_task(self, board_id: UUID, sid: str, task_id: UUID | None) -> None:
        board, _ = self._joined(board_id, sid)
        board.company.open(sid, task_id)

    def leave(self, board_id: UUID, sid: str) -> None:
        board, user_id = self._joined(board_id, sid)
        now = self._clock.now()
        self._boards.detach(board, sid)
        self._apply(
            board, user_id, core.leave(board.members[user_id], sid, now, clean=True, limits=self._limits), now
        )

    # What happens to connections

    def disconnected(self, sid: str, *, clean: bool, lost_at: datetime) -> None:
        """The socket closed by itself or was lost at `lost_at`; believed after the grace."""
        now = self._clock.now()
        for board, user_id in self._boards.detach_everywhere(sid):
            member = core.leave(board.members[user_id], sid, lost_at, clean=clean, limits=self._limits)
            self._apply(board, user_id, member, now)

    def evicted(self, sids: Iterable[str]) -> None:
        """The site ended these sockets (signed out): offline at once."""
        now = self._clock.now()
        for sid in sids:
            for board, user_id in self._boards.detach_everywhere(sid):
                self._apply(board, user_id, core.drop(board.members[user_id], sid, now, self._limits), now)

    # What heads see

    def snapshot(self, board_id: UUID, viewer: UUID) -> dict[str, Any]:
        """Everybody on the board as the viewer may see them; the caller has checked that it is a head."""
        board = self.board(board_id)
        if viewer not in board.people:
            raise NotFound()  # removed since the check
        return board.snapshot(viewer, self._clock.now())

    def views_of(self, user_id: UUID) -> list[core.View]:
        """On all live boards, as they are: for whoever decides what of it is shown."""
        return [board.views[user_id] for board in self._boards.of_user(user_id)]

    def last_life(self, user_id: UUID) -> datetime | None:
        """When the person would have been seen last if they left all boards now."""
        now, boards = self._clock.now(), self._boards.of_user(user_id)
        lives = [core.last_life(board.members[user_id], now, self._limits) for board in boards]
        return max(filter(None, lives), default=None)

    def send_snapshot(self, board_id: UUID, sid: str) -> None:
        if self.is_head(board_id, sid):
            board = self._boards.get_or_make(board_id)
            message = board.opened_dashboard(board.sids[sid], self._clock.now())
            self._publish.to_sid(sid, "presence_dashboard", message)

    def is_head(self, board_id: UUID, sid: str) -> bool:
        """Whether this connection may hear of the board's presence."""
        board = self._boards.get(board_id)
        return board is not None and sid in board.sids and board.is_head(board.sids[sid])

    def boards_of(self, sid: str) -> frozenset[UUID]:
        return self._boards.of_sid(sid)

    def tick(self) -> None:
        """Lets time pass: due moments are applied, then each board's changes go out as one delta."""
        now = self._clock.now()
        for board_id, user_id in self._deadlines.due(now):
            board = self._boards.get(board_id)
            if board and user_id in board.members:
                self._apply(board, user_id, board.members[user_id], now)
        for board in self._boards:
            if board.dirty or board.company.changed:
                for sid, company in board.company.news(board):
                    self._publish.to_sid(sid, "task_company", company)
                for viewer, delta in board.deltas(now):
                    self._publish.to_head(board.id, viewer, "presence_dashboard", delta)
        if now - self._released_at >= RELEASE_AFTER:
            self._released_at = now
            self._release()

    # Inside

    def _fresh(self, board_id: UUID) -> BoardState | None:
        board = self._boards.get(board_id)
        return None if board is None or board.is_stale else board

    def _apply(self, board: BoardState, user_id: UUID, member: core.Member, now: datetime) -> None:
        typed = board.members[user_id].typing
        member = core.expire(member, now, self._limits)
        before, after = board.views[user_id], core.view(member, now, self._limits)
        board.members[user_id], board.views[user_id] = member, after
        if after.status != before.status:
            self._showing.record(board, user_id, after, now)
        if _noticeable(after) != _noticeable(before):
            board.dirty.add(user_id)
            self.on_person_changed(user_id)
        if typed and before.typing and not after.typing:
            self._showing.tell_typing(board, user_id, "stop_typing", typed.task_id, skip=typed.sid)
        self._deadlines.schedule((board.id, user_id), core.next_change_at(member, now, self._limits))

    def _adopt(self, board_id: UUID, roster: Roster, departure: core.Departure | None) -> None:
        is_new = board_id not in self._boards
        board = self._boards.get_or_make(board_id)
        people, now = {person.user_id: person for person in roster.people}, self._clock.now()
        for user_id in board.people.keys() - people.keys():
            self._remove(board, user_id, now)
        with self._showing.otherwise(board, board.people.keys() & people.keys(), now):
            board.adopt(roster, people)
        self.board_changed(board_id, roster.board_seq)
        for person in board.people.values():
            if person.user_id not in board.members:
                self._introduce(board, person, departure, now)
        for user_id in [u for u in board.dashboards if not board.is_head(u)]:
            del board.dashboards[user_id]
        if is_new:
            board.dirty.clear()  # nobody has seen anything yet: whoever comes gets a snapshot

    def _introduce(
        self, board: BoardState, person: Person, departure: core.Departure | None, now: datetime
    ) -> None:
        """Of whoever is recorded as present no connection is known here, so they have left."""
        seen, member = person.last_seen, core.Member()
        if seen is not None:
            left = departure or core.Departure(seen, seen + self._limits.disconnect_grace)
            member = core.lost(person.status, seen, left)
        member = core.choose(member, self._choices.get(person.user_id, person.choice))
        board.members[person.user_id] = member
        self._boards.introduce(board, person.user_id)
        board.privacies[person.user_id] = self._privacies.get(person.user_id, person.privacy)
        board.moments[person.user_id] = person.moments
        # The recorded state is the one before: what has become of it is then a transition like any other.
        view = core.view(member, now, self._limits)
        board.views[person.user_id] = view._replace(status=person.status)
        self._apply(board, person.user_id, member, now)

    def _remove(self, board: BoardState, user_id: UUID, now: datetime) -> None:
        """Somebody left the team: offline at once, and the last thing recorded of them says so."""
        for connection in board.members[user_id].connections:
            self._boards.detach(board, connection.sid)
            left = core.drop(board.members[user_id], connection.sid, now, self._limits)
            self._apply(board, user_id, left, now)
        board.forget(user_id)
        self._boards.dismiss(board, user_id)

    def _joined(self, board_id: UUID, sid: str) -> tuple[BoardState, UUID]:
        board = self._boards.get(board_id)
        if board is None or sid not in board.sids:
            raise NotFound("Join the board first.")
        return board, board.sids[sid]

    def _release(self) -> None:
        """Boards nobody is on need no memory, once everything they said is in PostgreSQL."""
        if self._recorder.waiting == 0:
            for board in [b for b in self._boards if b.is_quiet]:
                self._boards.forget(board)


def _noticeable(view: core.View) -> core.View:
    """A present person's last_seen moves with every key; nobody needs to be told."""
    return view if view.status == "offline" else view._replace(last_seen=None)
