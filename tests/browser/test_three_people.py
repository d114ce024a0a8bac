"""Three people change one board at once, one of them loses the network: they end with the same board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.support.api import Api

if TYPE_CHECKING:
    from tests.support.pages import Pages
    from tests.support.people import People
    from tests.support.server import Server

    from .board_page import BoardPage
    from .conftest import OpenBoard
    from .team import Team

MINUTE = 60  # seconds; machines are slow when many tests run at once
LISTS = ("To do", "Doing", "Done")

# What somebody does in a second window, as fast as the answers come: `seed` makes it the same every time.
STORM = """([seed, boardId, lists, acts]) => {
  let state = seed;
  const dice = (sides) => (state = (state * 48271) % 2147483647) % sides;
  const csrf = document.querySelector('meta[name="csrf-token"]').content;
  const ask = async (method, path, body) => {
    const headers = { "X-CSRF-Token": csrf, "Content-Type": "application/json" };
    const asked = { method, headers, body: body && JSON.stringify(body) };
    const answer = await fetch(`/api/boards/${boardId}${path}`, asked);
    return { status: answer.status, body: await answer.json().catch(() => null) };
  };
  window.storm = (async () => {
    const statuses = [];
    for (let n = 0; n < acts; n += 1) {
      try {
        const { items } = (await ask("GET", "/tasks")).body;
        const task = items[dice(items.length)];
        const listId = lists[dice(lists.length)];
        const others = items.filter((other) => other.listId === listId && other.id !== task.id);
        const after = others.length && dice(2) ? others[dice(others.length)].id : null;
        const act = [
          ["POST", `/tasks/${task.id}/move`, { listId, afterTaskId: after }],
          ["PATCH", `/tasks/${task.id}`, { title: `Title ${seed}-${n}`, version: task.version }],
          ["POST", `/tasks/${task.id}/comments`, { body: `Words ${seed}-${n}` }],
        ][dice(3)];
        statuses.push((await ask(...act)).status);
      } catch { // the network is away
        await new Promise((wake) => setTimeout(wake, 200));
      }
    }
    return statuses;
  })();
}"""


def shown(page: BoardPage) -> dict[str, list[Any]]:
    """list -> its cards as the page shows them."""
    return {name: page.tasks_in(name).get_by_role("listitem").all_inner_texts() for name in LISTS}


def add(page: BoardPage, list_name: str, title: str) -> None:
    """Its card may have another name already when one looks."""
    column = page.column(list_name)
    column.get_by_role("button", name="Add task").click()
    column.get_by_role("textbox", name="Add task").fill(title)
    column.get_by_role("textbox", name="Add task").press("Enter")
    expect(page.announcer.filter(has_text=f"Added “{title}”")).to_be_attached(timeout=MINUTE * 1000)


def known(page: BoardPage) -> dict[str, list[str]]:
    return {name: page.titles(name) for name in LISTS}


def test_three_people_at_once_end_with_three_identical_boards(
    pages: Pages, server: Server, team: Team, people: People, open_board: OpenBoard
) -> None:
    for number in range(5):
        people.task_on(team.doing, f"Task {number}")
    head, maya, omar = (open_board(who, team.board) for who in (team.head, team.maya, team.omar))
    lists = [str(row.id) for row in (team.todo, team.doing, team.done)]
    for seed, page in enumerate((head, maya, omar), start=1):
        page.page.evaluate(STORM, [seed * 7919, str(team.board.id), lists, 12])
    add(omar, "Done", "Omar was here")
    maya.page.context.set_offline(True)
    maya.column("To do").get_by_role("button", name="Add task").click()
    words = maya.column("To do").get_by_role("textbox", name="Add task")
    words.fill("Written in a tunnel")
    words.press("Enter")
    expect(maya.column("To do").get_by_role("alert")).to_be_visible()
    expect(words).to_have_value("Written in a tunnel")
    lost = maya.page.get_by_role("region", name="Connection").get_by_text("Connection lost.")
    expect(lost).to_be_visible(timeout=MINUTE * 1000)
    add(head, "To do", "Made meanwhile")
    maya.page.context.set_offline(False)
    statuses = [page.page.evaluate("window.storm") for page in (head, maya, omar)]
    assert {status for each in statuses for status in each} <= {200, 201, 409}
    words.press("Enter")
    expect(maya.link("Written in a tunnel")).to_be_visible()
    api = Api(server.url)
    api.sign_in(team.head.email)
    board = api.get(f"/api/boards/{team.board.id}").json
    truth = {
        row["name"]: [task["title"] for task in board["tasks"] if task["listId"] == row["id"]]
        for row in board["lists"]
    }
    for page in (head, maya, omar):
        page.wait(lambda page=page: known(page) == truth, MINUTE, "the board as the server has it")
    boards = [shown(page) for page in (head, maya, omar)]
    assert boards[0] == boards[1] == boards[2]
    pages.problems.clear()  # what could not be reached in the tunnel, and the conflicts
