"""How soon the server answers about people, and how soon a change of settings is seen, under load.

A thousand sockets have joined, and fifty updates a second go on all the time. The server's time is the time
until an answer less that of /healthz (median), asked in turns on the same connection: what the way there and
back and this client cost. Waiting for the server's other work is part of it.
"""

import sys
import time
import timeit
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from itertools import cycle, islice, product
from typing import Any, get_args

import orjson

from app.presence import privacy

from . import servers, site
from .client import BenchError, Connection, Person
from .driver import DASHBOARD, Driver, across_boards
from .measure import Others
from .report import Verdict, verdict_lines, write_json
from .web import Web

SOCKETS, BOARD_SIZE = 1_000, 50
UPDATES_PER_SECOND = 50
REQUESTS, CHANGES = 500, 120
ALONE_SECONDS = 5
SEEN_WITHIN_SECONDS = 10.0
CHECKS = 100_000
_UPDATE = b'42/board,["presence_update",'
# Each differs from the one before for all who look: what is changed, and what they see then.
_SETTINGS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"status": "busy"}, "busy"),
    ({"visibility": "nobody"}, "offline"),
    ({"visibility": "contacts"}, "busy"),
    ({"status": "away"}, "away"),
    ({"appearOffline": True}, "offline"),
    ({"appearOffline": False, "status": "online"}, "online"),
)
_Request = tuple[Any, ...]


@dataclass(frozen=True)
class SpeedFigures:
    """Milliseconds of the server's time; `seen` from the request until the last of all who look has it.

    `first` is one person, asked for by people who ask for the first time: their own settings are read then.
    `cpu` is processor time for one request, that of its /healthz and of PostgreSQL among it.
    """

    healthz_p50_ms: float
    first_p50_ms: float
    first_p99_ms: float
    first_cpu_ms: float
    one_p50_ms: float
    one_p99_ms: float
    one_cpu_ms: float
    fifty_p50_ms: float
    fifty_p99_ms: float
    fifty_cpu_ms: float
    fifty_statements: int
    check_ms: float
    track_p50_ms: float
    track_p99_ms: float
    track_cpu_ms: float
    settings_p50_ms: float
    settings_p99_ms: float
    settings_cpu_ms: float
    seen_p50_ms: float
    seen_p99_ms: float
    seen_max_ms: float
    others_cpu_percent: float

    def verdicts(self) -> list[Verdict]:
        looking = f"settings until the head and {BOARD_SIZE - 2} watchers have them"
        limits = (
            ("GET presence of one person, p99", self.one_p99_ms, 5),
            ("GET presence of 50 people, p99", self.fifty_p99_ms, 15),
            ("POST track, p99", self.track_p99_ms, 15),
            ("PUT settings until committed, p99", self.settings_p99_ms, 25),
            (f"{looking}, p99", self.seen_p99_ms, 2_000),
            (f"{looking}, p99, goal", self.seen_p99_ms, 300),
            ("permission check in memory", self.check_ms, 0.1),
        )
        verdicts = [Verdict(f"{name} <= {most} ms", f"{ms:.4g}", ms <= most) for name, ms, most in limits]
        few = self.fifty_statements <= 3
        return [
            *verdicts,
            Verdict("SQL statements to read 50 people, with the login <= 3", f"{self.fifty_statements}", few),
        ]

    def table(self) -> str:
        rows = [f"| {field.name:20} | {getattr(self, field.name):10,.4g} |" for field in fields(self)]
        return "\n".join([f"| {'':20} | {'under load':>10} |", f"| {'-' * 20} | {'-' * 9}: |", *rows])


def measure() -> SpeedFigures:
    with site.prepared(count=SOCKETS, board_size=BOARD_SIZE) as prepared, prepared.serving() as server:
        driver = Driver(servers.HOST, server.port)
        load = Load(driver)
        web = Web(driver.pool, servers.HOST, server.port, load.send_due)
        boards = [prepared.people[at : at + BOARD_SIZE] for at in range(0, SOCKETS, BOARD_SIZE)]
        try:
            driver.connect(prepared.people, join=True)
            driver.settle()
            statements = prepared.statements(lambda: web.expect("GET", _users(boards[0]), boards[0][1]))
            lookers = _Lookers(driver, boards)
            load.begin(lookers.targets)
            others, begun = Others(server, prepared), time.perf_counter()
            meter = Meter(server, prepared, driver, load)
            figures = _Requests(web, boards, meter).figures()
            with meter.of("settings", CHANGES, figures):
                figures |= lookers.change_settings(web)
            busy = others.cpu_seconds() / (time.perf_counter() - begun) * 100
        finally:
            web.close()
            driver.pool.close()
    return SpeedFigures(**figures, check_ms=_check_ms(), fifty_statements=statements, others_cpu_percent=busy)


class Load:
    """Members turn idle and active again, on a schedule that does not wait."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._senders: list[Connection] = []
        self._sent, self._begun = 0, 0.0

    def begin(self, without: set[str]) -> None:
        everybody = across_boards(self._driver.pool.connections())
        self._senders = [c for c in everybody if not c.person.head and c.person.user_id not in without]
        self._begun = time.perf_counter()

    def send_due(self) -> float:
        """When the next one is due."""
        if not self._senders:
            return time.perf_counter() + 1
        while (due := self._begun + self._sent / UPDATES_PER_SECOND) <= time.perf_counter():
            turn, place = divmod(self._sent, len(self._senders))
            self._driver.report(self._senders[place], active=turn % 2 == 1)
            self._sent += 1
        return due


class Meter:
    """Processor time of the server and of PostgreSQL, less what the load alone takes.

    Other programs on the machine make each request wait, and change little of this.
    """

    def __init__(self, server: servers.Server, prepared: site.Site, driver: Driver, load: Load) -> None:
        self._server, self._prepared = server, prepared
        before, begun = self._reading(), time.perf_counter()
        while (left := begun + ALONE_SECONDS - time.perf_counter()) > 0:
            driver.pool.poll(min(left, max(0, load.send_due() - time.perf_counter())))
        self._load_alone = (self._reading() - before) / (time.perf_counter() - begun)

    @contextmanager
    def of(self, name: str, times: int, figures: dict[str, float]) -> Iterator[None]:
        before, begun = self._reading(), time.perf_counter()
        yield
        load = self._load_alone * (time.perf_counter() - begun)
        figures[f"{name}_cpu_ms"] = (self._reading() - before - load) / times * 1000

    def _reading(self) -> float:
        return self._server.cpu_seconds() + self._prepared.cpu_seconds()


class _Requests:
    def __init__(self, web: Web, boards: Sequence[Sequence[Person]], meter: Meter) -> None:
        self._web, self._boards, self._meter = web, boards, meter
        self._bare: list[float] = []

    def figures(self) -> dict[str, float]:
        track = {"status": "online", "currentPage": "/boards", "isTyping": False}
        turns = {
            "first": (("GET", _users(b[place - 1 : place]), b[place]) for b, place in self._askers()),
            "one": (("GET", _users(b[place - 1 : place]), b[place]) for b, place in self._askers()),
            "fifty": (("GET", _users(b), b[place]) for b, place in self._askers()),
            "track": (("POST", "/api/presence/track", b[place], track) for b, place in self._askers()),
        }
        seconds: dict[str, list[float]] = {}
        figures: dict[str, float] = {}
        for name, requests in turns.items():
            with self._meter.of(name, REQUESTS, figures):
                seconds[name] = self._ask(islice(requests, REQUESTS))
        bare = percentile(self._bare, 0.5)
        figures |= {f"{name}_p50_ms": percentile(found, 0.5) - bare for name, found in seconds.items()}
        figures |= {f"{name}_p99_ms": percentile(found, 0.99) - bare for name, found in seconds.items()}
        return figures | {"healthz_p50_ms": bare}

    def _ask(self, requests: Iterable[_Request]) -> list[float]:
        found = []
        for request in requests:
            self._bare.append(self._web.expect("GET", "/healthz").seconds)
            found.append(self._web.expect(*request).seconds)
        return found

    def _askers(self) -> Iterator[tuple[Sequence[Person], int]]:
        """Somebody of each board, then the next of each: nobody asks twice within a second."""
        for place in cycle(range(1, BOARD_SIZE)):
            yield from ((board, place) for board in self._boards)


class _Lookers:
    """On each board one person is watched by all others: by the head as such, by the members as watchers."""

    def __init__(self, driver: Driver, boards: Sequence[Sequence[Person]]) -> None:
        self._driver = driver
        self._targets = {board[0].board_id: board[1] for board in boards}
        self._missing: set[str] = set()
        self._awaited = ""
        self._seen_at = 0.0
        for connection in driver.pool.connections():
            target = self._targets[connection.person.board_id]
            if not connection.person.head and connection.person != target:
                driver.watch(connection, [target.user_id])
        driver.settle()
        driver.pool.heard = self._heard

    @property
    def targets(self) -> set[str]:
        return {target.user_id for target in self._targets.values()}

    def change_settings(self, web: Web) -> dict[str, float]:
        committed, seen, bare = [], [], []
        turns = ((person, *change) for change in _SETTINGS for person in self._targets.values())
        for person, patch, status in islice(turns, CHANGES):
            bare.append(web.expect("GET", "/healthz").seconds)
            self._missing = {  # everybody else on the board
                c.person.user_id
                for c in self._driver.pool.connections()
                if c.person.board_id == person.board_id and c.person != person
            }
            self._awaited = f"{person.user_id} {status}"
            answer = web.expect("PUT", "/api/presence/settings", person, patch)
            committed.append(answer.seconds)
            seen.append(self._wait(web, answer.sent_at))
        less = percentile(bare, 0.5)
        return {
            "settings_p50_ms": percentile(committed, 0.5) - less,
            "settings_p99_ms": percentile(committed, 0.99) - less,
            "seen_p50_ms": percentile(seen, 0.5),
            "seen_p99_ms": percentile(seen, 0.99),
            "seen_max_ms": percentile(seen, 1),
        }

    def _wait(self, web: Web, sent_at: float) -> float:
        while self._missing:
            if time.perf_counter() > sent_at + SEEN_WITHIN_SECONDS:
                raise BenchError(f"{len(self._missing)} never saw {self._awaited}")
            web.serve()
        return self._seen_at - sent_at

    def _heard(self, connection: Connection, payload: bytes) -> None:
        for start, key in ((DASHBOARD, "members"), (_UPDATE, "users")):
            if payload.startswith(start) and connection.person.user_id in self._missing:
                people = orjson.loads(payload[len(start) : -1])[key]
                if self._awaited in (f"{one['userId']} {one['status']}" for one in people):
                    self._missing.discard(connection.person.user_id)
                    self._seen_at = time.perf_counter()


def percentile(seconds: Sequence[float], share: float) -> float:
    """Milliseconds."""
    ordered = sorted(seconds)
    return ordered[round((len(ordered) - 1) * share)] * 1000


def _users(people: Sequence[Person]) -> str:
    return "/api/presence/users?" + "&".join(f"userIds[]={person.user_id}" for person in people)


def _check_ms() -> float:
    """Of one look at one person, over all settings and relations, as the server does it."""
    settings = [
        privacy.Privacy(visibility, *shown)
        for visibility in get_args(privacy.Visibility)
        for shown in product((False, True), repeat=3)
    ]
    relations = [privacy.Relation.NONE, *privacy.Relation, privacy.Relation.TEAM | privacy.Relation.HEAD]
    turns = cycle(product(settings, relations))
    check: Callable[[], object] = lambda: privacy.sight(*next(turns))  # noqa: E731
    return timeit.timeit(check, number=CHECKS) / CHECKS * 1000


def main() -> int:
    figures = measure()
    print(f"{figures.table()}\n\n{verdict_lines(figures.verdicts())}")
    print(write_json(servers.RESULTS, {"speed": asdict(figures)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
