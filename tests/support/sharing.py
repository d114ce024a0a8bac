"""How `pytest -n` shares the tests among its workers; without `-n` nothing here is used.

A module stays whole, so that its fixtures are made once. Long modules begin first: one that began last would
keep a single worker busy. Modules that measure short times run at the very end, on the last worker, when all
the others have ended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

# Folders and modules that take longest, in this order; measured with --durations=0.
LONG = (
    "tests/realtime/",
    "tests/browser/",
    "tests/accidents/",
    "tests/test_embedded.py",
    "tests/db/",
    "tests/presence/",
)
ALONE = ("tests/realtime/test_pressure.py",)
# Modules that share servers: on several workers each of these would start its own.
TOGETHER = (
    (
        "tests/presence/test_choosing.py", "tests/presence/test_events.py", "tests/presence/test_pace.py",
        "tests/presence/test_policy_news.py", "tests/presence/test_rights.py", "tests/presence/test_store.py",
        "tests/presence/test_track.py", "tests/presence/test_watch_users.py",
    ),
    (
        "tests/accounts/test_own_sessions.py", "tests/accounts/test_processes.py",
        "tests/accounts/test_sockets.py", "tests/accounts/test_token_sockets.py",
    ),
    ("tests/boards/test_live.py", "tests/members/test_live.py"),
)  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Sharing(LoadScopeScheduling):
    """A last unit of work waits until its worker is the only one left."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # `in_order` has done it, and knows more

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ALONE):
            return "alone"
        module = nodeid.partition("::")[0]
        return next((modules[0] for modules in TOGETHER if module in modules), module)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if next(iter(self.workqueue)) != "alone" or len(self.nodes) == 1:
            super()._assign_work_unit(node)
        elif not all(other.shutting_down for other in self.nodes if other is not node):
            node.shutdown()

    def remove_node(self, node: WorkerController) -> str | None:
        crashed = super().remove_node(node)
        if self.workqueue and len(self.nodes) == 1:
            self._reschedule(self.nodes[0])
        return crashed


def in_order(items: list[pytest.Item]) -> None:
    """The long ones first, those that have to be alone last; else as they were collected."""

    def place(item: pytest.Item) -> int:
        if item.nodeid.startswith(ALONE):
            return len(LONG) + 1
        found = (number for number, name in enumerate(LONG) if item.nodeid.startswith(name))
        return next(found, len(LONG))

    items.sort(key=place)


def name_of(parameter: object) -> str | None:
    """Workers must agree on the names of tests, and an id that is drawn is another one in each of them."""
    return _UUID.sub("some-id", parameter) if isinstance(parameter, str) and _UUID.search(parameter) else None
