"""User management in a browser: live, by mouse and keyboard, and what becomes of the other person at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.patience import within

from .test_accessibility import LONG, axe_page, check

if TYPE_CHECKING:
    from app.accounts.models import User
    from tests.support.pages import Pages
    from tests.support.people import People

    from .team import Team

LIVE_MS = within(3) * 1000
GOOD = "a sentence is good"


@pytest.fixture
def owner(people: People, team: Team) -> User:
    return people.user("Olivia Owner", team.organization, "owner")


def open_users(pages: Pages, email: str, path: str = "/admin/users") -> Page:
    page = pages.open(path, email)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    return page


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))


def answer(page: Page, button: str) -> None:
    page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()


def test_dot_and_sessions_follow_a_login_and_a_logout(pages: Pages, team: Team, owner: User) -> None:
    page = open_users(pages, owner.email)
    maya = row(page, "Maya Brandt")
    expect(maya).to_contain_text("Not active")
    hers = pages.visitor(team.maya.email)
    expect(maya.get_by_text("Active", exact=True)).to_be_visible(timeout=LIVE_MS)
    expect(maya.locator(".member-sessions")).to_have_text("1")
    leave = hers.new_page()
    leave.goto("/logout")
    leave.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(maya.get_by_text("Not active")).to_be_visible(timeout=LIVE_MS)
    expect(maya.locator(".member-sessions")).to_have_text("0")


def test_without_a_socket_the_page_asks(pages: Pages, team: Team, owner: User) -> None:
    page = pages.visitor(owner.email).new_page()
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    with page.expect_response("**/admin/users/online-status?**") as asked:
        page.goto("/admin/users")
    assert asked.value.status == 200
    expect(page.get_by_text("Reconnecting", exact=True)).to_be_visible()
    pages.problems.clear()


def test_disabled_person_is_out_at_once_and_enabled_again(pages: Pages, team: Team, owner: User) -> None:
    page = open_users(pages, owner.email)
    hers = pages.open("/settings", team.maya.email)
    expect(hers.locator("#preview-live")).to_be_visible()
    maya = row(page, "Maya Brandt")
    maya.get_by_role("button", name="What to do with Maya Brandt").click()
    page.get_by_role("menuitem", name="Disable").click()
    answer(page, "Cancel")
    expect(maya.get_by_text("Disabled")).to_have_count(0)
    maya.get_by_role("button", name="What to do with Maya Brandt").click()
    page.get_by_role("menuitem", name="Disable").click()
    answer(page, "Disable")
    expect(maya.get_by_text("Disabled")).to_be_visible()
    expect(hers).to_have_url(re.compile("/login"), timeout=LIVE_MS)
    maya.get_by_role("button", name="What to do with Maya Brandt").click()
    expect(page.get_by_role("menuitem")).to_have_text(["Enable", "Remove from the organization"])
    page.get_by_role("menuitem", name="Enable").click()
    expect(maya.get_by_text("Not active")).to_be_visible()
    pages.visitor(team.maya.email)
    maya.get_by_role("button", name="What to do with Maya Brandt").click()
    page.get_by_role("menuitem", name="Remove from the organization").click()
    answer(page, "Remove")
    expect(maya).to_have_count(0)
    pages.problems.clear()


def test_role_is_changed_after_a_question_and_taken_back_when_refused(
    pages: Pages, team: Team, owner: User
) -> None:
    page = open_users(pages, owner.email)
    role = page.get_by_role("combobox", name="Role of Maya Brandt")
    role.select_option("admin")
    answer(page, "Cancel")
    expect(role).to_have_value("member")
    role.select_option("admin")
    answer(page, "Change")
    expect(page.get_by_role("status")).to_contain_text("Maya Brandt is admin now")
    own = page.get_by_role("combobox", name="Role of Olivia Owner")
    own.select_option("member")
    answer(page, "Change")
    expect(page.get_by_role("alert").filter(has_text="Make somebody else an owner first")).to_be_visible()
    expect(own).to_have_value("owner")
    pages.problems.clear()


def test_many_are_chosen_and_changed_together(pages: Pages, team: Team, owner: User) -> None:
    page = open_users(pages, owner.email)
    page.get_by_role("checkbox", name="Choose everybody on this page").check()
    bar = page.get_by_role("region", name="People chosen")
    expect(bar).to_contain_text("3 people chosen")
    page.get_by_role("checkbox", name="Choose Omar Said").uncheck()
    expect(bar).to_contain_text("2 people chosen")
    bar.get_by_role("button", name="Disable").click()
    answer(page, "Disable")
    expect(page.get_by_role("status")).to_contain_text("2 people changed")
    expect(page.get_by_role("row").filter(has_text="Disabled")).to_have_count(2)
    bar.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("row").filter(has_text="Disabled")).to_have_count(0)


def test_admin_changes_no_roles_and_no_owners(pages: Pages, people: People, team: Team, owner: User) -> None:
    admin = people.user("Ada Admin", team.organization, "admin")
    page = open_users(pages, admin.email)
    expect(page.get_by_role("combobox", name="Role of")).to_have_count(0)
    expect(row(page, "Olivia Owner").get_by_role("button")).to_have_count(0)
    expect(row(page, "Maya Brandt").get_by_role("button")).to_have_count(1)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_text(["Member"])


def test_invited_person_joins_by_the_link_and_it_is_shown_once(pages: Pages, team: Team, owner: User) -> None:
    page = open_users(pages, owner.email)
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make the link").click()
    expect(dialog.get_by_text("Enter their e-mail address")).to_be_visible()
    dialog.get_by_label("E-mail").fill("nora@test.example")
    dialog.get_by_role("button", name="Make the link").click()
    link = page.get_by_role("textbox", name="The link").input_value()
    answer(page, "Done")
    waiting = page.get_by_role("list", name="Invitations").get_by_role("listitem")
    expect(waiting).to_contain_text("nora@test.example")
    newcomer = pages.open(link)
    newcomer.get_by_label("Your name").fill("Nora New")
    newcomer.get_by_label("Choose a password").fill("1234567890")
    newcomer.get_by_role("button", name="Join").click()
    expect(newcomer.get_by_text("too easy to guess")).to_be_visible()
    newcomer.get_by_label("Choose a password").fill(GOOD)
    newcomer.get_by_role("button", name="Join").click()
    expect(newcomer).to_have_url(re.compile("/boards$"))
    page.reload()
    expect(row(page, "Nora New")).to_contain_text("Active")
    expect(waiting).to_have_count(0)
    pages.problems.clear()  # the refused password


def test_person_sets_a_new_password_by_a_link(pages: Pages, people: People, team: Team, owner: User) -> None:
    lost = people.user("Lost Password", team.organization)
    page = open_users(pages, owner.email)
    row(page, "Lost Password").get_by_role("button").click()
    page.get_by_role("menuitem", name="Link for a new password").press("Enter")
    link = page.get_by_role("textbox", name="The link").input_value()
    theirs = pages.open(link)
    theirs.get_by_label("New password").fill(GOOD)
    theirs.get_by_role("button", name="Set the password").click()
    expect(theirs.get_by_text("Your new password is set")).to_be_visible()
    pages.visitor(lost.email, GOOD)


def test_search_filters_and_order_live_in_the_address(pages: Pages, team: Team, owner: User) -> None:
    page = open_users(pages, owner.email)
    page.get_by_role("combobox", name="Role", exact=True).select_option("member")
    expect(page).to_have_url(re.compile("role=member"))
    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.get_by_role("link", name="Person").click()
    expect(page.get_by_role("columnheader", name="Person")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("rowheader").first).to_contain_text("Omar Said")
    page.get_by_role("searchbox", name="Search people").fill("brandt")
    page.keyboard.press("Enter")
    expect(page.get_by_role("rowheader")).to_have_text(re.compile("Maya Brandt"))
    page.get_by_role("link", name="Clear").click()
    expect(page.get_by_role("rowheader")).to_have_count(4)


def test_threshold_that_cannot_work_is_refused_where_it_stands(pages: Pages, team: Team, owner: User) -> None:
    page = open_users(pages, owner.email)
    page.get_by_label("Members", exact=True).fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Between 4 and 720 minutes")).to_be_visible()
    page.get_by_label("Members", exact=True).fill("7,5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.reload()
    expect(page.get_by_label("Members", exact=True)).to_have_value("7.5")


def test_axe_finds_nothing_in_user_management(pages: Pages, people: People, team: Team, owner: User) -> None:
    people.user(LONG, team.organization)
    page = axe_page(pages, owner.email)
    page.goto("/admin/users")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    page.get_by_role("checkbox", name="Choose Maya Brandt").check()
    check(page)
    page.get_by_role("button", name="Invite").click()
    page.get_by_role("dialog").get_by_label("E-mail").fill(f"{LONG[:60]}@test.example")
    check(page, looks=((360, "light"), (1280, "dark")))
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_role("textbox", name="The link").input_value()
    check(page, looks=((360, "light"), (1280, "dark")))
    page.goto("/admin/users?search=zebra")
    check(page, looks=((360, "light"), (1280, "dark")))
    visitor = axe_page(pages)
    visitor.goto(link)
    check(visitor, looks=((360, "light"), (1280, "dark")))
