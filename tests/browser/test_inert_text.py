"""What people write is shown as they wrote it and does nothing: no markup, no script, no link comes of it.

The browser of these tests ignores the content security policy, so that the escaping has to hold alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from app.notifications.models import Notification
from app.presence.models import Activity, BoardPresence

from .board_page import BoardPage

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.boards.models import Board
    from tests.support.pages import Pages
    from tests.support.people import People

MARK = "fetch('/hit')"  # what every payload would do
PAYLOADS = (
    f"<script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f"<svg onload={MARK}>",
    f'"><img src=x onerror={MARK}>',
    f"'><svg/onload={MARK}>",
    f'" autofocus onfocus={MARK} x="',
    f"' onmouseover={MARK} x='",
    f"</script><script>{MARK}</script>",
    f"</title><script>{MARK}</script>",
    f"</textarea><script>{MARK}</script>",
    f"</template><img src=x onerror={MARK}>",
    f'<iframe srcdoc="<script>parent.{MARK}</script>"></iframe>',
    f"<details open ontoggle={MARK}>",
    f"javascript:{MARK}",
    f"[link](javascript:{MARK})",
    "{{ 7*7 }}{% raw %}${7*7}",
    f"<!--<img src=--><img src=x onerror={MARK}>//",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={MARK}>",
    f"\\u003cimg src=x onerror={MARK}\\u003e&lt;img src=x onerror={MARK}&gt;",
)


@pytest.fixture
def poisoned(people: People) -> Board:
    """Every name and text on this board is a payload, and each payload is each kind of text."""
    organization = people.organization(PAYLOADS[1])
    everybody = [
        people.user(payload, organization, email=f"x{number}@test.example")
        for number, payload in enumerate(PAYLOADS)
    ]
    board = people.board(organization, everybody[:1], everybody[1:], name=PAYLOADS[0])
    for payload in PAYLOADS:
        people.board(organization, everybody[:1], name=payload)
        people.task_on(people.list_on(board, payload), payload, description=payload)
    _speak(people, board, everybody)
    for person in everybody:
        state = {"board_id": board.id, "user_id": person.id, "status": "offline"}
        times = {"last_seen": board.created_at, "updated_at": board.created_at}
        people.add(BoardPresence(**state, **times), Activity(**state, **times, device="desktop"))
    return board


def _speak(people: People, board: Board, everybody: list[User]) -> None:
    """Each payload as a comment on the second task, and in the news of the head."""
    task = people.task_on(people.list_on(board, "Talk"), "Talk")
    for person, payload in zip(everybody, PAYLOADS, strict=True):
        comment = people.comment_on(task, person, payload)
        about = {"board_id": board.id, "task_id": task.id, "comment_id": comment.id, "actor_id": person.id}
        people.add(
            Notification(user_id=everybody[0].id, kind="mention", created_at=comment.created_at, **about)
        )


def open_page(pages: Pages, email: str | None, hits: list[str]) -> Page:
    page = pages.visitor(email, bypass_csp=True).new_page()
    page.on("dialog", lambda dialog: hits.append(dialog.message))

    def trap(route: Route) -> None:
        hits.append(route.request.url)
        route.fulfill(body="")

    page.route(is_hit, trap)
    return page


def is_hit(url: str) -> bool:
    """Asked for by a payload that ran, or by one that became a picture called x."""
    return url.endswith(("/hit", "/x"))


def as_shown(text: str) -> str:
    return " ".join(text.split())


def test_trap_notices_what_runs(pages: Pages) -> None:
    hits: list[str] = []
    page = open_page(pages, None, hits)
    page.goto("/login")
    for payload in (PAYLOADS[1], PAYLOADS[3], PAYLOADS[11], PAYLOADS[12]):
        with page.expect_request("**/hit"):
            page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", payload)
    assert len(hits) >= 4


def test_no_text_of_people_runs_or_becomes_markup(pages: Pages, poisoned: Board) -> None:
    hits: list[str] = []
    page = open_page(pages, "x0@test.example", hits)
    page.goto("/boards")
    tiles = page.get_by_role("main").get_by_role("heading", level=2)
    expect(tiles).to_have_count(len(PAYLOADS) + 1)
    assert set(map(as_shown, tiles.all_inner_texts())) == set(map(as_shown, PAYLOADS))

    board = BoardPage(page)
    board.goto(poisoned)
    expect(page.get_by_role("heading", level=1)).to_have_text(PAYLOADS[0])
    assert page.title() == f"{PAYLOADS[0]} · WorkHub"
    board.expect_lists(*PAYLOADS, "Talk")
    for payload in PAYLOADS:
        expect(board.tasks_in(payload).get_by_role("link")).to_have_text(payload)
        expect(board.person(payload).first).to_be_attached()
    page.get_by_role("button", name="Members").first.click()
    members = page.get_by_role("dialog", name="Members").get_by_role("listitem")
    expect(members).to_have_count(len(PAYLOADS))
    page.keyboard.press("Escape")
    board.panel.get_by_role("tab", name="History").click()
    expect(board.panel.get_by_text("That is everything.")).to_be_visible()

    board.open_task(PAYLOADS[1])
    expect(board.task_panel.get_by_label("Description")).to_have_value(PAYLOADS[1])
    for payload in PAYLOADS[:4] + PAYLOADS[10:14]:
        board.page.get_by_role("link", name=payload, exact=True).first.evaluate("link => link.click()")
        expect(board.task_panel.get_by_label("Title")).to_have_value(payload)
        expect(board.task_panel.locator(".markdown p, .markdown ul").first).to_be_attached()  # rendered
    board.task_panel.get_by_role("button", name="Close the task").click()
    board.open_task("Talk")
    comments = board.task_panel.get_by_role("list", name="Comments", exact=True).get_by_role("listitem")
    expect(comments.filter(has=page.get_by_role("button", name="Delete the comment"))).to_have_count(
        len(PAYLOADS)
    )
    board.task_panel.get_by_role("button", name="Close the task").click()
    page.get_by_role("button", name="Notifications").click()
    news = page.get_by_role("dialog", name="Notifications")
    expect(news.get_by_role("link", name="mentioned you in Talk")).to_have_count(len(PAYLOADS))
    assert news.locator("script, iframe, img, svg, style, math").count() == 0
    page.keyboard.press("Escape")
    board.choose(f"Actions for {PAYLOADS[3]}", "Move to…")
    expect(page.get_by_role("dialog", name="Move")).to_contain_text(PAYLOADS[3])
    page.keyboard.press("Escape")
    board.choose(f"Actions for {PAYLOADS[3]}", "Delete")
    expect(page.get_by_role("alert").filter(has_text="Deleted")).to_contain_text(PAYLOADS[3])
    page.keyboard.press("Escape")
    assert page.locator("main, aside, dialog").locator("script, iframe, img, style, math").count() == 0
    assert hits == []


def test_payloads_that_arrive_live_do_nothing(pages: Pages, people: People) -> None:
    organization = people.organization()
    head = people.user("Lena Head", organization)
    typist = people.user(PAYLOADS[1], organization, email="typist@test.example")
    board = people.board(organization, [head], [typist])
    people.task_on(people.list_on(board, "To do"), "Write the plan")
    hits: list[str] = []
    watching, writing = (BoardPage(open_page(pages, person.email, hits)) for person in (head, typist))
    for page in (watching, writing):
        page.goto(board)
    for payload in PAYLOADS:
        writing.add_task("To do", payload)
        expect(watching.link(payload)).to_be_visible()
    writing.open_task("Write the plan")
    writing.task_panel.get_by_label("Title").fill(PAYLOADS[2])
    expect(watching.card("Write the plan").get_by_text("<img is typing…")).to_be_visible()
    writing.task_panel.get_by_label("Description").fill(PAYLOADS[3])
    watching.open_task("Write the plan")
    watching.task_panel.get_by_label("Description").fill(PAYLOADS[4])
    writing.task_panel.get_by_role("button", name="Save").click()
    expect(watching.task_panel.get_by_text("Somebody else changed this task too.")).to_be_visible()
    expect(watching.link(PAYLOADS[2]).last).to_be_visible()
    watching.task_panel.get_by_role("button", name="Save").click()
    conflict = watching.task_panel.get_by_role("region", name="Somebody else changed this meanwhile")
    expect(conflict).to_contain_text(PAYLOADS[3])
    for page in (watching, writing):
        assert page.page.locator("main, aside, dialog").locator("script, iframe, img, style").count() == 0
    assert hits == []
    pages.problems.clear()  # the 409
