"""While the database is away: a clear 503 within seconds, also as a page, which needs the database itself."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests

from app.errors import Unavailable
from tests.support.api import Api
from tests.support.house import House
from tests.support.patience import GENEROUS, within
from tests.support.people import People
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.postgres import PostgresForTests

IN_TIME = within(4.0)  # seconds until a hung database is answered with 503
HTML = "text/html"


class Away:
    """The real server, somebody signed in, and a database to take away."""

    def __init__(self, start_server: StartServer, postgres: PostgresForTests) -> None:
        database = postgres.create()
        people = People(database.admin_url)
        self.house, self.postgres = House(people), postgres
        people.close()
        self.server = start_server(database)
        self.api = Api(self.server.url)
        self.api.sign_in(self.house.head.email)

    def get(
        self, path: str, accept: str = "application/json", *, method: str = "GET", token: str | None = None
    ) -> requests.Response:
        """In time, or the test fails."""
        started = time.monotonic()
        headers = {"Accept": accept, "Cookie": self.api.cookie, "X-CSRF-Token": token or self.api.csrf_token}
        answer = requests.request(
            method, self.server.url + path, headers=headers, data=b'{"name": "New"}', timeout=2 * GENEROUS,
            allow_redirects=False,
        )  # fmt: skip
        assert time.monotonic() - started < IN_TIME, path
        return answer

    def assert_clear(self) -> None:
        """Asked all at once: each answer takes as long as a hung database is waited for."""
        with ThreadPoolExecutor() as pool:
            read = pool.submit(self.get, "/api/boards")
            written = pool.submit(self.get, "/api/boards", method="POST")
            page = pool.submit(self.get, "/boards", HTML)
            unknown = pool.submit(self.get, "/nothing", HTML)
            expired = pool.submit(
                requests.post, self.server.url + "/login", headers={"Cookie": self.api.cookie}
            )
            assert self.get("/healthz").status_code == 200
            assert self.get("/readyz").status_code == 503
        for answer in (read.result(), written.result()):
            problem = answer.json()
            assert (answer.status_code, problem["status"], problem["code"]) == (503, 503, "unavailable")
        assert page.result().status_code == 503
        assert Unavailable.title in page.result().text
        assert "Try again" in page.result().text
        # Their pages ask who is signed in, which cannot be told now.
        assert (unknown.result().status_code, expired.result().status_code) == (404, 403)


@pytest.mark.parametrize("way", ["hung", "stopped"])
def test_absent_database_is_a_clear_503_in_time(
    start_server: StartServer, own_postgres: PostgresForTests, way: str
) -> None:
    away = Away(start_server, own_postgres)
    assert away.get("/api/boards").status_code == 200
    (own_postgres.freeze if way == "hung" else own_postgres.stop)()
    away.assert_clear()
    (own_postgres.thaw if way == "hung" else own_postgres.start)()
    wait_until(lambda: away.get("/api/boards").status_code == 200, within(5), "recovery")
    assert away.get(f"/boards/{away.house.board.id}", HTML).status_code == 200
    assert [line for line in away.server.lines if "RecursionError" in line or "request_failed" in line] == []
