"""What tables hold, whose each row is, and statements that leave no trace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from tests.support.world import ACME, ON_BOARD, UNDECIDED

if TYPE_CHECKING:
    from .conftest import Site

DENIED = "denied"  # no right to the verb at all, whatever the row
ONCE_ON_A_TASK = ("task_labels", "task_assignees", "task_watchers")
OF_AN_ORGANIZATION = ("audit_events", "audit_tips", "attendance_locks", "invitations")
OF_EACH_PERSON = ("presence_settings", "notification_preferences")
WHOSE = {
    "users": "id",
    "task_assignees": "task_id",
    "audit_events": "actor_id",
    "attendance_deletions": "deleted_by",
    "comments": "author_id",
}

KEYS = """
select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
where i.indrelid = cast(:table as regclass) and i.indisprimary order by 1
"""
WRITABLE = """
select attname from pg_attribute
where attrelid = cast(:table as regclass) and attnum > 0 and not attisdropped
  and atttypid in ('text'::regtype, 'varchar'::regtype)
order by has_column_privilege('workhub_app', attrelid, attnum, 'update') desc, attnum
"""


class Rows:
    """What a table holds, and whose each row is."""

    def __init__(self, site: Site, table: str) -> None:
        self.table, self._world = table, site.world
        self.key = [row.attname for row in site.look(KEYS, table=table)]
        self.texts = [row.attname for row in site.look(WRITABLE, table=table)]
        self.rows = [dict(row._mapping) for row in site.look(f"select * from {table}")]
        self._deleted_tasks = {
            row.id for row in site.look("select id from tasks where deleted_at is not null")
        }

    def key_of(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(row[column] for column in self.key)

    def whose(self, row: dict[str, Any]) -> Any:
        return row.get(WHOSE.get(self.table, "user_id"))

    def is_deleted(self, row: dict[str, Any]) -> bool:
        """What only an undo may find."""
        gone = self.table in ("boards", "lists", "tasks") and row["deleted_at"]
        return bool(gone) or row.get("task_id") in self._deleted_tasks

    def slice_of(self, row: dict[str, Any]) -> str:
        world = self._world
        if "board_id" in row or self.table == "boards":
            board_id = row.get("board_id", row.get("id"))
            boards = (world.board, world.private, world.foreign)
            name = next(board.name for board in boards if board.id == board_id)
            if self.is_deleted(row):
                return f"{name} deleted"
            return name if row.get("visible", True) else f"{name} hidden"
        if self.table == "organizations":
            return str(row["name"]).lower()
        if self.table in OF_AN_ORGANIZATION:
            return "acme" if row["organization_id"] == world.acme.id else "birch"
        user_id = self.whose(row)
        name = next((name for name, user in world.users.items() if user.id == user_id), "site")
        if name in ACME:
            return "launch" if name in ON_BOARD else "acme"
        return "birch" if name == "birch owner" else name

    def slices_for(self, me: Any, keys: set[tuple[Any, ...]]) -> str:
        """The slices of which these are all rows; a part of one shows as "some ..."."""
        whole: dict[str, set[tuple[Any, ...]]] = {}
        for row in self.rows:
            is_mine = self.whose(row) == me and not self.is_deleted(row)
            name = "mine" if is_mine else self.slice_of(row)
            whole.setdefault(name, set()).add(self.key_of(row))
        found = {
            name if keys >= rows else f"some {name}" for name, rows in sorted(whole.items()) if keys & rows
        }
        return " ".join(sorted(found, key=ORDER.index))

    def copies(self, me: Any) -> dict[str, dict[str, Any]]:
        """For each slice a row that could be inserted beside the others."""
        world, made = self._world, {}
        for row in self.rows:
            name = self.slice_of(row)
            new = {**row, "id": uuid4()} if "id" in row else dict(row)
            new = {column: json.dumps(v) if isinstance(v, dict) else v for column, v in new.items()}
            for column in {"created_by", "corrected_by", "deleted_by", "author_id"} & row.keys():
                new[column] = me
            if self.table == "task_events":
                new["actor_id"] = me
            if self.table in ONCE_ON_A_TASK and not self.is_deleted(row):
                new["task_id"] = world.tasks[row["board_id"]][1].id
            if self.table == "attendance_locks":  # one for each organization, and Acme has its own
                new["organization_id"], name = world.birch.id, "birch"
            if self.table == "comment_versions":
                new["version"] += 1
            if self.table == "board_members":
                new["user_id"] = world.users["guest" if name == "birch" else "removed"].id
                new["role"] = "head"
            if self.table in (
                "presence_settings",
                "notification_preferences",
            ):  # one for each person, and all others have theirs
                new["user_id"] = world.users[UNDECIDED].id
                name = self.slice_of(new)
            made[name] = new
        return made


ORDER = ["mine", "launch", "private", "acme", "guest", "birch", "nobody", "site"]
ORDER += [f"{name} {what}" for what in ("hidden", "deleted") for name in ("launch", "private", "birch")]
ORDER += [f"some {name}" for name in ORDER]


def try_(connection: Connection, statement: str, values: dict[str, Any] | None = None) -> Any:
    """The result, or DENIED; what was done is undone."""
    with connection.begin_nested() as savepoint:
        try:
            result = connection.execute(text(statement), values or {})
            answer = {tuple(row) for row in result} if result.returns_rows else result.rowcount
        except ProgrammingError as error:
            if error.orig is None or error.orig.pgcode != "42501":
                raise
            answer = DENIED
        savepoint.rollback()
    return answer
