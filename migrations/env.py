"""Runs the migrations as workhub_owner, after making sure that the three roles exist."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine, pool

from app.accounts import models as accounts_models  # noqa: F401  # registers the tables
from app.audit import models as audit_models  # noqa: F401
from app.boards import models as boards_models  # noqa: F401
from app.db import Base, driver_url
from app.mail import models as mail_models  # noqa: F401
from app.notifications import models as notification_models  # noqa: F401
from app.presence import models as presence_models  # noqa: F401
from app.search import models as search_models  # noqa: F401
from migrations.roles import become_owner, ensure_roles


def database_url() -> str:
    given = context.config.attributes.get("url")
    url = given or os.environ.get("MIGRATION_DATABASE_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("Set MIGRATION_DATABASE_URL (a role that may create roles and tables)")
    return str(url)


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Monthly partitions come and go without a migration."""
    return not (
        kind == "table" and name is not None and name.startswith(("activity_", "presence_activity_logs_"))
    )


def run(connection: Connection) -> None:
    ensure_roles(connection)
    become_owner(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("WorkHub migrates a live database only: leave out --sql")
engine = create_engine(driver_url(database_url()), poolclass=pool.NullPool)
with engine.connect() as live:
    run(live)
    live.commit()
