"""Nothing acknowledged is lost: clock-ins and clock-outs against kill -9 of the server and of PostgreSQL.

People sign in and out all the time, and write down what they were told and when. Meanwhile the server, or the
database, or both are killed and started again. Afterwards a judge who knows nothing of the application reads
the segments: whoever was told that they are signed in must be clocked in from then until they ask to leave,
and nobody who was told that they are signed out may stay clocked in.

    .venv/bin/python -m bench.history --events 10000 --seed 7
"""

import argparse
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import psycopg2
import requests
from argon2 import PasswordHasher
from uuid_utils.compat import uuid7

from app import embedded, migrate

from .seed import Tables, add_person
from .servers import HOST, ROOT, free_port, wait_for

PEOPLE, PASSWORD = 12, "correct horse of history"
PAUSES = (0.02, 0.4)
BETWEEN_KILLS = (5, 60)  # acts that are acknowledged, however fast the machine is
ANSWER_SECONDS = 10


class Act(NamedTuple):
    """By the clock of this machine, which is the server's too. Without `is_certain` nobody knows its end."""

    kind: Literal["in", "out"]
    begun_at: float
    ended_at: float
    is_certain: bool


class Segment(NamedTuple):
    begin: float
    end: float | None


class Clerk(threading.Thread):
    """One person, who signs in and out until told to stop, and leaves signed out."""

    def __init__(self, url: str, email: str, password: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.email = email
        self.acts: list[Act] = []
        self._url, self._password = url, password
        self._chance, self._stop_asked = random.Random(seed), threading.Event()
        self._http = requests.Session()

    @property
    def acknowledged(self) -> int:
        return sum(act.is_certain for act in self.acts)

    def stop(self) -> None:
        self._stop_asked.set()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self._until_certain("in", self._sign_in)
            self._pause()
            self._until_certain("out", self._sign_out)
            self._pause()

    def _pause(self) -> None:
        time.sleep(self._chance.uniform(*PAUSES))

    def _until_certain(self, kind: Literal["in", "out"], ask: Callable[[], bool]) -> None:
        while True:
            begun = time.time()
            try:
                is_certain = ask()
            except (requests.RequestException, KeyError):
                is_certain = False
            self.acts.append(Act(kind, begun, time.time(), is_certain))
            if is_certain:
                return
            time.sleep(0.1)

    def _sign_in(self) -> bool:
        self._http = requests.Session()
        credentials = {"email": self.email, "password": self._password}
        return self._ask("POST", credentials).status_code == 200

    def _sign_out(self) -> bool:
        """Whoever asks again after a crash may find that they have left."""
        return self._ask("DELETE").status_code in (204, 401)

    def _ask(self, method: str, body: object = None) -> requests.Response:
        path = self._url + "/api/session"
        csrf = self._http.get(path, timeout=ANSWER_SECONDS).json()["csrfToken"]
        headers = {"X-CSRF-Token": csrf, "Origin": self._url}
        return self._http.request(method, path, json=body, headers=headers, timeout=ANSWER_SECONDS)


def judge(acts: Sequence[Act], segments: Iterable[Segment]) -> list[str]:
    """What is wrong with one person's segments. They are whole seconds, cut off."""
    known = sorted(segments, key=lambda each: each.begin)
    wrong = [
        f"{one} and {other} overlap"
        for one, other in pairwise(known)
        if one.end is None or one.end > other.begin
    ]
    for act, after in pairwise(acts):
        if act.kind == "in" and act.is_certain and not _covers(known, act.ended_at, after.begun_at):
            wrong.append(f"not clocked in from {act.ended_at:.2f} to {after.begun_at:.2f}")
    # A sign-in of which nobody knows may have left a login that lives on.
    if all(act.is_certain for act in acts if act.kind == "in") and known and known[-1].end is None:
        wrong.append("still clocked in after signing out")
    return wrong


def _covers(segments: Iterable[Segment], begin: float, end: float) -> bool:
    return any(each.begin <= begin and (each.end is None or each.end + 1 >= end) for each in segments)


def segments_of(address: str, email: str) -> list[Segment]:
    query = """select l.clock_in_at, l.clock_out_at from attendance_logs l join users u on u.id = l.user_id
        where u.email = %s"""
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(query, (email,))
        found: list[tuple[datetime, datetime | None]] = cursor.fetchall()
    connection.close()
    return [Segment(begin.timestamp(), end.timestamp() if end else None) for begin, end in found]


class _Site:
    """A server and a database that can be killed one without the other."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._database = folder, embedded.start(folder)
        migrate.upgrade(self._database.admin_url)
        self.address = self._database.admin_url.replace("+psycopg2", "")
        self._log = (folder / "server.log").open("w")
        self._port = free_port()
        self.url = f"http://{HOST}:{self._port}"
        self._environment = {
            "DATABASE_URL": self._database.url, "PORT": str(self._port), "SECRET_KEY": secrets.token_hex(32),
            "WORKHUB_DATA_DIR": str(folder), "LOGIN_TRIES": "1000000",
        }  # fmt: skip
        self.start_server()

    def start_server(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env={**os.environ, **self._environment},
            stdout=self._log,
            stderr=self._log,
        )
        wait_for("the server", self._answers, 120)

    def kill_server(self) -> None:
        self._process.kill()
        self._process.wait()

    def start_database(self) -> None:
        self._database = embedded.start(self._folder)

    def kill_database(self) -> None:
        """The postmaster first: it would start again by itself."""
        postmaster = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in [postmaster, *map(int, children)]:
            os.kill(process, signal.SIGKILL)
        self._database.stop()

    def end(self) -> None:
        self.kill_server()
        self._database.stop()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False


def hire(address: str, url: str, seed: int) -> list[Clerk]:
    tables, hashed = (
        Tables(),
        PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD),
    )
    organization = tables.add("organizations", id=uuid7(), name="History")
    for number in range(PEOPLE):
        user, _ = add_person(tables, number)
        whose = {"organization_id": organization, "user_id": user}
        tables.add("memberships", id=uuid7(), role="member", **whose)
    tables.write(address)
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("update users set password_hash = %s", (hashed,))
        cursor.execute("delete from user_sessions")
    connection.close()
    return [Clerk(url, f"person{number}@bench.test", PASSWORD, seed + number) for number in range(PEOPLE)]


def measure(events: int, seed: int) -> tuple[int, int, list[str]]:
    """How many acts were acknowledged, how often something was killed, and all that is wrong."""
    chance, kills = random.Random(seed), 0
    with tempfile.TemporaryDirectory(prefix="workhub-history-") as folder:
        site = _Site(Path(folder))
        clerks = hire(site.address, site.url, seed)
        for clerk in clerks:
            clerk.start()
        acknowledged = 0
        while acknowledged < events:
            goal = acknowledged + chance.randint(*BETWEEN_KILLS)
            wait_for("somebody to sign in", lambda: _acknowledged(clerks) >= goal, 600)  # noqa: B023
            time.sleep(chance.uniform(*PAUSES))
            victims = chance.choice((("server",), ("database",), ("server", "database")))
            for victim in victims:
                getattr(site, f"kill_{victim}")()
            for victim in reversed(victims):
                getattr(site, f"start_{victim}")()
            kills += len(victims)
            acknowledged = _acknowledged(clerks)
            print(f"  {acknowledged:,} acknowledged, {kills} kills", file=sys.stderr, flush=True)
        for clerk in clerks:
            clerk.stop()
        for clerk in clerks:
            clerk.join()
        wrong = [
            f"{clerk.email}: {each}"
            for clerk in clerks
            for each in judge(clerk.acts, segments_of(site.address, clerk.email))
        ]
        acknowledged = _acknowledged(clerks)
        site.end()
    return acknowledged, kills, wrong


def _acknowledged(clerks: Iterable[Clerk]) -> int:
    return sum(clerk.acknowledged for clerk in clerks)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.history")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    acknowledged, kills, wrong = measure(options.events, options.seed)
    print(f"{len(wrong)} of {acknowledged:,} acknowledged acts lost, {kills} kills", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
