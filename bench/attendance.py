"""Attendance and user management with much in them: a million sessions of 5,000 people, and 10,000 members.

Times are those of whole requests by an owner, the look-up of the login and JSON included; `cpu` is processor
time of server and PostgreSQL for one of them, which other programs on the machine change little.
    .venv/bin/python -m bench.attendance      a quarter of an hour, most of it to fill the database
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import requests
from uuid_utils.compat import uuid7

from . import procfs, servers, site
from .client import BenchError, Person
from .report import write_json
from .seed import Tables, add_person, logins_of
from .servers import Server
from .speed import percentile

MEMBERS, ATTENDING, DAYS, A_DAY, CLOCKED_IN = 10_000, 5_000, 100, 2, 2_000
TIMES = 25
LIMIT_MS, MEMBERS_LIMIT_MS = 100, 50
PIECE = 1 << 16

_ATTEND = """
insert into attendance_people (organization_id, user_id, name, email)
select m.organization_id, u.id, u.name, u.email from memberships m join users u on u.id = m.user_id
order by u.email limit %(attending)s;
insert into attendance_logs (id, organization_id, user_id, clock_in_at, clock_out_at)
select gen_random_uuid(), p.organization_id, p.user_id, begin, begin + (3 + r.random) * interval '1 hour'
from attendance_people p, generate_series(0, %(days)s - 1) as day, generate_series(0, %(a_day)s - 1) as part,
    lateral (select random() where p.user_id is not null and day >= 0 and part >= 0) as r(random),
    lateral (select date_trunc('day', now()) - interval '1 day' * (day + 1) + interval '7 hours'
        + part * interval '5 hours' + date_trunc('second', r.random * interval '30 minutes')) as b(begin)
order by day desc, part, p.user_id;
insert into attendance_logs (id, organization_id, user_id, clock_in_at)
select gen_random_uuid(), organization_id, user_id, date_trunc('second', now() - interval '1 hour')
from attendance_people limit %(clocked_in)s;
update attendance_logs set clock_out_at = date_trunc('second', clock_out_at) where clock_out_at is not null;
insert into user_sessions (id, user_id, session_token, last_activity, expires_at)
select gen_random_uuid(), id, sha256(email::bytea), now() - random() * interval '20 minutes',
    now() + interval '7 days'
from users;
"""


@dataclass(frozen=True)
class Asked:
    """One kind of request, in milliseconds."""

    what: str
    median_ms: float
    worst_ms: float
    cpu_ms: float
    limit_ms: float


@dataclass(frozen=True)
class Taken:
    """Something long: when it began to answer, when it was done, how much that was."""

    what: str
    first_seconds: float
    seconds: float
    megabytes: float


def fill(address: str, secret_key: str) -> list[Person]:
    """Answers the owner."""
    tables = Tables()
    organization = tables.add("organizations", id=uuid7(), name="Bench Works")
    people = [add_person(tables, number) for number in range(MEMBERS)]
    for number, (user, _) in enumerate(people):
        role = "owner" if number == 0 else "member"
        tables.add("memberships", id=uuid7(), organization_id=organization, user_id=user, role=role)
    tables.write(address)
    counts = {"attending": ATTENDING, "days": DAYS, "a_day": A_DAY, "clocked_in": CLOCKED_IN}
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(_ATTEND, counts)
    connection.close()
    [(cookie, csrf)] = logins_of(secret_key, [people[0][1]])
    return [Person(str(people[0][0]), "", "", cookie, csrf, False)]


class Owner:
    """Who runs the organization, at the server."""

    def __init__(self, server: Server, prepared: site.Site) -> None:
        [owner] = prepared.people
        self._server, self._prepared = server, prepared
        self._url = f"http://{servers.HOST}:{server.port}"
        self._http = requests.Session()
        self._http.headers.update({"Cookie": owner.cookie, "X-CSRF-Token": owner.auth, "Origin": self._url})

    def get(self, path: str) -> Any:
        return self.ask("GET", path).json()

    def ask(self, method: str, path: str) -> requests.Response:
        answer = self._http.request(method, self._url + path, timeout=60)
        if not answer.ok:
            raise BenchError(f"{method} {path} was answered {answer.status_code}: {answer.text[:300]}")
        return answer

    def measure(self, what: str, path: str, limit_ms: float = LIMIT_MS) -> Asked:
        self.ask("GET", path)
        took, cpu = [], self._cpu_seconds()
        for _ in range(TIMES):
            begun = time.perf_counter()
            self.ask("GET", path)
            took.append(time.perf_counter() - begun)
        cpu = (self._cpu_seconds() - cpu) / TIMES * 1000
        return _said(Asked(what, percentile(took, 0.5), percentile(took, 1), cpu, limit_ms))

    def download(self, what: str, path: str) -> Taken:
        begun, size, first = time.perf_counter(), 0, 0.0
        with self._http.get(self._url + path, stream=True, timeout=60) as answer:
            for piece in answer.iter_content(PIECE):
                first, size = first or time.perf_counter() - begun, size + len(piece)
        return _said(Taken(what, first, time.perf_counter() - begun, size / 1e6))

    def _cpu_seconds(self) -> float:
        return self._server.cpu_seconds() + self._prepared.cpu_seconds()


def measure() -> list[Asked | Taken]:
    with site.prepared(fill) as prepared, prepared.serving() as server:
        owner = Owner(server, prepared)
        found = [*_levels(owner), *_users(owner), *_files(owner)]
        print(f"memory of the server at last: {procfs.memory(server.pid).pss / 1024:.0f} MB")
    return found


def _levels(owner: Owner) -> Iterator[Asked | Taken]:
    today = datetime.now(UTC).date()
    days = {days: f"from={today - timedelta(days=days - 1)}&to={today}" for days in (7, 30, 90)}
    for number, query in days.items():
        yield owner.measure(f"people of {number} days, 50 a page", f"/api/attendance?{query}")
    yield owner.measure("people found by a name", f"/api/attendance?{days[90]}&search=Benchmarked%204321")
    yield owner.measure("people found by nothing", f"/api/attendance?{days[90]}&search=nobody")
    yield owner.measure("people who are clocked in", f"/api/attendance?{days[90]}&status=active")
    yield owner.measure("days without anything", "/api/attendance?from=2020-01-01&to=2020-12-31")
    first = owner.get(f"/api/attendance?{days[90]}")["items"][0]["userId"]
    yield owner.measure("days of one person", f"/api/attendance/days?{days[90]}&userId={first}")
    day = today - timedelta(days=3)
    yield owner.measure("sessions of a day", f"/api/attendance/sessions?day={day}&userId={first}")
    yield owner.measure("who is clocked in", "/api/attendance/online")
    yield owner.measure("the page", "/attendance?range=90")


def _users(owner: Owner) -> Iterator[Asked | Taken]:
    deep = f"limit=50&cursor={MEMBERS // 2 - 50}"
    for what, query in (
        ("50 people by name", "limit=50"),
        ("by name, page 100", deep),
        ("search", "limit=50&search=bench.test%20432"),
        ("those active now", "limit=50&state=active"),
        ("by last seen", "limit=50&sort=lastActivity&descending=true"),
        ("by open sessions, page 100", f"{deep}&sort=sessions"),
    ):
        yield owner.measure(f"users: {what}", f"/api/organization/members?{query}", MEMBERS_LIMIT_MS)
    yield owner.measure("users: the page", "/admin/users", MEMBERS_LIMIT_MS)


def _files(owner: Owner) -> Iterator[Asked | Taken]:
    today = datetime.now(UTC).date()
    span = f"from={today - timedelta(days=DAYS + 1)}&to={today}"
    yield owner.download("payroll as CSV", f"/api/attendance/export.csv?{span}&sheet=payroll")
    yield owner.download("sessions as CSV", f"/api/attendance/export.csv?{span}")
    yield owner.download("workbook", f"/api/attendance/export.xlsx?{span}")


def _said(figure: Any) -> Any:
    """As soon as it is known: all of it takes a while."""
    print(figure, flush=True)
    return figure


def main() -> int:
    print(write_json(servers.RESULTS, {"attendance": [asdict(figure) for figure in measure()]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
