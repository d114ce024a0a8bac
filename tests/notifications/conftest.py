"""Two organizations with a board each, and what people's own sockets were told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.boards.conftest import acme, birch, connected, told

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

__all__ = ["acme", "birch", "connected", "told"]


class Heard(NamedTuple):
    user_id: UUID
    event: str
    payload: dict[str, Any]


@pytest.fixture
def heard(app: Flask, told: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Heard]]:
    """With the whole application, so that rooms listen to each other; what other rooms say is theirs."""
    news: list[Heard] = []

    def hear(user_id: UUID, event: str, payload: Any) -> None:
        if event == "notification":
            news.append(Heard(user_id, event, payload))

    monkeypatch.setattr("app.realtime.publish.to_user", hear)
    yield news
