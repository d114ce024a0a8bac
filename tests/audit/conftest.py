"""An organization with somebody in it, and a look at what its trail holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from app import db
from app.audit import verify

if TYPE_CHECKING:
    from uuid import UUID

    from tests.support.people import People
    from tests.support.postgres import TestDatabase

NOW = datetime(2026, 3, 4, 9, 30, 0, 123000, tzinfo=UTC)


@dataclass
class Trail:
    """`admin` may do anything to the database, as its owner can."""

    url: str

    @contextmanager
    def admin(self) -> Iterator[Connection]:
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            yield connection

    def rows(self, organization_id: UUID) -> list[Any]:
        in_order = text("select * from audit_events where organization_id = :id order by seq")
        with self.admin() as connection:
            return list(connection.execute(in_order, {"id": organization_id}))

    def actions(self, organization_id: UUID) -> list[str]:
        return [row.action for row in self.rows(organization_id)]


def broken() -> list[verify.Verdict]:
    return [verdict for verdict in verify.verdicts() if verdict.problem]


@pytest.fixture
def connected(database: TestDatabase) -> Iterator[None]:
    """For tests of services without an application around them."""
    db.database.connect(database.url)
    yield
    db.database.close()


@pytest.fixture
def trail(database: TestDatabase) -> Trail:
    return Trail(database.admin_url)


@pytest.fixture
def acme(people: People) -> Any:
    return people.organization("Acme")


@pytest.fixture
def maya(people: People, acme: Any) -> Any:
    return people.user("Maya", acme)
