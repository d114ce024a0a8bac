"""The directory follows what happens: who left is gone at once. Its search takes every letter as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from app.accounts.models import Organization, User
    from tests.support.api import LocalApi
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

Client = Callable[..., "LocalApi"]


def found(api: LocalApi, search: str = "") -> list[str]:
    return [item["name"] for item in api.get(f"/api/people?search={quote(search)}").json["items"]]


@pytest.fixture
def acme(people: People) -> Organization:
    return people.organization()


@pytest.fixture
def maya(people: People, acme: Organization) -> User:
    return people.user("Maya", acme)


def run(database: TestDatabase, statement: str, **values: object) -> None:
    engine = create_engine(database.admin_url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def test_who_left_the_organization_is_gone_for_it_and_it_for_them(
    client: Client, people: People, database: TestDatabase, acme: Organization, maya: User
) -> None:
    omar = people.user("Omar", acme)
    mayas, omars = client(maya.email), client(omar.email)
    assert found(mayas) == ["Maya", "Omar"]
    run(database, "delete from memberships where user_id = :id", id=omar.id)
    assert (found(mayas), found(omars)) == (["Maya"], ["Omar"])
    assert found(mayas, "omar") == []
    assert mayas.get(f"/api/people/{omar.id}").status == 404 == omars.get(f"/api/people/{maya.id}").status


def test_who_left_the_last_shared_board_is_gone_too(
    client: Client, people: People, database: TestDatabase, acme: Organization, maya: User
) -> None:
    guest = people.user("Guest")
    board = people.board(acme, [maya], [guest])
    assert found(client(maya.email)) == ["Guest", "Maya"] == found(client(guest.email))
    run(database, "delete from board_members where user_id = :id", id=guest.id)
    assert (found(client(maya.email)), found(client(guest.email))) == (["Maya"], ["Guest"])
    assert board.name not in client(guest.email).http.get("/people").text


def test_disabled_people_are_not_listed(
    client: Client, people: People, database: TestDatabase, acme: Organization, maya: User
) -> None:
    omar = people.user("Omar", acme)
    run(database, "update users set disabled_at = now() where id = :id", id=omar.id)
    assert found(client(maya.email)) == ["Maya"]
    assert client(maya.email).get(f"/api/people/{omar.id}").status == 404


def test_person_of_two_organizations_is_listed_once_with_both(
    client: Client, people: People, acme: Organization, maya: User
) -> None:
    birch = people.organization("Birch")
    people.membership(maya, birch, "owner")
    people.board(acme, [maya], name="b")
    people.board(acme, [maya], name="A")
    [item] = client(maya.email).get("/api/people").json["items"]
    assert (item["organizations"], item["roles"]) == (["Acme", "Birch"], ["member", "owner"])
    assert [board["name"] for board in item["sharedBoards"]] == ["A", "b"]


def test_search_finds_all_words_anywhere_and_takes_wildcards_as_letters(
    client: Client, people: People, acme: Organization, maya: User
) -> None:
    for name in ("Zoë Müller", "Maya 100% Brandt", "Omar_Said", "Back\\slash"):
        people.user(name, acme)
    api = client(maya.email)
    assert found(api, "müll zoë") == ["Zoë Müller"]
    assert found(api, "BRA maya") == ["Maya 100% Brandt"]
    assert (found(api, "%"), found(api, "0% b")) == (["Maya 100% Brandt"], ["Maya 100% Brandt"])
    assert (found(api, "_"), found(api, "r_s")) == (["Omar_Said"], ["Omar_Said"])
    assert (found(api, "\\"), found(api, "k\\s")) == (["Back\\slash"], ["Back\\slash"])
    assert found(api, "' or 1=1 --") == []
    assert len(found(api, "  ")) == 5


def drawn(api: LocalApi, path: str = "/people") -> dict[str, dict[str, object]]:
    """By id, what a page says of presence before any script runs."""
    data = re.search(r'id="people-data"[^>]*>(.*?)</script>', api.http.get(path).text, re.DOTALL)
    assert data
    return {user["userId"]: user for user in json.loads(data[1])["presence"]}


def test_pages_tell_of_presence_what_the_interface_tells(
    client: Client, people: People, acme: Organization, maya: User
) -> None:
    omar, lena, tom = (people.user(name, acme) for name in ("Omar", "Lena", "Tom"))
    people.board(acme, [maya], [omar, lena])
    said = {"status": "busy", "customStatus": "Deep work", "device": "mobile"}
    for person in (omar, lena, tom):
        assert client(person.email).post("/api/presence/track", said).status == 200
    assert client(lena.email).put("/api/presence/settings", {"appearOffline": True}).status == 200
    mayas = client(maya.email)
    page = drawn(mayas)
    assert page.pop(str(maya.id))["status"] == "online"
    asked = "&".join(f"userIds[]={person.id}" for person in (omar, lena, tom))
    assert page == {user["userId"]: user for user in mayas.get(f"/api/presence/users?{asked}").json["users"]}
    assert [page[str(person.id)]["status"] for person in (omar, lena, tom)] == ["busy", "offline", "offline"]
    for person, word in ((omar, "Deep work"), (lena, "Offline"), (tom, "Offline")):
        path = f"/people/{person.id}"
        assert drawn(mayas, path) == {str(person.id): page[str(person.id)]}
        assert word in mayas.http.get(path).text
        assert ("Deep work" in mayas.http.get(path).text) is (person is omar)
