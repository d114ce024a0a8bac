"""Finding things: the filter of a board with its address, and the palette that leads anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People

    from .team import Team


def test_filter_lives_in_the_address_and_follows_what_others_change(
    pages: Pages, people: People, team: Team
) -> None:
    people.task_on(team.doing, "Call the printer", description="About the plan")
    maya, lena = (BoardPage.open(pages.visitor(who.email), team.board) for who in (team.maya, team.head))
    page, bar = maya.page, maya.page.get_by_role("region", name="Filter")
    page.get_by_role("button", name="Filter").click()
    expect(bar.get_by_role("searchbox", name="Filter by words")).to_be_focused()
    page.keyboard.type("plan")
    expect(bar.get_by_text("2 of 3 tasks")).to_be_visible()
    expect(maya.link("Find the words")).to_be_hidden()
    expect(maya.link("Write the plan")).to_be_visible()

    # What Lena changes is shown or hidden by the same rule.
    lena.add_task("Done", "Plan the party")
    expect(bar.get_by_text("3 of 4 tasks")).to_be_visible()
    expect(maya.link("Plan the party")).to_be_visible()
    lena.add_task("Done", "Go home")
    expect(bar.get_by_text("3 of 5 tasks")).to_be_visible()
    expect(maya.link("Go home")).to_be_hidden()

    # Each choice is a step in the history, and the address holds all of it.
    bar.get_by_role("combobox", name="Status").select_option("Done")
    expect(bar.get_by_text("No task fits.")).to_be_visible()
    assert page.url.endswith("?q=plan&status=done")
    page.go_back()
    expect(bar.get_by_text("3 of 5 tasks")).to_be_visible()
    page.go_forward()
    expect(bar.get_by_text("0 of 5 tasks")).to_be_visible()
    maya.reload()
    expect(bar.get_by_text("0 of 5 tasks")).to_be_visible()
    expect(bar.get_by_role("combobox", name="Status")).to_have_value("done")
    bar.get_by_role("button", name="Clear filter").click()
    expect(maya.link("Go home")).to_be_visible()
    assert page.url.endswith(str(team.board.id))

    # A card moved among those one sees lands beside them, and not at the end of what is hidden.
    people.task_on(team.todo, "Hidden between")
    maya.reload()
    maya.page.goto(f"{page.url}?people=none&q=w")
    expect(bar.get_by_text("3 of 6 tasks")).to_be_visible()
    maya.link("Find the words").focus()
    page.keyboard.press("Alt+ArrowUp")
    maya.expect_tasks("To do", "Find the words", "Write the plan", "Hidden between")


def test_palette_leads_to_boards_tasks_people_and_commands(pages: Pages, people: People, team: Team) -> None:
    other = people.board(team.organization, [team.maya], name="Winter party")
    people.task_on(people.list_on(other, "Ideas"), "Book the restaurant", description="With a terrace")
    people.task_on(people.list_on(people.board(team.organization, [team.head]), "To do"), "Secret terrace")
    page = pages.open("/people", team.maya.email)
    palette = page.get_by_role("dialog", name="Search and commands")
    field = palette.get_by_role("combobox")

    def find(words: str, option: str) -> None:
        page.wait_for_load_state()  # before its scripts have run a page hears no key
        page.keyboard.press("Control+k")
        expect(field).to_be_focused()
        page.keyboard.type(words)
        expect(palette.get_by_role("option", name=option)).to_be_visible()

    find("terrace", "Book the restaurant")
    expect(palette.get_by_role("option", name="Secret terrace")).to_have_count(0)
    expect(palette.get_by_role("option", selected=True)).to_contain_text("Book the restaurant")
    page.keyboard.press("Enter")
    board = BoardPage(page)
    expect(board.task_panel).to_be_visible()
    expect(board.task_panel.get_by_label("Title")).to_have_value("Book the restaurant")

    find("omar", "Omar Said")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Omar Said")).to_be_visible()
    find("laun", "Launch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Launch", level=1)).to_be_visible()

    find("only my", "Show only my tasks")
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 2 tasks")).to_be_visible()
    assert page.url.endswith("?people=me")

    find("terr", "Search all tasks for “terr”")
    page.keyboard.press("ArrowUp")  # around to the last one
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Book the restaurant")).to_contain_text(
        "With a terrace"
    )


def test_finger_that_rests_first_carries_a_task_and_a_list(pages: Pages, team: Team) -> None:
    board = BoardPage.open(
        pages.visitor(team.maya.email, viewport={"width": 1000, "height": 700}, has_touch=True), team.board
    )
    fingers = board.page.context.new_cdp_session(board.page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    def carry(source: Locator, target: Locator) -> None:
        start, end = source.bounding_box(), target.bounding_box()
        assert start and end
        x, y = start["x"] + 60, start["y"] + 15
        touch("touchStart", {"x": x, "y": y})
        board.page.wait_for_timeout(500)  # what a long press is
        for step in range(1, 11):
            way = step / 10
            there = {"x": x + (end["x"] - start["x"]) * way, "y": y + (end["y"] + 8 - y) * way}
            touch("touchMove", there)
            board.page.wait_for_timeout(16)
        touch("touchEnd")

    carry(board.card("Write the plan"), board.tasks_in("Doing"))
    board.expect_tasks("Doing", "Write the plan")
    board.expect_tasks("To do", "Find the words")
    heads = [board.page.get_by_role("heading", name=name, level=2) for name in ("To do", "Doing")]
    carry(heads[0], heads[1])
    board.expect_lists("Doing", "To do", "Done")
