"""Pure rules of sign-in: how long a session lives, and where one may be sent afterwards."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

MANAGERS = ("owner", "admin")  # who runs an organization
OWN_ENDS = ("signed_out", "replaced")  # why a login ends: what people do themselves at that moment
TOUCH_AFTER = timedelta(minutes=1)
DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS = 90, 365


class SessionLimits(NamedTuple):
    idle: timedelta
    absolute: timedelta


def is_alive(last_activity: datetime, expires_at: datetime, now: datetime, limits: SessionLimits) -> bool:
    return now < expires_at and now - last_activity < limits.idle


def needs_touch(last_activity: datetime, now: datetime) -> bool:
    """Life signs are written at most once in TOUCH_AFTER: they come from every request."""
    return now - last_activity >= TOUCH_AFTER


def safe_next(target: str | None, default: str) -> str:
    """`target` if it is a path on this site, else `default`.

    Browsers read `//host`, `/\\host` and control characters as another site.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if re.search(r"[\x00-\x20\\\x7f]", target):
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target
