"""Which kind of device speaks, by what browsers say of themselves: client hints first, then the user agent.

The names in user agents are ua-parser's business (rules of the uap-core project); what they mean is ours.
A guess: an iPad's Safari calls itself a Mac, word for word, so pages also say what they run on.
"""

from functools import lru_cache
from typing import Literal

from ua_parser import BasicResolver, Domain, PartialResult, load_builtins
from werkzeug.datastructures import Headers

Device = Literal["desktop", "mobile", "tablet"]

_resolve = BasicResolver(load_builtins())  # 130 ms and 6 MB once; then half a millisecond for a new agent
_ENOUGH_CHARACTERS = 256  # hundreds of patterns read it: what follows tells of apps, or is there to cost time
_ANSWERS_KEPT = 2048
_LONGEST_NAME = 60
_DESKTOPS = ("Windows", "macOS", "Linux", "Chrome OS", "Chromium OS")


def device_of_request(headers: Headers) -> Device:
    return device_of(
        headers.get("User-Agent", ""),
        headers.get("Sec-CH-UA-Mobile"),
        headers.get("Sec-CH-UA-Platform"),
    )


def client_of(user_agent: str) -> str | None:
    """For people who look at their logins: "Firefox on Windows", or None for what nobody knows."""
    found = _parsed(user_agent[:_ENOUGH_CHARACTERS])
    names = [part.family[:_LONGEST_NAME] for part in (found.user_agent, found.os) if part]
    return " on ".join(name for name in names if name != "Other") or None


def device_of(user_agent: str, mobile_hint: str | None = None, platform_hint: str | None = None) -> Device:
    """`?1` means mobile; the platform is a quoted word. Bots and whoever says nothing are desktops."""
    if mobile_hint == "?1":
        return "mobile"
    if mobile_hint == "?0" and platform_hint:
        platform = platform_hint.strip('"')
        if platform in _DESKTOPS:
            return "desktop"
        if platform == "Android":
            return "tablet"
    return _by_agent(user_agent[:_ENOUGH_CHARACTERS])


@lru_cache(_ANSWERS_KEPT)
def _parsed(agent: str) -> PartialResult:
    return _resolve(agent, Domain.ALL)


@lru_cache(_ANSWERS_KEPT)
def _by_agent(agent: str) -> Device:
    found = _parsed(agent)
    system, browser = (part.family if part else "" for part in (found.os, found.user_agent))
    kind, brand, model = ("", "", "")
    if found.device:
        kind, brand, model = found.device.family, found.device.brand or "", found.device.model or ""
    if kind == "Spider":
        return "desktop"
    if system == "iOS" or browser.endswith("iOS"):
        return "tablet" if kind in ("iPad", "Mac") else "mobile"
    if "Tablet" in f"{brand} {model} {system}" or brand == "Amazon":
        return "tablet"
    if model == "Smartphone" or "Mobi" in agent:
        return "mobile"
    return "tablet" if system == "Android" or (not system and "Tablet" in agent) else "desktop"
