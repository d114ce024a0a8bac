"""Two servers for the tests of the edges: one in no hurry to call people idle, one in a great hurry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.postgres import PostgresForTests

    from .live import Live

QUICK_GRACES = {
    "PRESENCE_LEAVE_GRACE_SECONDS": 0.3,
    "PRESENCE_DISCONNECT_GRACE_SECONDS": 0.8,
    "PRESENCE_TYPING_SECONDS": 1.5,
}
QUICK_THRESHOLDS = {
    "PRESENCE_IDLE_SECONDS": 1,
    "PRESENCE_OFFLINE_AFTER_IDLE_SECONDS": 2,
    "PRESENCE_HEARTBEAT_SECONDS": 0.4,
}


@pytest.fixture(scope="session")
def calm_server(postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    from .live import Live

    live = Live(postgres, tmp_path_factory.mktemp("calm"), **QUICK_GRACES, SOCKET_MAX_BOARDS=3)
    yield live
    live.end()


@pytest.fixture(scope="session")
def hasty_server(postgres: PostgresForTests, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    from .live import Live

    live = Live(postgres, tmp_path_factory.mktemp("hasty"), **QUICK_GRACES, **QUICK_THRESHOLDS)
    yield live
    live.end()


@pytest.fixture
def live(calm_server: Live) -> Iterator[Live]:
    """Thresholds as they are by default, short graces."""
    yield calm_server
    calm_server.hang_up()


@pytest.fixture
def hasty(hasty_server: Live) -> Iterator[Live]:
    """Idle after one second without input, offline after two."""
    yield hasty_server
    hasty_server.hang_up()
