"""The demo: two organizations in which there is something to see, twice the same, and never in production."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.orm import Session

from app import cli, db, demo, ratelimit

from .support.api import LocalApi

if TYPE_CHECKING:
    from flask import Flask

    from .support.postgres import PostgresForTests, TestDatabase

NOW = datetime.now(UTC)
TODAY = "cast(:now as timestamptz)"
LOGINS = [
    *(f"{name}@acme.test" for name in ("owner", "admin", "head", "maya", "omar", "lena", "kenji", "ines")),
    *(f"{name}@acme.test" for name in ("aisha", "tom", "sofia", "noah")),
    "owner@birch.test",
    "piotr@birch.test",
]
COUNTS = {
    "people of Acme": "select count(*) from memberships m join organizations o on o.id = m.organization_id"
    " where o.name = 'Acme Studio'",
    "people of Birch": "select count(*) from memberships m join organizations o on o.id = m.organization_id"
    " where o.name = 'Birch Ltd'",
    "boards of Acme": "select count(*) from boards b join organizations o on o.id = b.organization_id"
    " where o.name = 'Acme Studio'",
    "guests on Acme's boards": "select count(distinct user_id) from board_members where user_id not in"
    " (select user_id from memberships m join organizations o on o.id = m.organization_id"
    "  where o.name = 'Acme Studio') and board_id in (select b.id from boards b"
    "  join organizations o on o.id = b.organization_id where o.name = 'Acme Studio')",
    "people": "select count(*) from users",
}


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    """Seeded once for all tests here."""
    made = postgres.create()
    with create_engine(made.admin_url, poolclass=NullPool).connect() as behind, Session(behind) as session:
        assert demo.seed(session, NOW)
        session.commit()
    yield made
    postgres.drop(made)


@pytest.fixture
def behind(database: TestDatabase) -> Iterator[Connection]:
    with create_engine(database.admin_url, poolclass=NullPool).connect() as connection:
        yield connection


def numbers(behind: Connection, *statements: str) -> list[Any]:
    return [behind.scalar(text(statement), {"now": NOW}) for statement in statements]


@pytest.fixture
def empty(
    postgres: PostgresForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connection]:
    """A database without anybody, the one that commands work on."""
    made = postgres.create()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", made.url)
    db.database.connect(made.url)
    with create_engine(made.admin_url, poolclass=NullPool).connect() as connection:
        yield connection
    db.database.close()
    postgres.drop(made)


def test_there_are_as_many_of_everything_as_promised(behind: Connection) -> None:
    found = dict(zip(COUNTS, numbers(behind, *COUNTS.values()), strict=True))
    assert found == {
        "people of Acme": 12,
        "people of Birch": 3,
        "boards of Acme": 4,
        "guests on Acme's boards": 1,
        "people": 14,
    }


@pytest.mark.parametrize("email", LOGINS)
def test_everybody_named_signs_in_and_sees_a_board(app: Flask, email: str) -> None:
    ratelimit.reset()
    api = LocalApi(app)
    session = api.sign_in(email, demo.PASSWORD)
    plan = {"acme.test": "enterprise", "birch.test": "team"}[email.partition("@")[2]]
    assert plan in [organization["plan"] for organization in session["organizations"]]
    boards = api.get("/api/boards").json["items"]
    assert boards
    for board in boards:
        full = api.get(f"/api/boards/{board['id']}").json
        assert full["lists"]
        assert full["tasks"]
        assert api.http.get(f"/boards/{board['id']}").status_code == 200


def test_logins_that_are_printed_are_the_real_ones(behind: Connection) -> None:
    emails = set(behind.scalars(text("select email from users")))
    named = {word.strip(",;") for word in demo.LOGINS.split() if word.endswith(".test")}
    assert named <= emails
    assert emails == set(LOGINS)
    assert demo.PASSWORD in demo.LOGINS


def test_head_has_work_of_every_kind(app: Flask) -> None:
    ratelimit.reset()
    api = LocalApi(app)
    api.sign_in("head@acme.test", demo.PASSWORD)
    work = api.get("/api/my-work").json
    assert work["overdue"] and work["noDate"]
    assert any(task["startAt"] for bucket in work.values() if isinstance(bucket, list) for task in bucket)


def test_head_watches_three_boards_and_the_guest_visits_one(app: Flask) -> None:
    ratelimit.reset()
    roles = {}
    for email in ("head@acme.test", "piotr@birch.test", "owner@birch.test"):
        api = LocalApi(app)
        api.sign_in(email, demo.PASSWORD)
        roles[email] = sorted(
            (b["organizationName"], b["role"]) for b in api.get("/api/boards").json["items"]
        )
    assert roles == {
        "head@acme.test": [*[("Acme Studio", "head")] * 3, ("Birch Ltd", "member")],
        "piotr@birch.test": [("Acme Studio", "member"), ("Birch Ltd", "member")],
        "owner@birch.test": [("Birch Ltd", "head")],
    }


def test_there_are_thirty_days_of_history_for_each_board(app: Flask, behind: Connection) -> None:
    first, last, rows, loose = numbers(
        behind,
        "select max(first) from (select min(updated_at) as first from activity group by board_id) f",
        "select max(updated_at) from activity",
        "select min(count) from (select count(*) from activity group by board_id) c",
        "select count(*) from activity_default",
    )
    assert NOW - timedelta(days=31) <= first <= NOW - timedelta(days=25)
    assert last <= NOW
    assert rows > 50
    assert loose == 0, "each row lies in the partition of its month"
    api = LocalApi(app)
    api.sign_in("head@acme.test", demo.PASSWORD)
    for board in api.get("/api/boards").json["items"]:
        if board["role"] != "head":
            continue
        page = api.get(f"/api/boards/{board['id']}/activity?limit=200").json
        assert page["items"]
        assert {item["status"] for item in page["items"]} >= {"online", "idle", "offline"}


@pytest.mark.parametrize(
    "now",
    [NOW, datetime(2026, 3, 1, 0, 0, 30, tzinfo=UTC), datetime(2028, 2, 29, 12, tzinfo=UTC),
     datetime(2026, 8, 9, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, 8, 5, tzinfo=UTC)],
    ids=["now", "after midnight", "leap day", "before midnight", "new year"],
)  # fmt: skip
def test_history_is_one_that_could_have_happened(empty: Connection, now: datetime) -> None:
    """At any time of day and year: nobody is present, or was seen after it was written, or in the future."""
    wrong = (
        "select count(*) from board_presence where status <> 'offline'",
        "select count(*) from activity where last_seen > updated_at",
        "select count(*) from activity where updated_at > :now",
        "select count(*) from user_last_seen where last_seen_at > :now",
        "select count(*) from (select distinct on (board_id, user_id) status from activity"
        " order by board_id, user_id, updated_at desc, id desc) last where status <> 'offline'",
        "select count(*) from activity a left join board_members m using (board_id, user_id)"
        " where m.user_id is null",
    )
    with Session(empty) as session:
        assert demo.seed(session, now)
        session.flush()
        found = [session.scalar(text(statement), {"now": now}) for statement in wrong]
        assert found == [0] * len(wrong)
        assert session.scalar(text("select count(*) from user_last_seen")) == 14


def test_deadlines_lie_around_today(behind: Connection) -> None:
    overdue, coming = numbers(
        behind,
        f"select count(*) from tasks where due_at between {TODAY} - interval '14 days' and {TODAY}",
        f"select count(*) from tasks where due_at between {TODAY} and {TODAY} + interval '30 days'",
    )
    assert overdue >= 3
    assert coming >= 5


def test_second_seed_changes_nothing(behind: Connection) -> None:
    everything = "select count(*) from activity", "select count(*) from tasks", *COUNTS.values()
    before = numbers(behind, *everything)
    with Session(behind) as session:
        assert demo.seed(session, NOW) is False
        assert not session.dirty
        session.commit()
    assert numbers(behind, *everything) == before


def test_database_with_people_in_it_is_left_alone(empty: Connection) -> None:
    empty.execute(
        text("insert into users (id, email, name, password_hash) values (gen_random_uuid(), 'a', 'b', 'c')")
    )
    empty.commit()
    result = CliRunner().invoke(cli.demo_command)
    assert result.exit_code == 0
    assert "nothing was changed" in result.output
    assert numbers(empty, "select count(*) from users", "select count(*) from boards") == [1, 0]


def test_command_seeds_and_says_how_to_sign_in(empty: Connection) -> None:
    result = CliRunner().invoke(cli.demo_command)
    assert (result.exit_code, result.output.strip()) == (0, demo.LOGINS)
    assert numbers(empty, COUNTS["people"]) == [14]


def test_command_refuses_in_production(empty: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else anybody could sign in as an owner."""
    monkeypatch.setenv("WORKHUB_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", "x" * 64)
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://workhub.example")
    result = CliRunner().invoke(cli.demo_command)
    assert result.exit_code != 0
    assert "production" in result.output
    assert numbers(empty, COUNTS["people"]) == [0]


def test_own_database_gets_no_demo_by_itself(start_server: Any, empty: Connection) -> None:
    """Only the embedded one does: a site of one's own begins empty."""
    from .support.postgres import TestDatabase as Address

    url = str(db.database.engine.url)
    server = start_server(Address("empty", url, url))
    assert "@acme.test" not in server.log
    assert numbers(empty, COUNTS["people"]) == [0]
