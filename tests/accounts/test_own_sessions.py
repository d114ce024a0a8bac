"""My sessions: seeing where one is signed in, and ending that at once, copied cookies and sockets."""

from __future__ import annotations

import time as real_time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.support.api import Api
from tests.support.patience import within
from tests.support.socket_client import open_socket

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.models import User
    from tests.support.people import People

    from .conftest import Browser, House, Time

Open = Callable[..., "Browser"]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
SOON = within(1.0)


def sessions(browser: Browser) -> list[dict[str, Any]]:
    answer = browser.get("/api/sessions")
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["items"])


def change(browser: Browser, method: str, path: str) -> Any:
    headers = {"X-CSRF-Token": browser.get("/api/session").get_json()["csrfToken"]}
    return browser.http.open(path, method=method, headers=headers)


@pytest.fixture
def desk(browser_of: Open, maya: User) -> Browser:
    browser = browser_of()
    browser.http.environ_base["HTTP_USER_AGENT"] = FIREFOX
    browser.sign_in(maya.email)
    return browser


@pytest.fixture
def phone(browser_of: Open, maya: User) -> Browser:
    browser = browser_of("10.0.0.2")
    browser.http.environ_base["HTTP_USER_AGENT"] = "curl/8.0"
    browser.sign_in(maya.email)
    return browser


def test_each_login_says_what_signed_in_from_where_and_when(desk: Browser, phone: Browser) -> None:
    here, there = sessions(desk)
    assert (here["client"], here["device"], here["address"]) == ("Firefox on Windows", "desktop", "10.0.0.1")
    assert here["isCurrent"]
    assert not there["isCurrent"]
    assert there["address"] == "10.0.0.2"
    assert set(here) == {
        "id", "device", "client", "address", "createdAt", "lastActivity", "expiresAt", "isCurrent"
    }  # fmt: skip


def test_nobody_sees_the_logins_of_others(desk: Browser, browser_of: Open, people: People) -> None:
    other = browser_of()
    other.sign_in(people.user("Omar").email)
    assert len(sessions(other)) == 1


def test_ended_login_is_gone_at_once_with_every_copy_of_its_cookie(desk: Browser, phone: Browser) -> None:
    thief = phone.copy()
    assert thief.is_signed_in
    assert change(desk, "DELETE", f"/api/sessions/{sessions(desk)[1]['id']}").status_code == 204
    for gone in (phone, thief):
        assert gone.get("/api/boards").status_code == 401
    assert desk.is_signed_in
    assert len(sessions(desk)) == 1


def test_ending_ones_own_login_signs_out(desk: Browser, phone: Browser) -> None:
    assert change(desk, "DELETE", f"/api/sessions/{sessions(desk)[0]['id']}").status_code == 204
    assert not desk.is_signed_in
    assert phone.is_signed_in


def test_login_of_somebody_else_or_that_is_over_is_not_found(
    desk: Browser, phone: Browser, browser_of: Open, people: People
) -> None:
    other = browser_of()
    other.sign_in(people.user("Omar").email)
    theirs, hers = sessions(other)[0]["id"], sessions(desk)[1]["id"]
    assert change(desk, "DELETE", f"/api/sessions/{theirs}").status_code == 404
    assert change(desk, "DELETE", f"/api/sessions/{uuid4()}").status_code == 404
    assert change(desk, "DELETE", f"/api/sessions/{hers}").status_code == 204
    assert change(desk, "DELETE", f"/api/sessions/{hers}").status_code == 404
    assert other.is_signed_in


def test_all_others_end_and_the_one_that_asks_stays(desk: Browser, phone: Browser, browser_of: Open) -> None:
    assert change(desk, "POST", "/api/sessions/end-others").get_json() == {"ended": 1}
    assert not phone.is_signed_in
    assert desk.is_signed_in
    assert change(desk, "POST", "/api/sessions/end-others").get_json() == {"ended": 0}


def test_ending_from_elsewhere_is_no_activity_of_the_ended_login(
    time: Time, desk: Browser, phone: Browser, last_activity: Callable[[str], Any]
) -> None:
    """Attendance clocks out at the last activity."""
    hers = sessions(desk)[1]
    time.passes(hours=1)
    change(desk, "DELETE", f"/api/sessions/{hers['id']}")
    assert (time.now - last_activity(hers["id"])).total_seconds() == 3600


@pytest.fixture
def last_activity(app: Flask) -> Callable[[str], Any]:
    def read(session_id: str) -> Any:
        from app.accounts.models import UserSession
        from app.db import service_work

        with service_work() as session:
            return session.get_one(UserSession, session_id).last_activity

    return read


def test_expired_and_idle_logins_are_not_listed(time: Time, desk: Browser, phone: Browser) -> None:
    time.passes(hours=11)
    assert len(sessions(desk)) == 2
    time.passes(hours=2)
    assert len(sessions(desk)) == 1


def test_access_tokens_see_and_end_no_logins(desk: Browser, app: Flask) -> None:
    headers = {"X-CSRF-Token": desk.get("/api/session").get_json()["csrfToken"]}
    body = {"name": "Script", "scopes": ["boards:read"]}
    token = desk.http.post("/api/tokens", json=body, headers=headers).get_json()["token"]
    asked = app.test_client().get("/api/sessions", headers={"Authorization": f"Bearer {token}"})
    assert asked.status_code == 403


def test_mark_of_the_ended_login_is_over_and_that_of_another_goes_on(
    desk: Browser, phone: Browser, app: Flask, maya: User
) -> None:
    people = app.extensions["presence_runtime"].people.people
    phones = next(each["id"] for each in sessions(phone) if each["isCurrent"])
    change(desk, "DELETE", f"/api/sessions/{phones}")
    assert phones not in {str(session_id) for session_id in people.sessions()}
    assert people.view(maya.id).status == "online"
    change(desk, "DELETE", f"/api/sessions/{sessions(desk)[0]['id']}")
    assert people.view(maya.id).status == "offline"


def test_sockets_of_an_ended_login_close_within_a_second(house: House) -> None:
    user, desk = house.somebody()
    phone = Api(house.server.url)
    phone.sign_in(user.email)
    there, here = open_socket(phone), open_socket(desk)
    listed = desk.get("/api/sessions").json["items"]
    started = real_time.monotonic()
    assert desk.delete(f"/api/sessions/{listed[1]['id']}").status == 204
    assert there.wait_for("session_ended", timeout=SOON) == {"reason": "ended"}
    there.wait_closed(SOON)
    assert real_time.monotonic() - started < SOON
    assert here.is_open
    assert desk.post("/api/sessions/end-others").json == {"ended": 0}
    here.close()


def test_password_that_changes_while_it_is_checked_lets_nobody_in(
    visitor: Browser, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else an attacker who knows the old one could be signing in while it is taken from them."""
    from app.accounts import passwords
    from app.accounts.models import User as Person
    from app.db import service_work

    right = passwords.matches

    def matches(known: str | None, given: str) -> bool:
        with service_work() as session:
            session.get_one(Person, maya.id).password_hash = "another"
        return right(known, given)

    monkeypatch.setattr(passwords, "matches", matches)
    assert visitor.sign_in(maya.email).status_code == 401
    assert not visitor.is_signed_in
