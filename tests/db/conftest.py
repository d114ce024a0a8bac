"""One furnished database for all tests that only look, or that roll back what they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

if TYPE_CHECKING:
    from tests.support.postgres import PostgresForTests, TestDatabase
    from tests.support.world import World

TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1
"""
_BECOME = text("select set_config('role', :role, true), set_config('app.user_id', :user_id, true)")


@dataclass
class Site:
    """`admin` may do anything; `login` is what the site itself connects as."""

    database: TestDatabase
    world: World
    admin: Connection
    login: Connection

    def tables(self) -> list[str]:
        return list(self.admin.scalars(text(TABLES)))

    def look(self, statement: str, **values: Any) -> list[Any]:
        """Behind the scenes."""
        rows = self.admin.execute(text(statement), values).all()
        self.admin.rollback()
        return list(rows)

    @contextmanager
    def acting_as(self, user_id: str | None, role: str = "workhub_app") -> Iterator[Connection]:
        """A transaction as app.db begins it, rolled back at the end; None leaves the identity unset."""
        try:
            if user_id is None:
                self.login.execute(text(f"set local role {role}"))
            else:
                self.login.execute(_BECOME, {"role": role, "user_id": user_id})
            yield self.login
        finally:
            self.login.rollback()


@pytest.fixture(scope="package")
def site(postgres: PostgresForTests) -> Iterator[Site]:
    from tests.support.people import People
    from tests.support.world import World

    database = postgres.create()
    people = People(database.admin_url)
    world = World(people)
    world.furnish()
    admin, login = (create_engine(url, poolclass=NullPool) for url in (database.admin_url, database.url))
    with admin.connect() as behind, login.connect() as front:
        yield Site(database, world, behind, front)
    people.close()
    postgres.drop(database)
