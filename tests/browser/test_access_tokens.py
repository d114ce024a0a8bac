"""Access tokens on the settings page: made, copied once, used by a program, revoked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import requests
from playwright.sync_api import Page, expect

from .test_accessibility import NARROW_LIGHT_WIDE_DARK, axe_page, check
from .test_keyboard import tab_to

if TYPE_CHECKING:
    from tests.support.pages import Pages

    from .team import Team

HOSTILE = '<img src=x onerror="alert(1)"> Backup'


def open_tokens(pages: Pages, team: Team) -> Page:
    page = pages.open("/settings#tokens", team.maya.email, permissions=["clipboard-read", "clipboard-write"])
    expect(page.get_by_role("heading", name="Access tokens")).to_be_visible()
    return page


def make(page: Page, name: str) -> str:
    page.get_by_role("button", name="New token").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("checkbox", name="boards:read").check()
    page.get_by_role("button", name="Make the token").click()
    shown = page.get_by_role("textbox", name="Your new token")
    expect(shown).to_have_value(re.compile(r"^whp_[\w-]{43}$"))
    return shown.input_value()


def boards(pages: Pages, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(pages.base_url + "/api/boards", headers=headers, timeout=10).status_code


def test_token_is_copied_once_used_and_revoked(pages: Pages, team: Team) -> None:
    page = open_tokens(pages, team)
    expect(page.get_by_text("No tokens yet.")).to_be_visible()
    token = make(page, HOSTILE)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == token
    page.get_by_role("button", name="Done").click()
    assert token not in page.content()
    row = page.get_by_role("list", name="Your access tokens").get_by_role("listitem")
    expect(row).to_contain_text(HOSTILE)
    expect(row).to_contain_text("Never used")
    assert boards(pages, token) == 200
    page.reload()
    expect(row).to_contain_text("Last used just now")
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    expect(page.get_by_text("No tokens yet.")).to_be_visible()
    assert boards(pages, token) == 401


def test_token_revoked_on_another_page_goes_without_a_fuss(pages: Pages, team: Team) -> None:
    page = open_tokens(pages, team)
    make(page, "Script")
    page.get_by_role("button", name="Done").click()
    second = page.context.new_page()
    second.goto("/settings")
    for one in (second, page):
        one.get_by_role("button", name="Revoke Script").click()
        one.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(one.get_by_text("No tokens yet.")).to_be_visible()
    pages.problems.clear()  # the 404


def test_with_the_keyboard_and_errors_at_their_field(pages: Pages, team: Team) -> None:
    page = open_tokens(pages, team)
    page.get_by_role("button", name="New token").focus()
    page.keyboard.press("Enter")
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Give the token a name.")).to_be_visible()
    page.keyboard.type("Script")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose at least one.")).to_be_visible()
    expect(page.get_by_role("checkbox", name="boards:read")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Your new token")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="New token")).to_be_focused()


def test_axe_finds_nothing(pages: Pages, team: Team) -> None:
    page = axe_page(pages, team.maya.email)
    page.goto("/settings")
    check(page)
    page.get_by_role("button", name="New token").click()
    page.get_by_role("button", name="Make the token").click()
    check(page)
    page.keyboard.press("Escape")
    make(page, "Antidisestablishmentarianism" * 3)
    check(page)
    page.get_by_role("button", name="Done").click()
    check(page)
    page.get_by_role("button", name="Revoke").click()
    check(page)


def test_reference_unfolds_filters_and_copies(pages: Pages, team: Team) -> None:
    page = open_tokens(pages, team)
    page.get_by_role("link", name="the API", exact=True).click()
    expect(page.get_by_role("heading", name="API reference")).to_be_visible()
    page.goto("/api/docs#createBoard")
    entry = page.locator("#createBoard")
    expect(entry.get_by_text("curl -X POST")).to_be_visible()
    entry.get_by_role("button", name="Copy: Example").click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -X POST http://")
    page.get_by_role("link", name="BoardView").first.click()
    expect(page.locator("#schema-BoardView").get_by_text("organizationName")).to_be_visible()
    page.get_by_role("searchbox", name="Filter").fill("snapshot open")
    expect(page.locator("#event-join_board")).to_be_visible()
    expect(entry).to_be_hidden()
    page.get_by_role("searchbox", name="Filter").fill("no such thing")
    expect(page.get_by_text("Nothing has these words.")).to_be_visible()


def test_top_bar_stays_in_sight(pages: Pages) -> None:
    page = pages.open("/api/docs#sockets")
    expect(page.get_by_role("heading", name="Sockets")).to_be_in_viewport()
    expect(page.get_by_role("link", name="WorkHub")).to_be_in_viewport()


def test_reference_with_the_keyboard_alone(pages: Pages) -> None:
    """And before one signs in."""
    page = pages.open("/api/docs")
    page.get_by_role("searchbox", name="Filter").focus()
    page.keyboard.type("make a board")
    tab_to(page, "POST/api/boardsMake a board and become its head")
    page.keyboard.press("Enter")
    expect(page.locator("#createBoard").get_by_text("Refusals")).to_be_visible()


def test_axe_finds_nothing_in_the_reference(pages: Pages, team: Team) -> None:
    page = axe_page(pages, team.maya.email)
    page.goto("/api/docs")
    check(page, looks=NARROW_LIGHT_WIDE_DARK[:1])
    page.evaluate("for (const entry of document.querySelectorAll('details')) entry.open = true")
    check(page, looks=NARROW_LIGHT_WIDE_DARK[1:])
