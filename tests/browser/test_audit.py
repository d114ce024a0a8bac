"""The audit trail in a browser: who is led there, what it shows, and that filters work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import Pages

from .test_accessibility import LONG, axe_page, check

if TYPE_CHECKING:
    from tests.support.people import People

    from .team import Team


@pytest.fixture
def owner(people: People, team: Team) -> Any:
    """Of an organization in which Hana has done something, half an hour and two months ago."""
    now = datetime.now(UTC)
    on_board = {"board": LONG, "userId": str(team.maya.id), "name": team.maya.name}
    people.record(team.omar, "token.created", now - timedelta(days=60))
    people.record(team.maya, "board.role_changed", now - timedelta(minutes=30), **on_board, role="head")
    return people.user("Olivia Owner", team.organization, "owner")


def event(page: Page, words: str) -> Any:
    return page.get_by_role("list", name="Events").get_by_role("listitem").filter(has_text=words)


def test_owner_finds_who_did_what_and_when(pages: Pages, owner: Any, team: Team) -> None:
    page = pages.visitor(owner.email).new_page()
    page.goto("/boards")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit").click()
    promotion = event(page, f"made {team.maya.name} head of")
    expect(promotion.locator("time").last).to_have_text("30 min ago")
    exact = promotion.locator("time").first.get_attribute("title")
    assert exact is not None and str(datetime.now(UTC).year) in exact
    page.get_by_label("What").select_option("Access token created")
    page.get_by_role("button", name="Show").click()
    expect(event(page, "created an access token")).to_be_visible()
    expect(promotion).to_have_count(0)
    page.reload()
    expect(page.get_by_label("What")).to_have_value("token.created")
    page.get_by_label("From").fill(datetime.now(UTC).date().isoformat())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    expect(promotion).to_be_visible()


def test_export_is_a_file_and_a_new_event(pages: Pages, owner: Any) -> None:
    page = pages.visitor(owner.email).new_page()
    page.goto("/admin/audit")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert "created an access token" in download.value.path().read_text("utf-8")
    page.reload()
    expect(event(page, "Olivia Owner exported the audit trail")).to_be_visible()


def test_member_is_not_led_there_and_finds_nothing(pages: Pages, owner: Any, team: Team) -> None:
    page = pages.visitor(team.maya.email).new_page()
    page.goto("/boards")
    expect(page.get_by_role("link", name="Boards")).to_be_visible()
    expect(page.get_by_role("link", name="Audit")).to_have_count(0)
    page.goto("/admin/audit")
    expect(page.get_by_text("There is nothing here")).to_be_visible()
    pages.problems.clear()  # the 404


def test_page_is_accessible_full_filtered_and_empty(pages: Pages, people: People, owner: Any) -> None:
    page = axe_page(pages, owner.email)
    page.goto("/admin/audit")
    expect(event(page, LONG)).to_be_visible()
    check(page)
    people.membership(owner, people.organization(LONG), "admin")
    page.goto("/admin/audit?action=board.deleted")
    expect(page.get_by_label("Organization")).to_be_visible()
    check(page)
    nora = people.user("Nora New", people.organization("New"), "admin")
    page = axe_page(pages, nora.email)
    page.goto("/admin/audit")
    expect(page.get_by_role("heading", name="Nothing has happened yet")).to_be_visible()
    check(page)
