"""People at the sign-in page, and a clock that the test moves.

One application for a module: people are each test's own, and so are their sessions and tries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.accounts.models import User
    from tests.support.api import Api
    from tests.support.people import People
    from tests.support.postgres import PostgresForTests, TestDatabase
    from tests.support.server import Server

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def people(database: TestDatabase) -> Iterator[People]:
    from tests.support.people import People

    made = People(database.admin_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def module_app(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    from tests.support.local import local_app

    with local_app(database, tmp_path_factory.mktemp("app")) as made:
        yield made


@pytest.fixture
def app(module_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """With nobody's tries counted yet, and settings that a test may change."""
    from app import ratelimit

    ratelimit.reset()
    monkeypatch.setattr(module_app, "config", module_app.config.copy())
    return module_app


class Browser:
    """A browser of somebody's own: keeps cookies, reads the token out of the page, submits the form."""

    def __init__(self, app: Flask, address: str = "10.0.0.1") -> None:
        self.app = app
        self.http: FlaskClient = app.test_client()
        self.address = address

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.http.get(path, headers=headers, environ_base={"REMOTE_ADDR": self.address})

    def submit(self, path: str, **fields: str) -> TestResponse:
        fields.setdefault("csrf_token", self.csrf_token())
        return self.http.post(path, data=fields, environ_base={"REMOTE_ADDR": self.address})

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        return self.submit("/login", email=email, password=password, **fields)

    def csrf_token(self) -> str:
        """As the page itself shows it."""
        page = self.get("/login")
        page = self.get(page.location) if page.location else page
        found = re.search(r'<meta name="csrf-token" content="([^"]+)">', page.text)
        assert found, page.text
        return found[1]

    @property
    def is_signed_in(self) -> bool:
        return bool(self.get("/api/session").get_json()["authenticated"])

    @property
    def session_cookie(self) -> str:
        cookie = self.http.get_cookie("workhub_session")
        return cookie.value if cookie else ""

    @property
    def session(self) -> dict[str, Any]:
        """What the signed cookie says."""
        serializer: Any = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return dict(serializer.loads(self.session_cookie))

    def copy(self) -> Browser:
        """Somebody who got hold of the session cookie, and of nothing else."""
        thief = Browser(self.app, "10.6.6.6")
        thief.http.set_cookie("workhub_session", self.session_cookie)
        return thief


@pytest.fixture
def browser_of(app: Flask) -> Callable[..., Browser]:
    """`browser_of()`; another `address` is another place on the network."""
    return lambda address="10.0.0.1": Browser(app, address)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def maya(people: People) -> User:
    return people.user("Maya", people.organization())


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The site's clock stands still until `time.passes(hours=1)`."""
    from app.clock import clock

    moved = Time()
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


class House:
    """The real server, and people of each test's own."""

    def __init__(self, server: Server, people: People, database: TestDatabase, folder: Path) -> None:
        self.server, self.people = server, people
        self.database, self.folder = database, folder
        self._behind = create_engine(database.admin_url, poolclass=NullPool)
        self.acme = people.organization()

    def somebody(self) -> tuple[User, Api]:
        """A person of the test's own, signed in."""
        from tests.support.api import Api

        user, api = self.people.user("Maya", self.acme), Api(self.server.url)
        api.sign_in(user.email)
        return user, api

    def change(self, statement: str, user: User) -> None:
        with self._behind.begin() as connection:
            connection.execute(text(statement), {"id": user.id})

    def ask(self, query: str) -> list[Any]:
        with self._behind.begin() as connection:
            return list(connection.execute(text(query)))


@pytest.fixture(scope="package")
def house(postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    from tests.support.people import People
    from tests.support.server import Server

    database = postgres.create()
    people = People(database.admin_url)
    folder: Path = tmp_path_factory.mktemp("house")
    server = Server(database, folder, SESSION_CHECK_SECONDS=0.2).start()
    yield House(server, people, database, folder)
    server.end()
    print(server.log)
    people.close()
    postgres.drop(database)
