"""Every route and every socket event x every kind of person: who gets what.

A route or an event that is not in its table fails here, so that nobody adds one without saying who may use
it. Presence is looked at closely: nobody but the heads of a board may receive any, by any way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.api import SCOPES
from tests.support.patience import within

from .support.access import Gallery, Room, read_table
from .support.access_table import ROUTES
from .support.local import local_app
from .support.people import People
from .support.socket_client import BoardSocket, ConnectionRefused
from .support.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from .support.postgres import PostgresForTests, TestDatabase
    from .support.server import Server

# Each on a socket that has tried to join the board before.
EVENTS = """
event          anonymous member head ex-head guest admin     owner     removed   birch     nobody
join_board     refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
leave_board    refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
activity       refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
typing         refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
stop_typing    refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
open_task      refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
watch_members  refused   not_found not_found not_found not_found ok    ok        not_found not_found not_found
watch_users    refused   ok     ok   ok      ok    ok        ok        ok        ok        ok
unheard_of     refused   unknown_event unknown_event unknown_event unknown_event unknown_event unknown_event \
unknown_event unknown_event unknown_event
"""
PLACES = {"<uuid:board_id>": "B", "<uuid:list_id>": "L", "<uuid:task_id>": "T", "<uuid:user_id>": "U"}
PLACES |= {
    "<path:filename>": "F",
    "<uuid:token_id>": "K",
    "<uuid:session_id>": "S",
    "<uuid:organization_id>": "O",
    "<uuid:invitation_id>": "I",
    "<token>": "X",
    "<token>.ics": "X.ics",
}
PLACES |= {"<uuid:comment_id>": "C", "<uuid:label_id>": "G", "<uuid:item_id>": "H", "<uuid:link_id>": "N"}
PLACES |= {"<uuid:deletion_id>": "D", "<uuid:attendance_id>": "A"}

# The last two tell of it in general; what /users tells to whom is tests/presence/test_users.py's matter.
TELLS_OF_PRESENCE = (
    "/presence", "/activity", "/settings", "/preview", "/export", "/users", "/openapi.json", "/docs",
)  # fmt: skip


MAY, MAY_EMIT = read_table(ROUTES), read_table(EVENTS)
PERSONS = tuple(MAY["GET /"])


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
def gallery(
    world: World, database: TestDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gallery]:
    with local_app(database, tmp_path_factory.mktemp("gallery")) as app:
        yield Gallery(app, world, PERSONS)


def test_every_route_is_in_the_table(gallery: Gallery) -> None:
    found = set()
    for rule in gallery.app.url_map.iter_rules():
        path = rule.rule
        for place, letter in PLACES.items():
            path = path.replace(place, letter)
        found |= {f"{method} {path}" for method in rule.methods or () if method not in ("HEAD", "OPTIONS")}
    assert found == set(MAY), "say in tests/support/access_table.py who may use what is new"


@pytest.mark.parametrize("route", MAY)
def test_route_answers_each_person_as_the_table_says(gallery: Gallery, route: str) -> None:
    answers = {person: gallery.ask(person, route) for person in PERSONS}
    assert {person: str(answer.status_code) for person, answer in answers.items()} == MAY[route]


WITH_TOKENS = ("member", "head", "admin", "birch")


@pytest.fixture(scope="module")
def tokens(gallery: Gallery) -> dict[str, dict[str, str]]:
    """person -> scope that is missing, or "none" -> token"""
    return {
        person: {lost: gallery.token_of(person, *(SCOPES.keys() - {lost})) for lost in (*SCOPES, "none")}
        for person in WITH_TOKENS
    }


@pytest.mark.parametrize("route", [route for route in MAY if "/api/" in route])
def test_token_may_do_what_its_person_may_if_its_scopes_name_it(
    gallery: Gallery, tokens: dict[str, dict[str, str]], route: str
) -> None:
    """Whatever is no scope's is closed to a token with all of them."""
    access = gallery.access_of(route)
    for person in WITH_TOKENS:
        answer = gallery.ask(person, route, tokens[person]["none"])
        if access == "session":
            assert (answer.status_code, answer.get_json()["code"]) == (403, "session_required"), person
        else:
            assert str(answer.status_code) == MAY[route][person], person
        if access in SCOPES:
            refused = gallery.ask(person, route, tokens[person][access])
            assert (refused.status_code, refused.get_json()["code"]) == (403, "insufficient_scope"), person


@pytest.mark.parametrize("route", [route for route in MAY if "/B" in route and route.startswith("GET /api")])
def test_board_one_may_not_see_is_answered_like_one_that_does_not_exist(gallery: Gallery, route: str) -> None:
    """Byte for byte, also in its headers."""
    nowhere = gallery.stage.path(route.split()[1]).replace(str(gallery.stage.board.id), str(uuid4()))
    for person, expected in MAY[route].items():
        if expected == "404":
            seen, unknown = gallery.ask(person, route), gallery.apis[person].http.get(nowhere)
            assert (seen.status_code, seen.data) == (unknown.status_code, unknown.data), person
            # Its nonce; and both count as asked.
            varying = {"Content-Security-Policy", "RateLimit-Remaining", "RateLimit-Reset"}
            assert {n: v for n, v in seen.headers if n not in varying} == {
                n: v for n, v in unknown.headers if n not in varying
            }


@pytest.mark.parametrize("person", [person for person in PERSONS if MAY["GET /boards/B"][person] == "200"])
def test_page_holds_the_presence_panel_for_heads_only(gallery: Gallery, person: str) -> None:
    page = gallery.ask(person, "GET /boards/B").text
    traces = [mark for mark in ('id="presence"', "presence.css", "head-only", "lastSeen") if mark in page]
    assert bool(traces) is (person == "head")


def test_nobody_learns_of_presence_from_the_other_routes(gallery: Gallery) -> None:
    for route in MAY:
        if route.startswith("GET /api") and not route.endswith(TELLS_OF_PRESENCE):
            for person in PERSONS:
                text = gallery.ask(person, route).data.decode(errors="replace")  # some are files
                assert not any(word in text for word in ("lastSeen", '"status":"online"', "reconnecting"))


@pytest.fixture(scope="module")
def server(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    from .support.server import Server

    folder: Path = tmp_path_factory.mktemp("matrix")
    running = Server(database, folder).start()
    yield running
    running.end()
    print(running.log)


@pytest.fixture(scope="module")
def everybody(server: Server, world: World) -> Iterator[Room]:
    made = Room(server.url, world, PERSONS[1:])
    yield made
    made.close()


@pytest.fixture
def room(everybody: Room) -> Room:
    everybody.join()
    return everybody


def test_every_event_is_in_the_table() -> None:
    from app.realtime import namespace

    assert {*namespace._handlers, "unheard_of"} == set(MAY_EMIT), "say in EVENTS who may send what is new"


@pytest.mark.parametrize("event", MAY_EMIT)
def test_event_is_acknowledged_to_each_person_as_the_table_says(
    server: Server, room: Room, event: str
) -> None:
    found = {person: room.emit(person, event) for person in PERSONS[1:]}
    with pytest.raises(ConnectionRefused):
        BoardSocket(server.url, "", None)
    assert {"anonymous": "refused", **found} == MAY_EMIT[event]


def test_refusal_to_join_is_that_of_a_board_that_does_not_exist(room: Room) -> None:
    for person, cell in MAY_EMIT["join_board"].items():
        if cell == "not_found":
            refused = room.sockets[person].emit("join_board", room.payload)
            assert refused == room.sockets[person].emit("join_board", {"boardId": str(uuid4())})


def test_presence_reaches_the_heads_and_nobody_else(room: Room) -> None:
    """Whatever changes: coming, going, typing, idling, being busy."""
    room.settle()
    marks = {person: socket.mark() for person, socket in room.sockets.items()}
    head, member = room.sockets["head"], room.sockets["member"]
    maya = str(room.world.users["member"].id)

    def wait_until_head_sees(name: str, value: object) -> None:
        head.wait_for(
            "presence_dashboard",
            lambda news: any(seen["userId"] == maya and seen[name] == value for seen in news["members"]),
            since=marks["head"],
        )

    room.emit("member", "typing")
    wait_until_head_sees("typing", True)
    assert member.emit("activity", {**room.payload, "active": False})["ok"]
    wait_until_head_sees("status", "idle")
    said = {"status": "busy", "customStatus": "Deep work"}
    assert room.apis["member"].put("/api/presence/settings", said).status == 200
    wait_until_head_sees("customStatus", "Deep work")
    assert member.wait_for("settings_changed", since=marks["member"])["status"] == "busy"
    assert (
        room.apis["member"].put("/api/presence/settings", {"status": None, "customStatus": None}).status
        == 200
    )
    room.emit("member", "leave_board")
    wait_until_head_sees("reconnecting", True)
    assert member.emit("join_board", room.payload)["ok"]
    room.settle()
    assert head.events("presence_dashboard", since=marks["head"])
    for person, socket in room.sockets.items():
        if person != "head":
            before = 0 if person not in ("ex-head", "removed") else marks[person]
            about_presence = ("presence",) if person == "member" else ("presence", "settings")
            told = [name for name, _ in socket.received[before:] if name.startswith(about_presence)]
            assert told == [], person


def test_strangers_hear_nothing_at_all_of_a_board(room: Room) -> None:
    room.settle()
    marks = {person: socket.mark() for person, socket in room.sockets.items()}
    room.emit("member", "typing")
    created = {"listId": str(room.stage.list.id), "title": "New"}
    assert room.apis["member"].post(f"/api/boards/{room.stage.board.id}/tasks", created).status == 201
    room.sockets["head"].wait_for("task_created", since=marks["head"])
    room.settle()
    for person, socket in room.sockets.items():
        is_on_board = MAY_EMIT["join_board"][person] == "ok"
        assert bool(socket.received[marks[person] :]) is is_on_board, person


def test_head_who_was_demoted_hears_of_it_and_of_no_presence_afterwards(room: Room) -> None:
    """With the board open all the time."""
    head, users, stage = room.sockets["head"], room.world.users, room.stage
    marks = room.sockets["ex-head"].mark()
    members = f"/api/boards/{stage.board.id}/members"
    assert room.apis["head"].patch(f"{members}/{users['ex-head'].id}", {"role": "head"}).status == 200
    watching = room.sockets["ex-head"]
    watching.wait_for("presence_dashboard", lambda news: news["kind"] == "snapshot", since=marks)
    marks = watching.mark()
    assert room.apis["head"].patch(f"{members}/{users['ex-head'].id}", {"role": "member"}).status == 200
    assert watching.wait_for("access_revoked", since=marks, timeout=within(1))["reason"] == "demoted"
    mark, seen_by_head = watching.mark(), head.mark()
    room.emit("guest", "typing")  # the member may still be typing from another test: no change, no news
    head.wait_for("presence_dashboard", since=seen_by_head)
    room.settle()
    assert watching.events("presence_dashboard", since=mark) == []
    assert room.apis["ex-head"].get(f"/api/boards/{stage.board.id}/presence").status == 404
    assert watching.emit("activity", {**room.payload, "active": True})["ok"], "the board itself stays"
