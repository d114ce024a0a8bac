"""Two server processes on one database: what ends in one is over in the other at once.

The other one asks by itself only once in ten minutes here: whatever it knows, it was told. How fast that is
stands in docs/performance.md; a second is too little for a test on a busy machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.api import Api
from tests.support.patience import within
from tests.support.server import Server
from tests.support.socket_client import BoardSocket
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import House

LISTENERS = (
    "select pid from pg_stat_activity where query in ('listen workhub_login_ended', 'select')"
    " and datname = current_database() and wait_event = 'ClientRead' and usename <> 'postgres'"
)


@pytest.fixture(scope="module")
def other(house: House) -> Iterator[Server]:
    server = Server(house.database, house.folder, SESSION_CHECK_SECONDS=600).start()
    yield server
    server.end()
    print(server.log)


def page_at(server: Server, api: Api) -> BoardSocket:
    """The same login, at another process: its cookie and its page's token count there too."""
    return BoardSocket(server.url, api.cookie, api.csrf_token)


def copy_of(api: Api, server: Server) -> Api:
    copied = Api(server.url)
    copied.http.cookies.update(api.http.cookies)
    return copied


def test_login_that_ends_in_one_process_is_over_in_every_other(house: House, other: Server) -> None:
    wait_until(lambda: len(house.ask(LISTENERS)) == 2, within(5), "both to listen")
    (maya, desk), (_, bystander) = house.somebody(), house.somebody()
    phone = Api(house.server.url)
    phone.sign_in(maya.email)
    pages, stays = [page_at(other, desk), page_at(other, desk)], page_at(other, phone)
    program, is_elsewhere = copy_of(desk, other), page_at(other, bystander)
    assert program.get("/api/boards").status == 200
    assert desk.delete("/api/session").status == 204
    for page in pages:
        assert page.wait_for("session_ended", timeout=5) == {"reason": "signed_out"}
        page.wait_closed(within(5))
    assert program.get("/api/boards").status == 401
    assert stays.is_open and is_elsewhere.is_open

    # Whoever is disabled, or ends all their other logins, does so everywhere.
    owner, chief = house.people.user("Olivia", house.acme, "owner"), Api(house.server.url)
    chief.sign_in(owner.email)
    path = f"/api/organizations/{house.acme.id}/members/{maya.id}"
    assert chief.patch(path, {"disabled": True}).status == 200
    assert stays.wait_for("session_ended", timeout=5) == {"reason": "disabled"}
    is_elsewhere.close()


def test_what_is_said_while_nobody_hears_is_found_when_they_hear_again(house: House, other: Server) -> None:
    """The connection that hears is lost, as with a restart of PostgreSQL, and a login ends meanwhile."""
    _, api = house.somebody()
    page = page_at(other, api)
    house.ask(f"select pg_terminate_backend(pid) from ({LISTENERS}) as listening")
    assert api.delete("/api/session").status == 204
    page.wait_for("session_ended", timeout=5)
    wait_until(lambda: len(house.ask(LISTENERS)) == 2, within(5), "both to listen again")
