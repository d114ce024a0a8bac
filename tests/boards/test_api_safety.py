"""Ids of another organization, columns nobody listed, cross-site requests, and nonsense."""

import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.boards.models import Board, BoardMember, List, Task
from app.db import Base
from tests.support.fuzzing import CASES

BOARDS = "/api/boards"


def writes(board_id, row_id, task_id, user_id):
    """Every write below /api/boards: method, path, and a body that is accepted."""
    board = f"{BOARDS}/{board_id}"
    return [
        ("POST", f"{board}/lists", {"name": "x"}),
        ("PATCH", f"{board}/lists/{row_id}", {"name": "x", "version": 1}),
        ("POST", f"{board}/lists/{row_id}/move", {"afterListId": None}),
        ("POST", f"{board}/tasks", {"listId": str(row_id), "title": "x"}),
        ("PATCH", f"{board}/tasks/{task_id}", {"title": "x", "version": 1}),
        ("POST", f"{board}/tasks/{task_id}/move", {"listId": str(row_id), "afterTaskId": None}),
        ("POST", f"{board}/members", {"email": "no.one@test.example", "role": "member"}),
        ("PATCH", f"{board}/members/{user_id}", {"role": "member"}),
        ("DELETE", f"{board}/tasks/{task_id}", None),
        ("DELETE", f"{board}/lists/{row_id}", None),
        ("DELETE", f"{board}/members/{user_id}", None),
        ("PATCH", board, {"name": "x", "version": 1}),
        ("DELETE", board, None),
    ]


def writes_on(house):
    return writes(house.board.id, house.todo.id, house.tasks[0].id, house.member.id)


def reads_on(house):
    return [
        ("GET", f"{BOARDS}/{house.board.id}{part}", None) for part in ("", "/lists", "/tasks", "/members")
    ]


def snapshot(client, house):
    board = client(house.head.email).get(f"{BOARDS}/{house.board.id}")
    assert board.status == 200
    return board.json


def test_every_id_of_another_organization_is_not_found_with_the_same_body(client, acme, birch, told):
    before = snapshot(client, acme)
    for email in (birch.owner.email, birch.head.email, acme.colleague.email):
        stranger = client(email)
        unknown = stranger.get(f"{BOARDS}/{uuid4()}")
        assert unknown.json["code"] == "not_found"
        for method, path, body in reads_on(acme) + writes_on(acme):
            answer = stranger.request(method, path, body)
            assert (answer.status, answer.json) == (404, unknown.json), (method, path)
    assert snapshot(client, acme) == before and told == []


def test_foreign_ids_below_ones_own_board_are_answered_like_unknown_ones(client, acme, birch, told):
    """In paths and in bodies."""
    head, before = client(acme.head.email), snapshot(client, birch)
    foreign = writes(acme.board.id, birch.todo.id, birch.tasks[0].id, birch.member.id)[1:11]
    unknown = writes(acme.board.id, uuid4(), uuid4(), uuid4())[1:11]
    for theirs, nobodys in zip(foreign, unknown, strict=True):
        answer, expected = head.request(*theirs), head.request(*nobodys)
        assert answer.status in (404, 422), theirs
        assert (answer.status, answer.json) == (expected.status, expected.json)
    neighbour = f"{BOARDS}/{acme.board.id}/tasks/{acme.tasks[0].id}/move"
    for row_id, after in ((birch.todo.id, None), (acme.todo.id, birch.tasks[0].id)):
        assert (
            head.post(neighbour, {"listId": str(row_id), "afterTaskId": after and str(after)}).status == 422
        )
    elsewhere = {"name": "x", "organizationId": str(birch.organization.id)}
    assert (
        head.post(BOARDS, elsewhere).json
        == head.post(BOARDS, {**elsewhere, "organizationId": str(uuid4())}).json
    )
    assert snapshot(client, birch) == before


def test_no_column_can_be_written_that_the_contract_does_not_name(client, acme, told):
    head, before = client(acme.head.email), snapshot(client, acme)
    tables: dict[str, type[Base]] = {"lists": List, "tasks": Task, "members": BoardMember}
    tried = 0
    for method, path, body in writes_on(acme):
        if body is None:
            continue
        part = path.split("/")[4:5]
        model = tables[part[0]] if part else Board
        for column in [column.name for column in model.__table__.columns]:
            camel = column.split("_")[0] + "".join(word.title() for word in column.split("_")[1:])
            if camel in body or camel in OPTIONAL.get((method, *part), ()):
                continue
            for name in {column, camel} - set(body):
                refused = head.request(method, path, {**body, name: STRANGE.get(column, 7)})
                assert refused.status == 422, (method, path, name)
                assert name in [error["field"] for error in refused.json["errors"]]
                tried += 1
    assert tried > 80
    assert snapshot(client, acme) == before and told == []


TASK_FIELDS = ("description", "priority", "startAt", "dueAt", "timeZone")
OPTIONAL = {
    ("POST", "tasks"): TASK_FIELDS,
    ("PATCH", "tasks"): (*TASK_FIELDS, "completed", "archived"),
}
STRANGE = {"id": str(uuid4()), "board_id": str(uuid4()), "created_by": str(uuid4()), "user_id": str(uuid4())}


def test_unsafe_requests_without_the_token_of_the_page_are_refused(client, acme, told):
    head, before = client(acme.head.email), snapshot(client, acme)
    for token in ("", "x", client(acme.member.email).csrf_token):
        head.csrf_token = token
        for method, path, body in [*writes_on(acme), ("POST", BOARDS, {"name": "x"})]:
            refused = head.request(method, path, body)
            assert (refused.status, refused.json["code"]) == (403, "csrf_failed"), (method, path)
    assert snapshot(client, acme) == before and told == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid_input"),
        (b"null", 422, "invalid_input"),
        (b"[]", 422, "invalid_input"),
        (b"{", 400, "invalid_json"),
        (b'{"name": "\\ud800"}', 400, "invalid_json"),
        (b'{"name": "\xff"}', 400, "invalid_json"),
        (b'{"name": "a\\u0000b"}', 422, "invalid_input"),
        (b'{"name": NaN}', 400, "invalid_json"),
        (b"[" * 100_000, 400, "invalid_json"),
        (b'{"name": "' + b"x" * 2_000_000 + b'"}', 413, "payload_too_large"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_body_that_cannot_be_read_is_a_clear_refusal(client, acme, told, body, status, code):
    head = client(acme.head.email)
    headers = {"X-CSRF-Token": head.csrf_token, "Content-Type": "application/json"}
    answer = head.http.post(BOARDS, data=body, headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


texts = st.text(st.characters(), max_size=20) | st.sampled_from(["\x00", "x" * 501, "x" * 20_001, " ", "‮"])
address_texts = texts.map(lambda text: text.encode("utf-8", "replace").decode())  # no lone surrogates there
moments = st.datetimes().map(str) | st.sampled_from(
    ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00+23:59", "1e9"]
)
numbers = (
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1, 2**31, 2**63])
)
plain = st.none() | st.booleans() | numbers | texts | moments | st.uuids().map(str)
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
)


@st.composite
def bodies(draw, accepted):
    """An accepted body with some fields changed, left out or added; or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(values)
    body = dict(accepted)
    for name in draw(st.sets(st.sampled_from([*accepted, "description", "dueAt", "archived"]), max_size=3)):
        body[name] = draw(values)
    for name in draw(st.sets(st.sampled_from([*accepted]), max_size=1)):
        del body[name]
    return body


@pytest.mark.parametrize("number", range(10))
def test_no_body_makes_the_server_fail(client, acme, told, number):
    routes = [("POST", BOARDS, {"name": "x"}), *(route for route in writes_on(acme) if route[2])]
    method, path, accepted = routes[number]
    head = client(acme.head.email)
    assert len(routes) == 10

    @settings(
        max_examples=2 * CASES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(bodies(accepted))
    def answers_clearly(body):
        headers = {"X-CSRF-Token": head.csrf_token}
        data = json.dumps(body)  # lone surrogates become escapes
        answer = head.http.open(path, method=method, data=data, headers=headers)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            problem = answer.get_json()
            assert answer.mimetype == "application/problem+json"
            assert {"type", "code", "title", "status", "detail"} <= set(problem)

    answers_clearly()


@settings(max_examples=4 * CASES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["limit", "cursor", "archived", "x"]), address_texts, max_size=3))
def test_no_query_makes_the_server_fail(client, acme, told, query):
    head = client(acme.head.email)
    assert head.http.get(BOARDS, query_string=query).status_code in (200, 422)
