"""Logins at moments of the test's choice, opened and ended by accounts, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.presence.backstage import Backstage

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.api import LocalApi
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Office:
    """`at` a moment somebody signs in, does something, or signs out."""

    def __init__(self, app: Flask, backstage: Backstage) -> None:
        self._limits = app.extensions["identifier"].limits
        self.backstage = backstage

    def sign_in(self, user: Any, at: datetime = NINE) -> UUID:
        from app.accounts import service
        from app.accounts.models import UserSession
        from app.db import service_work

        with service_work() as session:
            token = service.open_session(
                session, user=user, now=at, limits=self._limits, device="desktop", client=None, address=None
            )
            found = session.query(UserSession.id).filter_by(session_token=service.token_hash(token))
            session_id: UUID = found.scalar()
        return session_id

    def touch(self, login: UUID, at: datetime) -> None:
        from app.accounts import service
        from app.db import service_work

        with service_work() as session:
            service.touch_sessions(session, session_ids=[login], now=at)

    def sign_out(self, login: UUID, at: datetime, reason: str = "signed_out") -> None:
        from app.accounts import service
        from app.db import service_work

        with service_work() as session:
            service.end_session(session, session_id=login, now=at, reason=reason)

    def join(self, user: Any, organization: Any, at: datetime) -> None:
        from app.accounts.models import Membership
        from app.accounts.organizations import membership_began
        from app.db import service_work

        whose = {"organization_id": organization.id, "user_id": user.id}
        with service_work() as session:
            session.add(Membership(**whose, role="member"))
            session.flush()
            membership_began.send(None, session=session, now=at, **whose)

    def leave(self, user: Any, organization: Any, at: datetime, by: Any) -> None:
        from app.accounts.models import Membership
        from app.accounts.organizations import membership_ended
        from app.db import service_work

        whose = {"organization_id": organization.id, "user_id": user.id}
        with service_work() as session:
            session.query(Membership).filter_by(**whose).delete()
            membership_ended.send(None, session=session, actor_id=by.id, now=at, **whose)

    def sweep(self, at: datetime) -> int:
        from app.attendance import clocking
        from app.db import service_work

        with service_work() as session:
            return clocking.close_dead_segments(session, now=at, limits=self._limits)

    def attend(self, user: Any, organization: Any, *times: tuple[datetime, datetime | None]) -> list[UUID]:
        """Segments as clocking would have written them; answers their ids."""
        from app.attendance.models import AttendanceLog, AttendancePerson
        from app.db import new_id, service_work

        whose = {"organization_id": organization.id, "user_id": user.id}
        ids = [new_id() for _ in times]
        with service_work() as session:
            session.merge(AttendancePerson(**whose, name=user.name, email=user.email))
            session.flush()
            session.add_all(
                AttendanceLog(id=id, **whose, clock_in_at=begin, clock_out_at=end)
                for id, (begin, end) in zip(ids, times, strict=True)
            )
        return ids

    def segments(self, user: Any, organization: Any = None) -> list[tuple[Any, ...]]:
        """(clock in, clock out, closed automatically), oldest first."""
        return self.backstage.run(
            "select clock_in_at, clock_out_at, closed_automatically from attendance_logs"
            " where user_id = :user and organization_id = coalesce(:organization, organization_id)"
            " order by clock_in_at, clock_out_at",
            user=user.id,
            organization=organization and organization.id,
        )


@pytest.fixture
def backstage(database: TestDatabase) -> Backstage:
    return Backstage(database.admin_url)


@pytest.fixture
def office(app: Flask, backstage: Backstage) -> Iterator[Office]:
    yield Office(app, backstage)


@pytest.fixture
def acme(people: People) -> Any:
    return people.organization("Acme", time_zone="Europe/Berlin")


@pytest.fixture
def maya(people: People, acme: Any) -> Any:
    return people.user("Maya", acme)


@pytest.fixture
def adam(people: People, acme: Any) -> Any:
    return people.user("Adam", acme, "admin")


@pytest.fixture
def as_adam(client: Callable[[str], LocalApi], adam: Any) -> LocalApi:
    return client(adam.email)


@pytest.fixture
def as_maya(client: Callable[[str], LocalApi], maya: Any) -> LocalApi:
    return client(maya.email)


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the wall clock of the application."""
    from app.clock import clock

    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def at_once() -> Callable[[list[Callable[[], object]]], None]:
    """Runs all of them in threads that start together, until each is served; raises what any raised."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from tests.support.patience import until_served

    def run(acts: list[Callable[[], object]]) -> None:
        barrier = Barrier(len(acts))

        def act(do: Callable[[], object]) -> None:
            barrier.wait(30)
            until_served(do)

        with ThreadPoolExecutor(len(acts)) as pool:
            for outcome in [pool.submit(act, do) for do in acts]:
                outcome.result()

    return run
