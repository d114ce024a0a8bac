"""The three roles of a WorkHub database; roles belong to the cluster, so they outlive a downgrade.

workhub_owner owns and migrates; workhub_app serves people's requests; workhub_service does the site's own
work. The login role of DATABASE_URL may become the latter two and has no rights of its own.
"""

import os

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

EMBEDDED_LOGIN = "workhub"
_CREATE = """
do $$ begin
    if not exists (select from pg_roles where rolname = '{role}') then
        create role {role} nologin noinherit;
    end if;
exception when duplicate_object or unique_violation then null;  -- another migration made it just now
end $$"""


def ensure_roles(connection: Connection) -> None:
    for role in ("workhub_owner", "workhub_app", "workhub_service"):
        connection.execute(text(_CREATE.format(role=role)))
    quote = connection.dialect.identifier_preparer.quote
    login = _login_role()
    if connection.scalar(text("select true from pg_roles where rolname = :login"), {"login": login}):
        for role in ("workhub_app", "workhub_service"):
            member = text("select pg_has_role(cast(:login as name), cast(:role as name), 'member')")
            if not connection.scalar(member, {"login": login, "role": role}):
                connection.execute(text(f"grant {role} to {quote(login)}"))
    database = quote(str(connection.scalar(text("select current_database()"))))
    connection.execute(text(f"grant connect, temporary on database {database} to {quote('workhub_owner')}"))
    connection.execute(text("grant usage, create on schema public to workhub_owner"))
    connection.execute(text("grant usage on schema public to workhub_app, workhub_service"))
    connection.commit()


def become_owner(connection: Connection) -> None:
    if not connection.scalar(text("select pg_has_role(current_user, 'workhub_owner', 'member')")):
        connection.execute(text("grant workhub_owner to current_user"))
    connection.execute(text("set role workhub_owner"))
    connection.commit()


def _login_role() -> str:
    url = os.environ.get("DATABASE_URL")
    return (make_url(url).username if url else None) or EMBEDDED_LOGIN
