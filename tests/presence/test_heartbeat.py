"""Every page of somebody signed in says whether they are there, also those that are made later.

What the heartbeat itself does, and when, is tested beside it (tests/js/activity.test.mjs, tests/browser).
"""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES, SCRIPTS = ROOT / "templates", ROOT / "static" / "js"
# Their addresses are secrets, which no heartbeat must tell; whoever is there goes on elsewhere.
SECRET = {"members/invite.html", "members/reset.html"}
IN_PAGE = re.compile(r"filename='js/([\w/]+\.js)'")
IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+\.js)["']""")
OWN_SCRIPTS = "{% block status_script %}{% endblock %}"


def pages() -> list[str]:
    """Templates that are pages of their own."""
    files = (file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*.html"))
    return sorted(name for name in files if '{% extends "base.html" %}' in (TEMPLATES / name).read_text())


@cache
def modules_of(script: Path) -> frozenset[Path]:
    """Of all that it imports, itself among it."""
    seen, ahead = set(), [script]
    while ahead:
        module = ahead.pop()
        if module not in seen:
            seen.add(module)
            ahead += [(module.parent / name).resolve() for name in IMPORTED.findall(module.read_text())]
    return frozenset(seen)


def watches(script: str) -> bool:
    return any(
        re.search(r"^\s*(startSessionHeartbeat|watchActivity)\(", module.read_text(), re.MULTILINE)
        for module in modules_of(SCRIPTS / script)
    )


def test_base_of_all_pages_watches() -> None:
    assert any(map(watches, IN_PAGE.findall((TEMPLATES / "base.html").read_text())))


@pytest.mark.parametrize("page", [page for page in pages() if page not in SECRET])
def test_page_with_scripts_of_its_own_watches_too(page: str) -> None:
    text = (TEMPLATES / page).read_text()
    if OWN_SCRIPTS in text:
        assert any(map(watches, IN_PAGE.findall(text))), "start the heartbeat, or leave status_script alone"


@pytest.mark.parametrize("page", sorted(SECRET))
def test_page_with_a_secret_address_tells_nobody_of_it(page: str) -> None:
    assert OWN_SCRIPTS in (TEMPLATES / page).read_text()
