"""The database refuses to change the trail: to those who serve, and to the owner of the tables as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.db import service_work, unit_of_work

from .conftest import NOW, Trail, broken

if TYPE_CHECKING:
    from tests.support.people import People

pytestmark = pytest.mark.usefixtures("connected")
CHANGES = (
    "update audit_events set action = 'x'",
    "delete from audit_events",
    "truncate audit_events",
    "update audit_tips set hash = ''",
    "delete from audit_tips",
    "truncate audit_tips",
    "insert into audit_events select * from audit_events",
    "insert into audit_tips select * from audit_tips",
)


@pytest.fixture(autouse=True)
def event(people: People, acme: Any, maya: Any) -> None:
    people.record(maya, "token.created", NOW)


@pytest.mark.parametrize("statement", CHANGES)
def test_neither_requests_nor_the_site_itself_may_change_it(statement: str, maya: Any) -> None:
    for begin in (lambda: unit_of_work(maya.id), service_work):
        with pytest.raises(ProgrammingError, match="permission denied"), begin() as session:
            session.execute(text(statement))
    assert broken() == []


@pytest.mark.parametrize("statement", CHANGES[:6])
@pytest.mark.parametrize("role", ["workhub_owner", "postgres"])
def test_owner_has_to_take_the_guard_away_first(trail: Trail, statement: str, role: str) -> None:
    """Also while triggers are told to rest, as for replication."""
    for replication in ("origin", "replica"):
        with pytest.raises(ProgrammingError, match="only grows"), trail.admin() as connection:
            connection.execute(text(f"set session_replication_role = {replication}"))
            connection.execute(text(f"set role {role}"))
            connection.execute(text(statement))
    assert broken() == []


def test_organization_with_a_trail_cannot_vanish(trail: Trail, acme: Any) -> None:
    with pytest.raises(Exception, match="fk_audit"), trail.admin() as connection:
        connection.execute(text("delete from organizations where id = :id"), {"id": acme.id})


def test_trail_outlives_the_people_in_it(trail: Trail, acme: Any, maya: Any) -> None:
    with trail.admin() as connection:
        connection.execute(text("delete from users where id = :id"), {"id": maya.id})
    assert [row.actor_name for row in trail.rows(acme.id)] == ["Maya"]
    assert broken() == []


def test_person_reads_what_they_did_and_nobody_elses(people: People, acme: Any, maya: Any) -> None:
    """Also where they are no member any more."""
    omar = people.user("Omar", acme)
    people.record(omar, "token.created", NOW)
    seen = text("select actor_name from audit_events")
    with unit_of_work(maya.id) as session:
        assert session.scalars(seen).all() == ["Maya"]
