"""Who is in whose directory, and what it tells of them: by the routes, on a real PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from tests.support.local import local_app
from tests.support.people import People
from tests.support.world import ACME, ON_BOARD, World

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.api import LocalApi
    from tests.support.postgres import PostgresForTests, TestDatabase

Open = Callable[[str], "LocalApi"]


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def world(database: TestDatabase) -> Iterator[World]:
    people = People(database.admin_url)
    yield World(people)
    people.close()


@pytest.fixture(scope="module")
def app(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with local_app(database, tmp_path_factory.mktemp("people")) as made:
        yield made


@pytest.fixture
def as_(client: Callable[[str], LocalApi], world: World) -> Open:
    """`as_("guest")`: signed in as that person of the world."""
    return lambda name: client(str(world.users[name].email))


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer
    return [item["name"] for item in answer.json["items"]]


def person(api: LocalApi, name: str) -> dict[str, Any]:
    return next(item for item in api.get("/api/people?limit=200").json["items"] if item["name"] == name)


def unmarked(page: str) -> str:
    """Without what differs in every answer: the nonce and the CSRF token."""
    return re.sub(r'(nonce|content|value)="[^"]*"', "", page)


KNOWN = {
    "owner": ACME,
    "admin": ACME,
    "head": (*ACME, "guest"),
    "member": (*ACME, "guest"),
    "colleague": ACME,
    "removed": ACME,
    "guest": (*ON_BOARD, "birch owner"),
    "birch owner": ("birch owner", "guest"),
    "nobody": ("nobody",),
}


@pytest.mark.parametrize("viewer", KNOWN)
def test_everybody_finds_team_mates_and_collaborators_by_name(as_: Open, viewer: str) -> None:
    """Who runs an organization finds its members; guests on boards they are not on do not exist for them."""
    assert names(as_(viewer).get("/api/people")) == sorted(KNOWN[viewer])


@pytest.mark.parametrize("viewer", KNOWN)
def test_profile_of_those_who_do_not_exist_is_that_of_an_unknown_id(
    as_: Open, world: World, viewer: str
) -> None:
    api = as_(viewer)
    unknown = api.get(f"/api/people/{uuid4()}")
    assert unknown.status == 404
    for name, user in world.users.items():
        answer, page = api.get(f"/api/people/{user.id}"), api.http.get(f"/people/{user.id}")
        if name in KNOWN[viewer]:
            assert answer.json["name"] == name
            assert page.status_code == 200
        else:
            assert (answer.status, answer.text) == (404, unknown.text)
            assert page.status_code == 404
            assert unmarked(page.text) == unmarked(api.http.get(f"/people/{uuid4()}").text)


def test_team_mates_are_shown_with_address_organization_role_and_shared_boards(
    as_: Open, world: World
) -> None:
    head, board = world.users["head"], {"id": str(world.board.id), "name": "launch"}
    assert person(as_("member"), "head") == {
        "userId": str(head.id),
        "name": "head",
        "avatarUrl": None,
        "email": head.email,
        "organizations": ["Acme"],
        "roles": ["member"],
        "sharedBoards": [board],
        "timeZone": "UTC",
        "isGuest": False,
    }
    owner = person(as_("member"), "owner")
    assert (owner["roles"], owner["sharedBoards"]) == (["owner"], [])
    colleague = person(as_("member"), "colleague")
    assert colleague["sharedBoards"] == [], "boards of theirs that the viewer is not on"


def test_guest_is_told_apart_and_keeps_address_and_organization_to_themselves(as_: Open) -> None:
    guest = person(as_("member"), "guest")
    assert guest["isGuest"] is True
    assert (guest["email"], guest["organizations"], guest["roles"]) == (None, [], [])
    assert [board["name"] for board in guest["sharedBoards"]] == ["launch"]


def test_guest_sees_whose_people_the_others_are_and_no_addresses(as_: Open) -> None:
    head = person(as_("guest"), "head")
    assert (head["isGuest"], head["email"], head["organizations"]) == (False, None, ["Acme"])
    mate = person(as_("guest"), "birch owner")
    assert (mate["isGuest"], mate["organizations"]) == (False, ["Birch"])
    assert mate["email"]
    assert person(as_("nobody"), "nobody")["isGuest"] is False


def test_addresses_are_searched_only_where_they_are_shown(as_: Open, world: World) -> None:
    guest, head = world.users["guest"], world.users["head"]
    assert names(as_("birch owner").get(f"/api/people?search={guest.email}")) == ["guest"]
    assert names(as_("member").get(f"/api/people?search={guest.email}")) == []
    assert names(as_("guest").get(f"/api/people?search={head.email}")) == []
    assert names(as_("member").get(f"/api/people?search={head.email.upper()}")) == ["head"]


def test_organization_narrows_to_its_members_as_far_as_they_exist(as_: Open, world: World) -> None:
    def within(viewer: str, organization_id: object) -> list[str]:
        return names(as_(viewer).get(f"/api/people?organizationId={organization_id}"))

    assert within("guest", world.birch.id) == ["birch owner", "guest"]
    assert within("guest", world.acme.id) == ["ex-head", "head", "member"]
    assert within("member", world.birch.id) == [] == within("member", uuid4())


def test_pages_follow_each_other_without_a_gap(as_: Open) -> None:
    api, found, cursor = as_("member"), [], ""
    while cursor is not None:
        answer = api.get(f"/api/people?limit=3&cursor={cursor}" if cursor else "/api/people?limit=3")
        assert len(names(answer)) <= 3
        found += names(answer)
        cursor = answer.json["nextCursor"]
    assert found == sorted(KNOWN["member"])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "cursor=x", "organizationId=x", "search=%00", "by=status"]
)
def test_what_makes_no_sense_is_refused(as_: Open, query: str) -> None:
    assert as_("member").get(f"/api/people?{query}").status == 422


def test_page_takes_what_its_form_sends(as_: Open, world: World) -> None:
    page = as_("guest").get(f"/people?q=birch&organization={world.birch.id}&utm_source=mail").text
    assert "birch owner" in page
    assert str(world.users["head"].id) not in page
    assert str(world.users["head"].id) in as_("guest").get("/people?q=&organization=").text


def test_page_of_two_statements_whatever_the_number_of_people(as_: Open) -> None:
    from app.db import database

    api, seen = as_("member"), []
    listen = (database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    event.listen(*listen)
    for limit in (1, 200):
        seen.clear()
        api.get(f"/api/people?limit={limit}")
        about_people = [statement for statement in seen if "set_config" not in statement]
        assert len([statement for statement in about_people if "user_sessions" not in statement]) == 2
    event.remove(*listen)


@pytest.mark.parametrize("viewer", KNOWN)
def test_directory_and_presence_agree_on_who_exists(as_: Open, world: World, viewer: str) -> None:
    api = as_(viewer)
    everybody = "&".join(f"userIds[]={user.id}" for user in world.users.values())
    told = {user["userId"] for user in api.get(f"/api/presence/users?{everybody}").json["users"]}
    assert {item["userId"] for item in api.get("/api/people").json["items"]} == told
