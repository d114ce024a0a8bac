"""Fills an empty, migrated database with people on boards, each with a login session.

Written with COPY as the superuser: 10,000 people in seconds, and no argon2 when they connect. Cookies
and CSRF tokens are made by the libraries the application uses, with the same secret key.
"""

import hashlib
import io
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from uuid_utils.compat import uuid7

from .client import Person, auth_json

_ORDER = (  # as foreign keys want it
    *("organizations", "users", "memberships", "boards", "lists", "tasks", "board_members", "user_sessions"),
    *("labels", "task_labels", "task_assignees", "checklist_items"),
)
SESSION_COOKIE = "workhub_session"
_SESSION_LIFE = timedelta(days=7)


def seed(url: str, secret_key: str, count: int, board_size: int, tasks: int = 1) -> list[Person]:
    """`count` people, board by board, the first of each board its head; in this order."""
    people, tokens, tables = [], [], Tables()
    organization = tables.add("organizations", id=uuid7(), name="Bench Works")
    board = task = None
    for number in range(count):
        head = number % board_size == 0
        if head:
            board = tables.add("boards", id=uuid7(), organization_id=organization, name=f"Board {number}")
            task = _add_tasks(tables, board, tasks)
        user, token = add_person(tables, number)
        tables.add("memberships", id=uuid7(), organization_id=organization, user_id=user, role="member")
        tables.add("board_members", board_id=board, user_id=user, role="head" if head else "member")
        tokens.append(token)
        people.append((user, board, task, head))
    tables.write(url)
    logins = logins_of(secret_key, tokens)
    return [
        Person(str(user), str(board), str(task), cookie, auth_json(csrf=csrf), head)
        for (user, board, task, head), (cookie, csrf) in zip(people, logins, strict=True)
    ]


def _add_tasks(tables: "Tables", board: Any, count: int) -> Any:
    """One list for each ten tasks; answers the last task."""
    for number in range(count):
        if number % 10 == 0:
            list_id = tables.add("lists", id=uuid7(), board_id=board, name="To do", position=f"a{number:03}")
        title = f"Measure the thing with number {number}"
        where = {"board_id": board, "list_id": list_id, "position": f"a{number:03}"}
        task = tables.add("tasks", id=uuid7(), title=title, **where)
    return task


def add_person(tables: "Tables", number: int) -> tuple[Any, str]:
    """Signed in; answers who it is and the secret of the login."""
    now, token = datetime.now(UTC), secrets.token_urlsafe(32)
    user = tables.add(
        "users",
        id=uuid7(),
        email=f"person{number}@bench.test",
        name=f"Person Benchmarked {number}",
        password_hash="!",  # nobody can sign in with it
    )
    tables.add(
        "user_sessions",
        id=uuid7(),
        user_id=user,
        session_token="\\\\x" + hashlib.sha256(token.encode()).hexdigest(),
        last_activity=now,
        expires_at=now + _SESSION_LIFE,
    )
    return user, token


def logins_of(secret_key: str, tokens: Iterable[str]) -> Iterable[tuple[str, str]]:
    """(Cookie header, CSRF token) of each login."""
    app = Flask("bench", static_folder=None)
    app.secret_key = secret_key
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer
    for token in tokens:
        with app.test_request_context():
            session.update(_user_id=token, _fresh=True, _permanent=True)
            csrf = generate_csrf()
            cookie = serializer.dumps(dict(session))
        yield f"{SESSION_COOKIE}={cookie}", csrf


class Tables:
    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def add(self, table: str, **row: Any) -> Any:
        self._rows.setdefault(table, []).append(row)
        return row.get("id")

    def write(self, url: str, *afterwards: str) -> None:
        """`afterwards` is what triggers would have done row by row: they, and foreign keys, are passed by."""
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            if afterwards:
                cursor.execute("set local session_replication_role = replica")
            self._copy(cursor)
            for statement in afterwards:
                cursor.execute(statement)
        connection.close()

    def _copy(self, cursor: Any) -> None:
        for table in _ORDER:
            rows = self._rows.get(table)
            if not rows:
                continue
            text = "".join("\t".join(map(str, row.values())) + "\n" for row in rows)
            cursor.copy_expert(f"copy {table} ({', '.join(rows[0])}) from stdin", io.StringIO(text))
