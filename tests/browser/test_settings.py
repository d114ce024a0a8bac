"""The settings page: a choice counts at once, for others, on one's other pages, and by what is announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from tests.support.patience import within

from .board_page import BoardPage
from .test_accessibility import axe_page, check
from .test_inert_text import PAYLOADS, open_page
from .test_keyboard import tab_to
from .test_status_menu import PUT

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People

    from .conftest import OpenBoard
    from .team import Team

LIVE_MS = within(2) * 1000
PATH = "/api/presence/settings"
NOBODY_IS_THERE = """async () => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": token};
  const body = JSON.stringify({active: false, visible: true, page: "/settings"});
  await fetch("/api/session/heartbeat", {method: "POST", headers, body});
}"""
LEVELS = ("Everyone", "My organization", "People I share a board with", "Nobody")


def open_settings(pages: Pages, email: str) -> Page:
    page = pages.open("/settings", email)
    expect(page.get_by_role("heading", name="Presence and privacy")).to_be_visible()
    return page


def viewer(page: Page, who: str) -> Locator:
    """The card of the preview that says what this kind of person sees."""
    return page.get_by_role("region", name="What others see").get_by_role("listitem").filter(has_text=who)


def kept(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.request.get(PATH).json()
    return found


def test_level_and_switches_are_saved_as_they_are_chosen(pages: Pages, team: Team) -> None:
    page = open_settings(pages, team.maya.email)
    expect(page.get_by_role("radio", name=LEVELS[2])).to_be_checked()
    page.get_by_role("radio", name="My organization").check()
    expect(page.get_by_role("status")).to_contain_text("Saved. Your organization sees you.")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("switch", name="Show my activity").click()
    expect(page.get_by_role("status")).to_contain_text("Your activity is not shown")
    page.get_by_role("switch", name="Show the page I am on").click()
    page.get_by_role("switch", name="Appear offline").click()
    expect(page.get_by_text("You appear offline now")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("You appear offline")
    said = kept(page)
    assert (said["visibility"], said["showActivity"], said["showCurrentPage"]) == ("team", False, True)
    page.reload()
    expect(page.get_by_role("radio", name=LEVELS[1])).to_be_checked()
    expect(page.get_by_role("switch", name="Appear offline")).to_be_checked()


def test_other_page_of_the_same_person_follows(pages: Pages, team: Team) -> None:
    first = open_settings(pages, team.maya.email)
    second = first.context.new_page()
    second.goto("/settings")
    first.get_by_role("radio", name="Nobody").check()
    expect(second.get_by_role("radio", name="Nobody")).to_be_checked(timeout=LIVE_MS)
    second.get_by_role("switch", name="Appear offline").click()
    expect(first.get_by_role("switch", name="Appear offline")).to_be_checked(timeout=LIVE_MS)


def test_refused_change_is_taken_back_and_says_why(pages: Pages, team: Team) -> None:
    page = open_settings(pages, team.maya.email)
    page.route(f"**{PATH}", lambda r: r.abort() if r.request.method == "PUT" else r.fallback())
    page.get_by_role("switch", name="Show my activity").click()
    problem = page.get_by_role("alert").filter(has_text="Not saved; this is as it was before.")
    expect(problem).to_be_visible()
    expect(page.get_by_role("switch", name="Show my activity")).to_be_checked()
    page.get_by_role("radio", name="Nobody").click()
    expect(page.get_by_role("radio", name=LEVELS[2])).to_be_checked()
    page.unroute(f"**{PATH}")
    page.get_by_role("switch", name="Show my activity").click()
    expect(problem).to_be_hidden()
    expect(page.get_by_role("status")).to_contain_text("Your activity is not shown")
    assert kept(page)["showActivity"] is False
    pages.problems.clear()  # the requests that failed


def test_with_the_keyboard_alone_and_arrows_pass_by_what_nobody_means(pages: Pages, team: Team) -> None:
    page = open_settings(pages, team.maya.email)
    said: list[str] = []
    page.on("request", lambda request: request.method == "PUT" and said.append(request.post_data or ""))
    keys = page.keyboard
    tab_to(page, "Access tokens")
    keys.press("Tab")
    expect(page.get_by_role("switch", name="Appear offline")).to_be_focused()
    keys.press("Space")
    expect(page.get_by_role("status")).to_contain_text("You appear offline")
    keys.press("Space")
    expect(page.get_by_role("status")).to_contain_text("You no longer appear offline")
    keys.press("Tab")
    expect(page.get_by_role("radio", name=LEVELS[2])).to_be_focused()
    for level in ("Nobody", "Everyone", "My organization"):
        keys.press("ArrowDown")
        expect(page.get_by_role("radio", name=level)).to_be_focused()
    keys.press("Tab")  # at once: leaving the choice makes it
    expect(page.get_by_role("status")).to_contain_text("Your organization sees you")
    assert said[2:] == ['{"visibility":"team"}']
    expect(page.get_by_role("switch", name="Show my activity")).to_be_focused()


def test_owner_decides_that_heads_always_see_and_members_are_told(
    pages: Pages, people: People, team: Team
) -> None:
    owner = open_settings(pages, people.user("Olivia Owner", team.organization, "owner").email)
    maya = open_settings(pages, team.maya.email)
    expect(maya.get_by_text("Your settings hold for team heads too.")).to_be_visible()
    expect(maya.get_by_role("switch", name="Team heads")).to_have_count(0)
    policy = owner.get_by_role("switch", name="Team heads of Acme always see presence")
    notice = maya.get_by_text("Team heads of Acme always see when you are there, whatever you choose here.")

    policy.click()
    dialog = owner.get_by_role("dialog")
    expect(dialog).to_contain_text("also of people who hide or appear offline")
    dialog.get_by_role("button", name="Cancel").click()
    expect(policy).not_to_be_checked()
    expect(policy).to_be_focused()
    policy.click()
    dialog.get_by_role("button", name="Turn on").click()
    expect(policy).to_be_checked()
    expect(owner.get_by_role("status")).to_contain_text("Team heads of Acme now always see presence")
    expect(notice).to_be_visible(timeout=LIVE_MS)
    expect(maya.get_by_text("Heads of your boards always see")).to_be_visible()

    policy.click()
    dialog.get_by_role("button", name="Turn off").click()
    expect(notice).to_be_hidden(timeout=LIVE_MS)
    expect(policy).not_to_be_checked()


def test_axe_finds_nothing(pages: Pages, people: People, team: Team) -> None:
    page = axe_page(pages, people.user("Olivia Owner", team.organization, "owner").email)
    page.goto("/settings")
    page.get_by_role("switch", name="Appear offline").click()
    page.get_by_role("switch", name="Team heads").click()
    check(page)
    page.get_by_role("dialog").get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Team heads of Acme always see when")).to_be_visible()
    page.route(f"**{PATH}", lambda r: r.abort() if r.request.method == "PUT" else r.fallback())
    page.get_by_role("radio", name="Nobody").click()
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
    check(page)
    page.goto("/privacy")
    check(page)
    pages.problems.clear()  # the request that failed


def test_panel_of_a_head_and_the_preview_follow_a_change(
    pages: Pages, team: Team, open_board: OpenBoard
) -> None:
    head, maya = open_board(team.head, team.board), open_board(team.maya, team.board).page
    head.expect_in("Active now", "Maya Brandt")
    settings = maya.context.new_page()
    settings.goto("/settings")
    expect(viewer(settings, "A collaborator")).to_contain_text("Online")
    expect(viewer(settings, "A team mate")).to_contain_text("Offline")
    expect(viewer(settings, "A stranger")).to_contain_text("You do not exist for them")
    expect(viewer(settings, "A team head")).to_be_hidden()

    settings.get_by_role("radio", name="Nobody").check()
    head.expect_in("Offline", "Maya Brandt", LIVE_MS / 1000)
    expect(viewer(settings, "A collaborator")).to_contain_text("Offline · last seen", timeout=LIVE_MS)
    settings.get_by_role("radio", name="Everyone").check()
    head.expect_in("Active now", "Maya Brandt", LIVE_MS / 1000)
    expect(viewer(settings, "A stranger")).to_contain_text("Online", timeout=LIVE_MS)
    settings.get_by_role("switch", name="Show the page I am on").click()
    expect(viewer(settings, "A team mate")).to_contain_text("Online · ", timeout=LIVE_MS)


def test_policy_shows_a_hidden_member_to_the_head_and_the_member_reads_it(
    pages: Pages, people: People, team: Team, open_board: OpenBoard
) -> None:
    head, maya = open_board(team.head, team.board), open_board(team.maya, team.board).page
    settings = maya.context.new_page()
    settings.goto("/settings")
    settings.get_by_role("switch", name="Appear offline").click()
    head.expect_in("Offline", "Maya Brandt", LIVE_MS / 1000)
    owner = open_settings(pages, people.user("Olivia Owner", team.organization, "owner").email)
    owner.get_by_role("switch", name="Team heads").click()
    owner.get_by_role("dialog").get_by_role("button", name="Turn on").click()
    head.expect_in("Active now", "Maya Brandt", LIVE_MS / 1000)
    expect(settings.get_by_text("Team heads of Acme always see when")).to_be_visible(timeout=LIVE_MS)
    expect(viewer(settings, "A team head")).to_contain_text("Online", timeout=LIVE_MS)
    expect(viewer(settings, "A collaborator")).to_contain_text("Offline")


def test_preview_follows_ones_own_status(pages: Pages, team: Team) -> None:
    page = open_settings(pages, team.maya.email)
    expect(viewer(page, "A collaborator")).to_contain_text("Online")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitemradio", name="Busy").click()
    expect(viewer(page, "A collaborator")).to_contain_text("Busy", timeout=LIVE_MS)


def test_guest_of_a_board_is_told_of_the_policy_over_it(pages: Pages, people: People, team: Team) -> None:
    elsewhere = people.organization("Birch", heads_always_see_presence=True)
    people.board(elsewhere, [people.user("Bruno", elsewhere)], [team.maya])
    page = open_settings(pages, team.maya.email)
    expect(page.get_by_text("Team heads of Birch always see when you are there")).to_be_visible()
    expect(page.get_by_role("region", name="Team heads").get_by_role("listitem")).to_have_count(2)


def test_without_organization_and_board_there_is_nothing_to_decide(pages: Pages, people: People) -> None:
    page = open_settings(pages, people.user("Nadia New").email)
    expect(page.get_by_text("You are in no organization now, so this is nobody.")).to_be_visible()
    expect(page.get_by_role("region", name="Team heads")).to_be_hidden()
    expect(page.get_by_text("None of your organizations keeps an activity log.")).to_be_visible()


def test_texts_of_people_are_shown_as_they_are(pages: Pages, people: People) -> None:
    hits: list[str] = []
    organization = people.organization(PAYLOADS[7])
    owner = people.user(PAYLOADS[1], organization, "owner", email="poisoned.owner@test.example")
    people.board(organization, [owner], name=PAYLOADS[8])
    page = open_page(pages, owner.email, hits)
    page.goto("/settings")
    card = viewer(page, "A collaborator")
    for payload in PAYLOADS:
        words = payload[:100]
        page.evaluate(PUT, {"customStatus": words})
        expect(card).to_contain_text(words.strip())
    page.get_by_role("switch", name="Team heads").click()
    expect(page.get_by_role("dialog")).to_contain_text(PAYLOADS[7])
    page.get_by_role("dialog").get_by_role("button", name="Turn on").click()
    expect(page.get_by_text(f"Team heads of {PAYLOADS[7]} always see when")).to_be_visible()
    assert page.locator("main").locator("script, iframe, img, style, math").count() == 0
    assert hits == []


def test_preview_follows_what_one_does_elsewhere(pages: Pages, team: Team) -> None:
    """On another page of one's own: where one is, and that one types."""
    page = open_settings(pages, team.maya.email)
    page.get_by_role("switch", name="Show the page I am on").click()
    card = viewer(page, "A collaborator")
    expect(card).to_contain_text("Online · Settings", timeout=LIVE_MS)
    board = BoardPage.open(page.context, team.board)
    expect(card).to_contain_text("Online · Board: Launch", timeout=LIVE_MS)
    board.open_task("Write the plan")
    board.task_panel.get_by_label("Description").press_sequentially("Hello")
    expect(card).to_contain_text("Typing", timeout=LIVE_MS)


def test_preview_shows_when_one_becomes_idle_and_wakes_nobody(pages: Pages, team: Team) -> None:
    page = open_settings(pages, team.maya.email)
    card = viewer(page, "A collaborator")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")  # what a page asks when its socket is there is a sign of life
    page.evaluate(NOBODY_IS_THERE)
    expect(card).to_contain_text("Idle", timeout=LIVE_MS)
    assert page.request.get("/api/presence/preview").json()["collaborator"]["status"] == "idle"
