"""Who sees presence in the browser, and what happens on an open page when a role or a session ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.patience import within

from .board_page import BoardPage

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People

    from .conftest import OpenBoard
    from .team import Team

AT_ONCE = within(1) * 1000  # ms


def set_role(head: BoardPage, name: str, role: str) -> None:
    head.page.get_by_role("button", name="Members").click()
    head.page.get_by_label(f"Role of {name}").select_option(role)


def test_member_gets_nothing_of_presence(team: Team, open_board: OpenBoard) -> None:
    maya, head = (open_board(person, team.board) for person in (team.maya, team.head))
    omar = open_board(team.omar, team.board)
    head.expect_in("Active now", "Omar Said")
    omar.open_task("Write the plan")
    omar.task_panel.get_by_label("Description").press_sequentially("Hi", delay=20)
    expect(head.person("Omar Said")).to_contain_text("Typing")
    head.add_task("Doing", "The last thing that happens")  # what was sent before has come when this has
    expect(maya.card("The last thing that happens")).to_be_visible()
    expect(maya.panel).to_have_count(0)
    expect(maya.page.get_by_role("button", name="Presence")).to_have_count(0)
    assert maya.traffic.named("presence_dashboard") == []
    asked = "/api/.*(presence|activity)(?!/settings)"  # what maya says of herself is her own
    assert [request for request in maya.traffic.requests if re.search(asked, request)] == []
    assert len(maya.traffic.sockets) == 1 and maya.traffic.named("task_created")
    assert head.traffic.named("presence_dashboard")


def test_member_sees_members_and_may_change_none(team: Team, open_board: OpenBoard) -> None:
    maya = open_board(team.maya, team.board)
    maya.page.get_by_role("button", name="Members 3").click()
    dialog = maya.page.get_by_role("dialog", name="Members")
    expect(dialog.get_by_role("listitem")).to_have_count(3)
    expect(dialog.get_by_role("combobox")).to_have_count(0)
    expect(dialog.get_by_role("button")).to_have_count(1)  # Close
    expect(maya.page.get_by_role("button", name="Rename the board")).to_have_count(0)


def test_member_made_head_is_offered_the_panel(team: Team, open_board: OpenBoard) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    set_role(head, "Maya Brandt", "head")
    expect(maya.page.get_by_text("You are now a head of this board.")).to_be_visible(timeout=AT_ONCE)
    maya.page.get_by_role("button", name="Reload to see presence").click()
    maya.expect_in("Active now", "Lena Head")
    expect(head.person("Maya Brandt").get_by_text("head", exact=True)).to_be_visible()


def test_demoted_head_loses_the_panel_and_hears_no_more(
    people: People, team: Team, open_board: OpenBoard
) -> None:
    second = people.user("Nadia Second", team.organization)
    board = people.board(team.organization, [team.head, second], [team.maya], name="Two heads")
    people.list_on(board, "To do")
    head, nadia = (open_board(person, board) for person in (team.head, second))
    nadia.expect_in("Active now", "Lena Head")
    set_role(head, "Nadia Second", "member")
    expect(nadia.panel).to_have_count(0, timeout=AT_ONCE)
    expect(nadia.page.get_by_text("You are no longer a head of this board.")).to_be_visible()
    expect(nadia.page.get_by_role("button", name="Rename the board")).to_have_count(0)
    heard = len(nadia.traffic.named("presence_dashboard"))
    open_board(team.maya, board)
    head.expect_in("Active now", "Maya Brandt")
    head.page.keyboard.press("Escape")
    head.add_task("To do", "Still live")
    expect(nadia.card("Still live")).to_be_visible()
    assert len(nadia.traffic.named("presence_dashboard")) == heard


def test_removed_member_reads_a_calm_notice(team: Team, open_board: OpenBoard) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Active now", "Maya Brandt")
    head.page.get_by_role("button", name="Members").click()
    head.page.get_by_role("button", name="Remove Maya Brandt from the board").click()
    head.page.get_by_role("dialog", name="Remove Maya Brandt?").get_by_role("button", name="Remove").click()
    notice = maya.page.get_by_role("heading", name="You are no longer on this board")
    expect(notice).to_be_visible(timeout=AT_ONCE)
    expect(maya.link("Write the plan")).to_have_count(0)
    expect(head.person("Maya Brandt")).to_have_count(0)
    expect(head.page.get_by_role("dialog", name="Members").get_by_role("listitem")).to_have_count(2)
    maya.page.get_by_role("link", name="Go to your boards").click()
    expect(maya.page.get_by_role("heading", name="No boards yet")).to_be_visible()


def test_head_may_step_down_and_leave(people: People, team: Team, open_board: OpenBoard) -> None:
    second = people.user("Nadia Second", team.organization)
    board = people.board(team.organization, [team.head, second], name="Two heads")
    head = open_board(team.head, board)
    set_role(head, "Lena Head", "member")
    expect(head.panel).to_have_count(0)
    dialog = head.page.get_by_role("dialog", name="Members")
    expect(dialog.get_by_role("combobox")).to_have_count(0)
    expect(dialog.get_by_role("listitem").filter(has_text="Lena Head")).to_contain_text("Member")
    nadia = open_board(second, board)
    set_role(nadia, "Lena Head", "head")
    nadia.page.get_by_role("button", name="Remove Nadia Second from the board").click()
    question = nadia.page.get_by_role("dialog", name="Remove Nadia Second?")
    expect(question).to_contain_text("You will no longer see this board.")
    question.get_by_role("button", name="Remove").click()
    expect(nadia.page.get_by_role("heading", name="You are no longer on this board")).to_be_visible()
    expect(head.page.get_by_text("You are now a head of this board.")).to_be_visible()


def test_nothing_fails_on_a_page_whose_person_is_removed_while_much_goes_on(
    people: People, team: Team, open_board: OpenBoard
) -> None:
    """Typing nearby, a history that looks for news, a changed text: all of it ends with the page."""
    second = people.user("Nadia Second", team.organization)
    board = people.board(team.organization, [team.head, second], [team.maya], name="Busy")
    people.task_on(people.list_on(board, "To do"), "Write the plan")
    head, nadia, maya = (open_board(person, board) for person in (team.head, second, team.maya))
    nadia.open_task("Write the plan")
    nadia.panel.get_by_role("tab", name="History").click()
    maya.open_task("Write the plan")
    maya.task_panel.get_by_label("Description").press_sequentially("Hi", delay=20)
    expect(nadia.task_panel.get_by_text("Maya is typing…")).to_be_visible()
    maya.page.close()
    head.page.get_by_role("button", name="Members").click()
    head.page.get_by_role("button", name="Remove Nadia Second from the board").click()
    head.page.get_by_role("dialog", name="Remove Nadia Second?").get_by_role("button", name="Remove").click()
    expect(nadia.page.get_by_role("heading", name="You are no longer on this board")).to_be_visible()
    head.expect_in("Offline", "Maya Brandt", 5)  # by now every timer of Nadia's page has run


def test_added_member_is_in_the_panel_at_once(people: People, team: Team, open_board: OpenBoard) -> None:
    kenji = people.user("Kenji Mori", team.organization)
    head = open_board(team.head, team.board)
    head.page.get_by_role("button", name="Members").click()
    head.page.get_by_label("by e-mail").fill(kenji.email)
    head.page.get_by_role("button", name="Add", exact=True).click()
    expect(head.page.get_by_role("dialog", name="Members").get_by_text("Kenji Mori")).to_be_visible()
    expect(head.person("Kenji Mori")).to_contain_text("Offline")
    open_board(kenji, team.board)
    head.expect_in("Active now", "Kenji Mori")


def test_unknown_address_and_last_head_are_explained(pages: Pages, team: Team, open_board: OpenBoard) -> None:
    head = open_board(team.head, team.board)
    set_role(head, "Lena Head", "member")
    dialog = head.page.get_by_role("dialog", name="Members")
    expect(dialog.get_by_role("alert").filter(has_text="head")).to_be_visible()
    expect(dialog.get_by_label("Role of Lena Head")).to_have_value("head")
    dialog.get_by_label("by e-mail").fill("nobody@test.example")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("Nobody of your organization has this address")).to_be_visible()
    assert len(pages.problems) == 2  # both refusals are in the browser's log, and nothing else
    pages.problems.clear()


def test_signing_out_in_one_tab_ends_the_board_in_the_other(team: Team, open_board: OpenBoard) -> None:
    first = open_board(team.maya, team.board)
    second = BoardPage.open(first.page.context, team.board)
    first.page.get_by_role("button", name="Your account").click()
    first.page.get_by_role("button", name="Sign out").click()
    expect(second.page.get_by_role("heading", name="Sign in")).to_be_visible(timeout=2 * AT_ONCE)
    assert f"/boards/{team.board.id}" in second.page.url.replace("%2F", "/")  # where one returns to


def test_strangers_find_no_board(pages: Pages, people: People, team: Team) -> None:
    stranger = people.user("Stranger", people.organization("Birch"), "owner")
    page = pages.open(f"/boards/{team.board.id}", stranger.email)
    expect(page.get_by_text("404")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert "Launch" not in page.content()
    visitor = pages.open(f"/boards/{team.board.id}")
    expect(visitor.get_by_role("heading", name="Sign in")).to_be_visible()
    pages.problems.clear()  # the 404 itself


def test_sign_in_leads_to_the_page_that_was_asked_for(pages: Pages, team: Team) -> None:
    page = pages.open(f"/boards/{team.board.id}")
    page.get_by_label("E-mail").fill(team.maya.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The e-mail address or the password is not right.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(team.maya.email)
    page.get_by_label("Password").fill("workhub-test")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Launch")).to_be_visible()
    pages.problems.clear()  # the 401 itself
