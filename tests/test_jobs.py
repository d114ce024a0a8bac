"""Periodic work and its commands: what they tidy up, that they say it, and that twice is the same as once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from app import jobs
from app.accounts.models import UserSession
from app.accounts.service import signed_out
from app.members.models import Invitation, PasswordReset
from app.presence.models import BoardPresence, PresenceSettings, ServerProcess, UserLastSeen
from app.presence.people_runtime import PeopleRuntime

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.models import User
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

COMMANDS = (
    "cleanup-sessions",
    "cleanup-presence",
    "cleanup-online-status",
    "send-notifications",
    "send-mail",
)
Sql = Callable[..., list[Any]]


@pytest.fixture
def sql(database: TestDatabase) -> Sql:
    engine = create_engine(database.admin_url, poolclass=NullPool)

    def run(statement: str, **values: object) -> list[Any]:
        with engine.begin() as behind:
            found = behind.execute(text(statement), values)
            return list(found) if found.returns_rows else []

    return run


@pytest.fixture
def command(app: Flask) -> Callable[[str], str]:
    def run(name: str) -> str:
        result = app.test_cli_runner().invoke(args=[name])
        assert result.exit_code == 0, result.output
        return str(result.output.strip())

    return run


Command = Callable[[str], str]


@pytest.fixture
def maya(people: People) -> User:
    return people.user("Maya", people.organization())


def login(people: People, user: User, age: timedelta, **columns: Any) -> UserSession:
    now = datetime.now(UTC)
    columns.setdefault("expires_at", now + timedelta(days=1))
    row = UserSession(
        user_id=user.id,
        session_token=f"{user.id}{age}{columns}".encode(),
        last_activity=now - age,
        created_at=now - age,
        **columns,
    )
    people.add(row)
    return row


def test_every_job_is_a_command_that_says_what_it_did(command: Command) -> None:
    for name in COMMANDS:
        assert command(name).startswith(f"{name}: 0 ")
        assert command(name).startswith(f"{name}: 0 ")


def test_logins_that_are_over_end_with_a_signal_and_others_stay(
    people: People, maya: User, command: Command, sql: Sql
) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    gone = people.user("Gone", disabled_at=now)
    dead = {
        login(people, maya, 13 * hour).id,
        login(people, maya, hour, expires_at=now - timedelta(minutes=1)).id,
        login(people, gone, timedelta(minutes=1)).id,
    }
    alive = login(people, maya, 11 * hour)
    heard: list[tuple[Any, Any, str]] = []

    def hear(_sender: object, user_id: Any, session_id: Any, reason: str, **_news: Any) -> None:
        heard.append((user_id, session_id, reason))

    with signed_out.connected_to(hear):
        assert command("cleanup-sessions").startswith("cleanup-sessions: 3 logins ended")
        assert command("cleanup-sessions").startswith("cleanup-sessions: 0 logins ended")
    assert {session_id for _, session_id, _ in heard} == dead
    assert {user_id for user_id, _, _ in heard} == {maya.id, gone.id}
    assert {reason for _, _, reason in heard} == {"expired"}
    rows = {row.id: row for row in sql("select * from user_sessions")}
    assert rows[alive.id].is_active
    for session_id in dead:
        assert not rows[session_id].is_active
        assert rows[session_id].ended_at >= rows[session_id].last_activity


def test_ended_logins_are_deleted_a_day_after_their_end(
    people: People, maya: User, command: Command, sql: Sql
) -> None:
    now, hour = datetime.now(UTC), timedelta(hours=1)
    login(people, maya, 40 * hour, is_active=False, ended_at=now - 25 * hour)
    login(people, maya, 30 * hour, is_active=False)
    kept = login(people, maya, 41 * hour, is_active=False, ended_at=now - 23 * hour)
    assert ", 2 ended logins deleted" in command("cleanup-sessions")
    assert [row.id for row in sql("select id from user_sessions")] == [kept.id]


def test_links_that_are_over_are_deleted(people: People, maya: User, command: Command, sql: Sql) -> None:
    now, day = datetime.now(UTC), timedelta(days=1)
    acme = people.organization()
    common = {"organization_id": acme.id, "role": "member", "invited_by": maya.id, "created_at": now}
    for number, (ends, ended) in enumerate([(-31 * day, None), (-day, None), (day, now - 31 * day)]):
        token, email = bytes([number]), f"{number}@test.example"
        people.add(
            Invitation(**common, email=email, token_hash=token, expires_at=now + ends, accepted_at=ended)
        )
    old = {"token_hash": b"x", "created_by": maya.id, "created_at": now, "expires_at": now - day}
    people.add(PasswordReset(user_id=maya.id, **old))
    assert ", 3 links deleted that were over" in command("cleanup-sessions")
    assert [row.email for row in sql("select email from invitations")] == ["1@test.example"]


def test_more_people_than_fit_into_one_transaction(
    people: People, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.sweep.PEOPLE_AT_ONCE", 2)
    for user in people.users(5, people.organization()):
        login(people, user, timedelta(hours=13))
    assert command("cleanup-sessions").startswith("cleanup-sessions: 5 logins ended")


def test_job_that_runs_elsewhere_is_left_to_whoever_does_it(
    database: TestDatabase, people: People, maya: User, command: Command, sql: Sql
) -> None:
    login(people, maya, timedelta(hours=13))
    elsewhere = create_engine(database.admin_url, poolclass=NullPool).connect()
    elsewhere.execute(jobs._LOCK, {"name": "cleanup-sessions"})
    assert command("cleanup-sessions") == "cleanup-sessions: another process is doing it"
    assert sql("select from user_sessions where is_active")
    assert command("cleanup-presence").startswith("cleanup-presence: 0")
    elsewhere.close()
    assert command("cleanup-sessions").startswith("cleanup-sessions: 1 logins ended")


def ghost(people: People, user: User, seen: datetime, sign: datetime) -> None:
    board = people.board(people.organization(), [user])
    state = {"status": "online", "last_seen": seen, "updated_at": seen}
    people.add(BoardPresence(board_id=board.id, user_id=user.id, **state))
    people.add(ServerProcess(started_at=seen, seen_at=sign))


def test_people_left_behind_by_a_dead_process_are_recorded_as_gone(
    people: People, maya: User, command: Command, sql: Sql
) -> None:
    sign = datetime.now(UTC) - timedelta(minutes=3)
    ghost(people, maya, sign - timedelta(minutes=1), sign)
    assert command("cleanup-presence").startswith("cleanup-presence: 1 people gone")
    (row,) = sql("select status, last_seen from board_presence")
    assert (row.status, row.last_seen) == ("offline", sign)
    assert [row.status for row in sql("select status from activity")] == ["offline"]
    assert command("cleanup-presence").startswith("cleanup-presence: 0 people gone")


def test_people_of_a_living_process_are_its_own_matter(
    people: People, maya: User, command: Command, sql: Sql
) -> None:
    now = datetime.now(UTC)
    ghost(people, maya, now - timedelta(hours=1), now)
    assert command("cleanup-presence").startswith("cleanup-presence: 0 people gone")
    assert [row.status for row in sql("select status from board_presence")] == ["online"]


def test_last_seen_is_caught_up_for_whom_a_process_did_not_write_it(
    people: People, maya: User, command: Command, sql: Sql, app: Flask
) -> None:
    now = datetime.now(UTC)
    hidden, online = people.user("Hidden"), people.user("Online")
    was = login(people, maya, timedelta(hours=1))
    login(people, hidden, timedelta(hours=1))
    people.add(PresenceSettings(user_id=hidden.id, visibility="nobody", updated_at=now))
    login(people, online, timedelta(minutes=1))
    older = now - timedelta(days=1)
    people.add(UserLastSeen(user_id=maya.id, last_seen_at=older, contacts_seen_at=older))
    assert command("cleanup-online-status") == (
        "cleanup-online-status: 2 people whose last seen was caught up"
    )
    rows = {row.user_id: row for row in sql("select * from user_last_seen")}
    assert (rows[maya.id].last_seen_at, rows[maya.id].contacts_seen_at) == (was.last_activity,) * 2
    assert rows[hidden.id].contacts_seen_at is None, "nobody could see them then"
    assert online.id not in rows
    assert isinstance(app.extensions["presence_runtime"].people, PeopleRuntime)
    assert command("cleanup-online-status").endswith(": 0 people whose last seen was caught up")
