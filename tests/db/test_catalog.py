"""What must hold for every table, view, function and role, whoever added it: read from the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Site

IN_PUBLIC = "relnamespace = 'public'::regnamespace"
SECRET_COLUMNS = (
    ("users", "password_hash"),
    ("user_sessions", "session_token"),
    ("access_tokens", "token_hash"),
)
ROLES = ("workhub", "workhub_app", "workhub_service", "workhub_owner")
# Asked at start by the login role itself; answers the name of a revision.
FOR_EVERYBODY = {"workhub_revision"}


def names(site: Site, statement: str) -> set[str]:
    return {row[0] for row in site.look(statement)}


def test_every_table_and_partition_forces_row_level_security(site: Site) -> None:
    tables = f"select relname from pg_class where {IN_PUBLIC} and relkind in ('r', 'p', 'f')"
    forced = f"{tables} and relrowsecurity and relforcerowsecurity"
    assert names(site, tables) - names(site, forced) == set()
    assert len(names(site, forced)) > 15


@pytest.mark.parametrize(
    ("function", "table"),
    [
        ("ensure_activity_partitions", "activity"),
        ("ensure_activity_log_partitions", "presence_activity_logs"),
    ],
)
def test_partition_made_later_is_as_strict_as_the_first(site: Site, function: str, table: str) -> None:
    """By the function that makes them every month; the transaction is rolled back."""
    with site.acting_as("", "workhub_service") as connection:
        made = connection.exec_driver_sql(f"select {function}('2031-01-01', 2)").scalar()
        strict = connection.exec_driver_sql(
            f"select count(*) from pg_class where relname like '{table}_2031%%' and relkind = 'r'"
            " and relrowsecurity and relforcerowsecurity"
            " and not has_table_privilege('workhub_app', oid, 'select')"
            " and not has_any_column_privilege('workhub_app', oid, 'select')"
        ).scalar()
    assert (made, strict) == (2, 2)


def test_no_view_shows_what_its_owner_sees(site: Site) -> None:
    views = f"""select relname from pg_class where {IN_PUBLIC} and (relkind = 'm' or relkind = 'v'
                and not coalesce(reloptions::text like '%security_invoker=true%', false))"""
    assert names(site, views) == set()


@pytest.mark.parametrize("role", ROLES)
def test_role_cannot_step_around_the_policies(site: Site, role: str) -> None:
    rights = site.look(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolinherit, rolcanlogin"
        " from pg_roles where rolname = :role",
        role=role,
    )
    assert [tuple(row) for row in rights] == [(False,) * 6 + (role == "workhub",)]


def test_roles_that_serve_own_nothing(site: Site) -> None:
    for catalog, owner in (
        ("pg_class", "relowner"),
        ("pg_proc", "proowner"),
        ("pg_namespace", "nspowner"),
        ("pg_database", "datdba"),
        ("pg_type", "typowner"),
    ):
        owners = names(site, f"select distinct {owner}::regrole::text from {catalog}")
        assert owners & {"workhub", "workhub_app", "workhub_service"} == set(), catalog


def test_login_may_become_app_or_service_and_nobody_else(site: Site) -> None:
    memberships = """select m.member::regrole || ' -> ' || m.roleid::regrole from pg_auth_members m
                     where m.member::regrole::text in ('workhub', 'workhub_app', 'workhub_service')"""
    assert names(site, memberships) == {"workhub -> workhub_app", "workhub -> workhub_service"}


def test_request_role_has_no_right_that_row_level_security_does_not_watch(site: Site) -> None:
    watched_by_none = ["truncate", "references", "trigger", "maintain"]
    for role in ("workhub", "workhub_app", "workhub_service", "public"):
        for right in watched_by_none:
            having = f"select relname from pg_class where {IN_PUBLIC} and relkind in ('r', 'p') and "
            assert names(site, f"{having} has_table_privilege('{role}', oid, '{right}')") == set(), right


def test_public_has_no_right_on_any_table(site: Site) -> None:
    rights = "select", "insert", "update", "delete"
    having = " or ".join(f"has_table_privilege('public', oid, '{right}')" for right in rights)
    having += " or " + " or ".join(f"has_any_column_privilege('public', oid, '{r}')" for r in rights[:3])
    tables = f"select relname from pg_class where {IN_PUBLIC} and relkind in ('r', 'p', 'v', 'm', 'S')"
    assert names(site, f"{tables} and ({having})") == set()


@pytest.mark.parametrize(("table", "column"), SECRET_COLUMNS)
def test_request_role_cannot_read_a_secret_column(site: Site, table: str, column: str) -> None:
    """Not even of the person's own row, and not by any right on the table as a whole."""
    reads = f"select has_column_privilege('workhub_app', '{table}', '{column}', 'select')"
    writes = f"select has_column_privilege('workhub_app', '{table}', '{column}', 'update, insert')"
    assert [tuple(row) for row in site.look(f"{reads} union all {writes}")] == [(False,), (False,)]


def test_column_added_later_is_unreadable_until_it_is_granted(site: Site) -> None:
    """Tables with secrets are granted column by column: a right on the table would show the next one too."""
    for table in {table for table, _ in SECRET_COLUMNS}:
        granted = f"select has_table_privilege('workhub_app', '{table}', 'select')"
        assert [tuple(row) for row in site.look(granted)] == [(False,)]


def test_functions_that_run_as_the_owner_fix_their_search_path(site: Site) -> None:
    """Otherwise a table of the caller's in pg_temp would stand before the real one."""
    definers = """select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"""
    fixed = f"{definers} and 'search_path=public, pg_temp' = any(proconfig)"
    assert len(names(site, definers)) >= 9
    assert names(site, definers) == names(site, fixed)


def test_functions_are_nobodys_until_granted(site: Site) -> None:
    callable_by = """select proname from pg_proc where pronamespace = 'public'::regnamespace
                     and has_function_privilege('{}', oid, 'execute')"""
    assert names(site, callable_by.format("public")) == FOR_EVERYBODY
    assert names(site, callable_by.format("workhub")) == FOR_EVERYBODY
    for function in ("ensure_activity_partitions", "ensure_activity_log_partitions"):
        assert function not in names(site, callable_by.format("workhub_app"))


def test_nobody_who_serves_may_create_objects(site: Site) -> None:
    for role in ("workhub", "workhub_app", "workhub_service", "public"):
        may = f"select has_schema_privilege('{role}', 'public', 'create')"
        assert [tuple(row) for row in site.look(may)] == [(False,)], role


def test_policies_ask_once_for_each_statement(site: Site) -> None:
    """A bare call in a policy runs once for each row: 50 ms instead of 3 over 200,000 rows."""
    policies = site.look(
        "select tablename, policyname, coalesce(qual, '') || ' ' || coalesce(with_check, '') as rule"
        " from pg_policies where schemaname = 'public' and 'workhub_app' = any(roles)"
    )
    assert len(policies) > 10
    for policy in policies:
        assert policy.rule.count("current_user_id()") == policy.rule.count("SELECT current_user_id()"), policy
