"""Migrations on a database with data in it: up, down to nothing, up again, and models that agree with it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from click.testing import CliRunner
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.orm import Session

from app import cli, demo, migrate

from .conftest import TABLES

if TYPE_CHECKING:
    from tests.support.postgres import TestDatabase

MADE_OF_OTHERS = {"task_words"}  # by their migration too, out of the rows of other tables
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
SHAPE = """
select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
where table_schema = 'public'
union all
select tablename, policyname, cmd, qual, with_check from pg_policies where schemaname = 'public'
union all
select grantee, table_name, column_name, privilege_type, null from information_schema.column_privileges
where table_schema = 'public'
order by 1, 2, 3, 4, 5
"""


@contextmanager
def behind(database: TestDatabase) -> Iterator[Connection]:
    engine = create_engine(database.admin_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection


def counts(database: TestDatabase) -> dict[str, int]:
    with behind(database) as connection:
        tables = connection.scalars(text(TABLES)).all()
        return {table: connection.execute(text(f"select 1 from {table}")).rowcount for table in tables}


def fill(database: TestDatabase) -> None:
    with behind(database) as connection, Session(connection) as session:
        assert demo.seed(session, NOW)
        session.commit()


def shape(database: TestDatabase) -> list[Any]:
    with behind(database) as connection:
        return [tuple(row) for row in connection.execute(text(SHAPE))]


def test_models_and_database_agree(database: TestDatabase) -> None:
    migrate.check(database.admin_url)


def test_drift_is_noticed(database: TestDatabase) -> None:
    """So that the test above means something."""
    with behind(database) as connection:
        connection.execute(text("alter table users add column shoe_size integer"))
        connection.commit()
    with pytest.raises(CommandError, match="shoe_size"):
        migrate.check(database.admin_url)


def test_down_to_nothing_and_up_again_with_data(database: TestDatabase) -> None:
    fill(database)
    before = shape(database)
    assert counts(database)["tasks"] > 20
    migrate.downgrade(database.admin_url, "base")
    assert counts(database) == {"alembic_version": 0}
    assert not migrate.is_current(database.admin_url)
    migrate.upgrade(database.admin_url)
    assert migrate.is_current(database.admin_url)
    assert shape(database) == before
    fill(database)  # everything works as in a database that never went down
    migrate.check(database.admin_url)


def test_each_revision_goes_down_and_up_with_data(database: TestDatabase) -> None:
    """Step by step from the newest; whatever has data in both shapes keeps it."""
    fill(database)
    before, made = counts(database), set()
    scripts = ScriptDirectory.from_config(migrate._config(database.admin_url))
    for script in list(scripts.walk_revisions())[:-1]:  # below the first one there is nothing to keep
        migrate.downgrade(database.admin_url, script.down_revision)
        kept = counts(database)
        made |= before.keys() - kept.keys()
        migrate.upgrade(database.admin_url, script.revision)
        after = counts(database)
        assert {table: after[table] for table in kept} == kept
    migrate.upgrade(database.admin_url)
    made -= MADE_OF_OTHERS
    assert counts(database) == {table: 0 if table in made else rows for table, rows in before.items()}


def test_going_down_before_the_settings_takes_them_and_what_came_later(database: TestDatabase) -> None:
    fill(database)
    before = counts(database)
    assert before["presence_settings"] == 3
    migrate.downgrade(database.admin_url, "0001")
    kept = counts(database)
    assert "presence_settings" not in kept
    assert kept == {table: before[table] for table in kept}


def test_second_upgrade_changes_nothing(database: TestDatabase) -> None:
    fill(database)
    before, rows = shape(database), counts(database)
    migrate.upgrade(database.admin_url)
    assert (shape(database), counts(database)) == (before, rows)


def test_login_role_sees_whether_the_shape_is_the_newest(database: TestDatabase) -> None:
    """The site asks at start, and its role can read no table."""
    assert migrate.is_current(database.url)


def test_there_is_one_newest_revision(database: TestDatabase) -> None:
    scripts = ScriptDirectory.from_config(migrate._config(database.admin_url))
    assert len(scripts.get_heads()) == 1
    assert [script.revision for script in scripts.walk_revisions() if script.module.downgrade is None] == []


def test_command_migrates_the_database_of_the_environment(
    database: TestDatabase, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    migrate.downgrade(database.admin_url, "base")
    monkeypatch.setitem(os.environ, "DATABASE_URL", database.url)
    monkeypatch.setitem(os.environ, "MIGRATION_DATABASE_URL", database.admin_url)
    result = CliRunner().invoke(cli.migrate_command)
    assert result.exit_code == 0, result.output
    assert migrate.is_current(database.url)
