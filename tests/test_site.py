"""The site as an operator runs it: starts, serves, stops in an orderly way, comes back after a kill."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .support.api import Api
from .support.pages import Pages, accessibility_problems
from .support.people import PASSWORD, People
from .support.ports import free_port
from .support.postgres import TestDatabase
from .support.server import ROOT, Server, environment
from .support.socket_client import BoardSocket, connect

if TYPE_CHECKING:
    from .conftest import StartServer


def join(server: Server, people: People) -> BoardSocket:
    acme = people.organization()
    maya = people.user("Maya", acme)
    board = people.board(acme, members=[maya])
    tab = connect(server.url, maya.email)
    assert tab.emit("join_board", {"boardId": str(board.id)})["ok"]
    return tab


def test_healthy_and_ready_once_it_says_so(server: Server) -> None:
    visitor = Api(server.url)
    assert visitor.get("/healthz").json == {"status": "ok"}
    assert visitor.get("/readyz").status == 200


def test_sigterm_closes_the_sockets_and_ends_with_success(server: Server, people: People) -> None:
    tab = join(server, people)
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 10
    tab.wait_closed()


def test_after_kill_the_same_session_goes_on(server: Server, people: People) -> None:
    maya = people.user("Maya", people.organization())
    api = Api(server.url)
    api.sign_in(maya.email)
    server.kill()
    server.start()
    assert api.get("/api/session").json["user"]["email"] == maya.email


def test_same_client_code_works_under_gevent(start_server: StartServer, people: People) -> None:
    pytest.importorskip("gevent")
    tab = join(start_server(ASYNC_MODE="gevent"), people)
    tab.close()


def test_production_without_its_settings_says_which_are_missing(
    database: TestDatabase, tmp_path: Path
) -> None:
    settings = environment(database, tmp_path, free_port(), {"WORKHUB_ENV": "production", "SECRET_KEY": ""})
    started = subprocess.run(
        [sys.executable, str(ROOT / "wsgi.py")],
        cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr
    assert "ALLOWED_ORIGINS" in started.stderr
    assert "Traceback" not in started.stderr


def test_person_signs_in_by_the_form_in_a_browser(pages: Pages, people: People) -> None:
    maya = people.user("Maya", people.organization())
    page = pages.open("/boards")
    assert accessibility_problems(page) == []
    page.get_by_label("E-mail").fill(maya.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/boards")
    assert accessibility_problems(page) == []
