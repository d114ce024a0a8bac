"""Guessing passwords is slowed down, for an account and for an address, without locking its owner out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from app import ratelimit
from app.accounts import passwords
from app.errors import TooManyRequests
from tests.support.people import PASSWORD
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.accounts.models import User
    from tests.support.people import People

    from .conftest import Browser

Open = Callable[..., "Browser"]
LIMIT, WINDOW = 10, 300


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were really compared; an attacker learns nothing from the others."""
    compared: list[str] = []
    really = passwords.matches

    def note(password_hash: str | None, password: str) -> bool:
        compared.append(password)
        return really(password_hash, password)

    monkeypatch.setattr(passwords, "matches", note)
    return compared


@pytest.fixture
def addresses() -> Iterator[str]:
    return (f"10.1.{number // 250}.{number % 250}" for number in range(10_000))


def guess(browser: Browser, email: str, password: str = "a wrong guess") -> TestResponse:
    """Past the page, whose token stays good for all guesses of a visitor."""
    session = browser.get("/api/session").get_json()
    return browser.http.post(
        "/api/session",
        json={"email": email, "password": password},
        headers={"X-CSRF-Token": session["csrfToken"]},
        environ_base={"REMOTE_ADDR": browser.address},
    )


def test_eleventh_guess_at_an_account_is_not_looked_at(
    browser_of: Open, maya: User, checked: list[str], addresses: Iterator[str]
) -> None:
    """Wherever it comes from, and even if it is right."""
    answers = [guess(browser_of(next(addresses)), maya.email) for _ in range(LIMIT)]
    assert {answer.status_code for answer in answers} == {401}
    refused = guess(browser_of(next(addresses)), maya.email.upper(), PASSWORD)
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= WINDOW
    assert refused.get_json()["retryAfter"] == int(refused.headers["Retry-After"])
    assert len(checked) == LIMIT


def test_eleventh_guess_from_an_address_is_not_looked_at(
    browser_of: Open, maya: User, checked: list[str]
) -> None:
    """One password for many people."""
    for number in range(LIMIT):
        assert guess(browser_of(), f"person.{number}@test.example").status_code == 401
    assert guess(browser_of(), maya.email, PASSWORD).status_code == 429
    assert guess(browser_of("10.0.0.2"), maya.email, PASSWORD).status_code == 200
    assert len(checked) == LIMIT + 1


def test_refused_address_uses_up_nobodys_tries(browser_of: Open, maya: User) -> None:
    """Else one machine could lock out everybody whose address it knows."""
    for number in range(LIMIT):
        guess(browser_of("10.6.6.6"), f"person.{number}@test.example")
    for _ in range(3 * LIMIT):
        assert guess(browser_of("10.6.6.6"), maya.email).status_code == 429
    assert guess(browser_of(), maya.email, PASSWORD).status_code == 200


def test_form_says_how_long_to_wait_and_keeps_the_address(visitor: Browser, maya: User) -> None:
    for _ in range(LIMIT):
        assert visitor.sign_in(maya.email, "a wrong guess").status_code == 401
    refused = visitor.sign_in(maya.email)
    assert refused.status_code == 429
    assert f"Please try again in {refused.headers['Retry-After']} s." in refused.text
    assert f'value="{maya.email}"' in refused.text


def test_unknown_account_is_throttled_like_a_known_one(
    browser_of: Open, maya: User, addresses: Iterator[str]
) -> None:
    seen = {}
    for email in (maya.email, "nobody@test.example"):
        seen[email] = [guess(browser_of(next(addresses)), email).status_code for _ in range(LIMIT + 3)]
    assert seen[maya.email] == seen["nobody@test.example"] == [401] * LIMIT + [429] * 3


def test_thousand_guesses_are_ten(
    browser_of: Open, maya: User, checked: list[str], addresses: Iterator[str]
) -> None:
    """From a hundred machines, forty of them at once."""
    browsers = [browser_of(next(addresses)) for _ in range(100)]
    for browser in browsers:
        browser.get("/login")

    def guess_often(browser: Browser) -> list[int]:
        return [guess(browser, maya.email, f"guess {number}").status_code for number in range(10)]

    with ThreadPoolExecutor(40) as pool:
        answers = [status for statuses in pool.map(guess_often, browsers) for status in statuses]
    assert len(answers) == 1000
    assert (answers.count(401), answers.count(429)) == (LIMIT, 1000 - LIMIT)
    assert len(checked) == LIMIT


def test_concurrent_right_and_wrong_guesses_cannot_exceed_the_limit(
    browser_of: Open, maya: User, people: People, checked: list[str], addresses: Iterator[str]
) -> None:
    """A try counts from its beginning, and only a right one is given back."""
    browsers = [browser_of(next(addresses)) for _ in range(30)]
    for browser in browsers:
        browser.get("/login")
    tries = list(zip(browsers, [PASSWORD, "a wrong guess", "another"] * 10, strict=True))
    with ThreadPoolExecutor(30) as pool:
        list(pool.map(lambda pair: guess(pair[0], maya.email, pair[1]), tries))
    assert len([password for password in checked if password != PASSWORD]) <= LIMIT


def test_successful_logins_never_count(visitor: Browser, maya: User) -> None:
    for _ in range(3 * LIMIT):
        assert visitor.sign_in(maya.email).status_code == 303


def test_success_forgives_no_failures(browser_of: Open, maya: User, addresses: Iterator[str]) -> None:
    """Signing in to an account of one's own between guesses must not make room for more of them."""
    attacker = next(addresses)
    for _ in range(LIMIT - 1):
        guess(browser_of(attacker), "victim@test.example")
    assert guess(browser_of(attacker), maya.email, PASSWORD).status_code == 200
    assert guess(browser_of(attacker), "victim@test.example").status_code == 401
    assert guess(browser_of(attacker), "victim@test.example").status_code == 429


def test_known_device_is_not_locked_out_by_others(
    browser_of: Open, maya: User, addresses: Iterator[str]
) -> None:
    laptop = browser_of()
    laptop.sign_in(maya.email)
    laptop.submit("/logout")
    for _ in range(5 * LIMIT):
        guess(browser_of(next(addresses)), maya.email)
    for _ in range(LIMIT + 1):
        guess(browser_of(laptop.address), "somebody.else@test.example")
    assert guess(browser_of(next(addresses)), maya.email, PASSWORD).status_code == 429
    assert laptop.sign_in(maya.email).status_code == 303


def test_known_device_has_ten_guesses_too(visitor: Browser, maya: User, checked: list[str]) -> None:
    visitor.sign_in(maya.email)
    visitor.submit("/logout")
    statuses = [guess(visitor, maya.email).status_code for _ in range(LIMIT + 2)]
    assert statuses == [401] * LIMIT + [429] * 2
    assert len(checked) == 1 + LIMIT


def test_device_is_known_for_the_accounts_that_signed_in_there_only(
    browser_of: Open, people: People, maya: User, addresses: Iterator[str]
) -> None:
    """An account of one's own is no way past the limit of another's."""
    attacker = browser_of(next(addresses))
    attacker.sign_in(people.user("Mallory").email)
    attacker.submit("/logout")
    for _ in range(LIMIT):
        guess(browser_of(next(addresses)), maya.email)
    assert guess(attacker, maya.email).status_code == 429


def test_known_device_gets_no_new_tries_with_a_new_cookie(
    visitor: Browser, people: People, maya: User, checked: list[str]
) -> None:
    """Whoever uses the machine after Maya may sign in to accounts of their own, which changes the cookie."""
    own = [people.user(f"Mallory {number}").email for number in range(3)]
    visitor.sign_in(maya.email)
    visitor.submit("/logout")
    for number in range(LIMIT + 5):
        visitor.sign_in(own[number % 3])
        guess(visitor, maya.email)
    assert checked.count("a wrong guess") == LIMIT


@pytest.mark.parametrize("forged", ["", "x", '["a"]', "W10.c2lnbmF0dXJl", "\u00ff", "." * 4000])
def test_forged_device_cookie_makes_no_device_known(browser_of: Open, maya: User, forged: str) -> None:
    for _ in range(LIMIT):
        guess(browser_of(), maya.email)
    thief = browser_of("10.6.6.6")
    thief.http.set_cookie("workhub_device", forged)
    assert guess(thief, maya.email, PASSWORD).status_code == 429


def test_device_cookie_names_nobody(visitor: Browser, maya: User) -> None:
    """It outlives the session, on machines that others use as well."""
    answer = visitor.sign_in(maya.email)
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "workhub_device" in line)
    assert maya.email not in cookie
    assert str(maya.id) not in cookie
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


def test_window_ends(app: Flask, browser_of: Open, maya: User) -> None:
    app.config["LOGIN_WINDOW_SECONDS"] = 1
    for _ in range(LIMIT + 1):
        last = guess(browser_of(), maya.email)
    assert last.status_code == 429
    assert last.headers["Retry-After"] == "1"
    wait_until(lambda: guess(browser_of(), maya.email, PASSWORD).status_code == 200, 5)


def test_malformed_try_is_not_counted(visitor: Browser, maya: User) -> None:
    for _ in range(2 * LIMIT):
        assert visitor.submit("/login", email=maya.email).status_code == 422
    assert visitor.sign_in(maya.email).status_code == 303


class Wrong(Exception):
    """The failure that counts."""


def tries_that_end(error: type[Exception] | None, *keys: str) -> None:
    limit = ratelimit.per_window(2, 300)
    with suppress(Wrong, ZeroDivisionError), ratelimit.counting(Wrong, limit, [(key,) for key in keys]):
        if error is not None:
            raise error


def test_only_the_failure_it_is_about_counts_as_a_try() -> None:
    ratelimit.reset()
    for _ in range(5):
        tries_that_end(None, "key")
        tries_that_end(ZeroDivisionError, "key")
    tries_that_end(Wrong, "key")
    tries_that_end(Wrong, "key")
    with pytest.raises(TooManyRequests):
        tries_that_end(None, "key")
    tries_that_end(None, "another key")


def test_try_refused_for_one_key_costs_nothing_of_the_others() -> None:
    ratelimit.reset()
    for _ in range(2):
        tries_that_end(Wrong, "used up")
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            tries_that_end(Wrong, "other", "used up")
    tries_that_end(Wrong, "other")
