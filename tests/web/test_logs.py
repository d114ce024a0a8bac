"""Logs hold no secrets: whatever is said to a server at its most talkative, none of it can be read there."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import structlog
from sqlalchemy import NullPool, create_engine, text

from app import logs
from app.accounts.models import User
from app.accounts.passwords import hash_password
from tests.support.api import Api
from tests.support.socket_client import BoardSocket, ConnectionRefused, open_socket
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.conftest import StartServer
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

PASSWORD, WRONG, ADDRESS = "canary-password-4711", "canary-guess-4712", "canary.address.4713@test.example"


def secrets_of(api: Api) -> list[str]:
    """Whatever would let somebody in: both cookies, whole and in part, and the token of the page."""
    values = [cookie.value for cookie in api.http.cookies]
    parts = [part for value in values for part in value.split(".") if len(part) > 15]
    assert len(parts) >= 2
    return [*values, *parts, api.csrf_token]


def misbehave(api: Api) -> None:
    """Every kind of request that fails, with secrets in every place where somebody may put them."""
    url = api.base_url
    credentials = {"email": ADDRESS, "password": WRONG}
    token = {"X-CSRF-Token": api.csrf_token}
    assert api.post("/api/session", credentials).status == 401
    assert api.post("/api/session", {**credentials, "password": [WRONG]}).status == 422
    assert api.post("/api/session", {**credentials, "unknown": WRONG}).status == 422
    broken = json.dumps(credentials)[:-2]
    assert api.http.post(f"{url}/api/session", data=broken, headers=token).status_code == 400
    form = {"csrf_token": api.csrf_token, **credentials}
    assert api.http.post(f"{url}/login", data=form).status_code == 401
    assert api.http.post(f"{url}/login", data={**form, "csrf_token": "x"}).status_code == 403
    assert api.http.post(f"{url}/api/session", json=credentials).status_code == 403
    assert api.http.put(f"{url}/api/session", json=credentials, headers=token).status_code == 405
    bearer = {"Authorization": f"Bearer {WRONG}"}
    assert api.http.get(f"{url}/api/nothing", headers=bearer).status_code == 401
    assert api.http.post(f"{url}/login", data={"password": WRONG * 60_000}).status_code in (403, 413)


def knock(api: Api) -> None:
    """Sockets that are refused, and frames that make no sense."""
    for cookie, csrf, origin in (
        (api.cookie, "canary-token-4715", None),
        (api.cookie, api.csrf_token, "https://evil.example"),
        ("workhub_session=" + api.http.cookies["workhub_session"][:-3], api.csrf_token, None),
    ):
        with pytest.raises(ConnectionRefused):
            BoardSocket(api.base_url, cookie, csrf, origin)
    tab = open_socket(api)
    tab.emit("activity", {"password": WRONG})
    tab.emit(WRONG[:10], {"token": WRONG})
    with suppress(OSError):
        tab.send_raw(f'42/board,1["connect",{{"csrf":"{api.csrf_token}"}}]')
    tab.wait_closed()


def test_talkative_server_keeps_every_secret(
    start_server: StartServer, people: People, database: TestDatabase
) -> None:
    server = start_server(LOG_LEVEL="DEBUG", LOGIN_TRIES=100)
    user = User(email=ADDRESS, name="Canary", password_hash=hash_password(PASSWORD))
    people.add(user)
    api = Api(server.url)
    api.sign_in(ADDRESS, PASSWORD)
    secrets = secrets_of(api)
    misbehave(api)
    knock(api)
    api.sign_in(ADDRESS, PASSWORD)
    secrets += secrets_of(api)
    with create_engine(database.admin_url, poolclass=NullPool).begin() as behind:
        behind.execute(text("alter table users rename to people"))
    failed = api.post("/api/session", {"email": ADDRESS, "password": PASSWORD})
    assert failed.status == 500
    reference = failed.json["detail"].rpartition("Reference: ")[2]
    wait_until(lambda: reference in server.log, what="the log of the failure")
    server.stop()
    assert "Traceback" in server.log, "or this test would look at nothing"
    canaries = [PASSWORD, WRONG, ADDRESS, "canary-token-4715", user.password_hash, *secrets]
    assert [canary for canary in canaries if canary in server.log] == []


@pytest.mark.parametrize("as_json", [False, True])
def test_fields_named_like_secrets_are_hidden(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    """The second line of defence."""
    before = logging.getLogger().handlers[:]
    try:
        logs.configure("INFO", as_json=as_json)
        logging.getLogger("test").info("signed_in", extra={"password": WRONG, "api_token": WRONG, "user": 7})
        structlog.stdlib.get_logger("test").info("signed_in")
    finally:
        logging.getLogger().handlers[:] = before
    written = capsys.readouterr().err
    assert WRONG not in written
    assert "[hidden]" in written
    if as_json:
        first = json.loads(written.splitlines()[0])
        assert (first["event"], first["user"], first["password"]) == ("signed_in", 7, "[hidden]")


def test_production_writes_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Also of an exception, and whatever a client made it say."""
    before = logging.getLogger().handlers[:]
    try:
        logs.configure("INFO", as_json=True)
        try:
            raise ValueError('a "line"\nand another\x1b[31m')
        except ValueError:
            logging.getLogger("test").exception("failed\nlevel=critical forged")
    finally:
        logging.getLogger().handlers[:] = before
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["level"] == "error"
    assert "Traceback" in json.loads(line)["exception"]
