"""Everybody around a board, signed in: to the application in this process, or with a socket at a server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid4

from app.notifications.rules import KINDS

from .api import Api, LocalApi
from .people import PASSWORD
from .socket_client import BoardSocket, open_socket
from .world import World

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask
    from werkzeug.test import TestResponse

    from app.boards.models import Board, Comment, List, Task

# Whoever comes next finds everything as it was, or more of it: the stage need not be set again.
HARMLESS: tuple[str, ...] = (
    "PUT /api/boards/B/tasks/T/",
    "DELETE /api/boards/B/tasks/T/watch",
    "POST /api/markdown",
)
HARMLESS += tuple(
    f"POST /api/boards/B/tasks/{what}" for what in ("batch", "T/copy", "T/checklist", "T/links")
)
IN_WORLD = {"birch": "birch owner"}

# What is right for anybody, whatever is on the stage.
BODIES: dict[str, dict[str, Any]] = {
    "PATCH /api/organizations/O": {"timeZone": "UTC"},
    "POST /api/organizations": {"name": "New"},
    "POST /api/session/heartbeat": {"active": True, "visible": True},
    "POST /api/tokens": {"name": "Script", "scopes": ["boards:read"]},
    "PATCH /api/organizations/O/members/U": {"disabled": False},
    "PUT /api/organizations/O/activity-thresholds": {"everybody": 600},
    "PUT /api/presence/settings": {"status": "online"},
    "PUT /api/organizations/O/presence-policy": {"headsAlwaysSeePresence": False},
    "POST /api/notifications/read": {"all": True},
    "PUT /api/notifications/preferences": {
        "kinds": {kind: {"inApp": True, "email": False} for kind in KINDS},
        "digestMinutes": 5,
    },
    "POST /api/presence/track": {"status": "online"},
    "POST /api/boards": {"name": "New"},
    "PATCH /api/boards/B": {"name": "New", "version": 1},
    "POST /api/boards/B/lists": {"name": "New"},
    "PATCH /api/boards/B/lists/L": {"name": "New", "version": 1},
    "POST /api/boards/B/lists/L/move": {"afterListId": None},
    "PATCH /api/boards/B/tasks/T": {"title": "New", "version": 1},
    "POST /api/boards/B/tasks/T/comments": {"body": "New"},
    "POST /api/imports/trello": {"board": {"lists": [], "cards": []}},
    "POST /api/imports/board": {
        "board": {"format": "workhub-board", "formatVersion": 1, "name": "New"},
    },
    "POST /api/imports/csv": {"text": "title\nNew", "name": "New"},
    "PATCH /api/boards/B/tasks/T/comments/C": {"body": "New", "version": 1},
    "POST /api/markdown": {"text": "*New*"},
    "PATCH /api/boards/B/labels/G": {"color": "red", "version": 1},
    "POST /api/boards/B/tasks/T/copy": {},
    "POST /api/boards/B/tasks/T/checklist": {"text": "New"},
    "PATCH /api/boards/B/tasks/T/checklist/H": {"done": True},
    "POST /api/boards/B/tasks/T/checklist/H/move": {"afterItemId": None},
    "POST /api/boards/B/tasks/T/links": {"url": "https://test.example"},
    "PATCH /api/boards/B/members/U": {"role": "head"},
    "PATCH /api/attendance/sessions/A": {
        "reason": "Left at once",
        "version": 1,
    },
    "PUT /api/organizations/O/attendance-lock": {"lockedBefore": None},
}


def read_table(table: str) -> dict[str, dict[str, str]]:
    """row -> person -> cell"""
    header, *lines = table.strip().splitlines()
    persons = header.split()[1:]
    rows = [line.rsplit(maxsplit=len(persons)) for line in lines]
    return {name.strip(): dict(zip(persons, cells, strict=True)) for name, *cells in rows}


class Stage(NamedTuple):
    """A board on which everybody has become what they are through the API."""

    board: Board
    list: List
    task: Task
    target: Any  # a plain member who is removed or promoted
    comment: Comment  # of the head
    parts: dict[str, UUID]  # what hangs on the task, by its letter

    def path(self, route: str) -> str:
        letters = {"B": self.board.id, "L": self.list.id, "T": self.task.id, "U": self.target.id}
        letters |= {"C": self.comment.id, **self.parts}
        letters |= {"F": "css/workhub.css", "O": self.board.organization_id}
        return "/".join(str(letters.get(part, part)) for part in route.split("/"))


def set_stage(
    world: World, head: Api | LocalApi, before: Callable[[Board], None] = lambda _board: None
) -> Stage:
    """`before` is called just before the ex-head and the removed one lose their role."""
    users, people = world.users, world.people
    heads = [users[name] for name in ("head", "ex-head", "removed")]
    target = people.user("target", world.acme)
    board = people.board(world.acme, heads, [users["member"], users["guest"], target])
    row = people.list_on(board)
    task = people.task_on(row)
    comment = people.comment_on(task, users["head"])
    stage = Stage(board, row, task, target, comment, people.parts_of(task))
    before(board)
    members = f"/api/boards/{board.id}/members"
    assert head.patch(f"{members}/{users['ex-head'].id}", {"role": "member"}).status == 200
    assert head.delete(f"{members}/{users['removed'].id}").status == 204
    return stage


class Gallery:
    """All kinds of person, signed in to the application in this process."""

    def __init__(self, app: Flask, world: World, persons: Sequence[str]) -> None:
        self.app, self.world = app, world
        self.apis = {person: LocalApi(app) for person in persons}
        for person in persons:
            self.enter(person)
        self._stage: Stage | None = None

    def email(self, person: str) -> str:
        return str(self.world.users[IN_WORLD.get(person, person)].email)

    def enter(self, person: str) -> None:
        api = self.apis[person]
        if person != "anonymous":
            api.sign_in(self.email(person))
        api.csrf_token = api.get("/api/session").json["csrfToken"]

    @property
    def stage(self) -> Stage:
        if self._stage is None:
            self._stage = set_stage(self.world, self.apis["head"])
        return self._stage

    def ask(self, person: str, route: str, token: str | None = None) -> TestResponse:
        """With a body that is right in every way, so that only the person decides; or their access token."""
        method, rule = route.split()
        body, api = self.body(person, route), self.apis[person]
        headers = {"X-CSRF-Token": api.csrf_token}
        if token is not None:
            api, headers = LocalApi(self.app), {"Authorization": f"Bearer {token}"}
        kind = {"json": body} if rule.startswith("/api/") else {"data": body}
        path = self.stage.path(rule) + self.query(route)
        if path.endswith("/K"):
            path = path.replace("/K", f"/{self.token_of_head()}")
        if re.search("/I(?=/|$)", path):
            path = re.sub("/I(?=/|$)", f"/{self.invitation(path.partition('/I')[0])}", path)
        if path.endswith("/S"):
            path = path.replace("/S", f"/{self.session_of_head()}")
        if path.endswith("/A"):
            attended = self.world.attended("head")
            path = path.replace("/A", f"/{attended.id}")
            kind["json"]["clockOutAt"] = attended.clock_in_at.isoformat()
        if route == "DELETE /api/calendar-feed" and person != "anonymous":
            self.apis[person].post("/api/calendar-feed", {})
        if re.search("/D(?=/|$)", path):
            deleted = self.world.attended("head", is_deleted=True)
            path = re.sub("/D(?=/|$)", f"/{deleted.deletion_id}", path)
        if rule.endswith("/restore"):
            stage = self.stage
            deleted = stage.task if "/T/" in rule else stage.list if "/L/" in rule else stage.board
            self.world.people.change(deleted, deleted_at=datetime.now(UTC))
        answer = api.http.open(path, method=method, headers=headers, **kind)
        if rule.endswith("/restore"):  # it stays deleted for whoever may not
            self._stage = None
        if route == "POST /api/organizations" and answer.status_code < 400:
            self.world.people.dismiss(UUID(answer.json["id"]))  # who is in two must name one for a new board
        if route == "DELETE /api/organizations/O/membership" and answer.status_code < 400:
            role = person if person == "admin" else "member"
            self.world.people.membership(self.world.users[person], self.world.acme, role)
        if method != "GET" and answer.status_code < 400 and not route.startswith(HARMLESS):
            self._stage = None
            self.enter(person)
        return answer

    def access_of(self, route: str) -> str:
        """As the route declares it."""
        method, path = route.split()[0], self.stage.path(route.split()[1])
        for place in ("/K", "/S", "/I", "/A", "/D"):
            path = re.sub(rf"{place}(?=/|$)", f"/{uuid4()}", path)
        endpoint, _ = self.app.url_map.bind("localhost").match(path, method=method)
        return str(getattr(self.app.view_functions[endpoint], "access", "session"))

    def query(self, route: str) -> str:
        board = f"?context=board:{self.stage.board.id}"
        return {
            "GET /api/presence/users": board,
            "GET /api/attendance/sessions": "?day=2026-03-04",
            "DELETE /api/attendance": "?from=2026-03-04&to=2026-03-04&sessions=9",
        }.get(route, "")

    def token_of(self, person: str, *scopes: str) -> str:
        made = self.apis[person].post("/api/tokens", {"name": "Script", "scopes": list(scopes)})
        assert made.status == 201, made.text
        return str(made.json["token"])

    def token_of_head(self) -> str:
        made = self.apis["head"].post("/api/tokens", {"name": "Script", "scopes": ["boards:read"]})
        return str(made.json["id"])

    def invitation(self, path: str) -> str:
        """To the organization, or to the board."""
        return str(self.apis["owner"].post(path, {"email": f"{uuid4()}@test.example"}).json["id"])

    def session_of_head(self) -> str:
        """Another login of theirs."""
        LocalApi(self.app).sign_in(self.email("head"))
        listed = self.apis["head"].get("/api/sessions").json["items"]
        return str(next(each["id"] for each in listed if not each["isCurrent"]))

    def body(self, person: str, route: str) -> dict[str, Any] | None:
        stage = self.stage
        if route in ("POST /login", "POST /api/session"):
            if person == "anonymous":
                return {"email": "nobody@test.example", "password": PASSWORD}
            return {"email": self.email(person), "password": PASSWORD}
        return {
            **BODIES,
            "POST /api/organizations/O/members/bulk": {"userIds": [str(stage.target.id)], "disabled": False},
            "POST /api/organizations/O/invitations": {"email": f"{uuid4()}@test.example"},
            "POST /api/organizations/O/transfer": {"email": stage.target.email, "confirmation": "?"},
            "POST /api/boards/B/invitations": {"email": f"{uuid4()}@test.example"},
            "POST /api/boards/B/tasks": {"listId": str(stage.list.id), "title": "New"},
            "POST /api/boards/B/tasks/T/move": {"listId": str(stage.list.id), "afterTaskId": None},
            "POST /api/boards/B/labels": {"name": f"{uuid4()}", "color": "red"},
            "POST /api/boards/B/tasks/batch": {"listId": str(stage.list.id), "titles": ["New", "Newer"]},
            "POST /api/boards/B/tasks/bulk": {"taskIds": [str(stage.task.id)], "priority": "high"},
            "POST /api/boards/B/members": {"email": self.email("colleague"), "role": "member"},
        }.get(route)


class Room:
    """Everybody's socket at the real server. Whoever may join the board has joined; the others have tried.

    Those who are no heads any more looked at its presence while they were, with a socket that stays open.
    """

    def __init__(self, base_url: str, world: World, persons: Sequence[str]) -> None:
        self.world = world
        self.apis: dict[str, Api] = {}
        for person in persons:
            self.apis[person] = Api(base_url)
            self.apis[person].sign_in(world.users[IN_WORLD.get(person, person)].email)
        self.sockets: dict[str, BoardSocket] = {}
        self.stage = set_stage(world, self.apis["head"], self._look_as_heads)
        self.join()

    def join(self) -> None:
        for person in self.apis:
            self._socket_of(person).emit("join_board", self.payload)

    def _look_as_heads(self, board: Board) -> None:
        for person in ("ex-head", "removed"):
            assert self._socket_of(person).emit("join_board", {"boardId": str(board.id)})["role"] == "head"
            self.sockets[person].wait_for("presence_dashboard")

    def _socket_of(self, person: str) -> BoardSocket:
        if person not in self.sockets:
            self.sockets[person] = open_socket(self.apis[person])
        return self.sockets[person]

    @property
    def payload(self) -> dict[str, str]:
        return {"boardId": str(self.stage.board.id)}

    def emit(self, person: str, event: str) -> str:
        payloads = {
            "activity": {**self.payload, "active": True},
            "open_task": {**self.payload, "taskId": None},
            "watch_users": {"userIds": []},
        }
        payloads["watch_members"] = {"organizationId": str(self.world.acme.id), "userIds": []}
        payload = payloads.get(event, self.payload)
        answer = self.sockets[person].emit(event, payload)
        return "ok" if answer["ok"] else str(answer["error"]["code"])

    def settle(self) -> None:
        """A round trip on every socket: whatever was sent to it before has arrived."""
        for socket in self.sockets.values():
            socket.emit("unheard_of", {})

    def close(self) -> None:
        for socket in self.sockets.values():
            socket.close()
