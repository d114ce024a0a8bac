"""Working on a board: what one person does is on everybody's page, live and in order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Route, expect

from tests.support.api import Api
from tests.support.patience import GENEROUS

from .board_page import BoardPage

if TYPE_CHECKING:
    from app.boards.models import Task
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

    from .conftest import OpenBoard
    from .team import Team


def say(page: BoardPage, words: str) -> None:
    """The live region announced it."""
    expect(page.page.get_by_role("status").filter(has_text=words)).to_be_attached()


def test_somebody_without_boards_makes_the_first_one(pages: Pages, people: People) -> None:
    maya = people.user("Maya Brandt", people.organization())
    page = pages.open("/boards", maya.email)
    expect(page.get_by_role("heading", name="No boards yet")).to_be_visible()
    page.get_by_role("button", name="Create a board").click()
    dialog = page.get_by_role("dialog", name="New board")
    dialog.get_by_role("button", name="Create board").click()
    expect(dialog.get_by_text("Give the board a name.")).to_be_visible()
    dialog.get_by_label("Blank").check()
    dialog.get_by_label("Name").fill("Autumn campaign")
    dialog.get_by_label("Name").press("Enter")
    expect(page.get_by_role("heading", name="Autumn campaign", level=1)).to_be_visible()
    board = BoardPage(page)
    expect(page.get_by_text("No lists yet.")).to_be_visible()
    board.expect_in("Active now", "Maya Brandt")  # who makes a board is its head
    page.get_by_role("button", name="Add list").click()
    for name in ("To do", "Doing"):
        page.get_by_role("textbox", name="Add list").fill(name)
        page.get_by_role("textbox", name="Add list").press("Enter")
        expect(board.tasks_in(name)).to_be_attached()
    expect(page.get_by_text("No lists yet.")).to_be_hidden()
    board.add_task("To do", "Call the printer")
    page.get_by_role("link", name="Boards").click()
    expect(page.get_by_role("link", name="Autumn campaign")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Autumn campaign")).to_contain_text("1 task")


def test_every_change_is_on_the_other_page_in_order(team: Team, open_board: OpenBoard) -> None:
    head, omar = (open_board(person, team.board) for person in (team.head, team.omar))
    page = head.page
    head.add_task("Doing", "Call the printer")
    head.add_task("Doing", "Ask for a proof")
    omar.expect_tasks("Doing", "Call the printer", "Ask for a proof")
    say(head, "Added “Ask for a proof”.")

    page.get_by_role("button", name="Add list").click()
    page.get_by_role("textbox", name="Add list").fill("Later")
    page.get_by_role("textbox", name="Add list").press("Enter")
    omar.expect_lists("To do", "Doing", "Done", "Later")

    head.choose("Actions for list Later", "Rename")
    page.get_by_role("textbox", name="Name of the list").fill("Some day")
    page.get_by_role("textbox", name="Name of the list").press("Enter")
    omar.expect_lists("To do", "Doing", "Done", "Some day")

    page.get_by_role("button", name="Rename the board").click()
    page.get_by_role("textbox", name="Name of the board").fill("Autumn launch")
    page.get_by_role("textbox", name="Name of the board").press("Enter")
    expect(omar.page.get_by_role("heading", name="Autumn launch", level=1)).to_be_visible()
    expect(omar.page).to_have_title(re.compile("Autumn launch"))

    head.open_task("Call the printer")
    head.task_panel.get_by_label("Title").fill("Call both printers")
    head.task_panel.get_by_label("Title").press("Enter")
    omar.expect_tasks("Doing", "Call both printers", "Ask for a proof")
    head.task_panel.get_by_role("button", name="Close the task").click()

    head.choose("Actions for Call both printers", "Delete")
    omar.expect_tasks("Doing", "Ask for a proof")
    expect(head.link("Ask for a proof")).to_be_focused()  # the neighbour of what is gone

    head.choose("Actions for list Doing", "Delete")
    omar.expect_lists("To do", "Done", "Some day")
    head.undo("Deleted the list “Doing” with its 1 task.")
    for one in (head, omar):
        one.expect_lists("To do", "Doing", "Done", "Some day")
        one.expect_tasks("Doing", "Ask for a proof")
    numbers = [payload["seq"] for _, payload in omar.traffic.events if "seq" in payload]
    assert numbers == sorted(set(numbers))


def test_task_is_moved_by_keyboard_and_the_focus_goes_with_it(team: Team, open_board: OpenBoard) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    keys = maya.page.keyboard
    maya.page.get_by_role("button", name="Actions for Find the words").focus()
    keys.press("Enter")
    expect(maya.page.get_by_role("menuitem", name="Open")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    dialog = maya.page.get_by_role("dialog", name="Move “Find the words”")
    expect(dialog.get_by_label("List")).to_be_focused()
    keys.type("Done")
    expect(dialog.get_by_label("List").locator("option:checked")).to_have_text("Done")
    keys.press("Tab")
    expect(dialog.get_by_label("Position")).to_be_focused()
    dialog.get_by_role("button", name="Move").focus()
    keys.press("Enter")
    expect(maya.link("Find the words")).to_be_focused()
    say(maya, "Moved “Find the words” to Done, position 1 of 1.")
    for page in (maya, omar):
        page.expect_tasks("Done", "Find the words")
        page.expect_tasks("To do", "Write the plan")


def test_task_is_moved_to_a_chosen_position(team: Team, people: People, open_board: OpenBoard) -> None:
    people.task_on(team.todo, "Third")
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    maya.choose("Actions for Third", "Move to…")
    dialog = maya.page.get_by_role("dialog", name="Move “Third”")
    expect(dialog.get_by_label("Position").get_by_role("option")).to_have_count(3)
    dialog.get_by_label("Position").select_option("2")
    dialog.get_by_role("button", name="Move").click()
    for page in (maya, omar):
        page.expect_tasks("To do", "Write the plan", "Third", "Find the words")
    say(maya, "Moved “Third” to To do, position 2 of 3.")


def take(page: BoardPage, source: Locator, target: Locator, down: float = 0.5) -> None:
    """As a hand does it: a press, a first small way, the rest. `down` is the height in the target, 0 to 1."""
    start, end = source.bounding_box(), target.bounding_box()
    assert start and end
    mouse = page.page.mouse
    mouse.move(start["x"] + 40, start["y"] + 15)
    mouse.down()
    mouse.move(start["x"] + 60, start["y"] + 30, steps=4)
    mouse.move(end["x"] + 60, end["y"] + end["height"] * down, steps=12)
    mouse.move(end["x"] + 62, end["y"] + end["height"] * down, steps=2)


def drag(page: BoardPage, source: Locator, target: Locator, down: float = 0.5) -> None:
    take(page, source, target, down)
    page.page.mouse.up()


def test_task_is_dragged_to_another_list_with_the_mouse(team: Team, open_board: OpenBoard) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    drag(maya, maya.card("Write the plan"), maya.tasks_in("Done"))
    for page in (maya, omar):
        page.expect_tasks("Done", "Write the plan")
        page.expect_tasks("To do", "Find the words")
    say(maya, "Moved “Write the plan” to Done, position 1 of 1.")
    expect(maya.task_panel).to_be_hidden()  # letting go is no click
    drag(maya, maya.card("Find the words"), maya.card("Write the plan"), down=0.1)
    omar.expect_tasks("Done", "Find the words", "Write the plan")


def test_lists_are_moved_by_menu_and_by_mouse(team: Team, open_board: OpenBoard) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    maya.choose("Actions for list Done", "Move to…")
    dialog = maya.page.get_by_role("dialog", name="Move “Done”")
    dialog.get_by_label("Position").select_option("0")
    dialog.get_by_role("button", name="Move").click()
    omar.expect_lists("Done", "To do", "Doing")
    say(maya, "Moved list “Done” to position 1 of 3.")
    expect(maya.page.get_by_role("button", name="Actions for list Done")).to_be_focused()
    drag(maya, maya.column("Doing"), maya.column("Done"), down=0.2)
    omar.expect_lists("Doing", "Done", "To do")
    maya.expect_lists("Doing", "Done", "To do")


def test_refused_move_goes_back_and_says_so(pages: Pages, team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    maya.page.route("**/move", lambda route: route.abort())
    maya.choose("Actions for Write the plan", "Move to…")
    dialog = maya.page.get_by_role("dialog", name="Move “Write the plan”")
    dialog.get_by_label("List").select_option(label="Done")
    dialog.get_by_role("button", name="Move").click()
    expect(maya.page.get_by_role("alert").filter(has_text="“Write the plan” was not moved.")).to_be_visible()
    maya.expect_tasks("To do", "Write the plan", "Find the words")
    maya.expect_tasks("Done")
    pages.problems.clear()  # the request that failed


def test_task_deleted_by_another_is_gone_however_one_holds_it(
    pages: Pages, people: People, team: Team, server: Server, open_board: OpenBoard
) -> None:
    third = people.task_on(team.todo, "Third")
    maya, omar = open_board(team.maya, team.board), Api(server.url)
    omar.sign_in(team.omar.email)

    def delete(task: Task) -> None:
        heard = len(maya.traffic.named("task_deleted"))
        omar.delete(f"/api/boards/{team.board.id}/tasks/{task.id}")
        maya.wait(lambda: len(maya.traffic.named("task_deleted")) > heard, GENEROUS, "the news of it")

    take(maya, maya.card("Write the plan"), maya.tasks_in("Done"))
    delete(team.plan)
    maya.page.mouse.up()
    deleted = maya.page.get_by_role("alert").filter(has_text="The task was deleted meanwhile.")
    expect(deleted).to_be_visible()
    maya.expect_tasks("To do", "Find the words", "Third")
    maya.expect_tasks("Done")
    maya.page.get_by_role("button", name="Dismiss").click()

    maya.choose("Actions for Find the words", "Move to…")
    delete(team.words)
    maya.page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(deleted).to_be_visible()
    maya.expect_tasks("To do", "Third")

    def answer_late(route: Route) -> None:
        delete(third)
        route.continue_()

    maya.page.route("**/move", answer_late)
    maya.choose("Actions for Third", "Move to…")
    maya.page.get_by_role("dialog").get_by_label("List").select_option(label="Done")
    maya.page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(maya.page.get_by_role("alert").filter(has_text="“Third” was not moved.")).to_be_visible()
    for name in ("To do", "Doing", "Done"):
        maya.expect_tasks(name)
    pages.problems.clear()  # the refused move


def test_failed_addition_keeps_the_words(pages: Pages, team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    maya.page.route("**/tasks", lambda route: route.abort())
    maya.column("Doing").get_by_role("button", name="Add task").click()
    field = maya.column("Doing").get_by_role("textbox", name="Add task")
    field.fill("Do not lose me")
    field.press("Enter")
    expect(maya.column("Doing").get_by_role("alert")).to_contain_text("does not answer")
    expect(field).to_have_value("Do not lose me")
    maya.page.unroute("**/tasks")
    field.press("Enter")
    maya.expect_tasks("Doing", "Do not lose me")
    pages.problems.clear()


def test_due_marks_follow_the_viewers_days(people: People, team: Team, open_board: OpenBoard) -> None:
    now = datetime.now(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for title, due in {
        "Late": midnight - timedelta(days=2, hours=-12),
        "Tomorrow": midnight + timedelta(days=1, hours=12),
        "Far": datetime(now.year + 2, 3, 4, 12, tzinfo=UTC),
    }.items():
        people.task_on(team.doing, title, due_at=due)
    maya = open_board(team.maya, team.board, timezone_id="UTC")
    expect(maya.card("Late")).to_contain_text("2 days overdue")
    expect(maya.card("Tomorrow")).to_contain_text("Due tomorrow")
    expect(maya.card("Far").get_by_text(f"Mar 4, {now.year + 2}")).to_have_attribute(
        "title", re.compile("Due Mar 4, .*12:00:00 PM UTC")
    )
    maya.open_task("Write the plan")
    maya.task_panel.get_by_label("Due").fill(f"{now.year + 1}-12-24T18:00")
    maya.task_panel.get_by_role("button", name="Save").click()
    expect(maya.card("Write the plan")).to_contain_text(f"Dec 24, {now.year + 1}")
    tokyo = open_board(team.omar, team.board, timezone_id="Asia/Tokyo")
    expect(tokyo.card("Write the plan")).to_contain_text(f"Dec 25, {now.year + 1}")
    maya.task_panel.get_by_role("button", name="Clear due date").click()
    expect(tokyo.card("Write the plan").locator("time")).to_be_hidden()


def test_many_changes_of_two_people_end_alike_on_both_pages(
    server: Server, team: Team, open_board: OpenBoard
) -> None:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    api = Api(server.url)
    api.sign_in(team.head.email)
    path = f"/api/boards/{team.board.id}/tasks"
    ids = [
        api.post(path, {"listId": str(team.doing.id), "title": f"Task {number}"}).json["id"]
        for number in range(12)
    ]
    for number, task_id in enumerate(ids):
        goal = team.done if number % 2 else team.doing
        api.post(f"{path}/{task_id}/move", {"listId": str(goal.id), "afterTaskId": None})
    maya.add_task("Doing", "In the midst")
    api.delete(f"{path}/{ids[0]}")
    truth = api.get(f"/api/boards/{team.board.id}").json
    for page in (maya, omar):
        for row in (team.doing, team.done):
            tasks = [task for task in truth["tasks"] if task["listId"] == str(row.id)]
            in_order = [task["title"] for task in sorted(tasks, key=lambda task: task["position"])]
            page.expect_tasks(row.name, *in_order, seconds=5)
        assert page.traffic.joins == 1


def test_deleted_board_says_so_on_the_other_page(team: Team, open_board: OpenBoard) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.choose("Actions for the board", "Delete the board")
    head.page.get_by_role("dialog", name="Delete this board?").get_by_role("button", name="Delete").click()
    for page in (head.page, maya.page):
        expect(page.get_by_role("heading", name="This board was deleted")).to_be_visible()
