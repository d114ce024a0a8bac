"""Two people talk in a task: a mention reaches the other's bell and leads there, an edit keeps what was said,
and words that are not sent yet wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, expect

from .board_page import BoardPage
from .test_accessibility import NARROW_LIGHT_WIDE_DARK, check

if TYPE_CHECKING:
    from .conftest import OpenBoard
    from .team import Team


def composer(board: BoardPage) -> Locator:
    return board.task_panel.get_by_role("textbox", name="Write a comment")


def comments(board: BoardPage) -> Locator:
    return board.task_panel.get_by_role("list", name="Comments", exact=True)


def follow_the_news(omar: BoardPage, bell: Locator) -> None:
    bell.press("Enter")
    news = omar.page.get_by_role("dialog", name="Notifications")
    link = news.get_by_role("link", name="mentioned you in Write the plan")
    expect(link).to_contain_text("(unread)")
    check(omar.page, looks=NARROW_LIGHT_WIDE_DARK)
    link.click()
    expect(news).to_be_hidden()
    expect(bell).not_to_contain_text("unread")


def want_no_mail(omar: BoardPage) -> None:
    omar.page.goto("/settings#notifications")
    mail = omar.page.get_by_role("switch", name="Somebody mentions you: E-mail")
    expect(mail).to_be_checked()
    with omar.page.expect_response("**/api/notifications/preferences"):
        mail.uncheck()
    omar.page.reload()
    expect(mail).not_to_be_checked()


def test_mention_rings_and_leads_to_a_talk_that_both_follow(team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    omar = open_board(team.omar, team.board, bypass_csp=True, reduced_motion="reduce")  # for axe
    bell = omar.page.get_by_role("button", name="Notifications")
    expect(bell).not_to_contain_text("unread")

    maya.open_task("Write the plan")
    composer(maya).press_sequentially("Look at **this**, @om")
    expect(maya.task_panel.get_by_role("option", name="Omar Said")).to_have_attribute("aria-selected", "true")
    composer(maya).press("Enter")
    expect(composer(maya)).to_have_value("Look at **this**, @Omar Said ")
    composer(maya).press("Control+Enter")
    expect(comments(maya)).to_contain_text("Look at this, @Omar Said")
    expect(composer(maya)).to_have_value("")
    watch = maya.task_panel.locator("#task-watch")
    expect(watch).to_have_attribute("aria-pressed", "true")  # to hear of answers

    expect(bell).to_contain_text("1 unread")
    follow_the_news(omar, bell)
    expect(omar.task_panel.get_by_role("heading", name="Task in To do")).to_be_visible()
    expect(comments(omar)).to_contain_text("Look at this, @Omar Said")

    comments(maya).get_by_role("button", name="Edit the comment of Maya Brandt").click()
    field = comments(maya).get_by_role("textbox", name="Edit the comment")
    expect(field).to_have_value("Look at **this**, @Omar Said")
    field.fill("Look at *that*, @Omar Said")
    comments(maya).get_by_role("button", name="Save").click()
    expect(comments(omar)).to_contain_text("Look at that, @Omar Said")
    comments(omar).get_by_role("button", name="edited").click()
    before = omar.task_panel.get_by_role("list", name="What it said before")
    expect(before).to_contain_text("Look at this, @Omar Said")

    composer(omar).fill("Half a thought")
    check(omar.page, looks=NARROW_LIGHT_WIDE_DARK)
    omar.task_panel.get_by_role("button", name="Close the task").click()
    omar.open_task("Write the plan")
    expect(composer(omar)).to_have_value("Half a thought")

    want_no_mail(omar)
    omar.goto(team.board)
    omar.open_task("Write the plan")

    comments(maya).get_by_role("button", name="Delete the comment of Maya Brandt").click()
    maya.page.get_by_role("button", name="Delete", exact=True).click()
    expect(comments(omar).get_by_role("listitem")).to_have_count(0)
