"""Appending to the trail: with the act or not at all, in one order without gaps, in nobody else's name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import audit
from app.accounts import organizations
from app.db import service_work, unit_of_work
from app.errors import Unavailable
from tests.support.patience import until_served

from .conftest import NOW, Trail, broken

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.support.people import People

pytestmark = pytest.mark.usefixtures("connected")


def record(session: Session, actor: Any, organizations: list[Any] | None = None, **other: Any) -> None:
    event = {"action": "board.renamed", "target_type": "board", "target_id": "b", "details": {}, "now": NOW}
    ids = None if organizations is None else [each.id for each in organizations]
    actor_id = actor.id if actor is not None else None
    audit.record(session, **{**event, "actor_id": actor_id, "organization_ids": ids, **other})


def test_event_holds_what_was_said_and_the_name_of_the_actor(trail: Trail, acme: Any, maya: Any) -> None:
    with unit_of_work(maya.id) as session:
        record(session, maya, [acme], details={"fields": ["visibility"], "count": 3, "quiet": True})
    (row,) = trail.rows(acme.id)
    assert (row.seq, row.occurred_at, row.actor_id, row.actor_name) == (1, NOW, maya.id, "Maya")
    assert (row.action, row.target_type, row.target_id) == ("board.renamed", "board", "b")
    assert row.details == {"fields": ["visibility"], "count": 3, "quiet": True}


def test_without_organizations_named_it_goes_to_all_of_the_actors(
    trail: Trail, people: People, acme: Any, maya: Any
) -> None:
    birch, other = people.organization("Birch"), people.organization("Other")
    people.membership(maya, birch)
    with unit_of_work(maya.id) as session:
        record(session, maya)
    assert [len(trail.rows(each.id)) for each in (acme, birch, other)] == [1, 1, 0]


def test_person_of_no_organization_leaves_no_trail(trail: Trail, people: People) -> None:
    nobody = people.user("Nobody")
    with unit_of_work(nobody.id) as session:
        record(session, nobody)
    with trail.admin() as connection:
        assert connection.scalar(text("select count(*) from audit_events")) == 0


def test_act_that_is_rolled_back_leaves_no_event(trail: Trail, acme: Any, maya: Any) -> None:
    with pytest.raises(KeyError), unit_of_work(maya.id) as session:
        record(session, maya, [acme])
        raise KeyError
    with unit_of_work(maya.id) as session:
        record(session, maya, [acme])
    assert [row.seq for row in trail.rows(acme.id)] == [1], "the number of what never was is used again"
    assert broken() == []


def test_act_is_rolled_back_when_its_event_cannot_be_written(people: People, acme: Any, maya: Any) -> None:
    board = people.board(acme, [maya])
    rename, name = (
        text("update boards set name = 'After' where id = :id"),
        text("select name from boards where id = :id"),
    )
    with pytest.raises(ProgrammingError), unit_of_work(maya.id) as session:
        session.execute(rename, {"id": board.id})
        record(session, maya, [people.organization("Birch")])
    with unit_of_work(maya.id) as session:
        assert session.scalar(name, {"id": board.id}) == "Launch"


def test_person_cannot_write_in_the_name_of_another(people: People, acme: Any, maya: Any) -> None:
    for other in (people.user("Omar", acme), None):
        with pytest.raises(ProgrammingError, match="nobody writes"), unit_of_work(maya.id) as session:
            record(session, other, [acme])


def test_without_identity_nothing_can_be_written(acme: Any, maya: Any) -> None:
    with pytest.raises(ProgrammingError, match="nobody writes"), unit_of_work(maya.id) as session:
        session.execute(text("select set_config('app.user_id', '', true)"))
        record(session, None, [acme])


def test_person_cannot_write_to_an_organization_they_have_nothing_to_do_with(
    trail: Trail, people: People, acme: Any, maya: Any
) -> None:
    birch = people.organization("Birch")
    for others in ([birch], [acme, birch]):
        with pytest.raises(ProgrammingError, match="nobody writes"), unit_of_work(maya.id) as session:
            record(session, maya, others)
    assert trail.rows(acme.id) == trail.rows(birch.id) == []


def test_guest_may_write_to_the_organization_of_their_board(trail: Trail, people: People, acme: Any) -> None:
    guest = people.user("Piotr", people.organization("Birch"))
    people.board(acme, [guest])
    with unit_of_work(guest.id) as session:
        record(session, guest, [acme])
    assert trail.actions(acme.id) == ["board.renamed"]


def test_site_itself_may_write_anywhere(trail: Trail, people: People, acme: Any, maya: Any) -> None:
    birch = people.organization("Birch")
    with service_work() as session:
        record(session, None, [acme, birch])
        record(session, maya)
    assert [row.actor_name for row in trail.rows(acme.id)] == [None, "Maya"]
    assert [row.actor_name for row in trail.rows(birch.id)] == [None]


def test_unknown_organization_is_refused(acme: Any) -> None:
    with pytest.raises(Exception, match="fk_audit_tips"), service_work() as session:
        audit.record(
            session, action="a.b", actor_id=None, organization_ids=[uuid4()],
            target_type="board", target_id="b", details={}, now=NOW,
        )  # fmt: skip


def test_fractions_are_refused_before_anything_is_written(acme: Any, maya: Any) -> None:
    with pytest.raises(TypeError, match="float"), unit_of_work(maya.id) as session:
        record(session, maya, [acme], details={"share": 0.5})


def test_twenty_at_once_stand_in_one_order_without_gaps(trail: Trail, people: People, acme: Any) -> None:
    users = people.users(20, acme)
    together = Barrier(20)

    def act_once(user: Any, number: int) -> None:
        with unit_of_work(user.id) as session:
            record(session, user, [acme], target_id=str(number))

    def act(user: Any) -> None:
        together.wait()
        for number in range(5):
            until_served(partial(act_once, user, number))

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(act, users))
    rows = trail.rows(acme.id)
    assert [row.seq for row in rows] == list(range(1, 101))
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    for user in users:
        assert [row.target_id for row in rows if row.actor_id == user.id] == ["0", "1", "2", "3", "4"]
    assert broken() == []


def test_acts_in_several_organizations_do_not_wait_for_each_other_in_a_circle(
    trail: Trail, people: People, acme: Any
) -> None:
    birch = people.organization("Birch")
    users = [people.user(f"Person {number}", acme) for number in range(8)]
    for user in users:
        people.membership(user, birch)
    together = Barrier(8)

    def act(number: int) -> None:
        together.wait()
        for _ in range(10):
            with unit_of_work(users[number].id) as session:
                record(session, users[number], [acme, birch] if number % 2 else [birch, acme])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(8)))
    assert len(trail.rows(acme.id)) == len(trail.rows(birch.id)) == 80
    assert broken() == []


def test_act_that_waits_too_long_for_another_fails_and_leaves_nothing(
    trail: Trail, people: People, acme: Any, maya: Any
) -> None:
    omar = people.user("Omar", acme)
    with unit_of_work(maya.id) as first:
        record(first, maya, [acme])
        with pytest.raises(Unavailable), unit_of_work(omar.id) as second:
            record(second, omar, [acme])
    assert [row.actor_id for row in trail.rows(acme.id)] == [maya.id]


def test_owner_who_decides_does_not_wait_in_a_circle_with_what_is_recorded(
    trail: Trail, people: People, acme: Any, maya: Any
) -> None:
    """Of two who hold the organization and its trail, each would want what the other has."""
    owner = people.user("Olivia", acme, "owner")
    decide = {"heads_always_see_presence": False, "actor_id": owner.id, "now": NOW}
    with unit_of_work(owner.id) as first:
        organizations.set_presence_policy(acme.id, session=first, **decide)
        with unit_of_work(maya.id) as second:
            record(second, maya, [acme])
        record(first, owner, [acme])
    assert [row.actor_id for row in trail.rows(acme.id)] == [maya.id, owner.id]
