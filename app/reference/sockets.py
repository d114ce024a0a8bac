"""What the reference says of Socket.IO: client events as they are registered, and what the server tells.

Server events leave from many places; a test reads the code and compares it with TOLD, and the tests' socket
client holds every event and acknowledgement against the models named here.
"""

import inspect
from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple, get_origin, get_type_hints

from pydantic.json_schema import JsonSchemaMode

from ..attendance.schemas import AttendanceNews
from ..boards.detail_schemas import ChecklistChange, LabelsChange, LinksChange
from ..boards.schemas import (
    BoardChange,
    CommentChange,
    CommentGone,
    ListChange,
    ListGone,
    MembersChange,
    TaskChange,
    TaskGone,
)
from ..deadlines.schemas import WorkChanged
from ..members.schemas import ManagingRevoked, MembersUpdate
from ..notifications.schemas import NotificationNews
from ..presence.answers import (
    AccessRevoked,
    Dashboard,
    PresenceUsers,
    SessionEnded,
    SettingsView,
    TaskCompany,
    TypingNews,
)
from ..realtime import namespace
from .models import Json, Schemas

CONNECT = (
    "Namespace `/board`, WebSocket only. A program connects with `auth: {token}`, an access token that has"
    " `boards:read`, `presence:read` and `presence:write`; a page with its cookie and `auth: {csrf}`. Every"
    " event is acknowledged: `{ok: true, ...}`, or `{ok: false, error}` with the object that HTTP answers"
    " as problem+json."
)


class ClientEvent(NamedTuple):
    name: str
    description: str
    payload: Any
    answer: Any  # beside `ok`; None for nothing


class ServerEvent(NamedTuple):
    name: str
    hears: str
    payload: Any
    description: str


BOARD, OWN = "everybody on the board", "one's own sockets"
TOLD = (
    ServerEvent("presence_dashboard", "heads of the board", Dashboard, "On joining, then at each change."),
    ServerEvent("presence_update", "who watches them", PresenceUsers, "At once, then those who changed."),
    ServerEvent("typing", BOARD, TypingNews, "Somebody types."),
    ServerEvent("stop_typing", BOARD, TypingNews, "They stopped, or hide."),
    ServerEvent(
        "task_company", "who has the task open", TaskCompany, "Who else has it open, as far as shown."
    ),
    ServerEvent(
        "board_updated",
        BOARD,
        MembersChange | LabelsChange | BoardChange,
        "The board, its members or its labels changed.",
    ),
    ServerEvent("list_created", BOARD, ListChange, "A list was added, or is back."),
    ServerEvent("list_updated", BOARD, ListChange, "A list was renamed, archived or restored from there."),
    ServerEvent("list_moved", BOARD, ListChange, "A list has another place."),
    ServerEvent("list_deleted", BOARD, ListGone, "A list is gone, with its tasks."),
    ServerEvent("task_created", BOARD, TaskChange, "A task was added, or is back."),
    ServerEvent(
        "task_updated",
        BOARD,
        ChecklistChange | LinksChange | TaskChange,
        "A task was changed; with its checklist or links when those were.",
    ),
    ServerEvent("task_moved", BOARD, TaskChange, "A task has another place or list."),
    ServerEvent("task_deleted", BOARD, TaskGone, "A task is gone."),
    ServerEvent("comment_added", BOARD, CommentChange, "Somebody wrote a comment; the task counts it."),
    ServerEvent("comment_updated", BOARD, CommentChange, "A comment was edited."),
    ServerEvent("comment_deleted", BOARD, CommentGone, "A comment is gone."),
    ServerEvent("settings_changed", OWN, SettingsView, "One's settings changed, or an end has come."),
    ServerEvent("notification", OWN, NotificationNews, "Something concerns you; or another page read it."),
    ServerEvent("work_changed", OWN, WorkChanged, "What one has to do may be another: ask for it."),
    ServerEvent("members_update", "who watches them", MembersUpdate, "At once, then those who changed."),
    ServerEvent("attendance_changed", "owners and admins", AttendanceNews, "Somebody clocked in or out."),
    ServerEvent("access_revoked", "who lost it", AccessRevoked | ManagingRevoked, "Nothing more will come."),
    ServerEvent("session_ended", "sockets of that login", SessionEnded, "Then the socket is closed."),
)


def client_events() -> list[ClientEvent]:
    return [
        ClientEvent(name, inspect.getdoc(handler) or "", model, _answer_of(handler))
        for name, (model, handler) in sorted(namespace.handlers.items())
    ]


def _answer_of(handler: Any) -> Any:
    """As of routes: the model of Annotated[Json, Model]."""
    said: Any = get_type_hints(handler, include_extras=True).get("return")
    return said.__metadata__[0] if get_origin(said) is Annotated else None


def models() -> Iterator[tuple[Any, JsonSchemaMode]]:
    for sent in client_events():
        yield sent.payload, "validation"
        yield sent.answer, "serialization"
    for told in TOLD:
        yield told.payload, "serialization"


def described(schemas: Schemas) -> Json:
    """For the document: OpenAPI knows nothing of sockets, and leaves room for what it does not know."""
    return {
        "namespace": namespace.namespace,
        "description": CONNECT,
        "client": [
            {
                "name": event.name,
                "description": event.description,
                "payload": schemas.sent(event.payload),
                "answer": schemas.answered(event.answer) if event.answer else None,
            }
            for event in client_events()
        ],
        "server": [{**event._asdict(), "payload": schemas.answered(event.payload)} for event in TOLD],
    }
