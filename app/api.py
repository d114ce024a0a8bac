"""How a route of /api is declared. Its signature is both what happens and what the API reference says.

    @blueprint.post("/api/boards")
    @api("boards:write", status=201)
    def create_board(actor: Actor, body: NewBoard) -> BoardView:
        '''Make a board with oneself as its head.'''

`actor` is the signed-in person (401 without), `body` and `query` are read by their models (400, 422), places
of the path come by their names. What is returned becomes JSON, None an empty 204. JSON that is made by hand
is declared with what it looks like, `-> Annotated[Json, BoardView]`, and a response made by hand likewise:
`-> Annotated[Response, BoardView]`, or for a file its type, `-> Annotated[Response, "text/csv"]`.
`errors` are those of its own; `limit` says how often one person may ask, whatever comes of it, and
`largest_body` how many bytes a request may have where the site's limit is too low.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Literal, get_origin, get_type_hints

from flask import Response
from flask.typing import ResponseReturnValue
from limits import RateLimitItem
from pydantic import BaseModel

from .errors import TooManyRequests, WorkHubError
from .schema import Schema
from .web import json_response, limit_rate, read_json, read_query, signed_in

Json = dict[str, Any]
View = Callable[..., Any]
Scope = Literal["boards:read", "boards:write", "presence:read", "presence:write"]
# Who may call a route: access tokens with this scope and everybody's own browser; browsers alone, because
# it is about the account, its privacy or its organization; or anybody, signed in or not.
Access = Scope | Literal["session", "anybody"]

SCOPES: dict[Scope, str] = {
    "boards:read": "Read boards, their lists, tasks and members",
    "boards:write": "Change boards, their lists, tasks and members",
    "presence:read": "See the people you work with, and the presence that you may see",
    "presence:write": "Tell others that you are there, and what you do",
}


@dataclass(frozen=True)
class Endpoint:
    """What is known of a route by its declaration."""

    access: Access
    status: int
    errors: tuple[type[WorkHubError], ...]
    limit: RateLimitItem | None
    needs_person: bool
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: Any
    description: str


def api(
    access: Access,
    *,
    status: int = 200,
    errors: Sequence[type[WorkHubError]] = (),
    limit: RateLimitItem | None = None,
    largest_body: int | None = None,
) -> Callable[[View], Callable[..., ResponseReturnValue]]:
    def declare(view: View) -> Callable[..., ResponseReturnValue]:
        own_errors = (*errors, TooManyRequests) if limit else tuple(errors)
        endpoint = _read_signature(view, access, status, own_errors, limit)

        @wraps(view)
        def answer(**arguments: Any) -> ResponseReturnValue:
            if endpoint.needs_person:
                arguments["actor"] = signed_in()
            if limit:
                limit_rate(limit, view.__name__, str(signed_in().id))
            if endpoint.body:
                arguments["body"] = read_json(endpoint.body)
            if endpoint.query:
                arguments["query"] = read_query(endpoint.query)
            return _respond(view(**arguments), status)

        answer.access, answer.endpoint = access, endpoint  # type: ignore[attr-defined]
        answer.largest_body = largest_body  # type: ignore[attr-defined]
        return answer

    return declare


def _read_signature(
    view: View, access: Access, status: int, errors: tuple[Any, ...], limit: RateLimitItem | None
) -> Endpoint:
    parameters = inspect.signature(view).parameters
    hints = get_type_hints(view, include_extras=True)
    answer = hints["return"]
    if get_origin(answer) is Annotated:
        answer = answer.__metadata__[0]
    if answer is Response:
        raise TypeError(f"{view.__name__}: say what it answers, as app/api.py shows")
    return Endpoint(
        access=access,
        status=204 if answer is type(None) else status,
        errors=errors,
        limit=limit,
        needs_person="actor" in parameters,
        body=hints.get("body"),
        query=hints.get("query"),
        answer=answer,
        description=inspect.getdoc(view) or "",
    )


def _respond(result: Any, status: int) -> ResponseReturnValue:
    if result is None:
        return "", 204
    if isinstance(result, Response):  # with cookies or headers of its own
        return result
    return json_response(result.to_json() if isinstance(result, Schema) else result, status)
