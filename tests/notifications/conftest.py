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
    """With the whole application, so that rooms listen to each other."""
    news: list[Heard] = []
    monkeypatch.setattr("app.realtime.publish.to_user", lambda *args: news.append(Heard(*args)))
    yield news
