"""The OpenAPI 3.1 document, assembled from the routes of the app and their declarations (app/api.py).

Nothing here knows a particular route: what a route takes, answers and refuses follows from its declaration.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import Flask
from limits import RateLimitItem
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaMode
from werkzeug.routing import Rule

from ..api import SCOPES, Endpoint
from ..errors import (
    CsrfFailed,
    InsufficientScope,
    InvalidInput,
    InvalidJson,
    InvalidToken,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    SessionRequired,
    TooManyRequests,
    Unavailable,
    WorkHubError,
)
from . import sockets
from .models import Schemas
from .problems import Problem

Json = dict[str, Any]
VERSION = "0.1.0"
SAFE = ("GET", "HEAD")
PROBLEM_JSON = "application/problem+json"
ABOUT = (
    "JSON in camelCase. Errors are `application/problem+json` with a stable `code`. Lists answer"
    " `{items, nextCursor}`. What you may not see answers 404, exactly like what does not exist."
)
HEADERS: dict[str, Json] = {
    "WWW-Authenticate": {"description": "How to ask (RFC 6750).", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}
LIMIT_HEADERS: dict[str, Json] = {
    "RateLimit-Limit": {"description": "Requests in a window.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "What is left of them.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until the next window.", "schema": {"type": "integer"}},
}


class Route(NamedTuple):
    method: str
    path: str
    rule: Rule
    endpoint: Endpoint


def routes_of(app: Flask) -> Iterator[Route]:
    """All routes under /api, by path."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        declared = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        if rule.rule.startswith("/api/") and declared:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Route(method, _path(rule), rule, declared)


def document(app: Flask) -> Json:
    found = list(routes_of(app))
    schemas = Schemas([*_models(found), *sockets.models()])
    paths: dict[str, Json] = defaultdict(dict)
    for route in found:
        paths[route.path][route.method.lower()] = _operation(app, route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "WorkHub", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted({_tag(route.rule) for route in found})],
        "paths": dict(paths),
        "components": {
            "schemas": schemas.without(route.endpoint.query for route in found),
            "securitySchemes": _security_schemes(app),
        },
        "x-socketio": sockets.described(schemas),
    }


def _models(found: list[Route]) -> Iterator[tuple[Any, JsonSchemaMode]]:
    yield Problem, "validation"
    for _, _, _, endpoint in found:
        yield endpoint.body, "validation"
        yield endpoint.query, "validation"
        if not isinstance(endpoint.answer, str):  # the type of a file
            yield endpoint.answer, "serialization"


def _operation(app: Flask, route: Route, schemas: Schemas) -> Json:
    _, _, rule, endpoint = route
    summary, more = _split(endpoint.description)
    operation: Json = {
        "operationId": to_camel(rule.endpoint.rpartition(".")[2]),
        "tags": [_tag(rule)],
        "summary": summary,
        "security": _security(route),
        "parameters": [*_places(rule), *_query(endpoint, schemas)],
        "responses": {**_success(endpoint, schemas), **_refusals(route)},
    }
    limit = f"At most {endpoint.limit} for each person." if endpoint.limit else ""
    if words := "\n\n".join(filter(None, (more, limit))):
        operation["description"] = words
    if endpoint.body:
        schema = schemas.sent(endpoint.body)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _split(description: str) -> tuple[str, str]:
    """The first sentence, and the rest."""
    first, _, rest = description.partition("\n\n")
    sentence, _, more = " ".join(first.split()).partition(". ")
    return sentence.rstrip("."), "\n\n".join(filter(None, (more, rest)))


def _path(rule: Rule) -> str:
    """/api/boards/<uuid:board_id> -> /api/boards/{boardId}"""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda place: "{" + to_camel(place[1]) + "}", rule.rule)


def _tag(rule: Rule) -> str:
    return str(rule.endpoint.partition(".")[0].capitalize())


def _places(rule: Rule) -> list[Json]:
    uuids = set(re.findall(r"<uuid:(\w+)>", rule.rule))
    return [
        {
            "name": to_camel(name),
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"} if name in uuids else {"type": "string"},
        }
        for name in re.findall(r"<(?:\w+:)?(\w+)>", rule.rule)
    ]


def _query(endpoint: Endpoint, schemas: Schemas) -> list[Json]:
    if endpoint.query is None:
        return []
    schema = schemas.fields_of(endpoint.query)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": _given(value)}
        for name, value in schema.get("properties", {}).items()
    ]


def _given(schema: Json) -> Json:
    """In an address nothing can be null: it is left out instead."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**choices[0], **rest}


def _security(route: Route) -> list[Json]:
    """Any one of these; what stands in one is needed together."""
    endpoint = route.endpoint
    csrf: Json = {} if route.method in SAFE else {"csrf": []}
    if not endpoint.needs_person:
        return [csrf] if csrf else []
    browser = {"session": [], **csrf}
    return [{"token": [endpoint.access]}, browser] if endpoint.access in SCOPES else [browser]


def _security_schemes(app: Flask) -> Json:
    cookie = app.config["SESSION_COOKIE_NAME"]
    scopes = "; ".join(f"`{scope}`: {words}" for scope, words in SCOPES.items())
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "whp_...",
            "description": f"A personal access token. Its scopes: {scopes}.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": cookie,
            "description": "The cookie of a browser that signed in.",
        },
        "csrf": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRF-Token",
            "description": "From `GET /api/session`, for whatever a browser sends but reading.",
        },
    }


def _success(endpoint: Endpoint, schemas: Schemas) -> Json:
    description = HTTPStatus(endpoint.status).phrase
    if endpoint.status == HTTPStatus.NO_CONTENT:
        return {"204": {"description": description}}
    if isinstance(endpoint.answer, str):
        content: Json = {endpoint.answer: {}}
    else:
        content = {"application/json": {"schema": schemas.answered(endpoint.answer)}}
    headers = {"headers": LIMIT_HEADERS} if endpoint.limit else {}
    return {str(endpoint.status): {"description": description, "content": content, **headers}}


def refusals(route: Route) -> list[type[WorkHubError]]:
    """What may go wrong by the way the route is declared, and what it declares itself."""
    method, _, rule, endpoint = route
    found: list[type[WorkHubError]] = [InvalidToken, Unavailable, *endpoint.errors]
    if endpoint.needs_person:
        found.append(NotSignedIn)
    if endpoint.access in SCOPES:
        found.append(InsufficientScope)
    if endpoint.access == "session":
        found.append(SessionRequired)
    if method not in SAFE:
        found.append(CsrfFailed)
    if rule.arguments:
        found.append(NotFound)
    if endpoint.body:
        found += [InvalidJson, PayloadTooLarge]
    if endpoint.body or endpoint.query:
        found.append(InvalidInput)
    return found


def _refusals(route: Route) -> Json:
    by_status: dict[int, list[type[WorkHubError]]] = defaultdict(list)
    for error in refusals(route):
        by_status[error.status].append(error)
    answers: Json = {
        str(status): _refusal(errors, route.endpoint.limit) for status, errors in sorted(by_status.items())
    }
    return {**answers, "default": {"description": "Anything else", "content": _problem()}}


def _refusal(errors: list[type[WorkHubError]], limit: RateLimitItem | None) -> Json:
    words = "; ".join(f"`{error.code}`: {error.title}" for error in dict.fromkeys(errors))
    answer: Json = {"description": words, "content": _problem()}
    names = [name for name, needed in _HEADERS_OF.items() if needed & set(errors)]
    if names:
        answer["headers"] = {name: HEADERS[name] for name in names}
    if limit and TooManyRequests in errors:
        answer["headers"] |= LIMIT_HEADERS
    return answer


_HEADERS_OF: dict[str, set[type[WorkHubError]]] = {
    "WWW-Authenticate": {InvalidToken, InsufficientScope, NotSignedIn},
    "Retry-After": {TooManyRequests},
}


def _problem() -> Json:
    return {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
