"""A presence service without server, sockets or database: the clock stands still, the news are kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.errors import Unavailable
from app.presence import core
from app.presence.privacy import Privacy
from app.presence.recorder import Receipt
from app.presence.service import Presence
from app.presence.store import Person, Roster, Transition

LIMITS = core.Limits(
    idle=timedelta(seconds=300),
    offline_after_idle=timedelta(seconds=900),
    leave_grace=timedelta(seconds=1.5),
    disconnect_grace=timedelta(seconds=10),
    typing=timedelta(seconds=5),
)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOARD, OTHER_BOARD = UUID(int=0xB1), UUID(int=0xB2)
HEAD, MAYA, OMAR = UUID(int=1), UUID(int=2), UUID(int=3)


class FakeClock:
    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - START).total_seconds()


class FakeRecorder:
    """Commits at once, or only when told to (`is_away`)."""

    def __init__(self) -> None:
        self.rows: list[Transition] = []
        self.pending: list[Receipt] = []
        self.is_away = False

    def record(self, transition: Transition) -> Receipt:
        self.rows.append(transition)
        self.pending.append(Receipt())
        receipt = self.pending[-1]
        if not self.is_away:
            self.commit()
        return receipt

    def commit(self) -> None:
        for receipt in self.pending:
            receipt.resolve(committed=True)
        self.pending.clear()

    @property
    def waiting(self) -> int:
        return len(self.pending)

    def statuses(self, user_id: UUID, board_id: UUID = BOARD) -> list[str]:
        return [row.status for row in self.rows if (row.user_id, row.board_id) == (user_id, board_id)]


@dataclass(frozen=True)
class News:
    to: str  # "board", "heads" or a sid
    event: str
    payload: Any
    skip: str | UUID | None = None  # of "heads" which one


class FakePublisher:
    def __init__(self) -> None:
        self.news: list[News] = []

    def to_board(self, board_id: UUID, event: str, payload: Any, skip: str | None = None) -> None:
        assert payload["boardId"] == str(board_id)
        self.news.append(News("board", event, payload, skip))

    def to_head(self, board_id: UUID, user_id: UUID, event: str, payload: Any) -> None:
        assert payload["boardId"] == str(board_id)
        self.news.append(News("heads", event, payload, user_id))

    def to_sid(self, sid: str, event: str, payload: Any) -> None:
        self.news.append(News(sid, event, payload))

    def take(self) -> list[News]:
        news, self.news = self.news, []
        return news


@dataclass
class Rosters:
    """What PostgreSQL would answer; `while_loading` runs between the reading and the answer."""

    boards: dict[UUID, dict[UUID, Person]]
    seqs: dict[UUID, int] = field(default_factory=dict)
    is_away: bool = False
    heads_always_see: bool = False
    loads: int = 0
    while_loading: list[Any] = field(default_factory=list)

    def load(self, board_id: UUID) -> Roster | None:
        self.loads += 1
        if self.is_away:
            raise Unavailable()
        people = list(self.boards.get(board_id, {}).values())
        seq = self.seqs.get(board_id, 0)
        if self.while_loading:
            self.while_loading.pop(0)()
        return Roster(seq, people, name="Launch", heads_always_see=self.heads_always_see) if people else None


def person(user_id: UUID, role: str = "member", **more: Any) -> Person:
    known = {"name": f"Person {user_id.int}", "avatar_url": None, "is_guest": False}
    state = {"status": "offline", "last_seen": None}
    return Person(user_id=user_id, role=role, **{**known, **state, **more})


def people(*persons: Person) -> dict[UUID, Person]:
    return {one.user_id: one for one in persons}


class Desk:
    """The service with all its neighbours, and short words for what happens."""

    def __init__(self, limits: core.Limits = LIMITS, boards: Mapping[UUID, Any] | None = None) -> None:
        everybody = people(person(HEAD, "head"), person(MAYA), person(OMAR))
        self.rosters = Rosters(dict(boards or {BOARD: everybody}))
        self.clock, self.recorder, self.publisher = FakeClock(), FakeRecorder(), FakePublisher()
        self.presence = self.restarted(limits)

    def restarted(self, limits: core.Limits = LIMITS) -> Presence:
        self.presence = Presence(
            clock=self.clock,  # type: ignore[arg-type]
            limits=limits,
            recorder=self.recorder,  # type: ignore[arg-type]
            publish=self.publisher,
            load_roster=self.rosters.load,
        )
        return self.presence

    def join(self, user_id: UUID, sid: str, board_id: UUID = BOARD, **more: Any) -> Any:
        """As the handler of join_board does, without waiting for the receipt."""
        self.presence.membership(board_id, user_id)
        said = {"device": None, "page": None, "active": True, **more}
        joined = self.presence.join(board_id, user_id, sid, **said)
        if joined.role == "head":
            self.presence.send_snapshot(board_id, sid)
        return joined

    def act(self, sid: str, board_id: UUID = BOARD, active: bool = True) -> str:
        return self.presence.act(board_id, sid, active=active, visible=True, page=None)

    def lose(self, sid: str, ago: float = 0.0) -> None:
        self.presence.disconnected(sid, clean=False, lost_at=self.clock.now() - timedelta(seconds=ago))

    def wait(self, seconds: float) -> None:
        """Time passes and one tick comes at its end."""
        self.clock.time += timedelta(seconds=seconds)
        self.presence.tick()

    def set_role(self, user_id: UUID, role: str, board_id: UUID = BOARD) -> None:
        board = self.rosters.boards[board_id]
        board[user_id] = replace(board.get(user_id, person(user_id)), role=role)
        self.presence.roster_changed(board_id)

    def remove(self, user_id: UUID, board_id: UUID = BOARD) -> None:
        self.rosters.boards[board_id].pop(user_id)
        self.presence.roster_changed(board_id)

    def choose(self, user_id: UUID, **choice: Any) -> None:
        """Committed, then told to presence."""
        chosen = core.Choice(**choice)
        for board in self.rosters.boards.values():
            if user_id in board:
                board[user_id] = replace(board[user_id], choice=chosen)
        shown = self.presence.board(BOARD).privacies.get(user_id, Privacy())
        self.presence.settings_changed(user_id, chosen, shown)

    def show(self, user_id: UUID, **shown: Any) -> None:
        """As choose: what of it others may see from now on."""
        privacy = Privacy(**shown)
        for board in self.rosters.boards.values():
            if user_id in board:
                board[user_id] = replace(board[user_id], privacy=privacy)
        self.presence.settings_changed(user_id, self.rosters.boards[BOARD][user_id].choice, privacy)

    def deltas(self) -> list[dict[str, Any]]:
        """What heads were told since the last time somebody asked."""
        news = [n for n in self.publisher.take() if n.to == "heads"]
        assert all(n.event == "presence_dashboard" and n.payload["kind"] == "delta" for n in news)
        return [n.payload for n in news]

    def seen(self, user_id: UUID, board_id: UUID = BOARD, viewer: UUID = HEAD) -> dict[str, Any]:
        members = self.presence.snapshot(board_id, viewer)["members"]
        return next(m for m in members if m["userId"] == str(user_id))

    def told_of(self, told: Iterable[dict[str, Any]]) -> list[list[str]]:
        """The people each delta speaks of."""
        return [[m["userId"] for m in delta["members"]] for delta in told]
