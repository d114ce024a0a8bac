"""Pure: what an edit of a task means for its feed, and whether its dates go together."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ..errors import InvalidInput

Entry = tuple[str, dict[str, Any]]
"""Of a feed: its kind and details."""


def check_dates(start_at: datetime | None, due_at: datetime | None) -> None:
    if start_at is not None and due_at is not None and due_at < start_at:
        raise InvalidInput.at("dueAt", "The task would be due before it starts; move one of the two dates")


def stored_values(current: Mapping[str, Any], changes: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """`completed` and `archived` become the moment they were set; who sets them again keeps the first one."""
    values = dict(changes)
    for flag in ("completed", "archived"):
        if flag in values:
            values[f"{flag}_at"] = (current[f"{flag}_at"] or now) if values.pop(flag) else None
    return values


def entries_of_edit(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Entry]:
    """Both with the names of columns; what stayed the same is no entry."""

    def differs(*names: str) -> bool:
        return any(before[name] != after[name] for name in names)

    if differs("title"):
        yield "renamed", {"from": before["title"], "to": after["title"]}
    if differs("description"):
        yield "described", {}
    if differs("priority"):
        yield "prioritized", {"from": before["priority"], "to": after["priority"]}
    if differs("start_at", "due_at", "time_zone"):
        yield "dated", {"startAt": _iso(after["start_at"]), "dueAt": _iso(after["due_at"])}
    if differs("completed_at"):
        yield ("completed" if after["completed_at"] else "reopened"), {}
    if differs("archived_at"):
        yield ("archived" if after["archived_at"] else "unarchived"), {}


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
