"""Brings a database to the newest shape, through Alembic; also checks that models and database agree.

The address must belong to a role that may create roles and objects (MIGRATION_DATABASE_URL).
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from config import load_settings

from . import embedded
from .db import driver_url

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raises alembic.util.CommandError when the models have drifted from the database."""
    command.check(_config(url))


def is_current(url: str) -> bool:
    """Whether the database has the newest shape; False for an empty one."""
    newest = ScriptDirectory.from_config(_config(url)).get_current_head()
    engine = create_engine(driver_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        if connection.scalar(text("select to_regproc('workhub_revision')")) is None:
            return False  # empty, or migrated down to nothing
        # Alembic's own table is readable by the owner alone.
        return bool(connection.scalar(text("select workhub_revision()")) == newest)


def address() -> str:
    """Where commands migrate: MIGRATION_DATABASE_URL, else DATABASE_URL, else the embedded database."""
    settings = load_settings()
    url = settings.migration_database_url or settings.database_url
    return url or embedded.start(settings.workhub_data_dir).admin_url


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config
