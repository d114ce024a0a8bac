"""Two people in one task: nobody's words are lost, and a stale save shows both versions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, TimeoutError, expect

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages

    from .conftest import OpenBoard
    from .team import Team


def write(page: BoardPage, **fields: str) -> None:
    """A description that is there is read until one asks to edit it, a moment after it was saved too."""
    edit = page.task_panel.get_by_role("button", name="Edit", exact=True)
    for label, text in fields.items():
        field = page.task_panel.get_by_label(label.title())
        if label == "description":
            expect(edit.or_(field).first).to_be_visible()
            opened = partial(is_open, edit, field, text)
            page.wait(opened, 20, "editing the description")
        else:
            field.fill(text)


def is_open(edit: Locator, field: Locator, text: str) -> bool:
    try:
        if edit.is_visible():
            edit.click(timeout=1_000)
        field.fill(text, timeout=1_000)
    except TimeoutError:
        return False
    return True


def save(page: BoardPage) -> None:
    page.task_panel.get_by_role("button", name="Save", exact=True).click()


def both_in_the_task(team: Team, open_board: OpenBoard) -> tuple[BoardPage, BoardPage]:
    maya, omar = (open_board(person, team.board) for person in (team.maya, team.omar))
    for page in (maya, omar):
        page.open_task("Write the plan")
    return maya, omar


def test_open_task_follows_what_others_save(team: Team, open_board: OpenBoard) -> None:
    maya, omar = both_in_the_task(team, open_board)
    write(maya, title="Write a better plan", description="With numbers")
    save(maya)
    expect(omar.task_panel.get_by_label("Title")).to_have_value("Write a better plan")
    expect(omar.task_panel.get_by_label("Description")).to_have_value("With numbers")


def test_stale_save_of_the_same_field_shows_both_and_keeps_the_choice(
    pages: Pages, team: Team, open_board: OpenBoard
) -> None:
    maya, omar = both_in_the_task(team, open_board)
    write(omar, description="Omar's words")
    write(maya, description="Maya's words")
    save(maya)
    expect(omar.task_panel.get_by_text("Somebody else changed this task too.")).to_be_visible()
    expect(omar.task_panel.get_by_label("Description", exact=True)).to_have_value("Omar's words")
    save(omar)
    conflict = omar.task_panel.get_by_role("region", name="Somebody else changed this meanwhile")
    expect(conflict).to_contain_text("Maya's words")
    expect(conflict).to_contain_text("Omar's words")
    expect(conflict.get_by_role("radio", name="Yours")).to_be_checked()
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Maya's words")  # not yet overwritten
    conflict.get_by_role("radio", name="Theirs").check()
    conflict.get_by_role("button", name="Save my choice").click()
    expect(conflict).to_be_hidden()
    expect(omar.task_panel.get_by_label("Description")).to_have_value("Maya's words")
    write(omar, description="Both agreed")
    save(omar)
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Both agreed")
    pages.problems.clear()  # the 409


def test_own_version_can_be_kept_over_the_other(pages: Pages, team: Team, open_board: OpenBoard) -> None:
    maya, omar = both_in_the_task(team, open_board)
    write(omar, title="Omar's title")
    write(maya, title="Maya's title")
    save(maya)
    expect(omar.link("Maya's title")).to_be_visible()
    save(omar)
    omar.task_panel.get_by_role("button", name="Save my choice").click()
    expect(maya.link("Omar's title")).to_be_visible()
    expect(maya.task_panel.get_by_label("Title")).to_have_value("Omar's title")
    pages.problems.clear()


def test_changes_of_different_fields_go_together(team: Team, open_board: OpenBoard) -> None:
    maya, omar = both_in_the_task(team, open_board)
    write(omar, description="Omar's words")
    write(maya, title="Maya's title")
    save(maya)
    expect(omar.task_panel.get_by_label("Title")).to_have_value("Maya's title")
    expect(omar.task_panel.get_by_label("Description")).to_have_value("Omar's words")
    save(omar)
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Omar's words")
    expect(maya.link("Maya's title")).to_be_visible()


def test_deleted_meanwhile_keeps_the_words_for_copying(team: Team, open_board: OpenBoard) -> None:
    maya, omar = both_in_the_task(team, open_board)
    write(omar, description="Hours of work")
    maya.task_panel.get_by_role("button", name="Delete the task").click()
    expect(omar.task_panel.get_by_text("This task was deleted meanwhile.")).to_be_visible()
    expect(omar.task_panel.get_by_label("Description")).to_have_value("Hours of work")
    expect(omar.task_panel.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    omar.task_panel.get_by_role("button", name="Close the task").click()
    omar.expect_tasks("To do", "Find the words")


def test_closing_with_unsaved_words_asks_first(team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    maya.open_task("Write the plan")
    write(maya, description="Half a thought")
    maya.page.keyboard.press("Escape")
    question = maya.page.get_by_role("dialog", name="Save your changes?")
    question.get_by_role("button", name="Keep editing").click()
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Half a thought")
    maya.page.keyboard.press("Escape")
    question.get_by_role("button", name="Save").click()
    expect(maya.task_panel).to_be_hidden()
    expect(maya.link("Write the plan")).to_be_focused()
    expect(maya.card("Write the plan")).to_contain_text("Has a description")
    maya.open_task("Write the plan")
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Half a thought")


def test_on_a_phone_no_number_of_escapes_loses_words(team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board, viewport={"width": 360, "height": 740})
    maya.open_task("Write the plan")
    write(maya, description="Half a thought")
    question = maya.page.get_by_role("dialog", name="Save your changes?")
    for _ in range(4):  # a browser lets a page refuse only so often
        maya.page.keyboard.press("Escape")
        expect(question).to_be_visible()
        expect(maya.task_panel).to_be_visible()
        maya.page.keyboard.press("Escape")
        expect(question).to_be_hidden()
    expect(maya.task_panel.get_by_label("Description")).to_have_value("Half a thought")


def test_empty_title_is_refused_beside_the_field(team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    maya.open_task("Write the plan")
    write(maya, title="   ")
    save(maya)
    expect(maya.task_panel.get_by_text("A task needs a title.")).to_be_visible()
    expect(maya.task_panel.get_by_label("Title")).to_be_focused()
    expect(maya.link("Write the plan")).to_be_visible()


def test_address_of_a_task_opens_it(team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    maya.page.goto(f"/boards/{team.board.id}#/tasks/{team.words.id}")
    expect(maya.task_panel.get_by_label("Title")).to_have_value("Find the words")
    maya.page.reload()
    expect(maya.task_panel.get_by_label("Title")).to_have_value("Find the words")
    maya.task_panel.get_by_role("button", name="Close the task").click()
    expect(maya.page).to_have_url(f"/boards/{team.board.id}")
