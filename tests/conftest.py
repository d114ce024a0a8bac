"""Fixtures, from the ground up: postgres -> database -> app | server -> browser pages.

Every test that asks for `database` has a clean one of its own; only the PostgreSQL server, the migrated
template and the browser process are shared. The application and Playwright are imported where they are first
needed, so that the pure tests start at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .support import sharing

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser
    from xdist.remote import Producer

    from config import Settings

    from .support.api import LocalApi
    from .support.pages import Kept, Pages
    from .support.people import People
    from .support.postgres import PostgresForTests, TestDatabase
    from .support.server import Server
    from .support.site import Site

    StartServer = Callable[..., Server]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> sharing.Sharing:
    return sharing.Sharing(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        sharing.in_order(items)


def pytest_make_parametrize_id(val: object) -> str | None:
    return sharing.name_of(val)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresForTests]:
    from .support.postgres import PostgresForTests

    with PostgresForTests.in_own_folder() as server:
        yield server


@pytest.fixture
def own_postgres() -> Iterator[PostgresForTests]:
    """A server of the test's own, to stop, freeze or kill."""
    from .support.postgres import PostgresForTests

    with PostgresForTests.in_own_folder() as server:
        yield server


@pytest.fixture
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture
def people(database: TestDatabase) -> Iterator[People]:
    from .support.people import People

    made = People(database.admin_url)
    yield made
    made.close()


@pytest.fixture
def settings(database: TestDatabase, tmp_path: Path) -> Settings:
    """For the application in this process: no .env, no event loop."""
    from config import Settings

    return Settings(
        _env_file=None,
        database_url=database.url,
        workhub_data_dir=tmp_path,
        secret_key="for tests only",
        async_mode="threading",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application in this process. With it a test can call services directly, and read what they did."""
    from app import create_app, ratelimit
    from app.db import database

    from .support.contract import CheckedClient

    ratelimit.reset()
    app = create_app(settings)
    app.test_client_class = CheckedClient
    yield app
    database.close()


@pytest.fixture
def client(app: Flask) -> Callable[[str | None], LocalApi]:
    """`client()` is a visitor, `client(maya.email)` is Maya signed in."""
    from .support.api import LocalApi

    def make(email: str | None = None) -> LocalApi:
        api = LocalApi(app)
        if email is not None:
            api.sign_in(email)
        return api

    return make


@pytest.fixture
def start_server(database: TestDatabase, tmp_path: Path) -> Iterator[StartServer]:
    """`start_server(PRESENCE_IDLE_SECONDS=2)` runs the real server; its log is shown when the test fails."""
    from .support.server import Server

    with ExitStack() as stack:

        def start(on: TestDatabase = database, **settings: object) -> Server:
            server = Server(on, tmp_path, **settings)
            stack.callback(lambda: print(server.log))
            stack.callback(server.end)
            return server.start()

        yield start


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """The real server with the default settings."""
    return start_server()


@pytest.fixture(scope="session")
def common_site(postgres: PostgresForTests) -> Iterator[Site]:
    """A server with the default settings for all tests that bring their own people and leave it running."""
    from .support.site import running_site

    with running_site(postgres) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from .support import chromium

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**chromium.find().launch_options())
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def kept_pages() -> Kept:
    from .support.pages import Kept

    return Kept()


@pytest.fixture
def pages(browser: Browser, server: Server, kept_pages: Kept) -> Iterator[Pages]:
    """Pages of the real server; fails the test when one of them had an error."""
    from .support.pages import Pages

    opened = Pages(browser, server.url, kept_pages)
    yield opened
    opened.close()
    assert not opened.problems
