"""How `pytest -n` shares the tests among its workers; without `-n` nothing here is used.

A module stays whole, so that its fixtures are made once. Long modules begin first: one that began last would
keep a single worker busy. Tests marked `alone` measure time or processor use: they run at the very end, on
the last worker, when all the others have ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.workermanage import WorkerController

ALONE = "alone"


class Sharing(LoadScopeScheduling):
    """A last unit of work waits until its worker is the only one left."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # `in_order` has done it, and knows more

    def _split_scope(self, nodeid: str) -> str:
        return ALONE if nodeid.endswith(f"@{ALONE}") else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        if next(iter(self.workqueue)) != ALONE or len(self.nodes) == 1:
            super()._assign_work_unit(node)
        elif not all(other.shutting_down for other in self.nodes if other is not node):
            node.shutdown()

    def remove_node(self, node: WorkerController) -> str | None:
        crashed = super().remove_node(node)
        if self.workqueue and len(self.nodes) == 1:
            self._reschedule(self.nodes[0])
        return crashed


def in_order(items: list[pytest.Item], long: tuple[str, ...]) -> None:
    """Modules whose name begins with one of `long` first, what has to be alone last; else as collected."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker(ALONE):
            item.add_marker(pytest.mark.xdist_group(ALONE))  # xdist tells the scheduler of no other marks
            return len(long) + 1
        found = (number for number, name in enumerate(long) if item.nodeid.startswith(name))
        return next(found, len(long))

    items.sort(key=place)
