"""What hangs on a task: one person changes it, the other sees it live; undone, archived, many at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from tests.support.api import Api

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

    from .conftest import OpenBoard
    from .team import Team


def make_a_label(mine: Locator, card: Locator) -> None:
    """With another colour, and another name when it is there: each is live on the other page's card."""
    mine.get_by_role("button", name="Label", exact=True).click()
    chooser = mine.get_by_role("dialog", name="Labels")
    chooser.get_by_role("searchbox").fill("Design")
    chooser.get_by_role("button", name="Make the label “Design”").click()
    chooser.get_by_role("radio", name="pink").check()
    chooser.get_by_role("button", name="Make it").click()
    expect(chooser.get_by_role("checkbox", name="Design")).to_be_checked()
    expect(card).to_contain_text("Design")
    chooser.get_by_role("button", name="Edit the label Design").click()
    chooser.get_by_role("textbox", name="Name of the label").fill("Looks")
    chooser.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("Looks")
    mine.page.keyboard.press("Escape")
    expect(mine.get_by_role("button", name="Label", exact=True)).to_be_focused()


def test_everything_on_a_task_is_live_on_the_other_page(team: Team, open_board: OpenBoard) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    for page in (maya, omar):
        page.open_task("Write the plan")
    mine, theirs, card = maya.task_panel, omar.task_panel, omar.card("Write the plan")

    make_a_label(mine, card)

    mine.get_by_role("button", name="Assign").click()
    mine.get_by_role("dialog", name="People on this board").get_by_role("checkbox", name="Omar Said").check()
    expect(card).to_contain_text("Assigned to Omar Said")
    expect(theirs).to_contain_text("Omar Said")
    maya.page.keyboard.press("Escape")

    mine.get_by_label("Priority").select_option("Urgent")
    expect(theirs.get_by_label("Priority")).to_have_value("urgent")
    expect(card).to_contain_text("Urgent priority")

    mine.get_by_role("textbox", name="Add to the checklist").fill("- call\n- write\n- send")
    mine.get_by_role("textbox", name="Add to the checklist").press("Enter")
    expect(theirs.get_by_role("checkbox", name="send")).to_be_visible()
    theirs.get_by_role("checkbox", name="write").check()
    expect(mine.get_by_role("checkbox", name="write")).to_be_checked()
    expect(maya.card("Write the plan")).to_contain_text("1/3")
    mine.get_by_role("checkbox", name="call").press("Alt+ArrowDown")
    items = theirs.get_by_role("list").filter(has=omar.page.get_by_role("checkbox")).get_by_role("checkbox")
    expect(items.nth(1)).to_have_accessible_name("call")

    mine.get_by_role("textbox", name="Address of the link").fill("example.com/plan")
    mine.get_by_role("textbox", name="Address of the link").press("Enter")
    expect(theirs.get_by_role("link", name="example.com/plan")).to_have_attribute(
        "href", "https://example.com/plan"
    )
    mine.get_by_label("Description").fill("Some **bold** words")
    mine.get_by_role("button", name="Preview").click()
    expect(mine.locator("strong", has_text="bold")).to_be_visible()
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.locator("strong", has_text="bold")).to_be_visible()
    mine.get_by_role("button", name="Mark as done").click()
    expect(theirs.get_by_role("button", name="Done", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(card).to_contain_text("Done")
    mine.get_by_role("textbox", name="Write a comment").fill("Looks **good**")
    mine.get_by_role("button", name="Comment", exact=True).click()
    expect(theirs.get_by_role("list", name="Comments").locator("strong", has_text="good")).to_be_visible()
    expect(card.get_by_title("comment")).to_contain_text("1")
    theirs.get_by_text("Activity").click()
    expect(theirs).to_contain_text("Maya Brandt set the priority to urgent")


def test_refused_changes_are_taken_back_with_a_reason(
    pages: Pages, team: Team, open_board: OpenBoard
) -> None:
    maya = open_board(team.maya, team.board)
    maya.page.route("**/assignees/*", lambda route: route.abort())
    maya.page.route("**/tasks/*", lambda route: route.abort())
    maya.choose("Actions for Write the plan", "Assign…")
    chooser = maya.page.get_by_role("dialog", name="People on this board")
    chooser.get_by_role("checkbox", name="Omar Said").click()
    reason = maya.page.get_by_role("alert").filter(has_text="does not answer")
    expect(reason.first).to_be_visible()
    expect(chooser.get_by_role("checkbox", name="Omar Said")).not_to_be_checked()
    maya.page.keyboard.press("Escape")
    for act, words in (("Mark as done", "was not changed"), ("Delete", "was not deleted")):
        maya.choose("Actions for Write the plan", act)
        expect(maya.page.get_by_role("alert").filter(has_text=words)).to_be_visible()
        maya.expect_tasks("To do", "Write the plan", "Find the words")
    expect(maya.card("Write the plan")).not_to_contain_text("Done")
    pages.problems.clear()  # the requests that failed


def test_deleted_and_archived_come_back(team: Team, open_board: OpenBoard) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    maya.choose("Actions for Write the plan", "Delete")
    expect(maya.link("Find the words")).to_be_focused()  # the neighbour of what is gone
    omar.expect_tasks("To do", "Find the words")
    maya.undo("Deleted “Write the plan”.")
    for page in (maya, omar):
        page.expect_tasks("To do", "Write the plan", "Find the words")

    omar.open_task("Find the words")
    omar.task_panel.get_by_role("button", name="Archive the task").click()
    expect(omar.task_panel).to_be_hidden()
    maya.expect_tasks("To do", "Write the plan")
    maya.choose("Actions for list Done", "Archive")
    omar.expect_lists("To do", "Doing")
    omar.page.get_by_role("button", name="Archive", exact=True).click()
    archive = omar.page.get_by_role("dialog", name="Archive")
    archive.get_by_role("button", name="Restore Find the words").click()
    archive.get_by_role("button", name="Restore Done").click()
    expect(archive).to_contain_text("Nothing is archived.")
    for page in (maya, omar):
        page.expect_lists("To do", "Doing", "Done")
        page.expect_tasks("To do", "Write the plan", "Find the words")


def test_several_lines_are_several_tasks_and_many_are_changed_at_once(
    team: Team, open_board: OpenBoard
) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    column = maya.column("Doing")
    column.get_by_role("button", name="Add task").click()
    field = column.get_by_role("textbox", name="Add task")
    field.fill("One\nTwo\n\nThree\nFour")
    expect(column).to_contain_text("Adds 4 tasks, one for each line.")
    field.press("Enter")
    omar.expect_tasks("Doing", "One", "Two", "Three", "Four")
    field.press("Escape")

    keys = maya.page.keyboard
    maya.link("One").focus()
    keys.press("x")
    maya.link("Three").click(modifiers=["Shift"])
    bar = maya.page.get_by_role("region", name="Selected tasks")
    expect(bar).to_contain_text("3 selected")
    maya.link("Two").click(modifiers=["Control"])
    expect(bar).to_contain_text("2 selected")
    expect(maya.task_panel).to_be_hidden()
    bar.get_by_role("combobox", name="Set priority").select_option("High")
    bar.get_by_role("button", name="Due").click()
    bar.get_by_label("Due for all selected").fill("2031-12-24T18:00")
    bar.get_by_role("button", name="Set", exact=True).click()
    for title in ("One", "Three"):
        expect(omar.card(title)).to_contain_text("High priority")
        expect(omar.card(title)).to_contain_text("Dec 24, 2031")
    bar.get_by_role("combobox", name="Move to list").select_option("Done")
    omar.expect_tasks("Done", "One", "Three")
    bar.get_by_role("button", name="Delete").click()
    omar.expect_tasks("Done")
    expect(bar).to_be_hidden()
    maya.undo("Deleted 2 tasks.")
    omar.expect_tasks("Done", "One", "Three")
    omar.expect_tasks("Doing", "Two", "Four")


def test_two_descriptions_are_merged_line_by_line(pages: Pages, team: Team, open_board: OpenBoard) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    maya.open_task("Write the plan")
    omar.open_task("Write the plan")
    omar.task_panel.get_by_label("Description").fill("Omar's words")
    maya.task_panel.get_by_label("Description").fill("Maya's words")
    maya.task_panel.get_by_label("Description").press("Control+Enter")
    expect(omar.task_panel.get_by_text("Somebody else changed this task too.")).to_be_visible()
    omar.task_panel.get_by_label("Description").press("Control+Enter")
    conflict = omar.task_panel.get_by_role("region", name="Somebody else changed this meanwhile")
    both = conflict.get_by_label("Both versions together")
    expect(both).to_have_value("Maya's words\nOmar's words")
    conflict.get_by_role("radio", name="Both together").check()
    conflict.get_by_role("button", name="Save my choice").click()
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Maya's words\nOmar's words")
    pages.problems.clear()  # the 409


def test_title_is_edited_on_the_card_and_lists_tell_of_two_names(
    pages: Pages, people: People, team: Team, server: Server, open_board: OpenBoard
) -> None:
    maya, omar = open_board(team.maya, team.board), Api(server.url)
    omar.sign_in(team.omar.email)
    maya.choose("Actions for Write the plan", "Edit title")
    field = maya.page.get_by_role("textbox", name="Title of the task")
    path = f"/api/boards/{team.board.id}"
    omar.patch(f"{path}/tasks/{team.plan.id}", {"title": "Omar's plan", "version": 1})
    expect(maya.page.get_by_role("heading", name="Omar's plan", include_hidden=True)).to_be_attached()
    field.fill("My plan")
    field.press("Enter")
    expect(maya.link("My plan")).to_be_focused()  # its version was heard of meanwhile

    maya.choose("Actions for list Doing", "Rename")
    maya.page.route("**/lists/*", lambda route: route.continue_(post_data='{"name": "Mine", "version": 99}'))
    field = maya.page.get_by_role("textbox", name="Name of the list")
    field.fill("Mine")
    field.press("Enter")
    expect(maya.page.get_by_role("alert").filter(has_text="Somebody else named it “Doing”")).to_be_visible()
    maya.page.unroute("**/lists/*")
    field.press("Enter")
    maya.expect_lists("To do", "Mine", "Done")
    pages.problems.clear()  # the 409


def test_dates_say_the_clock_of_another_zone(pages: Pages, team: Team, open_board: OpenBoard) -> None:
    berlin = open_board(team.maya, team.board, timezone_id="Europe/Berlin")
    tokyo = open_board(team.omar, team.board, timezone_id="Asia/Tokyo")
    for page in (berlin, tokyo):
        page.open_task("Write the plan")
    berlin.task_panel.get_by_label("Due").fill("2031-06-01T20:00")
    berlin.task_panel.get_by_label("Start").fill("2031-06-02T20:00")
    berlin.task_panel.get_by_label("Title").focus()  # a date is saved when one goes on
    expect(berlin.task_panel.get_by_text(re.compile("due before it starts"))).to_be_visible()
    berlin.task_panel.get_by_label("Start").fill("2031-05-31T20:00")
    berlin.task_panel.get_by_role("button", name="Save").click()
    expect(tokyo.task_panel.get_by_label("Due")).to_have_value("2031-06-02T03:00")
    expect(tokyo.task_panel).to_contain_text(
        "Set in Berlin: starts 8:00 PM, May 31, 2031; due 8:00 PM, Jun 1, 2031"
    )
    expect(berlin.task_panel).not_to_contain_text("Set in")
    pages.problems.clear()  # the refused date
