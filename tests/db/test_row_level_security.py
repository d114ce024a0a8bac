"""The whole matrix in PostgreSQL itself: every table x verb x person, in the role that serves requests.

Tables come from the catalog, so a new one fails here until somebody says who may do what with it. Each row
belongs to a slice (whose it is); a cell of the matrix names the slices that person reaches, "mine" being
the rows about themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, text

from tests.support.world import ACME, EVERYBODY, ON_BOARD, UNDECIDED

from .rows import DENIED, ORDER, Rows, try_

if TYPE_CHECKING:
    from .conftest import Site

NOBODY = "without identity"
PERSONS = (*EVERYBODY, NOBODY)
Cells = dict[str, str]


def acme(slices: str, **others: str) -> Cells:
    """The same for everybody of Acme; keywords name who differs (`birch_owner` has no hyphen)."""
    return {**dict.fromkeys(ACME, slices), **{name.replace("_", " "): cell for name, cell in others.items()}}


ALL_DENIED = dict.fromkeys(PERSONS, DENIED)
ONLY_MINE = dict.fromkeys(EVERYBODY, "mine")
OF_THE_DECIDED = {name: cell for name, cell in ONLY_MINE.items() if name != UNDECIDED}
# Lists and tasks: whoever is on the board, for every verb.
CONTENT = {**dict.fromkeys(ON_BOARD, "launch"), "colleague": "private", "birch owner": "birch"}
WROTE = dict.fromkeys((*ON_BOARD, "colleague", "birch owner"), "mine")
HEADS = {"head": "launch", "colleague": "private", "birch owner": "birch"}
RUN_ACME = dict.fromkeys(("owner", "admin"), "launch private")
PUT_AND_TAKEN = {"select": CONTENT, "insert": CONTENT, "update": ALL_DENIED, "delete": CONTENT}
WATCHING = dict.fromkeys(("head", "colleague", "birch owner"), "mine")
READ_ONLY = {"insert": ALL_DENIED, "update": ALL_DENIED, "delete": ALL_DENIED}
PRESENT = dict.fromkeys((*ON_BOARD, "removed", "colleague", "birch owner"), "mine")
RUN_ATTENDANCE = {**dict.fromkeys(("owner", "admin"), "mine launch acme"), "birch owner": "mine guest"}
ATTENDANCE = {**acme("mine", guest="mine"), **RUN_ATTENDANCE}
# As themselves, about anybody in their organization.
WRITE_ATTENDANCE = {**dict.fromkeys(("owner", "admin"), "launch acme"), "birch owner": "guest birch"}
HARMLESS = {  # something that changes where the first text of the table may not be changed
    "access_tokens": "revoked_at = now()",
    "attendance_logs": "version = version + 1",
    "attendance_deletions": "undone_at = now()",
    "attendance_locks": "changed_at = now()",
    "notifications": "read_at = now()",
    "notification_preferences": "updated_at = now()",
}
MATRIX: dict[str, dict[str, Cells]] = {
    "organizations": {"select": acme("acme", birch_owner="birch", guest="acme birch"), **READ_ONLY},
    "users": {
        "select": {
            **acme("mine launch acme guest", birch_owner="mine guest", guest="mine launch birch"),
            **dict.fromkeys(("colleague", "removed"), "mine launch acme"),
            "nobody": "mine",
        },
        **READ_ONLY,
    },
    "memberships": {
        "select": acme("mine launch acme", birch_owner="mine guest", guest="mine launch birch"),
        **READ_ONLY,
    },
    "user_sessions": {"select": ONLY_MINE, **READ_ONLY},
    "access_tokens": {  # revoked by their person, made by the site
        "select": ONLY_MINE,
        "insert": ALL_DENIED,
        "update": ONLY_MINE,
        "delete": ALL_DENIED,
    },
    "calendar_feeds": {"select": ONLY_MINE, **READ_ONLY},  # made and ended by the site
    # By default those see it who share a board.
    "user_last_seen": {
        "select": {
            **ONLY_MINE,
            **dict.fromkeys(ON_BOARD, "mine launch guest"),
            "guest": "mine launch",
        },
        **READ_ONLY,
    },
    "presence_settings": {
        "select": OF_THE_DECIDED,
        "insert": {UNDECIDED: "acme"},
        "update": OF_THE_DECIDED,
        "delete": ALL_DENIED,
    },
    "boards": {
        "select": {**CONTENT, **RUN_ACME},
        "insert": acme("launch private", birch_owner="birch", guest="birch"),  # of one's organization
        "update": HEADS,
        "delete": HEADS,
    },
    "board_members": {
        "select": {
            **RUN_ACME,
            **dict.fromkeys(ON_BOARD, "mine launch"),
            **dict.fromkeys(("colleague", "birch owner"), "mine"),
        },
        "insert": {**RUN_ACME, **HEADS},
        "update": {**RUN_ACME, "head": "mine launch", **dict.fromkeys(("colleague", "birch owner"), "mine")},
        "delete": {
            **RUN_ACME,
            **dict.fromkeys((*ON_BOARD, "colleague", "birch owner"), "mine"),  # anybody may leave
            "head": "mine launch",
        },
    },
    "lists": dict.fromkeys(("select", "insert", "update", "delete"), CONTENT),
    "tasks": dict.fromkeys(("select", "insert", "update", "delete"), CONTENT),
    "comments": {
        "select": {
            **dict.fromkeys(ON_BOARD, "mine launch"),
            **dict.fromkeys(("colleague", "birch owner"), "mine"),
        },
        "insert": CONTENT,
        "update": WROTE,
        "delete": {**WROTE, "head": "mine launch"},
    },
    "comment_versions": {  # written by who edits, and the last on the board's comments is the guest's
        **READ_ONLY,
        "select": CONTENT,
        "insert": {"guest": "launch", "colleague": "private", "birch owner": "birch"},
    },
    "labels": dict.fromkeys(("select", "insert", "update", "delete"), CONTENT),
    "checklist_items": dict.fromkeys(("select", "insert", "update", "delete"), CONTENT),
    "task_labels": PUT_AND_TAKEN,
    "task_assignees": PUT_AND_TAKEN,
    "task_links": PUT_AND_TAKEN,
    "task_events": {**READ_ONLY, "select": CONTENT, "insert": CONTENT},
    "task_watchers": {  # nobody stops another from watching
        "select": {**CONTENT, **WATCHING},
        "insert": CONTENT,
        "update": ALL_DENIED,
        "delete": WATCHING,
    },
    "task_words": dict.fromkeys(("select", "insert", "update", "delete"), ALL_DENIED),  # search_tasks() reads
    "notifications": {  # of boards one is on; read by their person, made by the site
        "select": WROTE,
        "insert": ALL_DENIED,
        "update": WROTE,
        "delete": ALL_DENIED,
    },
    "notification_preferences": {
        "select": OF_THE_DECIDED,
        "insert": {UNDECIDED: "acme"},
        "update": OF_THE_DECIDED,
        "delete": ALL_DENIED,
    },
    "outgoing_mails": dict.fromkeys(("select", "insert", "update", "delete"), ALL_DENIED),
    "activity": {"select": {**PRESENT, "head": "mine launch"}, **READ_ONLY},
    # Whoever was removed is no contact any more; what heads saw of them is history.
    "board_presence": {"select": {**PRESENT, "head": "mine some launch"}, **READ_ONLY},
    "audit_events": {
        "select": {
            **acme("mine", birch_owner="mine birch", guest="mine"),
            **dict.fromkeys(("owner", "admin"), "mine acme"),
        },
        **READ_ONLY,
    },
    "audit_tips": {"select": ALL_DENIED, **READ_ONLY},
    "presence_activity_logs": {
        "select": {
            **acme("mine", birch_owner="mine guest", guest="mine"),
            **dict.fromkeys(("owner", "admin"), "mine launch acme"),
        },
        **READ_ONLY,
    },
    "attendance_logs": {"select": ATTENDANCE, **READ_ONLY, "update": RUN_ATTENDANCE},
    "attendance_people": {"select": ATTENDANCE, **READ_ONLY},
    "attendance_corrections": {"select": ATTENDANCE, **READ_ONLY, "insert": WRITE_ATTENDANCE},
    "attendance_deletions": {
        "select": RUN_ATTENDANCE,
        "insert": WRITE_ATTENDANCE,
        "update": RUN_ATTENDANCE,
        "delete": ALL_DENIED,
    },
    "attendance_locks": {
        "select": acme("acme"),
        "insert": {"birch owner": "birch"},  # Acme has one
        "update": dict.fromkeys(("owner", "admin"), "acme"),
        "delete": ALL_DENIED,
    },
    "invitations": {
        "select": {**dict.fromkeys(("owner", "admin"), "acme"), "birch owner": "birch"},
        **READ_ONLY,
    },
    "board_invitations": {"select": {**RUN_ACME, **HEADS}, **READ_ONLY},
    "password_resets": dict.fromkeys(("select", "insert", "update", "delete"), ALL_DENIED),
    "server_processes": dict.fromkeys(("select", "insert", "update", "delete"), ALL_DENIED),
    "alembic_version": dict.fromkeys(("select", "insert", "update", "delete"), ALL_DENIED),
}
PARTITIONS = dict.fromkeys(("select", "insert", "update", "delete"), ALL_DENIED)  # only through their parent


def reached(connection: Connection, rows: Rows, verb: str, me: Any) -> str:
    keys, table = ", ".join(rows.key), rows.table
    if verb == "insert":
        return inserted(connection, rows, me)
    word = "busy" if table == "presence_settings" else "member"  # its check allows few
    value = f"{rows.texts[0]} = '{word}'" if rows.texts else f"{rows.key[0]} = {rows.key[0]}"
    value = HARMLESS.get(table, value)
    doing = {"select": "", "update": f"update {table} set {value}", "delete": f"delete from {table}"}[verb]
    found = try_(connection, f"{doing} returning {keys}" if doing else f"select {keys} from {table}")
    if doing:
        # Without `returning` the select policy is not asked: the others must hold alone.
        assert try_(connection, doing) == (found if found == DENIED else len(found)), table
    return DENIED if found == DENIED else rows.slices_for(me, found)


def inserted(connection: Connection, rows: Rows, me: Any) -> str:
    taken = []
    for name, row in rows.copies(me).items():
        columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
        statement = f"insert into {rows.table} ({columns}) values ({values})"
        if try_(connection, statement, row) == 1:
            taken.append(name)
    may_try = f"select has_any_column_privilege('workhub_app', '{rows.table}', 'insert')"
    if not taken and not connection.scalar(text(may_try)):
        return DENIED
    return " ".join(sorted(taken, key=ORDER.index))


@pytest.fixture(scope="module")
def contents(site: Site) -> dict[str, Rows]:
    return {table: Rows(site, table) for table in site.tables()}


def test_matrix_speaks_of_every_table_there_is(site: Site) -> None:
    parents = "select 1 from pg_inherits where inhrelid = cast(:table as regclass)"
    partitions = {table for table in site.tables() if site.look(parents, table=table)}
    assert len(partitions) > 1
    assert set(site.tables()) - partitions == set(MATRIX)


@pytest.mark.parametrize("table", [table for table in MATRIX if table != "alembic_version"])
def test_there_is_something_to_steal_in_every_table(contents: dict[str, Rows], table: str) -> None:
    assert contents[table].rows


@pytest.mark.parametrize("verb", ["select", "insert", "update", "delete"])
@pytest.mark.parametrize("person", PERSONS)
def test_person_reaches_exactly_what_the_matrix_says(
    site: Site, contents: dict[str, Rows], person: str, verb: str
) -> None:
    me = site.world.users[person].id if person != NOBODY else None
    with site.acting_as(str(me or "")) as connection:
        found = {table: reached(connection, rows, verb, me) for table, rows in contents.items()}
    expected = {table: MATRIX.get(table, PARTITIONS)[verb].get(person, "") for table in contents}
    assert found == expected


@pytest.mark.parametrize("identity", [None, ""], ids=["unset", "empty"])
def test_without_identity_there_are_no_rows_and_no_error(
    site: Site, contents: dict[str, Rows], identity: str | None
) -> None:
    readable = [table for table, verbs in MATRIX.items() if verbs["select"] is not ALL_DENIED]
    assert len(readable) == 34
    with site.acting_as(identity) as connection:
        assert connection.scalar(text("select current_user_id()")) is None
        for table in readable:
            keys = ", ".join(contents[table].key)
            assert try_(connection, f"select {keys} from {table}") == set(), table


def test_login_role_by_itself_can_do_nothing(site: Site, contents: dict[str, Rows]) -> None:
    for table, rows in contents.items():
        for statement in (
            f"select 1 from {table}",
            f"delete from {table}",
            f"update {table} set {rows.key[0]} = {rows.key[0]}",
            f"truncate {table}",
        ):
            assert try_(site.login, statement) == DENIED, statement
    site.login.rollback()


def test_stranger_cannot_be_put_on_a_board(site: Site) -> None:
    """Being on a board with somebody shows their name and address."""
    world = site.world
    statement = "insert into board_members (board_id, user_id, role) values (:board, :user, 'member')"
    for person, stranger in (("head", "nobody"), ("owner", "birch owner"), ("birch owner", "head")):
        board = world.foreign if person == "birch owner" else world.board
        with site.acting_as(str(world.users[person].id)) as connection:
            values = {"board": board.id, "user": world.users[stranger].id}
            assert try_(connection, statement, values) == DENIED, person


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("boards", "organization_id"),
        ("boards", "created_by"),
        ("boards", "seq"),
        ("board_members", "board_id"),
        ("board_members", "user_id"),
        ("lists", "board_id"),
        ("tasks", "board_id"),
        ("tasks", "created_by"),
        ("notifications", "user_id"),
        ("notifications", "board_id"),
        ("notification_preferences", "user_id"),
        ("comments", "board_id"),
        ("comments", "task_id"),
        ("comments", "author_id"),
        ("tasks", "deleted_at"),
        ("lists", "deleted_at"),
        ("boards", "deleted_at"),
        ("labels", "board_id"),
        ("checklist_items", "task_id"),
        ("task_labels", "label_id"),
        ("task_assignees", "user_id"),
        ("task_events", "details"),
        ("presence_settings", "user_id"),
        ("access_tokens", "user_id"),
        ("access_tokens", "expires_at"),
        ("access_tokens", "scopes"),
        ("attendance_logs", "organization_id"),
        ("attendance_logs", "user_id"),
        ("attendance_locks", "organization_id"),
        ("attendance_deletions", "sessions"),
    ],
)
def test_row_stays_where_it_was_made(site: Site, table: str, column: str) -> None:
    """Whoever may write in two organizations could carry rows across otherwise."""
    with site.acting_as(str(site.world.users["head"].id)) as connection:
        assert try_(connection, f"update {table} set {column} = {column}") == DENIED
