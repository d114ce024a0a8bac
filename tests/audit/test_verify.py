"""Whatever an owner of the database does to the trail is found: every column, every row, every place."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from app import audit, cli
from app.audit.core import START, Event, hash_of
from app.db import service_work

from .conftest import NOW, Trail, broken

if TYPE_CHECKING:
    from tests.support.people import People

TABLES = ("audit_events", "audit_tips")
pytestmark = pytest.mark.usefixtures("connected")

COLUMNS = """
select column_name, data_type from information_schema.columns where table_name = :table
"""
GUARDS = """
select 'drop constraint', conname from pg_constraint
where conrelid = cast(:table as regclass) and contype in ('p', 'f', 'c', 'u')
"""
NOT_NULL = """
select attname from pg_attribute where attrelid = cast(:table as regclass) and attnotnull and attnum > 0
"""
# What the owner might write instead; each is tried where it is of the column's type and changes something.
OTHERS: dict[str, list[str]] = {
    "uuid": ["null", "gen_random_uuid()", "(select id from organizations where name = 'Birch')"],
    "bigint": ["null", "{c} + 1", "{c} - 1", "-{c}", "9223372036854775807", "0"],
    "timestamp with time zone": [
        "null", "{c} + interval '1 microsecond'", "'infinity'", "'-infinity'", "now()",
        "(replace({c}::text, '+00', '') || '+00 BC')::timestamptz",
    ],
    "character varying": [
        "null", "''", "{c} || ' '", "upper({c})", "'x' || chr(10) || chr(34)", "{c} || {c}",
    ],
    "jsonb": [
        "null", "'{{}}'", "'null'", "'[]'", "'1e999'", "{c} || '{{\"name\": 1}}'",
        "{c} || '{{\"role\": null}}'", "{c} - 'name'",
        "jsonb_set({c}, '{{count}}', '3.0')", "jsonb_build_array({c})",
    ],
    "bytea": ["null", "''", "sha256({c})", "set_byte({c}, 31, get_byte({c}, 31) # 1)", "{c} || '\\x00'"],
}  # fmt: skip


@pytest.fixture
def birch(people: People) -> Any:
    return people.organization("Birch")


WORDS = ["Maya", 'Zoë "Z" O\'Neil', "\x01\x1f\x7f\u2028\t\n\\", "\N{HEADPHONE}", "=1+1", "", "\ufb00"]


class Owner:
    """Who owns the tables, takes every guard away, and takes what they did back after each look at it."""

    def __init__(self, trail: Trail) -> None:
        self.admin = trail.admin
        with self.admin() as connection:
            for table in TABLES:
                connection.execute(text(f"alter table {table} disable trigger all"))
                for kind, name in connection.execute(text(GUARDS), {"table": table}).all():
                    connection.execute(text(f"alter table {table} {kind} {name}"))
                for name in connection.scalars(text(NOT_NULL), {"table": table}).all():
                    connection.execute(text(f"alter table {table} alter column {name} drop not null"))
                connection.execute(text(f"create table kept_{table} as table {table}"))

    def broken_after(self, statement: str, **values: Any) -> int | None:
        """How many chains are broken then; None if it changed nothing."""
        with self.admin() as connection:
            before = self.rows(connection)
            connection.execute(text(statement.replace("::", "\\:\\:")), values)
            if self.rows(connection) == before:
                return None
        found = len(broken())
        with self.admin() as connection:
            for table in TABLES:
                connection.execute(text(f"delete from {table}"))
                connection.execute(text(f"insert into {table} table kept_{table}"))
        return found

    @staticmethod
    def rows(connection: Connection) -> list[str]:
        content = "select coalesce(string_agg(t::text, ';' order by t::text), '') from {} t"
        return [str(connection.scalar(text(content.format(table)))) for table in TABLES]


@pytest.fixture
def owner(trail: Trail, acme: Any, birch: Any, maya: Any) -> Iterator[Owner]:
    """Seven events of Acme and two of Birch, with words of all kinds."""
    with service_work() as session:
        for number, name in enumerate(WORDS):
            details = {"name": name, "role": "head", "count": 3, name[:3]: [True, None, {"é": -(2**70)}]}
            audit.record(
                session,
                action="board.role_changed",
                actor_id=maya.id,
                organization_ids=[acme.id, birch.id] if number < 2 else [acme.id],
                target_type="board",
                target_id=str(number),
                details=details,
                now=NOW,
            )
    yield Owner(trail)
    assert broken() == []


@pytest.mark.parametrize(("table", "at_least"), [("audit_events", 100), ("audit_tips", 12)])
def test_every_edit_of_every_column_is_found(owner: Owner, acme: Any, table: str, at_least: int) -> None:
    with owner.admin() as connection:
        columns = connection.execute(text(COLUMNS), {"table": table}).all()
    edits = [
        f"update {table} set {column} = {other.format(c=column)} where organization_id = :id and seq = {seq}"
        for column, kind in columns
        for other in OTHERS[kind]
        for seq in ((1, 4, 7) if table == "audit_events" else (7,))
    ]
    results = {edit: owner.broken_after(edit, id=acme.id) for edit in edits}
    assert [edit for edit, broken in results.items() if broken == 0] == []
    assert len([edit for edit, broken in results.items() if broken]) > at_least


EVENTS_OF = "from audit_events where organization_id = :id"
STATEMENTS = {
    "first deleted": f"delete {EVENTS_OF} and seq = 1",
    "one deleted": f"delete {EVENTS_OF} and seq = 3",
    "last deleted": f"delete {EVENTS_OF} and seq = 7",
    "end cut off": f"delete {EVENTS_OF} and seq > 4",
    "all deleted": f"delete {EVENTS_OF}",
    "tip deleted": "delete from audit_tips where organization_id = :id",
    "last deleted, tip set back": f"with gone as (delete {EVENTS_OF} and seq = 7)"
    " update audit_tips set seq = 6 where organization_id = :id",
    "closed up after a deletion": f"with gone as (delete {EVENTS_OF} and seq = 3)"
    " update audit_events set seq = seq - 1 where organization_id = :id and seq > 3",
    "two swapped": "update audit_events set seq = 9 - seq where organization_id = :id and seq in (4, 5)",
    "all turned round": "update audit_events set seq = 8 - seq where organization_id = :id",
    "one doubled": f"insert into audit_events select * {EVENTS_OF} and seq = 4",
    "one repeated at the end": "insert into audit_events select organization_id, 8, occurred_at, actor_id,"
    f" actor_name, action, target_type, target_id, details, previous_hash, hash {EVENTS_OF} and seq = 7",
    "one put in between": f"with moved as (update audit_events set seq = seq + 1 where organization_id = :id"
    " and seq > 3) insert into audit_events select organization_id, 4, occurred_at, actor_id, actor_name,"
    f" action, target_type, target_id, details, previous_hash, hash {EVENTS_OF} and seq = 3",
    "carried to another organization": "update audit_events set organization_id ="
    " (select id from organizations where name = 'Birch'), seq = 3 where organization_id = :id and seq = 7",
    "chains exchanged": "update audit_events e set organization_id = (select id from organizations o where"
    " o.id <> e.organization_id and o.name in ('Acme', 'Birch'))",
    "tips exchanged": "update audit_tips e set organization_id = (select id from organizations o where"
    " o.id <> e.organization_id and o.name in ('Acme', 'Birch'))",
    "tip doubled": "insert into audit_tips select * from audit_tips where organization_id = :id",
    "tip of an organization that never was": "insert into audit_tips values (gen_random_uuid(), 1, :hash)",
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_events_missing_added_or_moved_are_found(owner: Owner, acme: Any, name: str) -> None:
    assert owner.broken_after(STATEMENTS[name], id=acme.id, hash=START)


def test_random_edits_are_all_found(owner: Owner, acme: Any) -> None:
    """Any letter of any text in any row."""
    chance = random.Random(38)
    texts = ("actor_name", "action", "target_type", "target_id", "details")
    for _ in range(60):
        column, seq = chance.choice(texts), chance.randint(1, 7)
        other = json.dumps({"name": chance.choice(WORDS), "n": chance.randint(0, 9)})
        if column != "details":
            other = "".join(chance.choices("Maya\u0131\u00e9 .", k=chance.randint(0, 6)))
        edit = f"update audit_events set {column} = :other where organization_id = :id and seq = :seq"
        if column == "details":
            edit = edit.replace(":other", "cast(:other as jsonb)")
        assert owner.broken_after(edit, other=other, id=acme.id, seq=seq) != 0, (column, seq, other)


def write_anew(owner: Owner, organization_id: Any) -> None:
    """The first event changed, and every hash behind it made to fit."""
    rows = text(
        """select cast(organization_id as text), seq, cast(extract(epoch from occurred_at) as text),
        cast(actor_id as text), 'Somebody else', action, target_type,
        target_id, cast(details as text) from audit_events where organization_id = :id order by seq"""
    )
    update = text(
        "update audit_events set actor_name = 'Somebody else', previous_hash = :before, hash = :hash"
        " where organization_id = :id and seq = :seq"
    )
    with owner.admin() as connection:
        before = START
        for row in connection.execute(rows, {"id": organization_id}).all():
            values = {"before": before, "id": organization_id, "seq": row.seq}
            before = hash_of(Event(*row, before, b""))
            connection.execute(update, {**values, "hash": before})
        tip = text("update audit_tips set hash = :hash where organization_id = :id")
        connection.execute(tip, {"hash": before, "id": organization_id})


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.verify_audit_command, [str(argument) for argument in arguments])


def test_command_says_of_each_organization_that_it_is_well(owner: Owner, acme: Any, birch: Any) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert f"{acme.id} Acme: ok, 7 events" in result.output
    assert f"{birch.id} Birch: ok, 2 events" in result.output
    assert "2 chains are as they were written." in result.output


def test_command_names_the_first_broken_event_and_fails(owner: Owner, acme: Any, birch: Any) -> None:
    with owner.admin() as connection:
        edit = text("update audit_events set action = 'x' where organization_id = :id and seq in (3, 5)")
        connection.execute(edit, {"id": acme.id})
    result = run()
    assert result.exit_code == 1
    assert f"{acme.id} Acme: BROKEN at event 3: it was changed after it was written" in result.output
    assert f"{birch.id} Birch: ok" in result.output
    assert owner.broken_after("update audit_tips set seq = 1") == 2  # and put back


def test_chain_written_anew_is_found_by_the_anchor(owner: Owner, acme: Any, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.json"
    assert run("--write-anchor", anchor).exit_code == 0
    assert run("--anchor", anchor).exit_code == 0
    write_anew(owner, acme.id)
    assert run().exit_code == 0, "nothing in the database tells"
    result = run("--anchor", anchor, "--write-anchor", anchor)
    assert result.exit_code == 1
    assert "BROKEN at event 7: it is not the one that the anchor knows" in result.output
    assert run("--anchor", anchor).exit_code == 1, "the anchor was not moved"
    assert owner.broken_after("update audit_tips set seq = 1") == 2


def test_trail_that_is_gone_as_a_whole_is_found_by_the_anchor(
    owner: Owner, acme: Any, tmp_path: Path
) -> None:
    anchor = tmp_path / "anchor.json"
    assert run("--write-anchor", anchor).exit_code == 0
    with owner.admin() as connection:
        for table in TABLES:
            connection.execute(text(f"delete from {table} where organization_id = :id"), {"id": acme.id})
    assert run().exit_code == 0
    result = run("--anchor", anchor)
    assert result.exit_code == 1
    assert f"{acme.id} : BROKEN at event 1: the anchor knows 7 events, and there are none" in result.output
    assert owner.broken_after("update audit_tips set seq = 1") == 1


@pytest.mark.parametrize(
    "content", [None, "", "[]", '{"a": 1}', '{"a": {"seq": 1}}', '{"a": {"seq": 1, "hash": "z"}}']
)
def test_anchor_that_cannot_be_read_fails(tmp_path: Path, content: str | None) -> None:
    anchor = tmp_path / "anchor.json"
    if content is not None:
        anchor.write_text(content)
    result = run("--anchor", anchor)
    assert result.exit_code == 1
    assert "cannot be read" in result.output


def test_empty_trail_is_well(acme: Any) -> None:
    assert run().output == "0 chains are as they were written.\n"
