"""The API reference says all of the API and nothing else. tests/support/contract.py holds answers to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis

from app.api import SCOPES
from app.reference.openapi import document, routes_of
from tests.support.contract import Contract

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.support.api import LocalApi


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    return document(app)


def operations(described: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_of_the_api_is_described_and_nothing_else(app: Flask, described: dict[str, Any]) -> None:
    found = {
        f"{method} " + re.sub(r"<(?:\w+:)?(\w+)>", "{}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {re.sub(r"\{\w+\}", "{}", name) for name, _ in operations(described)} == found


def test_every_route_says_who_may_use_it_what_it_does_and_what_it_answers(app: Flask) -> None:
    """@api of app/api.py: a scope, "session" or "anybody"; a docstring; a return type."""
    for route in routes_of(app):
        assert route.endpoint.access in {*SCOPES, "session", "anybody"}
        assert route.endpoint.description, f"{route.method} {route.path} has no docstring"
        assert route.endpoint.needs_person or route.endpoint.access not in SCOPES, route.path


def test_document_is_valid_and_names_each_operation_once(described: dict[str, Any]) -> None:
    schemathesis.openapi.from_dict(described).validate()
    names = [operation["operationId"] for _, operation in operations(described)]
    assert len(names) == len(set(names)) > 20


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    used = set(re.findall(r"'\$ref': '#/components/schemas/([^']+)'", repr(described)))
    assert used - set(described["components"]["schemas"]) == set()


def test_token_routes_name_their_scope(described: dict[str, Any]) -> None:
    by_name = dict(operations(described))
    assert by_name["POST /api/boards"]["security"] == [
        {"token": ["boards:write"]},
        {"session": [], "csrf": []},
    ]
    assert by_name["GET /api/tokens"]["security"] == [{"session": []}]
    assert by_name["GET /api/openapi.json"]["security"] == []


def test_anybody_may_read_it(client: Callable[..., LocalApi], described: dict[str, Any]) -> None:
    answer = client().get("/api/openapi.json")
    assert (answer.status, answer.json) == (200, described)


@pytest.mark.parametrize(
    ("method", "path", "status", "kind", "body"),
    [
        ("GET", "/api/boards", 200, "application/json", {"items": [{"id": 1}], "nextCursor": None}),
        ("GET", "/api/boards", 200, "application/json", {"items": []}),
        ("GET", "/api/boards", 200, "application/json", {"items": [], "nextCursor": None, "secret": 1}),
        ("GET", "/api/boards", 201, "application/json", {"items": [], "nextCursor": None}),
        ("GET", "/api/boards", 200, "text/html", "<html>"),
        ("GET", "/api/boards", 404, "application/json", {}),
        ("GET", "/api/boards", 422, "application/problem+json", {"code": "invalid_input"}),
        ("GET", "/api/unheard-of", 200, "application/json", {}),
    ],
)
def test_answer_that_the_reference_does_not_describe_is_noticed(
    described: dict[str, Any], method: str, path: str, status: int, kind: str, body: object
) -> None:
    """So that the checks in all other tests mean something."""
    with pytest.raises(AssertionError):
        Contract(described).check(method, path, status, kind, body)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("unheard_of", {}),
        ("typing", {"boardId": "x", "userId": "x", "name": "Maya", "taskId": None}),
        ("session_ended", {"reason": "bored"}),
        ("session_ended", {"reason": "revoked", "token": "whp_x"}),
    ],
)
def test_event_that_the_reference_does_not_describe_is_noticed(
    described: dict[str, Any], event: str, payload: object
) -> None:
    with pytest.raises(AssertionError):
        Contract(described).check_event(event, payload)


@pytest.mark.parametrize("more", [{"role": "head"}, {"error": {"code": "not_found"}, "ok": False}])
def test_acknowledgement_that_the_reference_does_not_describe_is_noticed(
    described: dict[str, Any], more: dict[str, Any]
) -> None:
    with pytest.raises(AssertionError):
        Contract(described).check_acknowledgement("leave_board", {"ok": True, **more})
