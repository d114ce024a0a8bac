"""Somebody brings a board of elsewhere: sees first what becomes of it, opens it, takes it away again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import FilePayload, Page, expect

from tests.support.pages import accessibility_problems
from tests.transfer.test_trello import BOARD

if TYPE_CHECKING:
    from tests.support.pages import Pages

    from .team import Team

TABLE = "Titel;Stage;Due;Tags\nCall <b>Maya</b>;Doing;31.12.2026;press\n;Doing;;\n=1+1;Doing;soon;\n"


def choose(page: Page, name: str, content: str) -> None:
    file = FilePayload(name=name, mimeType="text/plain", buffer=content.encode())
    page.get_by_label("Choose a file", exact=True).set_input_files(file)


def check(page: Page, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    assert accessibility_problems(page) == []
    assert not page.evaluate("document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth")


def test_table_is_mapped_previewed_imported_and_exported_again(pages: Pages, team: Team) -> None:
    page = pages.visitor(team.head.email, bypass_csp=True, reduced_motion="reduce").new_page()
    page.goto("/boards/import")
    check(page, 360, "light")
    choose(page, "broken.json", "{")
    expect(page.get_by_role("alert").filter(has_text="broken.json is not valid JSON")).to_be_visible()
    choose(page, "Autumn plan.csv", TABLE)
    expect(page.get_by_role("heading", name="A table: Autumn plan.csv")).to_be_focused()
    expect(page.get_by_text("This would make a board of 0 tasks in 0 lists")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="which column holds the titles")).to_be_visible()
    pages.problems.clear()  # the refusal
    page.get_by_label("Column Titel holds").select_option("Title")
    expect(page.get_by_text("This would make a board of 2 tasks in 2 lists")).to_be_hidden()
    page.get_by_label("Column Stage holds").select_option("List")
    expect(page.get_by_text("This would make a board of 2 tasks in 1 list")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="=1+1").last
    expect(row).to_contain_text("changed: due date “soon” cannot be read and was left out")
    check(page, 360, "dark")
    check(page, 1280, "light")
    page.get_by_role("button", name="left out 1").click()
    expect(page.get_by_role("row").filter(has_text="it has no title")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", name="Imported: 2 tasks in 1 list")).to_be_focused()
    with page.expect_download() as report:
        page.get_by_role("button", name="Save the report").click()
    assert "it has no title" in report.value.path().read_text("utf-8")
    page.get_by_role("link", name="Open the board").click()
    expect(page.get_by_role("link", name="Call <b>Maya</b>")).to_be_visible()
    expect(page.get_by_role("heading", name="Autumn plan", level=1)).to_be_visible()
    expect(page.get_by_role("complementary", name="Team presence").get_by_text("Live")).to_be_visible()
    page.get_by_role("button", name="Actions for the board").click()
    with page.expect_download() as export:
        page.get_by_role("menuitem", name="Export as CSV").click()
    assert "'=1+1,Doing" in export.value.path().read_text("utf-8")


def test_board_of_trello_is_previewed_and_imported(pages: Pages, team: Team) -> None:
    page = pages.visitor(team.maya.email).new_page()
    page.goto("/boards")
    page.get_by_role("link", name="Import").click()
    choose(page, "trello.json", json.dumps(BOARD))
    expect(page.get_by_role("heading", name="A board from Trello: trello.json")).to_be_focused()
    expect(page.get_by_text("This would make a board of 2 tasks in 3 lists")).to_be_visible()
    page.get_by_label("Name of the board").fill("Ours now")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Open the board").click()
    expect(page.get_by_role("heading", name="Ours now", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="First", exact=True)).to_be_visible()
