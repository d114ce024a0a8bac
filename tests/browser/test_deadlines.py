"""My work and the calendar of a board in real browsers: two people, by pointer and by keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.boards.models import TaskAssignee
from tests.support.api import Api
from tests.support.patience import GENEROUS

from .test_accessibility import NARROW_LIGHT_WIDE_DARK, axe_page, check

if TYPE_CHECKING:
    from app.boards.models import Task
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

    from .team import Team

SLOW_MS = GENEROUS * 1000
AUGUST = "?view=month&on=2099-08-01"


class Head:
    """The head by another program."""

    def __init__(self, server: Server, team: Team) -> None:
        self.api, self.team = Api(server.url), team
        self.api.sign_in(team.head.email)

    def path(self, task: Task) -> str:
        return f"/api/boards/{self.team.board.id}/tasks/{task.id}"

    def now(self, task: Task) -> Any:
        tasks = self.api.get(f"/api/boards/{self.team.board.id}/tasks").json["items"]
        return next(each for each in tasks if each["id"] == str(task.id))

    def edit(self, task: Task, **changes: object) -> None:
        version = self.now(task)["version"]
        assert self.api.patch(self.path(task), {**changes, "version": version}).status == 200


@pytest.fixture
def head(server: Server, team: Team) -> Head:
    return Head(server, team)


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def test_work_comes_is_done_dated_and_goes_without_a_reload(
    pages: Pages, people: People, team: Team, head: Head
) -> None:
    page = axe_page(pages, team.maya.email)
    page.set_default_timeout(SLOW_MS)
    page.goto("/my-work")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    for task in (team.plan, team.words):
        people.add(TaskAssignee(task_id=task.id, board_id=team.board.id, user_id=team.maya.id))
    past = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    head.edit(team.plan, dueAt=past, timeZone="UTC", priority="urgent")
    head.edit(team.words, title="Find better words")
    late = section(page, "Overdue 1").get_by_role("listitem")
    expect(late).to_contain_text("3 days overdue")
    expect(late).to_contain_text("LaunchTo doUrgent")
    expect(section(page, "No date 1")).to_contain_text("Find better words")
    check(page, looks=NARROW_LIGHT_WIDE_DARK)

    late.get_by_role("link", name="Write the plan").focus()
    page.keyboard.press("d")
    expect(section(page, "Done just now 1").get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_role("status")).to_have_text("“Write the plan” is done.")
    assert head.now(team.plan)["completedAt"] is not None
    section(page, "Done just now 1").get_by_role("checkbox").uncheck()
    expect(section(page, "Overdue 1")).to_be_visible()

    section(page, "No date 1").get_by_role("button", name="Set a date for Find better words").click()
    dialog = page.get_by_role("dialog", name="When is “Find better words” due?")
    dialog.get_by_label("At").fill("09:30")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose the day too, or clear the time.")
    check(page, looks=NARROW_LIGHT_WIDE_DARK)
    dialog.get_by_role("button", name="In a week").click()
    expect(section(page, "Later 1")).to_contain_text("Find better words")
    assert head.now(team.words)["dueAt"].endswith("09:30:00.000Z")

    head.edit(team.words, title="Say it")
    expect(section(page, "Later 1")).to_contain_text("Say it")
    left = head.api.delete(f"/api/boards/{team.board.id}/members/{team.maya.id}")
    assert left.status == 204
    expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()


def day(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name=f", August {name}, 2099")


def carry(page: Page, what: Locator, target: Locator) -> None:
    """With the mouse, as a hand does it."""
    start, end = what.bounding_box(), target.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 20, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 20, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()


def test_tasks_move_over_the_calendar_by_mouse_keys_and_menu_for_everybody(
    pages: Pages, people: People, team: Team, head: Head
) -> None:
    long = people.task_on(team.doing, "Long one", start_at=at(4, 9), due_at=at(7, 17), time_zone="UTC")
    head.edit(team.plan, dueAt=at(12, 15).isoformat(), timeZone="UTC")
    address = f"/boards/{team.board.id}/calendar{AUGUST}"
    lena = pages.open(address, team.head.email, timezone_id="UTC")
    maya = pages.visitor(team.maya.email, bypass_csp=True, timezone_id="UTC").new_page()
    maya.goto(address)
    for page in (lena, maya):
        page.set_default_timeout(SLOW_MS)
        expect(day(page, "12")).to_have_text("3:00 PM Write the plan")
        expect(page.get_by_role("list", name="Over several days")).to_have_text("5:00 PM Long one")

    carry(lena, day(lena, "12").get_by_role("button"), lena.locator('[data-day="2099-08-14"]'))
    expect(day(maya, "14")).to_have_text("3:00 PM Write the plan")
    assert head.now(team.plan)["dueAt"] == "2099-08-14T15:00:00.000Z"

    day(maya, "14").get_by_role("button").focus()
    for key in (" ", "ArrowDown", "ArrowLeft", " "):  # a week on, a day back
        maya.keyboard.press(key)
    expect(maya.get_by_role("status")).to_have_text("“Write the plan” is due Thursday, August 20, 2099.")
    expect(day(maya, "20").get_by_role("button")).to_be_focused()
    expect(day(lena, "20")).to_have_text("3:00 PM Write the plan")
    for key in (" ", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "Escape"):  # to July, and not after all
        maya.keyboard.press(key)
    expect(maya.get_by_role("heading", name="July 2099")).to_be_visible()
    maya.goto(address)

    bar = lena.get_by_role("list", name="Over several days").get_by_role("button")
    carry(lena, bar, lena.locator('[data-day="2099-08-05"]'))  # held at its first day
    expect(lena.get_by_role("status")).to_have_text("“Long one” is due Saturday, August 8, 2099.")
    assert head.now(long)["startAt"] == "2099-08-05T09:00:00.000Z"
    lena.get_by_role("list", name="No date").get_by_role("button", name="Find the words").click()
    lena.get_by_role("menuitem", name="Change date…").click()
    dialog = lena.get_by_role("dialog", name="When is “Find the words” due?")
    dialog.get_by_label("Due on").fill("2099-08-03")
    dialog.get_by_role("button", name="Save").click()
    expect(day(maya, "3")).to_have_text("Find the words")
    assert head.now(team.words)["dueAt"] == "2099-08-03T23:59:00.000Z"
    check(maya, looks=NARROW_LIGHT_WIDE_DARK)

    change_over_somebody_elses(lena, maya, head, team)
    pages.problems[:] = [each for each in pages.problems if "409" not in each]

    lena.get_by_role("link", name="Week", exact=True).click()
    expect(lena).to_have_url(f"{pages.base_url}/boards/{team.board.id}/calendar?view=week&on=2099-08-01")
    lena.go_back()
    expect(lena.get_by_role("heading", name="August 2099")).to_be_visible()


def at(day_of_august: int, hour: int) -> datetime:
    return datetime(2099, 8, day_of_august, hour, tzinfo=UTC)


def change_over_somebody_elses(lena: Page, maya: Page, head: Head, team: Team) -> None:
    """Refused, told, and done all the same when Lena says so."""

    def overtake(route: Any) -> None:
        head.edit(team.words, title="Find other words")
        route.continue_()

    lena.route("**/api/boards/*/tasks/*", overtake, times=1)
    carry(lena, day(lena, "3").get_by_role("button"), lena.locator('[data-day="2099-08-10"]'))
    expect(lena.get_by_role("alert")).to_contain_text("was changed by somebody else meanwhile")
    expect(day(lena, "3")).to_have_text("Find other words")
    lena.get_by_role("button", name="Change it all the same").click()
    expect(day(maya, "10")).to_have_text("Find other words")
    day(lena, "10").get_by_role("button").focus()
    lena.keyboard.press("d")
    expect(day(maya, "10")).to_have_text("Find other words, done")
