"""Presence in PostgreSQL belongs to the heads of the board, whatever a query forgot."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import db
from app.presence import store
from tests.support.people import People

from .backstage import Backstage

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TABLES = ("activity", "board_presence")
NOBODYS = (
    "member",
    "former head",
    "owner",
    "admin",
    "colleague",
    "head of another board",
    "other organization",
)


@pytest.fixture(scope="module")
def database(postgres):
    """One for all tests here: they only read."""
    made = postgres.create()
    db.database.connect(made.url)
    yield made
    db.database.close()
    postgres.drop(made)


@pytest.fixture(scope="module")
def who(database):
    """Maya was on the board and everybody else is somebody to her; by name of what they are."""
    people = People(database.admin_url)
    acme, birch = people.organization("Acme"), people.organization("Birch")
    who = {name: people.user(name, acme) for name in (*NOBODYS, "head", "maya")}
    who["owner"] = people.user("The owner", acme, "owner")
    who["admin"] = people.user("The admin", acme, "admin")
    who["other organization"] = people.user("Stranger", birch, "owner")
    who["board"] = people.board(acme, [who["head"], who["former head"]], [who["maya"], who["member"]])
    people.board(acme, [who["head of another board"]], [who["maya"]])
    people.board(birch, [who["other organization"]])
    demote = "update board_members set role = 'member' where user_id = :user"
    Backstage(database.admin_url).run(demote, user=who["former head"].id)
    transition = store.Transition(
        db.new_id(), who["board"].id, who["maya"].id, "online", NOW, NOW, "desktop", "/"
    )
    with db.service_work() as session:
        store.write(session, [transition])
    people.close()
    return who


def rows(person, statement, **values):
    with db.unit_of_work(person.id) as session:
        return session.execute(text(statement), values).all()


@pytest.mark.parametrize("table", TABLES)
def test_heads_of_the_board_see_its_presence(who, table):
    assert len(rows(who["head"], f"select user_id from {table}")) == 1


@pytest.mark.parametrize("table", TABLES)
def test_nobody_else_sees_it(who, table):
    found = {name: rows(who[name], f"select user_id from {table}") for name in NOBODYS}
    assert found == {name: [] for name in NOBODYS}


@pytest.mark.parametrize("table", (*TABLES, "user_last_seen"))
def test_everybody_may_see_their_own(who, table):
    assert len(rows(who["maya"], f"select user_id from {table}")) == 1


def test_last_sign_of_life_is_for_those_whom_maya_shows_it(who, database):
    """At first those who share a board with her."""
    assert shown_to(who) == {"head", "member", "former head", "head of another board"}
    everybody_in_acme = {*NOBODYS, "head"} - {"other organization"}
    for columns, expected in (
        ("'team', true, false", everybody_in_acme),
        ("'everyone', true, false", {*NOBODYS, "head"}),
        ("'nobody', true, false", set()),
        ("'everyone', false, false", set()),
        ("'everyone', true, true", set()),
    ):
        Backstage(database.admin_url).run(
            "insert into presence_settings (user_id, updated_at, visibility, show_activity, appear_offline)"
            f" values (:user, now(), {columns}) on conflict (user_id) do update set"
            " visibility = excluded.visibility, show_activity = excluded.show_activity,"
            " appear_offline = excluded.appear_offline",
            user=who["maya"].id,
        )
        assert shown_to(who) == expected, columns
    Backstage(database.admin_url).run("delete from presence_settings")


def shown_to(who):
    return {name for name in (*NOBODYS, "head") if rows(who[name], "select 1 from user_last_seen")}


def test_partitions_are_no_way_around(who):
    partitions = "select inhrelid::regclass from pg_inherits where inhparent = 'activity'::regclass"
    for (name,) in rows(who["head"], partitions):
        with pytest.raises(ProgrammingError, match="permission denied"):
            rows(who["head"], f"select 1 from {name}")


def test_who_is_not_a_head_any_more_sees_nothing_at_once(who, database):
    backstage = Backstage(database.admin_url)
    backstage.remove_member(who["board"], who["head"])
    found = [rows(who["head"], f"select 1 from {table}") for table in TABLES]
    backstage.add_member(who["board"], who["head"], "head")
    assert found == [[], []]


@pytest.mark.parametrize("table", (*TABLES, "user_last_seen"))
def test_nobody_writes_presence_by_hand(who, table):
    for statement in (f"delete from {table}", f"update {table} set user_id = user_id"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            rows(who["head"], statement)


def test_life_signs_of_processes_are_the_sites_own(who):
    with pytest.raises(ProgrammingError, match="permission denied"):
        rows(who["head"], "select 1 from server_processes")
