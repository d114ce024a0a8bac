"""PostgreSQL itself refuses, whatever a query forgot: direct SQL in the role that serves requests."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.db import APP_ROLE, _transaction, unit_of_work

pytestmark = pytest.mark.usefixtures("connected")
TABLES = ("boards", "board_members", "lists", "tasks")
WRITES = {
    "boards": "update boards set name = 'x' where id = :board",
    "board_members": "update board_members set role = 'head' where board_id = :board",
    "lists": "update lists set name = 'x' where board_id = :board",
    "tasks": "update tasks set title = 'x' where board_id = :board",
}
INSERTS = {
    "board_members": "insert into board_members (board_id, user_id, role) values (:board, :me, 'head')",
    "lists": "insert into lists (id, board_id, name, position) values (gen_random_uuid(), :board, 'x', 'a5')",
    "tasks": "insert into tasks (id, board_id, list_id, title, position)"
    " values (gen_random_uuid(), :board, :list, 'x', 'a5')",
}


def run(person, statement, house):
    with unit_of_work(person.id) as session:
        values = {"board": house.board.id, "me": person.id, "list": house.todo.id}
        return session.execute(text(statement), values)


def rows(person, table, house):
    return run(person, f"select 1 from {table} where {condition(table)}", house).rowcount


def condition(table):
    return f"{'id' if table == 'boards' else 'board_id'} = :board"


@pytest.mark.parametrize("table", TABLES)
def test_other_organization_reads_changes_and_deletes_nothing(acme, birch, table):
    for person in (birch.owner, birch.head):
        assert rows(person, table, acme) == 0
        assert run(person, WRITES[table], acme).rowcount == 0
        assert run(person, f"delete from {table} where {condition(table)}", acme).rowcount == 0
    assert rows(acme.head, table, acme) > 0


@pytest.mark.parametrize("table", TABLES)
def test_colleague_who_is_not_on_the_board_reads_and_changes_nothing(acme, table):
    assert rows(acme.colleague, table, acme) == 0
    assert run(acme.colleague, WRITES[table], acme).rowcount == 0
    assert run(acme.colleague, f"delete from {table} where {condition(table)}", acme).rowcount == 0


@pytest.mark.parametrize("table", INSERTS)
def test_nobody_inserts_into_a_board_that_is_not_theirs(acme, birch, table):
    for person in (birch.owner, birch.head, acme.colleague):
        with pytest.raises(ProgrammingError, match="row-level security"):
            run(person, INSERTS[table], acme)


def test_nobody_makes_a_board_in_another_organization_or_in_anothers_name(acme, birch):
    statement = """insert into boards (id, organization_id, name, created_by)
                   values (gen_random_uuid(), :there, 'x', :maker)"""
    for there, maker in ((birch.organization, acme.head), (acme.organization, acme.member)):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            unit_of_work(acme.head.id) as session,
        ):
            session.execute(text(statement), {"there": there.id, "maker": maker.id})


def test_owner_who_is_not_on_the_board_sees_its_members_but_no_work(acme):
    assert rows(acme.owner, "board_members", acme) == 2
    assert rows(acme.owner, "lists", acme) == rows(acme.owner, "tasks", acme) == 0
    assert run(acme.owner, WRITES["boards"], acme).rowcount == 0
    assert run(acme.owner, "delete from boards where id = :board", acme).rowcount == 0


def test_plain_member_changes_tasks_but_neither_board_nor_roles(acme):
    assert run(acme.member, WRITES["tasks"], acme).rowcount == 3
    assert run(acme.member, WRITES["boards"], acme).rowcount == 0
    assert run(acme.member, WRITES["board_members"], acme).rowcount == 0
    mine_only = "delete from board_members where board_id = :board"
    assert run(acme.member, mine_only, acme).rowcount == 1
    assert rows(acme.head, "board_members", acme) == 1


def test_stranger_takes_no_number_of_the_board(acme, birch):
    for person in (birch.owner, acme.colleague):
        assert run(person, "select next_board_seq(:board)", acme).scalar() is None
    assert run(acme.member, "select seq from boards where id = :board", acme).scalar() == 0


@pytest.mark.parametrize("table", TABLES)
def test_without_identity_there_are_no_rows_and_no_error(acme, table):
    with _transaction(APP_ROLE, "") as session:
        assert session.scalar(text(f"select count(*) from {table}")) == 0


def test_task_cannot_hang_on_a_list_of_another_board(acme, birch, people):
    people.board(birch.organization, [acme.member])
    with pytest.raises(Exception, match="fk_tasks_list_id_lists"), unit_of_work(acme.member.id) as session:
        session.execute(
            text("update tasks set list_id = :list where board_id = :board"),
            {"list": birch.todo.id, "board": acme.board.id},
        )
