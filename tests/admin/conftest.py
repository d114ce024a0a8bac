"""Two organizations with a trail each; Olivia runs both, Adam the first, Maya neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.api import LocalApi
    from tests.support.people import People

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@dataclass
class Office:
    acme: Any
    birch: Any
    olivia: Any
    adam: Any
    maya: Any
    omar: Any

    @property
    def path(self) -> str:
        return f"/api/organizations/{self.acme.id}/audit"


@pytest.fixture
def office(people: People) -> Office:
    """Ten events in Acme, one a day up to NOON, by Maya and Omar in turn; one in Birch."""
    acme, birch = people.organization("Acme"), people.organization("Birch")
    olivia = people.user("Olivia", acme, "owner")
    people.membership(olivia, birch, "admin")
    adam, maya, omar = (
        people.user(name, acme, role)
        for name, role in (("Adam", "admin"), ("Maya", "member"), ("Omar", "member"))
    )
    for number in range(10):
        who = omar if number % 2 else maya
        action = "presence.settings_changed" if number < 8 else "token.created"
        people.record(who, action, NOON - timedelta(days=9 - number), fields=["visibility"])
    bruno = people.user("Bruno", birch)
    people.record(bruno, "token.revoked", NOON)
    return Office(acme, birch, olivia, adam, maya, omar)


@pytest.fixture
def as_adam(client: Callable[[str], LocalApi], office: Office) -> LocalApi:
    return client(office.adam.email)


@pytest.fixture
def as_olivia(client: Callable[[str], LocalApi], office: Office) -> LocalApi:
    return client(office.olivia.email)
