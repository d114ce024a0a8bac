"""What the search finds, in which order, and for whom: by its routes, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from app import ratelimit
from app.boards.models import BoardMember, Comment
from tests.support.local import local_app
from tests.support.people import People
from tests.support.world import World

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.api import Answer, LocalApi
    from tests.support.postgres import PostgresForTests, TestDatabase

Open = Callable[[str], "LocalApi"]
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def world(database: TestDatabase) -> Iterator[World]:
    """On each board a task with the words "secret plan" and the board's name."""
    people = People(database.admin_url)
    made = World(people)
    for board in (made.board, made.private, made.foreign):
        row = people.list_on(board, "Doing")
        people.task_on(row, "Secret plan", description=f"A plan about {board.name}", updated_at=NOW)
    yield made
    people.close()


@pytest.fixture(scope="module")
def app(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with local_app(database, tmp_path_factory.mktemp("search")) as made:
        yield made


@pytest.fixture
def as_(client: Callable[[str], LocalApi], world: World) -> Open:
    return lambda name: client(str(world.users[name].email))


@pytest.fixture
def head(as_: Open) -> LocalApi:
    return as_("head")


def ask(api: LocalApi, **query: Any) -> Answer:
    return api.get(f"/api/search?{urlencode(query)}")


def search(api: LocalApi, asked: str, **query: Any) -> list[dict[str, Any]]:
    answer = ask(api, q=asked, **query)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def titles(api: LocalApi, asked: str) -> list[str]:
    return [item["task"]["title"] for item in search(api, asked)]


FINDS = {  # whose boards each person is on; running an organization is not being on its boards
    "owner": [],
    "admin": [],
    "head": ["launch"],
    "member": ["launch"],
    "ex-head": ["launch"],
    "guest": ["launch"],
    "colleague": ["private"],
    "removed": [],
    "birch owner": ["birch"],
    "nobody": [],
}


@pytest.mark.parametrize("person", FINDS)
def test_person_finds_tasks_of_their_own_boards_only(as_: Open, person: str) -> None:
    api = as_(person)
    assert [item["boardName"] for item in search(api, "secret plan")] == FINDS[person]
    page = api.get("/search?q=secret+plan").text
    for board in ("launch", "private", "birch"):
        assert (f"about {board}" in page) is (board in FINDS[person])


def test_word_of_another_organization_is_found_like_one_that_nobody_wrote(as_: Open) -> None:
    api = as_("member")
    theirs, nobodys = (ask(api, q=word) for word in ("birch", "unwritten"))
    assert theirs.json == nobodys.json == {"items": [], "nextCursor": None}


def test_whoever_leaves_a_board_finds_nothing_of_it_at_once(as_: Open, head: LocalApi, world: World) -> None:
    guest, members = as_("guest"), f"/api/boards/{world.board.id}/members"
    assert search(guest, "secret")
    assert guest.delete(f"{members}/{world.users['guest'].id}").status == 204
    assert search(guest, "secret") == []
    world.people.add(BoardMember(board_id=world.board.id, user_id=world.users["guest"].id, role="member"))


@pytest.fixture
def board(world: World) -> Iterator[Any]:
    """A board of the head's own, and a list on it."""
    made = world.people.board(world.acme, [world.users["head"]], name="Words")
    yield world.people.list_on(made, "Ideas")


def test_all_words_must_be_there_and_the_last_one_may_be_a_beginning(
    head: LocalApi, world: World, board: Any
) -> None:
    world.people.task_on(board, "Call the zprinter", description="By noon, about paper_jams (x-ray)")
    for asked in (
        "zprinter",
        "ZPRIN",
        "call zprinter",
        "zprinter noon",
        "zprinter jams",
        "zprinter ray",
        "noon zp",
    ):
        assert titles(head, asked) == ["Call the zprinter"], asked
    for asked in ("zprin call", "zprinter midnight", "printer zz", "", "  ", "!?*:&|()'", "\\"):
        assert titles(head, asked) == [], asked


def test_words_of_many_languages_are_found(head: LocalApi, world: World, board: Any) -> None:
    for title in (
        "Größe ÄNDERN",
        "Важный журнал",
        "日本語 テスト",
        "Cafe\u0301 au lait",
        "Version 1.2e5 of foo-bar",
    ):
        world.people.task_on(board, title)
    for asked, title in (
        ("GRÖSSE", None),
        ("größe ändern", "Größe ÄNDERN"),
        ("ВАЖНЫЙ", "Важный журнал"),
        ("日本", "日本語 テスト"),
        ("café lait", "Cafe\u0301 au lait"),
        ("1 2e5 foo", "Version 1.2e5 of foo-bar"),
    ):
        assert titles(head, asked) == ([title] if title else []), asked


def test_titles_come_first_and_then_what_was_written_last(head: LocalApi, world: World, board: Any) -> None:
    def task(title: str, days: int, description: str = "") -> None:
        written = NOW - timedelta(days=days)
        world.people.task_on(board, title, description=description, updated_at=written)

    task("Old xylophone", 9)
    task("New xylophone", 2)
    task("Newest", 1, "has a xylophone in its text")
    task("Older", 8, "as has this: xylophone")
    in_order = ["New xylophone", "Old xylophone", "Newest", "Older"]
    assert titles(head, "xylophone") == in_order
    for limit in (1, 2, 3):
        found, query = [], {"q": "xylophone", "limit": limit}
        while True:
            page = ask(head, **query).json
            found += [item["task"]["title"] for item in page["items"]]
            if page["nextCursor"] is None:
                break
            query["cursor"] = page["nextCursor"]
        assert found == in_order, limit


def test_excerpt_is_parts_of_text_and_the_page_escapes_them(head: LocalApi, world: World, board: Any) -> None:
    world.people.task_on(board, "<img src=x> quokka", description="<script>quokka()</script>")
    [item] = search(head, "quokka")
    assert item["title"] == [{"text": "<img src=x> ", "hit": False}, {"text": "quokka", "hit": True}]
    assert item["excerpt"][0] == {"text": "<script>", "hit": False}
    assert (item["boardName"], item["listName"]) == ("Words", "Ideas")
    page = head.get("/search?q=quokka").text
    assert "&lt;script&gt;<mark>quokka</mark>()" in page
    assert "<img src=x>" not in page


def test_search_follows_every_change_of_a_task_and_its_board(
    head: LocalApi, world: World, board: Any
) -> None:
    path = f"/api/boards/{board.board_id}"
    task = head.post(f"{path}/tasks", {"listId": str(board.id), "title": "Wombat"}).json
    task = head.patch(f"{path}/tasks/{task['id']}", {"title": "Numbat", "version": task["version"]}).json
    assert (titles(head, "wombat"), titles(head, "numbat")) == ([], ["Numbat"])
    version = head.get(path).json["version"]
    assert head.patch(path, {"archived": True, "version": version}).status == 200
    assert [item["task"]["isArchived"] for item in search(head, "numbat")] == [True]
    assert "Archived" in head.get("/search?q=numbat").text
    assert head.patch(path, {"archived": False, "version": version + 1}).status == 200
    assert head.delete(f"{path}/tasks/{task['id']}").status == 204
    assert titles(head, "numbat") == []
    assert head.post(f"{path}/tasks", {"listId": str(board.id), "title": "Numbat"}).status == 201
    assert titles(head, "numbat") == ["Numbat"]
    assert head.delete(f"{path}/lists/{board.id}").status == 204
    assert titles(head, "numbat") == []


def test_archived_tasks_are_found_and_marked_and_deleted_boards_hold_none(
    head: LocalApi, world: World, board: Any
) -> None:
    for number in (1, 2):
        world.people.task_on(board, f"Aardvark {number}", archived_at=NOW if number == 1 else None)
    found = {item["task"]["title"]: item["task"]["isArchived"] for item in search(head, "aardvark")}
    assert found == {"Aardvark 1": True, "Aardvark 2": False}
    world.people.task_on(
        world.people.list_on(world.people.board(world.acme, [world.users["head"]], deleted_at=NOW)),
        "Aardvark 3",
    )
    assert len(titles(head, "aardvark")) == 2


def test_words_of_comments_are_found_as_long_as_they_stand_there(
    head: LocalApi, world: World, board: Any
) -> None:
    task = world.people.task_on(board, "Feed the animals", description="All of them")
    comments = f"/api/boards/{board.board_id}/tasks/{task.id}/comments"
    first = head.post(comments, {"body": "Not the **okapi** again"}).json
    head.post(comments, {"body": "It was the narwhal"})
    [item] = search(head, "animals okapi")
    assert "".join(part["text"] for part in item["excerpt"]) == "Not the **okapi** again"
    assert titles(head, "okapi narwhal") == ["Feed the animals"]
    changed = {"body": "Not the gnu", "version": first["version"]}
    assert head.patch(f"{comments}/{first['id']}", changed).status == 200
    assert (titles(head, "okapi"), titles(head, "gnu narwhal")) == ([], ["Feed the animals"])
    assert head.delete(f"{comments}/{first['id']}").status == 204
    assert (titles(head, "gnu"), titles(head, "narwhal")) == ([], ["Feed the animals"])


def test_book_in_the_comments_does_not_keep_anybody_from_writing(
    head: LocalApi, world: World, board: Any
) -> None:
    task = world.people.task_on(board, "Endless capybara")
    book = " ".join(f"w{number:07}" for number in range(60_000))
    world.people.add(
        Comment(board_id=task.board_id, task_id=task.id, author_id=world.users["head"].id, body=book)
    )
    path = f"/api/boards/{board.board_id}/tasks/{task.id}"
    assert head.post(f"{path}/comments", {"body": "More"}).status == 201
    assert head.patch(path, {"description": "x" * 20_000, "version": 1}).status == 200
    assert titles(head, "capybara") == ["Endless capybara"]


def test_two_statements_whatever_is_found(app: Flask, as_: Open, head: LocalApi) -> None:
    from app.db import database as connected

    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "search_tasks" in statement or "FROM tasks" in statement:
            statements.append(statement)

    event.listen(connected.engine, "before_cursor_execute", note)
    try:
        assert len(search(head, "secret")) == 1
    finally:
        event.remove(connected.engine, "before_cursor_execute", note)
    assert len(statements) == 2


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a" * 201},
        {"limit": 0},
        {"limit": 51},
        {"cursor": "WzFd"},
        {"cursor": "!"},
        {"q": "\x00"},
        {"x": 1},
    ],
)
def test_wrong_question_is_refused_with_its_field(head: LocalApi, query: dict[str, Any]) -> None:
    answer = ask(head, **query)
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    assert [problem["field"] for problem in answer.json["errors"]] == list(query)


def test_whoever_asks_without_end_is_told_to_wait(head: LocalApi) -> None:
    answers = [head.get("/api/search").status for _ in range(61)]
    assert answers[-1] == 429
    assert answers[0] == 200
    assert head.get("/search").status == 429, "the page is the same search"
    ratelimit.reset()


def test_page_says_what_to_do_when_there_is_nothing(head: LocalApi) -> None:
    assert "Nothing found" in head.get("/search?q=unwritten").text
    assert "Finds tasks on all your boards" in head.get("/search").text
