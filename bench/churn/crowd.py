"""The people of the script: each has pages that open, fall idle, type, reload and vanish, as the dice say.

Everything is sent over real sockets; what was sent when, and when the server acknowledged it, is noted for
the model of the truth. Decides nothing about what others should see.
"""

import heapq
import itertools
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ..client import BenchError, Connection, Person, Pool, event
from ..web import Web
from .changes import CHANGES
from .truth import Event, Settings, Thresholds
from .viewer import Look, News, Viewer
from .world import World

PAUSE = 8.0  # seconds between two acts of one person, on average
AWAY = 0.2  # who is not there at the beginning
MOST_PAGES = 3
LOOK_EVERY = 0.5  # somebody asks by REST
TYPED_EVERY = 0.7
POLICY_EVERY = 25.0
VIEWER_RELOADS_EVERY = 2.0
_DASHBOARD, _UPDATE = b'42/board,["presence_dashboard",', b'42/board,["presence_update",'
_TYPING = (b'42/board,["typing",', b'42/board,["stop_typing",')


@dataclass(eq=False)
class Page:
    """One tab. `viewers` are fed by it; `is_kept` until the end of the run."""

    who: int
    sid: str
    connection: Connection
    boards: list[str] = field(default_factory=list)
    active: bool = True
    is_open: bool = True
    is_kept: bool = False
    typing_until: float = 0.0
    viewers: list[Viewer] = field(default_factory=list)
    on_connected: Callable[[], None] = lambda: None


class Crowd:
    def __init__(self, world: World, pool: Pool, web: Web, dice: random.Random, limits: Thresholds) -> None:
        self.world, self.limits = world, limits
        self.events: list[list[Event]] = [[] for _ in world.humans]
        self.policies: list[tuple[float, frozenset[int]]] = [(0.0, frozenset())]
        self.settings = [Settings() for _ in world.humans]
        self.looks: list[Look] = []
        self.viewers: list[Viewer] = []
        self.typing_heard: list[tuple[int, str, News]] = []  # who heard it, of whom
        self._pool, self._web, self._dice = pool, web, dice
        self._pages: dict[Connection, Page] = {}
        self._of: list[list[Page]] = [[] for _ in world.humans]
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._acks: dict[int, Event] = {}
        pool.connected, pool.acked, pool.heard, pool.closed = (
            self._connected, self._acked, self._heard, self._closed,
        )  # fmt: skip

    # The run

    def run(self, seconds: float) -> tuple[float, float]:
        """Answers when it began and ended; connections are still open then."""
        begun = time.time()
        for board in self.world.boards:
            for head in board.heads:
                self._open_viewer(head, Viewer(head, board.id))
        for watcher in self.world.watches:
            self._open_viewer(watcher, Viewer(watcher, ""))
        for who in range(len(self.world.humans)):
            if self._dice.random() > AWAY:
                self._later(self._dice.uniform(0, 10), lambda who=who: self._open(who))
            self._later(self._dice.uniform(8, 8 + 2 * PAUSE), lambda who=who: self._act(who))
        self._repeat(LOOK_EVERY, self._look)
        self._repeat(POLICY_EVERY, self._change_policy)
        self._repeat(VIEWER_RELOADS_EVERY, self._reload_viewer)
        while (now := time.time()) < begun + seconds:
            if self._due and self._due[0][0] <= now:
                heapq.heappop(self._due)[2]()
                self._pool.poll(0)
            else:
                self._pool.poll(max(0.0, min(0.1, self._due[0][0] - now if self._due else 0.1)))
        return begun, time.time()

    def _later(self, seconds: float, do: Callable[[], None]) -> None:
        heapq.heappush(self._due, (time.time() + seconds, next(self._numbers), do))

    def _repeat(self, every: float, do: Callable[[], None]) -> None:
        def once() -> None:
            do()
            self._later(every, once)

        self._later(every, once)

    # What one person does

    def _act(self, who: int) -> None:
        self._later(self._dice.uniform(0.3, 1.7) * PAUSE, lambda: self._act(who))
        pages = [page for page in self._of[who] if page.is_open and page.boards and not page.is_kept]
        if self._dice.random() < 0.12:
            self._change_settings(who)
        elif not pages:
            self._open(who)
        else:
            page = self._dice.choice(pages)
            self._dice.choices(list(_ACTS), list(_ACTS.values()))[0](self, page)

    def _open(self, who: int, boards: Sequence[str] = (), *, active: bool = True) -> None:
        human = self.world.humans[who]
        if not human.boards:
            return
        chosen = list(boards) or [self.world.boards[self._dice.choice(human.boards)].id]
        page = self._connect(who)

        def join() -> None:
            for board in chosen:
                page.boards.append(board)
                joins = {"boardId": board, "device": "desktop", "page": f"/boards/{board}", "active": active}
                self._emit(page, "join_board", joins, Event(time.time(), "join", page.sid, board, active))
            page.active = active
            self._beat(page)

        page.on_connected = join

    def _open_another(self, page: Page) -> None:
        if sum(one.is_open for one in self._of[page.who]) < MOST_PAGES:
            self._open(page.who)

    def _beat(self, page: Page) -> None:
        """The page repeats itself while somebody is active."""

        def beat() -> None:
            if page.is_open and page.active:
                self._report(page, active=True)
                self._beat(page)

        self._later(self.limits.heartbeat, beat)

    def _report(self, page: Page, *, active: bool) -> None:
        for board in page.boards:
            said = {"boardId": board, "active": active, "visible": True}
            self._emit(
                page, "activity", said, Event(time.time(), "active" if active else "idle", page.sid, board)
            )

    def _leave(self, page: Page) -> None:
        if len(page.boards) > 1 or self._dice.random() < 0.5:
            board = page.boards.pop()
            self._emit(page, "leave_board", {"boardId": board}, Event(time.time(), "leave", page.sid, board))
            if not page.boards:
                self._close(page)

    def _close(self, page: Page) -> None:
        self._note(page.who, Event(time.time(), "closed", page.sid))
        self._forget(page)
        self._pool.say_goodbye(page.connection)

    def _lose(self, page: Page) -> None:
        """As by a router that ends the connection: no close frame."""
        self._note(page.who, Event(time.time(), "lost", page.sid))
        self._forget(page)
        self._pool.cut(page.connection)

    def _fall_silent(self, page: Page) -> None:
        """As a laptop that is closed: nothing is read, answered or ended any more."""
        self._note(page.who, Event(time.time(), "silent", page.sid))
        self._forget(page)
        self._pool.leave_alone(page.connection)
        self._later(2 * self.limits.found, lambda: self._pool.cut(page.connection))

    def _reload(self, page: Page) -> None:
        boards = list(page.boards)
        self._close(page)
        self._later(self._dice.uniform(0.05, 0.3), lambda: self._open(page.who, boards))

    def _blink(self, page: Page) -> None:
        """The network is away for a moment; the page comes back by itself."""
        boards, active = list(page.boards), page.active
        self._lose(page)
        back = self._dice.uniform(0.1, self.limits.disconnect_grace / 3)
        self._later(back, lambda: self._open(page.who, boards, active=active))

    def _rest(self, page: Page) -> None:
        """Nobody touches it, and it does not say so: time will tell."""
        page.active = False

    def _say_idle(self, page: Page) -> None:
        page.active = False
        self._report(page, active=False)

    def _wake(self, page: Page) -> None:
        if not page.active:
            page.active = True
            self._report(page, active=True)
            self._beat(page)

    def _type(self, page: Page) -> None:
        board, keys = self._dice.choice(page.boards), self._dice.randint(1, 4)
        stops = self._dice.random() < 0.5

        def key(left: int) -> None:
            if not page.is_open or board not in page.boards:
                return
            kind = "typing" if left else "stop_typing"
            if left or stops:
                self._emit(page, kind, {"boardId": board}, Event(time.time(), kind, page.sid, board))
            if left:
                self._later(TYPED_EVERY, lambda: key(left - 1))

        key(keys)

    def _change_settings(self, who: int) -> None:
        patch, after = self._dice.choice(CHANGES)
        before = self.settings[who]
        if before.status_until and before.status_until <= time.time():
            before = replace(before, status=None, status_until=None)
        settings = after(before)
        if settings.status_until and settings.status_until != before.status_until:
            patch = {**patch, "statusUntil": datetime.fromtimestamp(settings.status_until, UTC).isoformat()}
        sent_at = time.time()
        self._web.expect("PUT", "/api/presence/settings", self.world.humans[who].login, patch)
        self.settings[who] = settings
        answered_at = time.time()
        self._note(who, Event(sent_at, "request", until=answered_at))
        self._note(who, Event(sent_at + 0.001, "settings", settings=settings, until=answered_at))

    # Those who look

    def _open_viewer(self, who: int, viewer: Viewer) -> None:
        if viewer not in self.viewers:
            self.viewers.append(viewer)
        page = self._connect(who)
        page.viewers, page.is_kept = [viewer], True

        def begin() -> None:
            if viewer.scope:
                self._join_as_viewer(page, viewer)
            else:
                ids = [self.world.humans[other].id for other in self.world.watches[who]]
                self._emit(page, "watch_users", {"userIds": ids})

        page.on_connected = begin

    def _join_as_viewer(self, page: Page, viewer: Viewer) -> None:
        page.boards = [viewer.scope]
        joins = {"boardId": viewer.scope, "device": "desktop", "active": True}
        self._emit(page, "join_board", joins, Event(time.time(), "join", page.sid, viewer.scope))

    def _reload_viewer(self) -> None:
        page = self._dice.choice(
            [page for pages in self._of for page in pages if page.is_kept and page.is_open]
        )
        viewer = page.viewers[0]
        self._close(page)
        viewer.connection_ended(time.time())
        self._later(self._dice.uniform(0.05, 0.3), lambda: self._open_viewer(page.who, viewer))

    def _look(self) -> None:
        who = self._dice.randrange(len(self.world.humans))
        board = self.world.boards[self._dice.randrange(len(self.world.boards))]
        asked = self._dice.sample(board.members, 10) + self._dice.sample(range(len(self.world.humans)), 10)
        path = "/api/presence/users?" + "&".join(f"userIds[]={self.world.humans[one].id}" for one in asked)
        sent_at = time.time()
        answer = self._web.expect("GET", path, self.world.humans[who].login)
        shown = {one["userId"]: one for one in answer.json["users"]}
        self._note(who, Event(sent_at, "request", until=time.time()))
        self.looks.append(Look(who, sent_at, time.time(), asked, shown))

    def _change_policy(self) -> None:
        """One organization after the other, on and off."""
        organization = len(self.policies) % len(self.world.organizations)
        on = self.policies[-1][1] ^ {organization}
        path = f"/api/organizations/{self.world.organizations[organization]}/presence-policy"
        said = {"headsAlwaysSeePresence": organization in on}
        self.policies.append((time.time(), on))
        self._web.expect("PUT", path, self.world.owners[organization], said)

    # Sockets

    def _connect(self, who: int) -> Page:
        login = self.world.humans[who].login
        assert isinstance(login, Person)
        page = Page(who, f"s{next(self._numbers)}", self._pool.open(login))
        self._pages[page.connection] = page
        self._of[who].append(page)
        return page

    def _forget(self, page: Page) -> None:
        page.is_open = False
        self._of[page.who].remove(page)

    def _emit(self, page: Page, name: str, payload: dict[str, Any], noted: Event | None = None) -> None:
        number = next(self._numbers)
        if noted:
            self._note(page.who, noted)
            self._acks[number] = noted
        self._pool.send(page.connection, event(number, name, payload))

    def _note(self, who: int, noted: Event) -> None:
        self.events[who].append(noted)

    def _connected(self, connection: Connection) -> None:
        if (page := self._pages[connection]).is_open:
            page.on_connected()

    def _acked(self, connection: Connection, payload: bytes) -> None:
        if b'"ok":true' not in payload:
            raise BenchError(f"refused: {payload[:300].decode(errors='replace')}")
        number = int(payload[len(b"43/board,") : payload.index(b"[")])
        if noted := self._acks.pop(number, None):
            noted.until = time.time()

    def _heard(self, connection: Connection, payload: bytes) -> None:
        page, at = self._pages[connection], time.time()
        if not page.is_open:  # on its way while the page was closed
            return
        if payload.startswith(_DASHBOARD) and page.viewers:
            viewer, message = page.viewers[0], json.loads(payload[len(_DASHBOARD) : -1])
            viewer.dashboard(at, message, lambda: self._join_as_viewer(page, viewer))
        elif payload.startswith(_UPDATE):
            page.viewers[0].update(at, json.loads(payload[len(_UPDATE) : -1])["users"])
        elif payload.startswith(_TYPING):
            told = json.loads(payload[payload.index(b",{") + 1 : -1])
            self.typing_heard.append((page.who, told["boardId"], News(at, "typing", told)))

    def _closed(self, connection: Connection) -> None:
        page = self._pages[connection]
        if page.is_open:
            raise BenchError(f"the server closed the socket of person {page.who}")


_ACTS: dict[Callable[[Crowd, Page], None], float] = {
    Crowd._open_another: 1.5,
    Crowd._leave: 1,
    Crowd._close: 1,
    Crowd._lose: 1,
    Crowd._fall_silent: 0.7,
    Crowd._reload: 1.5,
    Crowd._blink: 1.5,
    Crowd._rest: 1.5,
    Crowd._say_idle: 1,
    Crowd._wake: 2,
    Crowd._type: 3,
}
