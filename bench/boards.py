"""How soon a large board opens, is changed and searched while a hundred people have it open.

`python -m bench.boards`. The server's time is the time until an answer less that of /healthz (median), asked
in turns on the same connection (bench/speed.py). The open board is as full as boards become: labels, people
and checklists on its tasks. A search looks through a hundred boards of two thousand tasks, whose words are as
unevenly used as those of a language.
"""

import gzip
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import accumulate, cycle, islice, pairwise
from random import Random
from typing import Any

from uuid_utils.compat import uuid7

from app.boards.rules import fresh_positions

from . import servers, site
from .client import BenchError, Person, auth_json
from .driver import Driver
from .measure import Others
from .report import Verdict, verdict_lines, write_json
from .seed import Tables, add_person, logins_of
from .speed import Load, Meter, percentile
from .web import Web

PEOPLE, BOARDS, TASKS, LISTS = 100, 100, 2_000, 10
OPENINGS, CHANGES, SEARCHES = 40, 300, 60
WORDS, TITLE_WORDS, DESCRIPTION_WORDS = 5_000, 6, 20
GZIP = "Accept-Encoding: gzip"
_Request = tuple[Any, ...]


@dataclass(frozen=True)
class BoardFigures:
    """Milliseconds of the server's time; `cpu` is processor time, that of PostgreSQL and a /healthz in it."""

    healthz_p50_ms: float
    open_p50_ms: float
    open_p99_ms: float
    open_cpu_ms: float
    open_statements: int
    open_kilobytes: float
    read_p50_ms: float
    read_p99_ms: float
    read_cpu_ms: float
    read_statements: int
    move_p50_ms: float
    move_p99_ms: float
    move_cpu_ms: float
    edit_p50_ms: float
    edit_p99_ms: float
    edit_cpu_ms: float
    comment_p50_ms: float
    comment_p99_ms: float
    comment_cpu_ms: float
    search_common_p50_ms: float
    search_common_p99_ms: float
    search_common_cpu_ms: float
    search_rare_p50_ms: float
    search_rare_p99_ms: float
    search_rare_cpu_ms: float
    search_several_p50_ms: float
    search_several_p99_ms: float
    search_several_cpu_ms: float
    search_begun_p50_ms: float
    search_begun_p99_ms: float
    search_begun_cpu_ms: float
    others_cpu_percent: float

    def verdicts(self) -> list[Verdict]:
        opened = f"board of {TASKS:,} tasks opens"
        searched = f"search of {BOARDS * TASKS:,} tasks"
        limits = [
            (f"{opened}, page, p50", self.open_p50_ms, 150),
            (f"{opened}, API, p50", self.read_p50_ms, 150),
            *((f"{what}, {PEOPLE} on the board, p99", self._of(f"{what}_p99"), 20) for what in _CHANGES),
            *((f"{searched}, {how} words, p50", self._of(f"search_{how}_p50"), 50) for how in _ASKED),
        ]
        verdicts = [Verdict(f"{name} <= {most} ms", f"{ms:.1f}", ms <= most) for name, ms, most in limits]
        statements = max(self.open_statements, self.read_statements)
        return [*verdicts, Verdict(f"{opened} with <= 6 SQL statements", f"{statements}", statements <= 6)]

    def _of(self, name: str) -> float:
        return float(getattr(self, f"{name}_ms"))

    def table(self) -> str:
        rows = [f"| {field.name:22} | {getattr(self, field.name):10,.4g} |" for field in fields(self)]
        return "\n".join([f"| {'':22} | {'measured':>10} |", f"| {'-' * 22} | {'-' * 9}: |", *rows])


_FIND_WORDS = """
insert into task_words (task_id, board_id, changed_at, title, everything)
select id, board_id, updated_at, words_of(title), words_about(tasks) from tasks
"""
_CHANGES = ("move", "edit", "comment")
_BEGINNINGS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet")
_ASKED = ("common", "rare", "several", "begun")


def measure() -> BoardFigures:
    filled = Filling()
    with site.prepared(filled.fill) as prepared, prepared.serving() as server:
        driver = Driver(servers.HOST, server.port)
        load = Load(driver)
        web = Web(driver.pool, servers.HOST, server.port, load.send_due)
        try:
            driver.connect(prepared.people, join=True)
            driver.settle()
            asks = _Requests(web, prepared.people, filled)
            statements = {
                f"{name}_statements": prepared.statements(lambda request=request: web.expect(*request))
                for name, request in (("open", next(asks.open())), ("read", next(asks.read())))
            }
            load.begin(without=set())
            others, begun = Others(server, prepared), time.perf_counter()
            figures = asks.figures(Meter(server, prepared, driver, load))
            busy = others.cpu_seconds() / (time.perf_counter() - begun) * 100
        finally:
            web.close()
            driver.pool.close()
    return BoardFigures(**figures, **statements, others_cpu_percent=busy)


class Filling:
    """A hundred people on all boards; the first board is the one they have open."""

    def __init__(self, boards: int = BOARDS) -> None:
        self._boards = boards
        self._chance = Random(20_260_401)
        self._vocabulary = [f"{_BEGINNINGS[number % len(_BEGINNINGS)]}{number}" for number in range(WORDS)]
        # As in texts: the first word is in every third task, most words in hardly any.
        self._weights = list(accumulate(1 / (place + 2) for place in range(WORDS)))
        self.lists: list[str] = []
        self.tasks: list[str] = []

    @property
    def asked(self) -> dict[str, list[str]]:
        common, rare = self._vocabulary[:20], self._vocabulary[-200:]
        return {
            "common": common,
            "rare": rare,
            "several": [f"{one} {another}" for one, another in pairwise(self._vocabulary[20:40])],
            "begun": [word[:3] for word in common],
        }

    def fill(self, address: str, secret_key: str) -> list[Person]:
        tables = Tables()
        organization = tables.add("organizations", id=uuid7(), name="Bench Works")
        people = [add_person(tables, number) for number in range(PEOPLE)]
        for user, _ in people:
            tables.add("memberships", id=uuid7(), organization_id=organization, user_id=user, role="member")
        boards = [tables.add("boards", id=uuid7(), organization_id=organization, name=f"Board {number}")
                  for number in range(self._boards)]  # fmt: skip
        users = [user for user, _ in people]
        for board in boards:
            for number, user in enumerate(users):
                role = "member" if number else "head"
                tables.add("board_members", board_id=board, user_id=user, role=role)
            self._fill_board(tables, board, users, is_open=board == boards[0])
        tables.write(address, _FIND_WORDS)
        logins = logins_of(secret_key, [token for _, token in people])
        return [
            Person(str(user), str(boards[0]), self.tasks[0], cookie, auth_json(csrf=csrf), user == users[0])
            for user, (cookie, csrf) in zip(users, logins, strict=True)
        ]

    def _fill_board(self, tables: Tables, board: Any, users: Sequence[Any], is_open: bool) -> None:
        places = fresh_positions(TASKS // LISTS)
        labels = [
            tables.add("labels", id=uuid7(), board_id=board, name=f"Label {number}", color="teal")
            for number in range(10)
        ]
        for position in fresh_positions(LISTS):
            row = tables.add("lists", id=uuid7(), board_id=board, name="To do", position=position)
            for place in places:
                task = tables.add(
                    "tasks",
                    id=uuid7(),
                    board_id=board,
                    list_id=row,
                    title=self._words(TITLE_WORDS),
                    description=self._words(DESCRIPTION_WORDS),
                    position=place,
                    due_at=datetime.now(UTC) + timedelta(days=self._chance.randrange(-10, 60)),
                )
                if is_open:
                    self.tasks.append(str(task))
                    self._furnish(tables, board, task, labels, users)
            if is_open:
                self.lists.append(str(row))

    def _furnish(
        self, tables: Tables, board: Any, task: Any, labels: Sequence[Any], users: Sequence[Any]
    ) -> None:
        for label in self._chance.sample(labels, 2):
            tables.add("task_labels", task_id=task, label_id=label, board_id=board)
        for user in self._chance.sample(users, 2):
            tables.add("task_assignees", task_id=task, user_id=user, board_id=board)
        for position in fresh_positions(3):
            step = {"board_id": board, "task_id": task, "text": "A step", "position": position}
            tables.add("checklist_items", id=uuid7(), **step)

    def _words(self, count: int) -> str:
        return " ".join(self._chance.choices(self._vocabulary, cum_weights=self._weights, k=count))


class _Requests:
    """Asked by the people of the board in turns."""

    def __init__(self, web: Web, people: Sequence[Person], filled: Filling) -> None:
        self._web, self._people, self._filled = web, people, filled
        self._board = people[0].board_id
        self._versions: dict[str, int] = {}
        self._bare: list[float] = []

    def figures(self, meter: Meter) -> dict[str, float]:
        asked = self._filled.asked
        turns = {
            "open": (OPENINGS, 200, self.open()),
            "read": (OPENINGS, 200, self.read()),
            "move": (CHANGES, 200, self._moves()),
            "edit": (CHANGES, 200, self._edits()),
            "comment": (CHANGES, 201, self._comments()),
            **{f"search_{how}": (SEARCHES, 200, self._searches(asked[how])) for how in _ASKED},
        }
        seconds: dict[str, list[float]] = {}
        figures: dict[str, float] = {}
        for name, (times, status, requests) in turns.items():
            with meter.of(name, times, figures):
                seconds[name] = self._ask(islice(requests, times), status)
        bare = percentile(self._bare, 0.5)
        for name, found in seconds.items():
            figures |= {f"{name}_p{share}_ms": percentile(found, share / 100) - bare for share in (50, 99)}
        page = self._web.expect(*next(self.open())).body
        if missing := [task for task in self._filled.tasks if task.encode() not in gzip.decompress(page)]:
            raise BenchError(f"{len(missing)} tasks are not on the page")
        return figures | {"healthz_p50_ms": bare, "open_kilobytes": len(page) / 1024}

    def open(self) -> Iterator[_Request]:
        for person in cycle(self._people):
            yield "GET", f"/boards/{self._board}", person, None, GZIP

    def read(self) -> Iterator[_Request]:
        for person in cycle(self._people):
            yield "GET", f"/api/boards/{self._board}", person, None, GZIP

    def _ask(self, requests: Iterable[_Request], status: int) -> list[float]:
        found = []
        for request in requests:
            self._bare.append(self._web.expect("GET", "/healthz").seconds)
            answer = self._web.expect(*request, status=status)
            found.append(answer.seconds)
            if "/tasks/" in request[1] and status == 200:
                self._versions[answer.json["id"]] = answer.json["version"]
        return found

    def _turns(self) -> Iterator[tuple[Person, str, str]]:
        """A person, the path of a task, its id: tasks from all over the board."""
        scattered = Random(7).sample(self._filled.tasks, len(self._filled.tasks))
        for person, task in zip(cycle(self._people), cycle(scattered), strict=False):
            yield person, f"/api/boards/{self._board}/tasks/{task}", task

    def _moves(self) -> Iterator[_Request]:
        """Onto the top of some list."""
        for (person, path, _), target in zip(self._turns(), cycle(self._filled.lists), strict=False):
            yield "POST", f"{path}/move", person, {"listId": target, "afterTaskId": None}

    def _edits(self) -> Iterator[_Request]:
        for number, (person, path, task) in enumerate(self._turns()):
            yield "PATCH", path, person, {"title": f"Edited {number}", "version": self._versions.get(task, 1)}

    def _comments(self) -> Iterator[_Request]:
        for number, (person, path, _) in enumerate(self._turns()):
            yield (
                "POST",
                f"{path}/comments",
                person,
                {"body": f"I have looked at it, {number}."},
            )

    def _searches(self, asked: Sequence[str]) -> Iterator[_Request]:
        for person, words in zip(cycle(self._people), cycle(asked), strict=False):
            yield "GET", f"/api/search?q={words.replace(' ', '+')}", person


def main() -> int:
    figures = measure()
    print(f"{figures.table()}\n\n{verdict_lines(figures.verdicts())}")
    print(write_json(servers.RESULTS, {"boards": asdict(figures)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
