"""The pure rules of sign-in: where one may be sent, how long a session lives, which device it is."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.policy import SessionLimits, is_alive, needs_touch, safe_next
from tests.support.chromium import ROOT

NODE = ROOT / ".venv" / "bin" / "node"
HOME = "/boards"
OFF_SITE = (
    "https://evil.example",
    "http://evil.example/boards",
    "HTTPS://EVIL.EXAMPLE",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2f..",
    "/\\evil.example",
    "/\\/evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/boards\\evil",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    "/ /evil.example",
    "//\tevil.example",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "/\x1f/evil.example",
    "/\x7f/evil.example",
    "/boards\r\nSet-Cookie: a=b",
    "/boards\nLocation: https://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "mailto:a@evil.example",
    "ftp://evil.example",
    "file:///etc/passwd",
    "blob:https://evil.example/x",
    "evil.example",
    "evil.example/boards",
    "www.evil.example",
    "boards",
    "./boards",
    "../boards",
    "?next=/boards",
    "#boards",
    "@evil.example",
    ":80/boards",
    "//workhub.example@evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "//[::1]/boards",
    "//[/boards",
    "//evil。example",
    "",
    " ",
)
ON_SITE = (
    "/",
    "/boards",
    "/boards/0190f0b4-1c2d-7e3f-8a4b-5c6d7e8f9a0b?task=1#comments",
    "/boards?archived=true&next=//evil.example",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/@evil.example",
    "/:80",
    "/https://evil.example",
    "/bo%0d%0aards",
    "/büro",
    "/／evil.example",
)


def origins_of(targets: list[str]) -> list[str]:
    """Where a browser would go from the sign-in page: Node reads addresses as browsers do (WHATWG)."""
    script = """
    const targets = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const origin = (target) => {
      try { return new URL(target, "https://workhub.example/login").origin; } catch { return "unreadable"; }
    };
    console.log(JSON.stringify(targets.map(origin)));
    """
    answer = subprocess.run(
        [str(NODE), "-e", script], input=json.dumps(targets), capture_output=True, text=True, check=True
    )
    return list(json.loads(answer.stdout))


@pytest.mark.parametrize("target", OFF_SITE)
def test_next_that_is_no_path_of_this_site_leads_home(target: str) -> None:
    assert safe_next(target, HOME) == HOME


@pytest.mark.parametrize("target", ON_SITE)
def test_next_on_this_site_is_followed(target: str) -> None:
    assert safe_next(target, HOME) == target


def test_no_next_leads_home() -> None:
    assert safe_next(None, HOME) == HOME
    assert len(OFF_SITE) >= 40


def test_next_that_is_let_through_never_leaves_the_site() -> None:
    """Against the address parser of browsers: the vectors above and 20,000 made of dangerous characters."""
    chance = random.Random(7)
    pieces = ["/", "/", "\\", ".", ":", "@", "%2f", "%5c", "?", "#", "\t", "\n", "\x00", " ", "evil.example"]
    pieces += [
        "https:",
        "javascript:",
        "。",
        "／",
        "＼",
        "\u00ad",
        "\ufeff",
        "\u200b",
        "\u2028",
        "[",
        "]",
        "a",
    ]
    made = ["/" + "".join(chance.choices(pieces, k=chance.randint(1, 6))) for _ in range(20_000)]
    followed = [target for target in (*OFF_SITE, *ON_SITE, *made) if safe_next(target, HOME) == target]
    assert len(followed) > 3000
    strayed = {
        target: origin
        for target, origin in zip(followed, origins_of(followed), strict=True)
        if origin != "https://workhub.example"
    }
    assert strayed == {}


LIMITS = SessionLimits(idle=timedelta(hours=12), absolute=timedelta(days=7))
NOW = datetime(2025, 8, 10, 12, 34, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("idle_for", "expires_in", "alive"),
    [
        (timedelta(0), timedelta(days=7), True),
        (LIMITS.idle - SECOND, timedelta(days=1), True),
        (LIMITS.idle, timedelta(days=1), False),
        (timedelta(0), SECOND, True),
        (timedelta(0), timedelta(0), False),
        (timedelta(0), -SECOND, False),
        (-SECOND, timedelta(days=1), True),  # the clock of another machine is a little ahead
    ],
)
def test_session_lives_until_it_is_idle_too_long_or_too_old(
    idle_for: timedelta, expires_in: timedelta, alive: bool
) -> None:
    assert is_alive(NOW - idle_for, NOW + expires_in, NOW, LIMITS) is alive


def test_life_signs_are_written_once_a_minute() -> None:
    assert not needs_touch(NOW - timedelta(seconds=59), NOW)
    assert needs_touch(NOW - timedelta(seconds=60), NOW)
