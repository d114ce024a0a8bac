"""One commit for each unit of work; news go out after it, and never of what was rolled back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import NullPool, create_engine, event, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app import db
from app.accounts.models import User
from app.db import after_commit, as_service, service_work, unit_of_work
from app.errors import Unavailable

if TYPE_CHECKING:
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

RENAME = text("update boards set name = :name, version = version + 1 where id = :id")
NAME = text("select name from boards where id = :id")


@pytest.fixture(autouse=True)
def connected(database: TestDatabase) -> Iterator[None]:
    db.database.connect(database.url)
    yield
    db.database.close()


@pytest.fixture
def head(people: People) -> User:
    return people.user("Head", people.organization())


@pytest.fixture
def board_id(people: People, head: User) -> object:
    return people.board(people.organization("Launch"), [head], name="before").id


def name_of(board_id: object) -> str:
    with service_work() as session:
        return str(session.scalar(NAME, {"id": board_id}))


def test_work_is_committed_once_and_at_its_end(head: User, board_id: object) -> None:
    commits: list[str] = []
    event.listen(db.database.engine, "commit", lambda _connection: commits.append("commit"))
    with unit_of_work(head.id) as session:
        session.execute(RENAME, {"id": board_id, "name": "half"})
        assert name_of(board_id) == "before"
        assert commits == ["commit"]  # the look from outside
        session.execute(RENAME, {"id": board_id, "name": "after"})
    assert commits == ["commit", "commit"]
    assert name_of(board_id) == "after"


def test_failure_takes_everything_back_and_is_passed_on(head: User, board_id: object) -> None:
    with pytest.raises(KeyError), unit_of_work(head.id) as session:
        session.execute(RENAME, {"id": board_id, "name": "after"})
        raise KeyError
    assert name_of(board_id) == "before"


def test_site_writes_its_part_into_a_persons_transaction(head: User) -> None:
    seen = text("select user_id from user_last_seen")
    write = text("insert into user_last_seen (user_id, last_seen_at) values (:id, now())")
    with unit_of_work(head.id) as session:
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(write, {"id": head.id})
        with as_service(session):
            session.execute(write, {"id": head.id})
        assert session.scalar(text("select current_user")) == "workhub_app"
        assert session.scalar(text("select current_user_id()")) == head.id
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(text("select password_hash from users"))
    with service_work() as session:
        assert session.scalar(seen) == head.id


def test_news_go_out_in_order_after_the_commit(head: User, board_id: object) -> None:
    told: list[tuple[int, str]] = []
    with unit_of_work(head.id) as session:
        session.execute(RENAME, {"id": board_id, "name": "after"})
        for number in (1, 2):
            after_commit(session, lambda number=number: told.append((number, name_of(board_id))))
        assert told == []
    assert told == [(1, "after"), (2, "after")]


def test_nothing_is_told_of_what_was_rolled_back(head: User, board_id: object) -> None:
    told: list[str] = []
    with pytest.raises(KeyError), unit_of_work(head.id) as session:
        after_commit(session, lambda: told.append("told"))
        raise KeyError
    with unit_of_work(head.id) as session:
        session.execute(RENAME, {"id": board_id, "name": "after"})
    assert told == []


def test_nothing_is_told_when_the_commit_itself_fails(database: TestDatabase) -> None:
    """A constraint that is checked at the commit, as late as can be."""
    with create_engine(database.admin_url, poolclass=NullPool).begin() as behind:
        behind.execute(text("create table late (id uuid references users deferrable initially deferred)"))
        behind.execute(text("grant insert on late to workhub_service"))
    told: list[str] = []
    with pytest.raises(IntegrityError), service_work() as session:
        session.execute(text("insert into late values (gen_random_uuid())"))
        after_commit(session, lambda: told.append("told"))
    assert told == []


def test_listener_that_fails_is_logged_and_harms_nobody(
    head: User, board_id: object, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def fail() -> None:
        raise RuntimeError("a listener's mistake")

    with caplog.at_level(logging.ERROR), unit_of_work(head.id) as session:
        session.execute(RENAME, {"id": board_id, "name": "after"})
        after_commit(session, lambda: told.append("first"))
        after_commit(session, fail)
        after_commit(session, lambda: told.append("last"))
    assert told == ["first", "last"]
    assert name_of(board_id) == "after"
    assert [record.getMessage() for record in caplog.records] == ["after_commit_failed"]


def test_listener_may_open_a_unit_of_work_of_its_own(head: User, board_id: object) -> None:
    def react() -> None:
        with unit_of_work(head.id) as later:
            later.execute(RENAME, {"id": board_id, "name": "later"})

    with unit_of_work(head.id) as session:
        after_commit(session, react)
    assert name_of(board_id) == "later"


def test_identity_is_told_in_one_round_trip(head: User) -> None:
    statements: list[str] = []
    event.listen(
        db.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: statements.append(statement),
    )
    with unit_of_work(head.id) as session:
        session.execute(text("select 1"))
    assert len(statements) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "select password_hash from users",
        "select * from users",
        "select session_token from user_sessions",
        "select * from user_sessions",
        "select count(*) from users where password_hash like '$argon2id%'",
        "select u.id from users u order by password_hash",
        "select to_jsonb(u) from users u",
        "update users set name = name returning password_hash",
    ],
)
def test_secrets_cannot_be_read_in_any_way(head: User, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied for table (users|user_sessions)"),
        unit_of_work(head.id) as session,
    ):
        session.execute(text(statement))


def test_failed_statement_keeps_its_values_to_itself(people: People, head: User) -> None:
    """What is logged of it must hold neither addresses nor anybody's words."""
    with pytest.raises(IntegrityError) as failed, service_work() as session:
        session.add(User(email=head.email, name="a canary", password_hash="a canary too"))
        session.flush()
    assert "canary" not in str(failed.value)


@pytest.mark.parametrize(
    "statement",
    [
        "select pg_sleep(10)",
        "select pg_terminate_backend(pg_backend_pid())",
    ],
)
def test_statement_without_an_answer_is_unavailable(
    head: User, statement: str, monkeypatch: pytest.MonkeyPatch, database: TestDatabase
) -> None:
    monkeypatch.setattr(db, "STATEMENT_SECONDS", 1)
    db.database.connect(database.url)
    with pytest.raises(Unavailable), service_work() as session:
        session.execute(text("set local role none"))
        session.execute(text(statement))


def test_waiting_for_a_lock_is_bounded(head: User, board_id: object) -> None:
    """Another's transaction that never ends must not hold up everybody behind it."""
    with unit_of_work(head.id) as first:
        first.execute(RENAME, {"id": board_id, "name": "first"})
        with pytest.raises(Unavailable), unit_of_work(head.id) as second:
            second.execute(RENAME, {"id": board_id, "name": "second"})
    assert name_of(board_id) == "first"


def test_full_pool_is_unavailable(
    head: User, monkeypatch: pytest.MonkeyPatch, database: TestDatabase
) -> None:
    for name, value in (("POOL_SIZE", 1), ("POOL_OVERFLOW", 0), ("POOL_WAIT_SECONDS", 0.1)):
        monkeypatch.setattr(db, name, value)
    db.database.connect(database.url)
    with unit_of_work(head.id), pytest.raises(Unavailable), unit_of_work(head.id):
        pass
    assert db.is_answering()
