"""Attendance in a browser: an admin and a member beside each other, corrections, deletion, looks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.attendance.models import AttendanceLog, AttendancePerson
from app.db import new_id

from .test_accessibility import LONG, axe_page, check
from .test_inert_text import PAYLOADS
from .test_keyboard import tab_to

if TYPE_CHECKING:
    from app.accounts.models import User
    from tests.support.pages import Pages
    from tests.support.people import People

HOUR = timedelta(hours=1)
BERLIN = {"timezone_id": "America/New_York"}  # the viewer is elsewhere; times are the organization's


class Office:
    """Acme in Berlin with an admin and Maya, who worked yesterday from nine to twelve and one to five."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.acme = people.organization("Acme", time_zone="Europe/Berlin")
        self.adam, self.maya = (
            people.user("Adam Novak", self.acme, "admin"),
            people.user("Maya Rahman", self.acme),
        )
        self.day = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) - 3 * 24 * HOUR
        self.attend(self.maya, (self.day, 3 * HOUR), (self.day + 4 * HOUR, 4 * HOUR))

    def attend(self, user: User, *times: tuple[datetime, timedelta]) -> None:
        whose = {"organization_id": self.acme.id, "user_id": user.id}
        self.people.add(AttendancePerson(**whose, name=user.name, email=user.email))
        self.people.add(
            *(
                AttendanceLog(id=new_id(), **whose, clock_in_at=begin, clock_out_at=begin + length)
                for begin, length in times
            )
        )


@pytest.fixture
def office(people: People) -> Office:
    return Office(people)


def tree(page: Page) -> Locator:
    return page.get_by_role("list", name="History", exact=True)


def branch(page: Page, name: str | re.Pattern[str]) -> Locator:
    return tree(page).get_by_role("button", name=name)


def open_day(page: Page) -> Locator:
    """Maya's day; answers its sessions."""
    branch(page, re.compile("^Maya Rahman")).click()
    tree(page).locator(".twigs .branch-button").first.click()
    return tree(page).locator(".session")


def agents(page: Page) -> Locator:
    return page.get_by_role("list", name="Online agents").get_by_role("listitem")


def test_admin_sees_a_member_come_and_go_live(pages: Pages, office: Office) -> None:
    admin = pages.open("/attendance", office.adam.email, **BERLIN)
    expect(admin.get_by_text("Live", exact=True)).to_be_visible()
    expect(agents(admin)).to_have_count(1)
    member = pages.visitor(office.maya.email)
    expect(agents(admin)).to_have_count(2)
    expect(agents(admin).filter(has_text="Maya Rahman")).to_contain_text("since")
    expect(branch(admin, re.compile("^Maya Rahman ACTIVE"))).to_be_visible(timeout=9_000)
    token = member.request.get("/api/session").json()["csrfToken"]
    assert member.request.delete("/api/session", headers={"X-CSRF-Token": token}).ok
    expect(agents(admin)).to_have_count(1)
    expect(admin.locator("#online-count")).to_have_text("1")


def test_tree_opens_level_by_level_in_the_time_of_the_organization(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance", office.adam.email, **BERLIN)
    expect(branch(page, re.compile("^Maya Rahman"))).to_contain_text("7 h 00 min")
    sessions = open_day(page)
    expect(sessions).to_have_count(2)
    expect(sessions.first).to_contain_text("COMPLETED")
    expect(sessions.first).to_contain_text(re.compile(r"(09|10):00 – 1[23]:00"))
    expect(tree(page).locator(".twigs .branch-button").first).to_contain_text(
        f"{office.day:%b} {office.day.day}, {office.day.year}"
    )


def test_filters_live_in_the_address(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance", office.adam.email)
    page.get_by_role("searchbox", name="Search name or e-mail").fill("maya")
    expect(branch(page, re.compile("^Adam"))).to_have_count(0)
    page.get_by_role("button", name="30 days").click()
    page.get_by_role("button", name="Completed").click()
    expect(page).to_have_url(re.compile(r"/attendance\?q=maya&status=completed&range=30$"))
    page.reload()
    expect(branch(page, re.compile("^Maya Rahman"))).to_be_visible()
    expect(page.get_by_role("button", name="30 days")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Active", exact=True).click()
    expect(page.get_by_text("Nothing in these days")).to_be_visible()
    page.get_by_role("button", name="Custom").click()
    expect(page.get_by_label("From")).to_be_visible()


def test_correction_asks_for_a_reason_and_shows_what_was(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance", office.adam.email, **BERLIN)
    open_day(page).first.get_by_role("button", name=re.compile("^Correct")).click()
    dialog = page.get_by_role("dialog", name="Correct a session")
    before = dialog.get_by_label("Clock out").input_value()
    earlier = datetime.fromisoformat(before) - HOUR
    dialog.get_by_label("Clock out").fill(earlier.isoformat(timespec="seconds"))
    dialog.get_by_role("button", name="Correct").click()
    expect(dialog.get_by_text("Say why.")).to_be_visible()
    dialog.get_by_label("Reason").fill("Left for the dentist")
    dialog.get_by_role("button", name="Correct").click()
    expect(dialog).to_be_hidden()
    expect(branch(page, re.compile("^Maya Rahman"))).to_contain_text("6 h 00 min")
    expect(tree(page).get_by_text(re.compile("Was .*Adam Novak.*Left for the dentist"))).to_be_visible()
    mine = pages.open("/my-attendance", office.maya.email)
    tree(mine).locator(".branch-button").last.click()
    expect(tree(mine).get_by_text(re.compile("Left for the dentist"))).to_be_visible()
    expect(tree(mine).get_by_role("button", name=re.compile("^Correct"))).to_have_count(0)


def test_delete_filtered_wants_the_number_typed_and_can_be_undone(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance?q=maya", office.adam.email)
    page.get_by_role("button", name="Delete filtered…").click()
    dialog = page.get_by_role("dialog", name="Delete filtered sessions")
    expect(dialog).to_contain_text("2 sessions found by “maya”")
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog.get_by_text("as many as will be deleted")).to_be_visible()
    dialog.get_by_label("Type 2 to delete them").fill("2")
    dialog.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing in these days")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Undo").click()
    expect(branch(page, re.compile("^Maya Rahman"))).to_contain_text("7 h 00 min")


def test_closed_period_refuses_and_says_so(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance?q=maya", office.adam.email)
    page.get_by_role("button", name="Close a period").click()
    dialog = page.get_by_role("dialog", name="Close a period for payroll")
    dialog.get_by_label("Closed before").fill(f"{office.day + 24 * HOUR:%Y-%m-%d}")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name=re.compile("^Closed before"))).to_be_visible()
    sessions = open_day(page)
    expect(sessions.first).to_contain_text("closed period")
    expect(sessions.first.get_by_role("button")).to_have_count(0)
    page.get_by_role("button", name="Delete filtered…").click()
    dialog = page.get_by_role("dialog", name="Delete filtered sessions")
    expect(dialog).to_contain_text("closed period, so nothing can be deleted")
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)


def test_files_hold_what_the_page_shows(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance?q=maya", office.adam.email)
    page.get_by_role("button", name="Export CSV").click()
    with page.expect_download() as payroll:
        page.get_by_role("link", name="Payroll, hours as 7.50").click()
    assert "Maya Rahman" in payroll.value.path().read_text()
    assert "25200" in payroll.value.path().read_text()
    page.keyboard.press("Escape")
    with page.expect_download() as book:
        page.get_by_role("link", name="Export XLSX").click()
    assert re.fullmatch(r"workhub-attendance-.*\.xlsx", book.value.suggested_filename)


def test_member_is_led_to_their_own_days(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance", office.maya.email)
    expect(page).to_have_url(re.compile("/my-attendance$"))
    expect(page.get_by_text("Clocked in since")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_text("Attendance")).to_have_count(0)
    page.get_by_role("button", name=re.compile("Your account")).click()
    expect(page.get_by_role("link", name="My attendance")).to_be_visible()


def test_tree_is_walked_by_keyboard(pages: Pages, office: Office) -> None:
    page = pages.open("/attendance?q=maya", office.adam.email)
    tab_to(page, "Custom")
    page.keyboard.press("Tab")
    expect(branch(page, re.compile("^Maya Rahman"))).to_be_focused()
    page.keyboard.press("Enter")
    day = tree(page).locator(".twigs .branch-button").first
    expect(day).to_be_visible()
    page.keyboard.press("Tab")
    expect(day).to_be_focused()
    page.keyboard.press("Enter")
    expect(tree(page).locator(".session")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(tree(page).locator(".session").first).to_be_hidden()


def test_hostile_names_are_text(pages: Pages, office: Office) -> None:
    for place, payload in enumerate(list(PAYLOADS)[:10]):
        user = office.people.user(
            payload[:190], office.acme, email=f"hostile.{place}.{new_id()}@test.example"
        )
        office.attend(user, (office.day, HOUR))
    page = pages.open("/attendance?range=30", office.adam.email)
    expect(tree(page).locator(":scope > .branch")).to_have_count(12)


def test_looks(pages: Pages, office: Office) -> None:
    longest = office.people.user(LONG, office.acme)
    office.attend(longest, (office.day, 200 * HOUR / 10))
    page: Any = axe_page(pages, office.adam.email)
    page.goto("/attendance")
    open_day(page)
    expect(tree(page).locator(".session")).to_have_count(2)
    check(page)
    tree(page).locator(".session-correct").first.click()
    check(page)
    page.keyboard.press("Escape")
    page.goto("/attendance?q=nobody")
    check(page)
    page.goto("/my-attendance?range=30")
    check(page)
