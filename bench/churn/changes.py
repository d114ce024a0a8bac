"""What people of the script change in their settings: what is sent, and what holds then."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .truth import Settings

SOON = 7.0  # seconds until a status ends by itself

Change = tuple[dict[str, Any], Callable[[Settings], Settings]]
CHANGES: tuple[Change, ...] = (
    ({"appearOffline": True}, lambda s: replace(s, appears_offline=True)),
    ({"appearOffline": False}, lambda s: replace(s, appears_offline=False)),
    ({"visibility": None}, lambda s: replace(s, visibility="contacts")),
    ({"visibility": "everyone"}, lambda s: replace(s, visibility="everyone")),
    ({"visibility": "team"}, lambda s: replace(s, visibility="team")),
    ({"visibility": "contacts"}, lambda s: replace(s, visibility="contacts")),
    ({"visibility": "nobody"}, lambda s: replace(s, visibility="nobody")),
    ({"showActivity": False}, lambda s: replace(s, shows_activity=False)),
    ({"showActivity": True}, lambda s: replace(s, shows_activity=True)),
    ({"showCurrentPage": True}, lambda s: replace(s, shows_page=True)),
    ({"showCurrentPage": False}, lambda s: replace(s, shows_page=False)),
    ({"status": "busy", "statusUntil": None}, lambda s: replace(s, status="busy", status_until=None)),
    ({"status": "away", "statusUntil": None}, lambda s: replace(s, status="away", status_until=None)),
    ({"status": "online"}, lambda s: replace(s, status=None, status_until=None)),
    ({"customStatus": "In a workshop"}, lambda s: replace(s, words="In a workshop")),
    ({"customStatus": None}, lambda s: replace(s, words=None)),
    ({"status": "busy"}, lambda s: replace(s, status="busy", status_until=round(time.time() + SOON, 3))),
)  # fmt: skip
