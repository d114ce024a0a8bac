"""Every error has one shape: problem+json for programs, a page for people, and never more than it may tell.

tests/web/test_fuzz.py looks for what should never happen, test_database_away.py at what has to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from app.errors import WorkHubError

from .support.api import LocalApi
from .support.house import House
from .support.local import local_app
from .support.people import People

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from .support.postgres import PostgresForTests, TestDatabase

Client = Callable[..., LocalApi]
SHAPE = {"type", "code", "title", "status", "detail"}
MORE = {"errors", "current", "retryAfter", "scope"}
BOARD = "/api/boards/"
NOBODYS = "0192f0c1-7b5e-7c3a-9d2e-5f4a3b2c1d0e"  # names nothing; the same in every process that runs tests


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def people(database: TestDatabase) -> Iterator[People]:
    made = People(database.admin_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def house(people: People) -> House:
    return House(people)


@pytest.fixture(scope="module")
def app(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all: nothing here changes what another test looks at."""
    with local_app(database, tmp_path_factory.mktemp("app")) as made:
        made.add_url_rule("/fails", view_func=fail)
        yield made


def fail() -> str:
    raise RuntimeError("a secret of the server")


def all_errors(kind: type[WorkHubError] = WorkHubError) -> Iterator[type[WorkHubError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from all_errors(narrower)


def assert_problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    problem: dict[str, Any] = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert SHAPE <= set(problem) <= SHAPE | MORE
    assert problem["type"] == f"/problems/{code}"
    assert problem["title"]
    assert problem["detail"]
    return problem


def send(api: LocalApi, method: str, path: str, data: object = None, **headers: str) -> TestResponse:
    headers = {"X-CSRF-Token": api.csrf_token, "Content-Type": "application/json", **headers}
    return api.http.open(path, method=method, data=data, headers=headers)


@pytest.mark.parametrize("kind", list(all_errors()), ids=lambda kind: kind.__name__)
def test_error_says_what_it_is(kind: type[WorkHubError]) -> None:
    assert re.fullmatch(r"[a-z_]+", kind.code)
    assert 400 <= kind.status < 600
    assert kind.title
    assert not kind.title.endswith(".")


def test_code_means_the_same_status_everywhere() -> None:
    """Also over the socket."""
    statuses: dict[str, set[int]] = {}
    for kind in all_errors():
        statuses.setdefault(kind.code, set()).add(kind.status)
    assert [code for code, found in statuses.items() if len(found) > 1] == []
    contract = {
        "invalid_json": 400, "invalid_input": 422, "not_signed_in": 401, "csrf_failed": 403, "forbidden": 403,
        "not_found": 404, "conflict": 409, "payload_too_large": 413, "too_many_requests": 429,
        "unavailable": 503, "internal_error": 500, "last_head": 409, "invalid_credentials": 401,
    }  # fmt: skip
    assert {code: statuses[code] for code in contract} == {code: {s} for code, s in contract.items()}


@pytest.mark.parametrize(
    ("method", "path", "data", "status", "code"),
    [
        ("GET", "/api/nothing", None, 404, "not_found"),
        ("GET", "/api/boards/not-an-id", None, 404, "not_found"),
        ("GET", "/api/boards?limit=0", None, 422, "invalid_input"),
        ("GET", "/api/boards?unknown=1", None, 422, "invalid_input"),
        ("GET", "/api/boards?cursor=%00", None, 422, "invalid_input"),
        ("GET", "/api/boards?cursor=%ff", None, 422, "invalid_input"),
        ("PUT", "/api/boards", b"{}", 405, "request_refused"),
        ("DELETE", "/api/boards", None, 405, "request_refused"),
        ("POST", "/api/boards", b"", 422, "invalid_input"),
        ("POST", "/api/boards", b"null", 422, "invalid_input"),
        ("POST", "/api/boards", b'"text"', 422, "invalid_input"),
        ("POST", "/api/boards", b"[1]", 422, "invalid_input"),
        ("POST", "/api/boards", b"{", 400, "invalid_json"),
        ("POST", "/api/boards", b'{"name": "x"} {}', 400, "invalid_json"),
        ("POST", "/api/boards", b"\xff\xfe", 400, "invalid_json"),
        ("POST", "/api/boards", b"[" * 5000, 400, "invalid_json"),
        ("POST", "/api/boards", b'{"name": "\\ud800"}', 400, "invalid_json"),
        ("POST", "/api/boards", b'{"name": Infinity}', 400, "invalid_json"),
        ("POST", "/api/boards", b'{"name": ' + b"9" * 5000 + b"}", 400, "invalid_json"),
        ("POST", "/api/boards", b'{"name": "a\\u0000b"}', 422, "invalid_input"),
        ("POST", "/api/boards", b'{"name": "' + b"x" * 2**21 + b'"}', 413, "payload_too_large"),
        ("POST", "/api/session/heartbeat", b'{"active": "perhaps", "visible": 1}', 422, "invalid_input"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_refusal_of_the_api_is_a_problem(
    client: Client, house: House, method: str, path: str, data: bytes | None, status: int, code: str
) -> None:
    answer = send(client(house.head.email), method, path, data)
    problem = assert_problem(answer, status, code)
    if code == "invalid_input":
        assert all(set(error) == {"field", "message"} for error in problem["errors"])
        assert problem["errors"]
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"listId", "title"}),
        ({"listId": "x", "title": 7}, {"listId", "title"}),
        ({"listId": None, "title": None, "dueAt": "tomorrow"}, {"listId", "title", "dueAt"}),
        ({"listId": NOBODYS, "title": " "}, {"title"}),
        ({"listId": NOBODYS, "title": "a\x00b", "description": "\x00"}, {"title", "description"}),
        ({"listId": NOBODYS, "title": "x", "createdBy": "me"}, {"createdBy"}),
    ],
    ids=["nothing", "kinds", "nulls", "blank", "control characters", "more"],
)
def test_each_wrong_field_is_named(
    client: Client, house: House, body: dict[str, object], fields: set[str]
) -> None:
    answer = client(house.head.email).post(f"{BOARD}{house.board.id}/tasks", body)
    assert answer.status == 422
    assert {error["field"] for error in answer.json["errors"]} == fields


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "application/xml", "x" * 200])
def test_json_is_read_whatever_it_is_called(client: Client, house: House, kind: str) -> None:
    answer = send(client(house.head.email), "POST", "/api/boards", b'{"name": "x"}', **{"Content-Type": kind})
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_json_called_a_form_is_a_clear_refusal(client: Client, house: House, kind: str) -> None:
    """What `curl -d` sends unasked."""
    answer = send(client(house.head.email), "POST", "/api/boards", b'{"name": "x"}', **{"Content-Type": kind})
    assert answer.status_code in (400, 422)
    problem = assert_problem(answer, answer.status_code, answer.get_json()["code"])
    if kind.startswith("application"):
        assert "Content-Type: application/json" in problem["detail"]


def test_visitor_is_not_signed_in(client: Client, house: House) -> None:
    answer = client().http.get(f"{BOARD}{house.board.id}")
    assert_problem(answer, 401, "not_signed_in")


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing", 404, "There is nothing here"),
        ("GET", f"/boards/{NOBODYS}", 404, "There is nothing here"),
        ("POST", "/boards", 405, "Method Not Allowed"),
        ("POST", "/login", 403, "The page has expired"),
    ],
)
def test_person_gets_a_page(
    client: Client, house: House, method: str, path: str, status: int, words: str
) -> None:
    head = client(house.head.email)
    page = head.http.open(path, method=method, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert words in page.text
    assert "Go to your boards" in page.text


def test_program_may_ask_for_json_anywhere(client: Client) -> None:
    answer = client().http.get("/nothing", headers={"Accept": "application/json"})
    assert_problem(answer, 404, "not_found")


def test_what_is_foreign_is_answered_like_what_does_not_exist(
    app: Flask, client: Client, house: House, people: People
) -> None:
    """Each id of each route, byte for byte; to a stranger, and below a board of one's own."""
    theirs = House(people)
    head = client(house.head.email)
    bodies = {
        "name": "x", "version": 1, "title": "x", "afterListId": None, "afterTaskId": None, "role": "member",
        "listId": str(house.list.id), "email": house.member.email, "headsAlwaysSeePresence": True,
        "userIds": [str(house.member.id)], "reason": "Because", "lockedBefore": None, "body": "x",
        "titles": ["x"], "taskIds": [str(house.task.id)], "priority": "low", "url": "https://test.example",
        "text": "x", "done": True, "afterItemId": None, "color": "red", "confirmation": "x",
    }  # fmt: skip
    compared = 0
    for rule in app.url_map.iter_rules():
        for place in re.findall(r"<uuid:(\w+)>", rule.rule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                seen = []
                for other in (theirs.path(f"<uuid:{place}>"), str(uuid4())):
                    path = house.path(rule.rule.replace(f"<uuid:{place}>", other))
                    answer = head.request(method, path, needed(rule.endpoint, bodies))
                    seen.append((answer.status, re.sub(r'nonce[-="][\w-]+|content="[^"]+"', "", answer.text)))
                assert seen[0] == seen[1], (method, rule.rule, place)
                assert seen[0][0] == 404, (method, rule.rule, seen)
                compared += 1
    assert compared >= 28


def needed(endpoint: str, bodies: dict[str, Any]) -> dict[str, Any]:
    """The fields that the service behind this endpoint takes."""
    fields = {
        "boards.update_board": ("name", "version"),
        "boards.add_list": ("name",),
        "boards.edit_list": ("name", "version"),
        "boards.move_list": ("afterListId",),
        "boards.add_task": ("listId", "title"),
        "boards.edit_task": ("title", "version"),
        "boards.move_task": ("listId", "afterTaskId"),
        "boards.add_member": ("email", "role"),
        "boards.change_role": ("role",),
        "comments.add_comment": ("body",),
        "comments.edit_comment": ("body", "version"),
        "tasks.add_tasks": ("listId", "titles"),
        "tasks.edit_tasks": ("taskIds", "priority"),
        "details.add_label": ("name", "color"),
        "details.edit_label": ("color", "version"),
        "details.add_items": ("text",),
        "details.edit_item": ("done",),
        "details.move_item": ("afterItemId",),
        "details.add_link": ("url",),
        "attendance.correct_attendance": ("version", "reason"),
        "attendance.set_attendance_lock": ("lockedBefore",),
        "members.change_member": ("role",),
        "members.change_members": ("userIds", "role"),
        "members.create_invitation": ("email", "role"),
        "guests.invite_guest": ("email",),
        "organizations.update_organization": ("name",),
        "organizations.transfer_organization": ("email", "confirmation"),
        "accounts.set_presence_policy": ("headsAlwaysSeePresence",),
    }
    return {name: bodies[name] for name in fields.get(endpoint, ())}


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_our_mistake_says_nothing_but_a_reference(
    client: Client, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    answer = client().http.get("/fails", headers={"Accept": accept})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    reference = re.search(r"Reference: (\w{8})", answer.text)
    assert reference
    assert reference[1] in [getattr(record, "reference", None) for record in caplog.records]
    if accept == "application/json":
        assert_problem(answer, 500, "internal_error")


def test_plain_request_to_the_socket_is_a_problem(client: Client) -> None:
    answer = client().http.get("/socket.io/?EIO=4&transport=polling")
    assert_problem(answer, 400, "websocket_required")


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".example", "."])
@pytest.mark.parametrize("path", ["/boards", "/api/boards", "/nothing", "/static/css/workhub.css"])
def test_host_that_cannot_be_one_is_refused(client: Client, host: str, path: str) -> None:
    """No page can be drawn for it: every address on a page needs the host."""
    answer = client().http.get(path, headers={"Host": host})
    assert_problem(answer, 400, "request_refused")


def test_too_many_requests_say_when_to_come_back(
    client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LOGIN_TRIES", 1)
    api = client()
    api.csrf_token = api.get("/api/session").json["csrfToken"]
    for _ in range(2):
        answer = send(api, "POST", "/api/session", b'{"email": "a@b.example", "password": "x"}')
    problem = assert_problem(answer, 429, "too_many_requests")
    assert str(problem["retryAfter"]) == answer.headers["Retry-After"]
