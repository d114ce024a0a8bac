"""Organizations and guests in a browser: two people each, the way they would do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.pages import Pages

from .board_page import BoardPage
from .test_accessibility import NARROW_LIGHT_WIDE_DARK, axe_page, check

if TYPE_CHECKING:
    from tests.support.people import People

    from .team import Team


def test_head_invites_a_guest_who_comes_to_this_board_alone(pages: Pages, team: Team) -> None:
    head = BoardPage(axe_page(pages, team.head.email))
    head.goto(team.board)
    page = head.page
    page.get_by_role("button", name="Members").first.click()
    dialog = page.get_by_role("dialog", name="Members")
    dialog.get_by_label("Invite somebody from outside").fill("nadia@test.example")
    dialog.get_by_role("button", name="Make a link").click()
    expect(dialog.get_by_label("The link")).to_be_focused()
    link = dialog.get_by_label("The link").input_value()
    invited = dialog.get_by_role("list", name="Invited guests").get_by_role("listitem")
    expect(invited).to_contain_text("nadia@test.example")
    check(page, looks=NARROW_LIGHT_WIDE_DARK)

    nadia = pages.visitor().new_page()
    nadia.goto(link)
    expect(nadia.get_by_role("heading", name=f"Join {team.board.name}")).to_be_visible()
    nadia.get_by_label("Your name").fill("Nadia New")
    nadia.get_by_label("Choose a password").fill("nine lives of cats")
    nadia.get_by_role("button", name="Join").click()
    expect(nadia.get_by_role("heading", name=team.board.name, level=1)).to_be_visible()
    expect(dialog.get_by_text("Nadia New · guest")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Members").first.click()
    expect(dialog.get_by_role("heading", name="Guests")).to_be_visible()
    expect(invited).to_have_count(0)


def test_person_makes_an_organization_chooses_it_and_cannot_leave_it_alone(
    pages: Pages, people: People, team: Team
) -> None:
    page = axe_page(pages, team.maya.email)
    page.goto("/organizations")
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    page.get_by_role("button", name="New organization").click()
    dialog = page.get_by_role("dialog", name="New organization")
    dialog.get_by_label("Name").fill("Cedar")
    dialog.get_by_label("Time zone").fill("Mars/Olympus")
    dialog.get_by_role("button", name="Create organization").click()
    expect(dialog.get_by_text("must be the name of a time zone")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_have_value("Cedar")
    pages.problems.clear()  # the 422
    dialog.get_by_label("Time zone").fill("Asia/Tokyo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Cedar", level=1)).to_be_visible()
    check(page)
    page.get_by_role("button", name="Leave Cedar").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(page.get_by_role("alert").filter(has_text="Make somebody else an owner first")).to_be_visible()
    pages.problems.clear()  # the 409
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Organization: All organizations").click()
    page.get_by_role("dialog", name="Where you work").get_by_role("button", name="Cedar").click()
    expect(page.get_by_role("button", name="Organization: Cedar")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Audit")).to_be_visible()
    page.goto(f"/organizations/{team.organization.id}")
    page.get_by_role("button", name=f"Leave {team.organization.name}").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(page.get_by_role("listitem").filter(has_text="Cedar")).to_be_visible()
    expect(page.get_by_role("button", name="Organization:")).to_have_count(0)
