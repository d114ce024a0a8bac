"""My sessions on the settings page, and the signs of life that every page gives."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.patience import within
from tests.support.waiting import wait_until

from .test_accessibility import axe_page, check

if TYPE_CHECKING:
    from tests.support.pages import Pages

    from .team import Team

HEARTBEAT = "/api/session/heartbeat"


def test_person_ends_one_login_and_its_page_is_sent_to_sign_in(pages: Pages, team: Team) -> None:
    elsewhere = pages.open("/settings", team.maya.email)
    expect(elsewhere.locator("#preview-live")).to_be_visible()
    here = pages.open("/settings", team.maya.email)
    rows = here.get_by_role("list", name="Your logins").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("This one")
    expect(rows.nth(1)).to_contain_text("127.0.0.1")
    rows.nth(1).get_by_role("button", name="Sign out").click()
    here.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(rows).to_have_count(1)
    expect(here.get_by_role("status")).to_contain_text("is signed out")
    expect(elsewhere).to_have_url(re.compile(r"/login\?next=%2Fsettings"), timeout=within(2) * 1000)
    pages.problems.clear()


def test_person_ends_all_others_and_stays(pages: Pages, team: Team) -> None:
    for _ in range(3):
        pages.visitor(team.omar.email)
    here = pages.open("/settings", team.omar.email)
    rows = here.get_by_role("list", name="Your logins").get_by_role("listitem")
    expect(rows).to_have_count(4)
    button = here.get_by_role("button", name="Sign out all others")
    button.click()
    here.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(rows).to_have_count(4)
    button.click()
    here.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(rows).to_have_count(1)
    expect(button).to_be_hidden()
    here.reload()
    expect(rows).to_have_count(1)


def test_page_tells_that_it_is_left_with_the_token_that_a_beacon_could_not_carry(
    pages: Pages, team: Team
) -> None:
    """On a page that has no script of its own. Its own requests are too young to count as activity again."""
    page = pages.open("/privacy", team.maya.email)
    page.wait_for_load_state("networkidle")

    def last_activity() -> str:
        (login,) = page.request.get("/api/sessions").json()["items"]
        return str(login["lastActivity"])

    before = last_activity()
    page.goto("about:blank")
    wait_until(lambda: last_activity() > before)


def test_heartbeat_of_a_page_without_a_socket_says_who_is_there(pages: Pages, team: Team) -> None:
    page = pages.open("/privacy", team.maya.email)
    page.wait_for_load_state("networkidle")
    with page.expect_request(f"**{HEARTBEAT}") as told:
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert json.loads(told.value.post_data or "{}") == {"active": True, "visible": False, "page": "/privacy"}
    assert told.value.headers["x-csrf-token"]


def test_axe_finds_nothing_among_the_logins(pages: Pages, team: Team) -> None:
    pages.visitor(team.head.email)
    page = axe_page(pages, team.head.email)
    page.goto("/settings#sessions")
    expect(page.get_by_role("button", name="Sign out all others")).to_be_visible()
    check(page, looks=((360, "light"), (1280, "dark")))  # all looks of this page are elsewhere
