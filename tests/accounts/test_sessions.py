"""A login session from its beginning to its end: new at login, kept as a hash, gone at logout or in time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.models import User
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

    from .conftest import Browser, Time

Open = Callable[..., "Browser"]


@pytest.fixture
def rows(database: TestDatabase, maya: User) -> Callable[[], list[Any]]:
    """Maya's rows of user_sessions, oldest first."""
    engine = create_engine(database.admin_url, poolclass=NullPool)

    def read() -> list[Any]:
        with engine.connect() as behind:
            hers = text("select * from user_sessions where user_id = :id order by created_at, id")
            return list(behind.execute(hers, {"id": maya.id}))

    return read


def token_of(browser: Browser) -> str:
    return str(browser.session["_user_id"])


def delete_session(browser: Browser) -> int:
    headers = {"X-CSRF-Token": browser.get("/api/session").get_json()["csrfToken"]}
    return browser.http.delete("/api/session", headers=headers).status_code


def test_nothing_from_before_the_login_survives_it(visitor: Browser, maya: User) -> None:
    token_before, cookie_before = visitor.csrf_token(), visitor.session_cookie
    secret_before = visitor.session["csrf_token"]
    visitor.sign_in(maya.email)
    assert visitor.session_cookie != cookie_before
    assert visitor.csrf_token() != token_before
    assert visitor.session["csrf_token"] != secret_before
    refused = visitor.submit("/logout", csrf_token=token_before)
    assert refused.status_code == 403
    assert visitor.is_signed_in


def test_cookie_planted_before_the_login_stays_a_visitor(
    browser_of: Open, visitor: Browser, maya: User
) -> None:
    """Session fixation: the attacker's own cookie in the victim's browser."""
    attacker = browser_of("10.6.6.6")
    attacker.get("/login")
    visitor.http.set_cookie("workhub_session", attacker.session_cookie)
    visitor.sign_in(maya.email)
    assert visitor.is_signed_in
    assert not attacker.is_signed_in
    assert attacker.session["csrf_token"] != visitor.session["csrf_token"]


def test_second_login_is_another_session_and_ends_the_first(
    visitor: Browser, maya: User, rows: Callable[[], list[Any]]
) -> None:
    visitor.sign_in(maya.email)
    first = visitor.copy()
    visitor.sign_in(maya.email)
    assert [row.is_active for row in rows()] == [False, True]
    assert visitor.is_signed_in
    assert not first.is_signed_in


def test_sessions_of_other_browsers_stay(browser_of: Open, maya: User) -> None:
    desk, phone = browser_of(), browser_of()
    desk.sign_in(maya.email)
    phone.sign_in(maya.email)
    assert delete_session(phone) == 204
    assert desk.is_signed_in


def test_only_the_hash_of_the_token_is_kept(
    visitor: Browser, maya: User, rows: Callable[[], list[Any]]
) -> None:
    visitor.sign_in(maya.email)
    token, (row,) = token_of(visitor), rows()
    assert len(token) >= 43  # 256 bits in base64
    assert bytes(row.session_token) == hashlib.sha256(token.encode()).digest()
    assert token not in repr(row)
    assert (row.user_id, row.is_active, row.device, row.address) == (maya.id, True, "desktop", "10.0.0.1")


def test_tokens_never_repeat(browser_of: Open, maya: User) -> None:
    tokens = set()
    for _ in range(20):
        browser = browser_of()
        browser.sign_in(maya.email)
        tokens.add(token_of(browser))
    assert len(tokens) == 20


def test_what_the_database_keeps_opens_no_session(
    visitor: Browser, maya: User, app: Flask, rows: Callable[[], list[Any]]
) -> None:
    """Somebody who read user_sessions, and even knows the secret key, has no token to put into a cookie."""
    visitor.sign_in(maya.email)
    thief = visitor.copy()
    (row,) = rows()
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    for guess in (bytes(row.session_token).hex(), str(row.id), str(maya.id)):
        thief.http.set_cookie("workhub_session", serializer.dumps({"_user_id": guess, "_fresh": True}))
        assert not thief.is_signed_in


@pytest.mark.parametrize("cookie", ["", "x", "eyJhIjoxfQ.aaaaaa.bbbbbbbb", "." * 3000, "\u00ff"])
def test_cookie_that_is_not_ours_is_a_visitor(visitor: Browser, cookie: str) -> None:
    visitor.http.set_cookie("workhub_session", cookie)
    assert not visitor.is_signed_in


def test_altered_cookie_is_a_visitor(visitor: Browser, maya: User) -> None:
    visitor.sign_in(maya.email)
    cookie = visitor.session_cookie
    for place in range(0, len(cookie), 7):
        changed = "A" if cookie[place] != "A" else "B"
        thief = visitor.copy()
        thief.http.set_cookie("workhub_session", cookie[:place] + changed + cookie[place + 1 :])
        assert not thief.is_signed_in


@pytest.mark.parametrize("way", ["form", "api"])
def test_logout_kills_the_copied_cookie(visitor: Browser, maya: User, way: str) -> None:
    visitor.sign_in(maya.email)
    thief = visitor.copy()
    assert thief.is_signed_in
    if way == "form":
        left = visitor.submit("/logout")
        assert (left.status_code, left.location) == (303, "/login")
    else:
        assert delete_session(visitor) == 204
    assert not thief.is_signed_in
    assert not visitor.is_signed_in
    assert thief.get("/api/boards").status_code == 401
    assert thief.get("/api/boards").get_json()["code"] == "not_signed_in"
    assert thief.get("/boards").location == "/login?next=/boards"


def test_logging_out_twice_or_as_a_visitor_is_no_error(visitor: Browser, maya: User) -> None:
    visitor.sign_in(maya.email)
    assert [delete_session(visitor), delete_session(visitor)] == [204, 204]
    assert visitor.submit("/logout").status_code == 303


def test_link_to_logout_asks_first(visitor: Browser, maya: User) -> None:
    """A picture on another site could be such a link."""
    visitor.sign_in(maya.email)
    assert "Sign out?" in visitor.get("/logout").text
    assert visitor.is_signed_in


def test_session_ends_after_twelve_idle_hours(visitor: Browser, maya: User, time: Time) -> None:
    visitor.sign_in(maya.email)
    time.passes(hours=11, minutes=59)
    assert visitor.is_signed_in
    time.passes(hours=11, minutes=59)
    assert visitor.is_signed_in, "a request is a sign of life"
    time.passes(hours=12)
    assert not visitor.is_signed_in
    assert visitor.get("/api/boards").status_code == 401
    assert visitor.get("/boards").status_code == 302


def test_session_ends_after_seven_days_whatever_is_done(visitor: Browser, maya: User, time: Time) -> None:
    visitor.sign_in(maya.email)
    for _ in range(7 * 4 - 1):
        time.passes(hours=6)
        assert visitor.is_signed_in
    time.passes(hours=6)
    assert not visitor.is_signed_in


def test_ended_session_does_not_come_back_with_the_clock(visitor: Browser, maya: User, time: Time) -> None:
    visitor.sign_in(maya.email)
    thief = visitor.copy()
    delete_session(visitor)
    time.passes(hours=-2)
    assert not thief.is_signed_in


def test_life_sign_is_written_once_a_minute(
    visitor: Browser, maya: User, time: Time, rows: Callable[[], list[Any]]
) -> None:
    visitor.sign_in(maya.email)
    signed_in_at = time.now
    time.passes(seconds=59)
    visitor.get("/boards")
    assert rows()[0].last_activity == signed_in_at
    time.passes(seconds=1)
    visitor.get("/boards")
    assert rows()[0].last_activity == time.now


def test_heartbeat_of_an_active_page_is_a_life_sign_and_of_an_idle_one_is_not(
    visitor: Browser, maya: User, time: Time, rows: Callable[[], list[Any]]
) -> None:
    visitor.sign_in(maya.email)
    headers = {"X-CSRF-Token": visitor.csrf_token()}
    signed_in_at = time.now
    for active, expected in ((False, 0), (True, 30)):
        time.passes(seconds=15)
        beat = {"active": active, "visible": True, "page": "/boards"}
        assert visitor.http.post("/api/session/heartbeat", json=beat, headers=headers).status_code == 204
        assert (rows()[0].last_activity - signed_in_at).total_seconds() == expected


def test_disabled_person_is_out_at_the_next_request(
    visitor: Browser, maya: User, database: TestDatabase, client: Callable[..., Any]
) -> None:
    visitor.sign_in(maya.email)
    with create_engine(database.admin_url, poolclass=NullPool).begin() as behind:
        behind.execute(text("update users set disabled_at = now() where id = :id"), {"id": maya.id})
    assert visitor.get("/api/boards").status_code == 401
    assert visitor.sign_in(maya.email).status_code == 401


def test_device_is_noted_at_login(browser_of: Open, maya: User, rows: Callable[[], list[Any]]) -> None:
    phone = browser_of()
    phone.http.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
    phone.sign_in(maya.email)
    assert rows()[0].device == "mobile"


def test_secret_of_the_session_is_not_shown_with_the_person(app: Flask, maya: User, visitor: Browser) -> None:
    """Whoever logs a person must not log their token."""
    visitor.sign_in(maya.email)
    actor = app.extensions["identifier"].by_token(token_of(visitor))
    assert actor.id == maya.id
    assert token_of(visitor) not in repr(actor)


def test_answers_hold_no_secret(visitor: Browser, maya: User, people: People) -> None:
    visitor.sign_in(maya.email)
    board = people.board(people.organization("Launch"), [maya])
    secrets = (token_of(visitor), PASSWORD, "argon2")
    for path in ("/boards", f"/boards/{board.id}", f"/api/boards/{board.id}", "/api/session"):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert [secret for secret in secrets if secret in answer.text] == []
