"""Logins become segments in PostgreSQL, in the transactions of accounts, whatever happens at once."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.attendance.conftest import HOUR, MINUTE, NINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.support.api import LocalApi
    from tests.support.people import People

    from .conftest import Office

IDLE = 12 * HOUR


def test_signing_in_and_out_clocks_in_and_out(office: Office, maya: Any) -> None:
    login = office.sign_in(maya)
    assert office.segments(maya) == [(NINE, None, False)]
    office.sign_out(login, NINE + 8 * HOUR)
    assert office.segments(maya) == [(NINE, NINE + 8 * HOUR, False)]


def test_login_counts_in_every_organization_of_the_person(
    office: Office, people: People, maya: Any, acme: Any
) -> None:
    birch = people.organization("Birch")
    people.membership(maya, birch)
    login = office.sign_in(maya)
    assert office.segments(maya, acme) == office.segments(maya, birch) == [(NINE, None, False)]
    office.sign_out(login, NINE + HOUR)
    assert office.segments(maya, acme) == office.segments(maya, birch) == [(NINE, NINE + HOUR, False)]


def test_who_belongs_nowhere_clocks_nowhere(office: Office, people: People) -> None:
    nobody = people.user("Nobody")
    office.sign_out(office.sign_in(nobody), NINE + HOUR)
    assert office.segments(nobody) == []


def test_first_login_of_several_opens_and_the_last_end_closes(office: Office, maya: Any) -> None:
    laptop, phone = office.sign_in(maya), office.sign_in(maya, NINE + HOUR)
    office.sign_out(laptop, NINE + 2 * HOUR)
    assert office.segments(maya) == [(NINE, None, False)]
    office.sign_out(phone, NINE + 3 * HOUR)
    assert office.segments(maya) == [(NINE, NINE + 3 * HOUR, False)]


def test_signing_in_anew_in_the_same_browser_does_not_split(
    office: Office, client: Callable[..., LocalApi], maya: Any
) -> None:
    browser = client(maya.email)
    browser.sign_in(maya.email)
    assert [out for _, out, _ in office.segments(maya)] == [None]


def test_somebody_else_in_the_same_browser_clocks_the_first_one_out(
    office: Office, client: Callable[..., LocalApi], people: People, maya: Any, acme: Any
) -> None:
    omar, browser = people.user("Omar", acme), client(maya.email)
    browser.sign_in(omar.email)
    [(_, out, automatic)] = office.segments(maya)
    assert (out is None, automatic) == (False, False)
    assert [out for _, out, _ in office.segments(omar)] == [None]


@pytest.mark.parametrize("reason", ["ended", "disabled", "expired"])
def test_login_that_others_end_closes_at_the_last_activity(office: Office, maya: Any, reason: str) -> None:
    login = office.sign_in(maya)
    office.touch(login, NINE + 3 * HOUR)
    office.sign_out(login, NINE + 5 * HOUR, reason)
    assert office.segments(maya) == [(NINE, NINE + 3 * HOUR, True)]


def test_ending_a_login_elsewhere_leaves_the_segment_to_the_others(office: Office, maya: Any) -> None:
    laptop, phone = office.sign_in(maya), office.sign_in(maya, NINE + MINUTE)
    office.sign_out(laptop, NINE + HOUR, "ended")
    assert office.segments(maya) == [(NINE, None, False)]
    office.sign_out(phone, NINE + 2 * HOUR)
    assert office.segments(maya) == [(NINE, NINE + 2 * HOUR, False)]


# Joining and leaving an organization


def test_who_joins_while_signed_in_is_clocked_in_there_at_once(
    office: Office, people: People, maya: Any, acme: Any
) -> None:
    birch, elm = people.organization("Birch"), people.organization("Elm")
    office.join(maya, elm, at=NINE - HOUR)  # not signed in yet
    login = office.sign_in(maya)
    office.join(maya, birch, at=NINE + HOUR)
    assert office.segments(maya, elm) == office.segments(maya, acme) == [(NINE, None, False)]
    assert office.segments(maya, birch) == [(NINE + HOUR, None, False)]
    office.sign_out(login, NINE + 2 * HOUR)
    assert office.segments(maya, birch) == [(NINE + HOUR, NINE + 2 * HOUR, False)]


def test_leaving_or_being_removed_clocks_out_there_only(
    office: Office, people: People, maya: Any, acme: Any, adam: Any
) -> None:
    birch = people.organization("Birch")
    office.join(maya, birch, at=NINE)
    office.touch(office.sign_in(maya), NINE + HOUR)
    office.leave(maya, birch, at=NINE + 2 * HOUR, by=maya)
    office.leave(maya, acme, at=NINE + 2 * HOUR, by=adam)
    assert office.segments(maya, birch) == [(NINE, NINE + 2 * HOUR, False)]
    assert office.segments(maya, acme) == [(NINE, NINE + HOUR, True)]
    office.join(maya, acme, at=NINE + 3 * HOUR)
    assert office.segments(maya, acme)[1:] == [(NINE + 3 * HOUR, None, False)]


# Sweeping


def test_forgotten_logout_closes_at_the_last_activity(office: Office, maya: Any) -> None:
    login = office.sign_in(maya)
    office.touch(login, NINE + 8 * HOUR)
    assert office.sweep(NINE + 8 * HOUR + IDLE - MINUTE) == 0
    assert office.sweep(NINE + 8 * HOUR + IDLE) == 1
    assert office.segments(maya) == [(NINE, NINE + 8 * HOUR, True)]
    assert office.sweep(NINE + 9 * HOUR + IDLE) == 0


def test_pause_shorter_than_a_login_lives_splits_nothing(office: Office, maya: Any) -> None:
    login = office.sign_in(maya)
    for hours in (1, 5, 6):
        assert office.sweep(NINE + hours * HOUR) == 0
        office.touch(login, NINE + hours * HOUR)
    assert office.segments(maya) == [(NINE, None, False)]


def test_expired_login_is_swept_however_active_it_was(office: Office, maya: Any) -> None:
    login, end = office.sign_in(maya), NINE + 7 * 24 * HOUR
    office.touch(login, end - MINUTE)
    assert office.sweep(end) == 1
    assert office.segments(maya) == [(NINE, end - MINUTE, True)]


@pytest.mark.parametrize(
    "happening",
    [
        "update users set disabled_at = now() where id = :user",
        "delete from memberships where user_id = :user",
        "update user_sessions set is_active = false where user_id = :user",
    ],
    ids=["disabled", "left the organization", "ended by hand"],
)
def test_sweep_finds_what_nobody_told(office: Office, maya: Any, happening: str) -> None:
    office.touch(office.sign_in(maya), NINE + HOUR)
    office.backstage.run(happening, user=maya.id)
    assert office.sweep(NINE + 2 * HOUR) == 1
    assert office.segments(maya) == [(NINE, NINE + HOUR, True)]


def test_login_after_a_crash_closes_the_old_segment_and_opens_a_new_one(office: Office, maya: Any) -> None:
    office.touch(office.sign_in(maya), NINE + HOUR)
    tomorrow = NINE + 24 * HOUR
    office.sign_in(maya, tomorrow)
    assert office.segments(maya) == [(NINE, NINE + HOUR, True), (tomorrow, None, False)]


def test_login_within_a_crashed_one_goes_on_with_its_segment(office: Office, maya: Any) -> None:
    """The browser died; the person is back before anybody could take the old login for dead."""
    office.sign_in(maya)
    back = office.sign_in(maya, NINE + HOUR)
    office.sign_out(back, NINE + 2 * HOUR)
    assert office.segments(maya) == [(NINE, None, False)]
    assert office.sweep(NINE + IDLE) == 1
    assert office.segments(maya) == [(NINE, NINE + 2 * HOUR, True)]


def test_clock_set_back_counts_nothing_twice(office: Office, maya: Any) -> None:
    office.sign_out(office.sign_in(maya), NINE + 2 * HOUR)
    again = office.sign_in(maya, NINE + HOUR)
    office.sign_out(again, NINE + HOUR + MINUTE)
    end = NINE + 2 * HOUR
    assert office.segments(maya) == [(NINE, end, False), (end, end, False)]


# At the same moment


def test_fifty_logins_at_once_open_one_segment(
    office: Office, maya: Any, at_once: Callable[..., None]
) -> None:
    at_once([partial(office.sign_in, maya, NINE) for _ in range(50)])
    assert office.segments(maya) == [(NINE, None, False)]
    assert len(office.backstage.run("select from user_sessions")) == 50


def test_login_told_five_times_opens_one_segment(app: Flask, office: Office, maya: Any) -> None:
    from app.accounts.service import signed_in
    from app.db import service_work

    login = office.sign_in(maya)
    for _ in range(5):
        with service_work() as session:
            signed_in.send(None, session=session, user_id=maya.id, session_id=login, now=NINE)
    assert office.segments(maya) == [(NINE, None, False)]
    for _ in range(5):
        office.sign_out(login, NINE + HOUR)
    assert office.segments(maya) == [(NINE, NINE + HOUR, False)]


@pytest.mark.parametrize("seed", range(5))
def test_whoever_has_a_login_left_after_a_race_is_clocked_in(
    office: Office, maya: Any, at_once: Callable[..., None], seed: int
) -> None:
    """Logins, logouts and two sweeps at once, three times over; nobody is lost and nothing overlaps."""
    chance, now, logins = Random(seed), NINE, [office.sign_in(maya)]
    for _ in range(3):
        now += HOUR
        ending = [login for login in logins if chance.random() < 0.7]
        coming = [partial(office.sign_in, maya, now) for _ in range(chance.randint(0, 2))]
        leaving = [partial(office.sign_out, login, now) for login in ending]
        at_once([*coming, *leaving, *[partial(office.sweep, now)] * 2])
        rows = office.backstage.run("select id from user_sessions where is_active")
        logins = [row[0] for row in rows]
        segments = office.segments(maya)
        assert [out for _, out, _ in segments].count(None) == bool(logins)
        for (_, out, _), (begin, _, _) in pairwise(segments):
            assert out <= begin


def test_two_sweeps_at_once_close_everything_once(
    office: Office, people: People, acme: Any, at_once: Callable[..., None]
) -> None:
    crowd = people.users(30, acme)
    for user in crowd:
        office.sign_in(user)
    closed: list[int] = []
    at_once([lambda: closed.append(office.sweep(NINE + IDLE)) for _ in range(3)])
    closed.append(office.sweep(NINE + IDLE))
    assert sum(closed) == 30
    assert {office.segments(user)[0] for user in crowd} == {(NINE, NINE, True)}


def test_login_that_fails_clocks_nobody_in(office: Office, maya: Any) -> None:
    """Both or none: they are one transaction."""
    from app.accounts import service
    from app.accounts.policy import SessionLimits
    from app.db import service_work

    limits = SessionLimits(IDLE, IDLE)
    with pytest.raises(RuntimeError), service_work() as session:
        service.open_session(
            session, user=maya, now=NINE, limits=limits, device="desktop", client=None, address=None
        )
        raise RuntimeError
    assert office.segments(maya) == []
    assert office.backstage.run("select from user_sessions") == []


# What the database itself refuses


@pytest.mark.parametrize(
    "statement",
    [
        "insert into attendance_logs (id, organization_id, user_id, clock_in_at)"
        " select gen_random_uuid(), organization_id, user_id, now() from attendance_logs",
        "update attendance_logs set clock_out_at = clock_in_at - interval '1 second'",
    ],
    ids=["second open segment", "end before the beginning"],
)
def test_database_refuses(office: Office, maya: Any, statement: str) -> None:
    office.sign_in(maya)
    with pytest.raises(IntegrityError):
        office.backstage.run(statement)


def test_summary_tells_hours_and_state(office: Office, maya: Any, people: People, acme: Any) -> None:
    from app.db import unit_of_work

    office.sign_out(office.sign_in(maya), NINE + 90 * MINUTE)
    omar = people.user("Omar", acme)
    office.sign_in(omar)
    statement = text(
        "select agent_name, agent_email, hours_worked, status, seconds_worked > 0 from attendance_summary"
    )
    with unit_of_work(maya.id) as session:
        assert [tuple(row) for row in session.execute(statement)] == [
            ("Maya", maya.email, 1.5, "COMPLETED", True)
        ]
    with unit_of_work(omar.id) as session:
        [(name, *_, status, _)] = session.execute(statement)
        assert (name, status) == ("Omar", "ACTIVE")


def test_command_says_what_it_did_and_may_run_twice(app: Flask, office: Office, maya: Any) -> None:
    office.sign_in(maya)
    run = app.test_cli_runner().invoke
    assert "1 attendance sessions closed" in run(args=["cleanup-attendance"]).output
    assert "0 attendance sessions closed" in run(args=["cleanup-attendance"]).output
