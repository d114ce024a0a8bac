"""What people do to boards and their members stands in the trail of the board's organization, act by act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.api import LocalApi

from .conftest import Trail

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.people import People


@pytest.fixture
def head(people: People, acme: Any) -> Any:
    return people.user("Hana", acme)


@pytest.fixture
def board(people: People, acme: Any, head: Any, maya: Any) -> Any:
    return people.board(acme, [head], [maya], name="Website relaunch")


@pytest.fixture
def as_head(client: Callable[[str], LocalApi], head: Any) -> LocalApi:
    return client(head.email)


def last(trail: Trail, organization: Any) -> tuple[Any, ...]:
    row = trail.rows(organization.id)[-1]
    return row.seq, row.action, row.actor_name, row.target_id, row.details


def test_making_naming_archiving_and_deleting_a_board(trail: Trail, acme: Any, as_head: LocalApi) -> None:
    board_id = as_head.post("/api/boards", {"name": "Autumn"}).json["id"]
    about = {"board": "Autumn"}
    assert last(trail, acme) == (1, "board.created", "Hana", board_id, about)
    path = f"/api/boards/{board_id}"
    as_head.patch(path, {"version": 1, "name": "Winter"})
    about = {"board": "Winter"}
    assert last(trail, acme) == (2, "board.renamed", "Hana", board_id, {**about, "before": "Autumn"})
    as_head.patch(path, {"version": 2, "archived": True})
    assert last(trail, acme) == (3, "board.archived", "Hana", board_id, about)
    as_head.patch(path, {"version": 3, "archived": False})
    assert last(trail, acme) == (4, "board.restored", "Hana", board_id, about)
    as_head.patch(path, {"version": 4, "name": "Winter", "archived": False})
    assert as_head.delete(path).status == 204
    assert last(trail, acme) == (5, "board.deleted", "Hana", board_id, about), (
        "what changed nothing is no act"
    )


def test_members_who_come_change_and_go(
    trail: Trail, people: People, acme: Any, maya: Any, board: Any, as_head: LocalApi
) -> None:
    omar = people.user("Omar", acme)
    members = f"/api/boards/{board.id}/members"
    about = {"board": "Website relaunch", "userId": str(omar.id), "name": "Omar"}
    as_head.post(members, {"email": omar.email, "role": "member"})
    assert last(trail, acme) == (1, "board.member_added", "Hana", str(board.id), {**about, "role": "member"})
    as_head.patch(f"{members}/{omar.id}", {"role": "head"})
    assert last(trail, acme) == (2, "board.role_changed", "Hana", str(board.id), {**about, "role": "head"})
    as_head.patch(f"{members}/{omar.id}", {"role": "head"})
    as_head.delete(f"{members}/{omar.id}")
    assert last(trail, acme) == (3, "board.member_removed", "Hana", str(board.id), {**about, "role": "head"})


def test_guest_who_leaves_is_in_the_trail_of_the_boards_organization(
    trail: Trail, people: People, acme: Any, head: Any, client: Callable[[str], LocalApi]
) -> None:
    birch = people.organization("Birch")
    guest = people.user("Piotr", birch)
    board = people.board(acme, [head], [guest])
    assert client(guest.email).delete(f"/api/boards/{board.id}/members/{guest.id}").status == 204
    assert last(trail, acme)[1:3] == ("board.member_removed", "Piotr")
    assert trail.rows(birch.id) == []


def test_admin_who_puts_somebody_on_a_board_of_others_is_in_the_trail(
    trail: Trail, people: People, acme: Any, board: Any, client: Callable[[str], LocalApi]
) -> None:
    admin = people.user("Adam", acme, "admin")
    answer = client(admin.email).post(
        f"/api/boards/{board.id}/members", {"email": admin.email, "role": "head"}
    )
    assert answer.status == 201
    assert last(trail, acme)[1:3] == ("board.member_added", "Adam")


def test_act_that_was_refused_is_not_in_the_trail_but_that_it_was_refused(
    trail: Trail, acme: Any, maya: Any, head: Any, board: Any, as_head: LocalApi, client: Any
) -> None:
    path = f"/api/boards/{board.id}"
    refused = [
        as_head.patch(path, {"version": 7, "name": "Winter"}),
        as_head.patch(f"{path}/members/{head.id}", {"role": "member"}),
        as_head.delete(f"{path}/members/{head.id}"),
        client(maya.email).delete(path),
        client(maya.email).delete(f"{path}/members/{head.id}"),
    ]
    assert [answer.status for answer in refused] == [409, 409, 409, 403, 403]
    assert {row.action for row in trail.rows(acme.id)} == {"access.refused"}


def test_board_stays_when_its_end_cannot_be_recorded(
    trail: Trail, acme: Any, board: Any, as_head: LocalApi
) -> None:
    append = "append_audit_event(uuid[], uuid, varchar, varchar, varchar, jsonb, timestamptz)"
    with trail.admin() as connection:
        connection.exec_driver_sql(f"revoke execute on function {append} from workhub_app")
    assert as_head.delete(f"/api/boards/{board.id}").status == 500
    assert as_head.get(f"/api/boards/{board.id}").status == 200
