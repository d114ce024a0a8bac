"""Every route and every socket event x every kind of person: who gets what, in one table.

A route or an event that is not in its table fails here, so that nobody adds one without saying who may use
it. Presence is looked at closely: nobody but the heads of a board may receive any, by any way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.api import SCOPES

from .support.access import Gallery, Room, read_table
from .support.local import local_app
from .support.people import People
from .support.socket_client import BoardSocket, ConnectionRefused
from .support.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from .support.postgres import PostgresForTests, TestDatabase
    from .support.server import Server

# `removed` was a head of the board, `ex-head` still is a member; `birch` owns another organization; admin and
# owner run the board's organization and are not on the board.
ROUTES = """
route                                anonymous member head ex-head guest admin owner removed birch nobody
GET /                                302       302    302  302     302   302   302   302     302   302
GET /boards                          302       200    200  200     200   200   200   200     200   200
GET /boards/B                        302       200    200  200     200   404   404   404     404   404
GET /settings                        302       200    200  200     200   200   200   200     200   200
GET /privacy                         200       200    200  200     200   200   200   200     200   200
GET /login                           200       302    302  302     302   302   302   302     302   302
POST /login                          401       303    303  303     303   303   303   303     303   303
GET /logout                          200       200    200  200     200   200   200   200     200   200
POST /logout                         303       303    303  303     303   303   303   303     303   303
GET /healthz                         200       200    200  200     200   200   200   200     200   200
GET /readyz                          200       200    200  200     200   200   200   200     200   200
GET /static/F                        200       200    200  200     200   200   200   200     200   200
GET /api/session                     200       200    200  200     200   200   200   200     200   200
POST /api/session                    401       200    200  200     200   200   200   200     200   200
DELETE /api/session                  204       204    204  204     204   204   204   204     204   204
POST /api/session/heartbeat          401       204    204  204     204   204   204   204     204   204
GET /api/docs                        200       200    200  200     200   200   200   200     200   200
GET /api/openapi.json                200       200    200  200     200   200   200   200     200   200
GET /api/sessions                    401       200    200  200     200   200   200   200     200   200
DELETE /api/sessions/S               401       404    204  404     404   404   404   404     404   404
POST /api/sessions/end-others        401       200    200  200     200   200   200   200     200   200
GET /api/tokens                      401       200    200  200     200   200   200   200     200   200
POST /api/tokens                     401       201    201  201     201   201   201   201     201   201
DELETE /api/tokens/K                 401       404    204  404     404   404   404   404     404   404
GET /api/presence/settings           401       200    200  200     200   200   200   200     200   200
PUT /api/presence/settings           401       200    200  200     200   200   200   200     200   200
GET /api/presence/export             401       200    200  200     200   200   200   200     200   200
GET /people                          302       200    200  200     200   200   200   200     200   200
GET /people/U                        302       200    200  200     200   200   200   200     404   404
GET /api/people                      401       200    200  200     200   200   200   200     200   200
GET /api/people/U                    401       200    200  200     200   200   200   200     404   404
GET /api/presence/preview            401       200    200  200     200   200   200   200     200   200
PUT /api/organizations/O/presence-policy 401   404    404  404     404   404   200   404     404   404
POST /api/presence/track             401       200    200  200     200   200   200   200     200   200
GET /api/presence/users              401       200    200  200     200   404   404   404     404   404
GET /api/boards                      401       200    200  200     200   200   200   200     200   200
POST /api/boards                     401       201    201  201     201   201   201   201     201   422
GET /api/boards/B                    401       200    200  200     200   404   404   404     404   404
PATCH /api/boards/B                  401       403    200  403     403   404   404   404     404   404
DELETE /api/boards/B                 401       403    204  403     403   404   404   404     404   404
GET /api/boards/B/lists              401       200    200  200     200   404   404   404     404   404
POST /api/boards/B/lists             401       201    201  201     201   404   404   404     404   404
PATCH /api/boards/B/lists/L          401       200    200  200     200   404   404   404     404   404
POST /api/boards/B/lists/L/move      401       200    200  200     200   404   404   404     404   404
DELETE /api/boards/B/lists/L         401       204    204  204     204   404   404   404     404   404
GET /api/boards/B/tasks              401       200    200  200     200   404   404   404     404   404
POST /api/boards/B/tasks             401       201    201  201     201   404   404   404     404   404
PATCH /api/boards/B/tasks/T          401       200    200  200     200   404   404   404     404   404
POST /api/boards/B/tasks/T/move      401       200    200  200     200   404   404   404     404   404
DELETE /api/boards/B/tasks/T         401       204    204  204     204   404   404   404     404   404
GET /api/boards/B/members            401       200    200  200     200   200   200   404     404   404
POST /api/boards/B/members           401       403    201  403     403   201   201   404     404   404
PATCH /api/boards/B/members/U        401       403    200  403     403   200   200   404     404   404
DELETE /api/boards/B/members/U       401       403    204  403     403   204   204   404     404   404
GET /api/boards/B/presence           401       404    200  404     404   404   404   404     404   404
GET /api/boards/B/activity           401       404    200  404     404   404   404   404     404   404
GET /admin/users                     302       404    404  404     404   200   200   404     200   404
GET /admin/users/online-status       302       404    404  404     404   200   200   404     200   404
GET /api/organization/members        401       404    404  404     404   200   200   404     200   404
GET /api/organizations/O/members.csv 401       404    404  404     404   200   200   404     404   404
PATCH /api/organizations/O/members/U 401       404    404  404     404   200   200   404     404   404
POST /api/organizations/O/members/bulk 401     404    404  404     404   200   200   404     404   404
POST /api/organizations/O/members/U/password-reset 401 404 404 404  404   201   201   404     404   404
GET /api/organizations/O/invitations 401       404    404  404     404   200   200   404     404   404
POST /api/organizations/O/invitations 401      404    404  404     404   201   201   404     404   404
POST /api/organizations/O/invitations/I/resend 401 404 404 404      404   200   200   404     404   404
DELETE /api/organizations/O/invitations/I 401  404    404  404     404   204   204   404     404   404
GET /api/organizations/O/activity-thresholds 401 404  404  404     404   200   200   404     404   404
PUT /api/organizations/O/activity-thresholds 401 404  404  404     404   404   200   404     404   404
GET /invite/X                        404       404    404  404     404   404   404   404     404   404
POST /invite/X                       404       404    404  404     404   404   404   404     404   404
GET /reset/X                         404       404    404  404     404   404   404   404     404   404
POST /reset/X                        404       404    404  404     404   404   404   404     404   404
GET /api/attendance                  401       200    200  200     200   200   200   200     200   404
GET /api/attendance/days             401       200    200  200     200   200   200   200     200   404
GET /api/attendance/sessions         401       200    200  200     200   200   200   200     200   404
GET /api/attendance/online           401       404    404  404     404   200   200   404     200   404
GET /api/attendance/count            401       404    404  404     404   200   200   404     200   404
DELETE /api/attendance               401       404    404  404     404   409   409   404     409   404
POST /api/attendance/deletions/D/undo 401      404    404  404     404   204   204   404     404   404
PATCH /api/attendance/sessions/A     401       404    404  404     404   200   200   404     404   404
PUT /api/organizations/O/attendance-lock 401   404    404  404     404   200   200   404     404   404
GET /api/attendance/export.csv       401       200    200  200     200   200   200   200     200   404
GET /api/attendance/export.xlsx      401       200    200  200     200   200   200   200     200   404
GET /admin/audit                     302       404    404  404     404   200   200   404     200   404
GET /api/organizations/O/audit       401       404    404  404     404   200   200   404     404   404
GET /api/organizations/O/audit.csv   401       404    404  404     404   200   200   404     404   404
"""
# Each on a socket that has tried to join the board before.
EVENTS = """
event          anonymous member head ex-head guest admin     owner     removed   birch     nobody
join_board     refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
leave_board    refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
activity       refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
typing         refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
stop_typing    refused   ok     ok   ok      ok    not_found not_found not_found not_found not_found
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
}
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
    assert found == set(MAY), "say in ROUTES who may use what is new"


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
            varying = {"Content-Security-Policy"}  # its nonce
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
                text = gallery.ask(person, route).text
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
    assert watching.wait_for("access_revoked", since=marks, timeout=1)["reason"] == "demoted"
    mark, seen_by_head = watching.mark(), head.mark()
    room.emit("guest", "typing")  # the member may still be typing from another test: no change, no news
    head.wait_for("presence_dashboard", since=seen_by_head)
    room.settle()
    assert watching.events("presence_dashboard", since=mark) == []
    assert room.apis["ex-head"].get(f"/api/boards/{stage.board.id}/presence").status == 404
    assert watching.emit("activity", {**room.payload, "active": True})["ok"], "the board itself stays"
