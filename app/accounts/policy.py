"""Pure rules of sign-in: how long a session lives, where one may be sent afterwards, which device it is."""

import re
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Device = Literal["desktop", "mobile", "tablet"]
TOUCH_AFTER = timedelta(minutes=1)


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


def device_of(user_agent: str, mobile_hint: str | None = None) -> Device:
    """A coarse guess from the client hint (`?1` means mobile) and the user agent."""
    agent = user_agent.lower()
    if "ipad" in agent or "tablet" in agent or ("android" in agent and "mobile" not in agent):
        return "tablet"
    if mobile_hint == "?1" or "mobi" in agent or "iphone" in agent:
        return "mobile"
    return "desktop"
