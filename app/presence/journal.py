"""The journal of what people do, on its way to the activity logs: nothing is asked and nothing waits.

Requests leave a line in memory; a loop writes the lines of a second in one transaction, and whether they
are kept at all is decided then. An orderly stop writes what is left.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ..db import new_id, service_work
from . import log_store
from .group_commit import GroupCommit
from .log_rules import ActivityType, Entry

CAPACITY = 50_000  # lines that wait while the database is away; then the oldest are given up
GATHERED_SECONDS = 1.0
GROUP_SIZE = 250  # the rule takes 0.05 ms for each: after an outage others must have their turn in between

_Key = tuple[UUID, UUID | None, str]


class Journal(GroupCommit[Entry]):
    def __init__(self, write: Callable[[Sequence[Entry]], None], sleep: Callable[[float], None]) -> None:
        super().__init__(self._write_group, GATHERED_SECONDS, sleep, CAPACITY, GROUP_SIZE)
        self._write_entries = write
        self._open: dict[_Key, Entry] = {}  # interactions that wait: more of the same are counted, not added

    def note(self, activity_type: ActivityType, *, user_id: UUID, at: datetime, **more: Any) -> None:
        self.record(Entry(new_id(), activity_type, user_id, at, **more))

    def note_change(
        self, *, user_id: UUID, session_id: UUID | None, page: str, at: datetime, device: str | None
    ) -> None:
        """Somebody changed something on a page; of several in the same second the number is kept."""
        key = (user_id, session_id, page)
        entry = self._open.get(key)
        if entry is None:
            entry = Entry(new_id(), "interaction", user_id, at, session_id, device, page, {"changes": 0})
            self._open[key] = entry
            self.record(entry)
        entry.details["changes"] += 1

    def _write_group(self, entries: Sequence[Entry]) -> None:
        self._open.clear()  # what is being written must not change any more
        self._write_entries(entries)


def write_entries(entries: Sequence[Entry]) -> None:
    with service_work() as session:
        log_store.write(session, entries)
