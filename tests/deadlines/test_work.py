"""My work by the routes, on a real PostgreSQL: whose tasks, in which order, and who is told of changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, event, text

from app.clock import clock

from .conftest import Desk, in_days

if TYPE_CHECKING:
    from tests.support.api import LocalApi
    from tests.support.postgres import TestDatabase

Open = Callable[[str], "LocalApi"]
BUCKETS = ("overdue", "today", "thisWeek", "later", "noDate")


def titles(answer: Any) -> dict[str, list[str]]:
    assert answer.status == 200, answer
    return {name: [task["title"] for task in answer.json[name]] for name in BUCKETS if answer.json[name]}


def test_open_tasks_of_all_boards_by_how_soon_they_are_due(desk: Desk, client: Open) -> None:
    desk.task("Late", in_days(-3))
    desk.task("Later", in_days(30), row=desk.elsewhere, priority="high")
    desk.task("Some day")
    desk.task("Urgent some day", priority="urgent")
    work = client(desk.maya.email).get("/api/my-work")
    assert titles(work) == {
        "overdue": ["Late"],
        "later": ["Later"],
        "noDate": ["Urgent some day", "Some day"],
    }
    assert work.json["counts"] == {"overdue": 1, "today": 0, "thisWeek": 0, "later": 1, "noDate": 2}
    later = work.json["later"][0]
    told = (
        later["boardName"],
        later["boardColor"],
        later["listName"],
        later["priority"],
        later["isAssigned"],
    )
    assert told == ("Birch board", "red", "Doing", "high", True)


def test_what_is_done_put_away_of_others_or_out_of_reach_is_nobodys_work(desk: Desk, client: Open) -> None:
    now = clock.now()
    desk.task("Done", completed_at=now)
    desk.task("Archived", archived_at=now)
    desk.task("Deleted", deleted_at=now)
    desk.task("Hanna's", whose=desk.head)
    desk.task("In an archived list", row=desk.people.list_on(desk.board, "Old", archived_at=now))
    away = desk.people.board(desk.people.organization(), [desk.head], [desk.maya], archived_at=now)
    desk.task("On an archived board", row=desk.people.list_on(away))
    left = desk.task("On a board she left", row=desk.elsewhere)
    watched = desk.task("Watched", whose=None)
    desk.watch(watched)
    hanna, maya = client(desk.head.email), client(desk.maya.email)
    assert titles(maya.get("/api/my-work")) == {"noDate": ["On a board she left"]}
    assert hanna.delete(f"/api/boards/{left.board_id}/members/{desk.maya.id}").status == 204
    assert titles(maya.get("/api/my-work")) == {}
    found = maya.get("/api/my-work?watching=true")
    assert titles(found) == {"noDate": ["Watched"]}
    assert not found.json["noDate"][0]["isAssigned"]


def test_days_are_those_of_the_time_zone_asked_for(
    desk: Desk, client: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya = client(desk.maya.email)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 8, 12, 20, tzinfo=UTC))  # a Wednesday
    desk.task("Nine in Berlin, Thursday", datetime(2026, 8, 13, 7, tzinfo=UTC))
    desk.task("Three at night, Thursday", datetime(2026, 8, 13, 1, tzinfo=UTC))
    desk.task("Sunday", datetime(2026, 8, 16, 12, tzinfo=UTC))
    in_berlin = {"thisWeek": ["Three at night, Thursday", "Nine in Berlin, Thursday", "Sunday"]}
    assert titles(maya.get("/api/my-work")) == in_berlin
    in_boston = maya.get("/api/my-work?timeZone=America/New_York&weekStart=7")
    assert titles(in_boston) == {
        "today": ["Three at night, Thursday"],
        "thisWeek": ["Nine in Berlin, Thursday"],
        "later": ["Sunday"],
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("timeZone=Atlantis", "timeZone"),
        ("timeZone=../../etc/passwd", "timeZone"),
        ("weekStart=8", "weekStart"),
        ("limit=0", "limit"),
    ],
)
def test_wrong_questions_say_what_is_wrong(desk: Desk, client: Open, query: str, field: str) -> None:
    answer = client(desk.maya.email).get(f"/api/my-work?{query}")
    assert answer.status == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_five_thousand_tasks_are_one_statement_and_counted(
    desk: Desk, client: Open, database: TestDatabase
) -> None:
    many = """
        with made as (
            insert into tasks (id, board_id, list_id, title, position, due_at)
            select gen_random_uuid(), board_id, id, 'Task', 'a', now() + make_interval(days => n % 60 - 20)
            from lists, generate_series(1, 5000) n where id = :row returning id, board_id
        ) insert into task_assignees (task_id, user_id, board_id) select id, :maya, board_id from made"""
    admin = create_engine(database.admin_url)
    with admin.begin() as connection:
        connection.execute(text(many), {"row": desk.row.id, "maya": desk.maya.id})
        connection.execute(text("analyze tasks, task_assignees"))
    admin.dispose()
    maya = client(desk.maya.email)
    from app.db import database as site

    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(site.engine, "before_cursor_execute", note)
    work = maya.get("/api/my-work?limit=10").json
    event.remove(site.engine, "before_cursor_execute", note)
    assert sum(work["counts"].values()) == 5_000
    assert all(len(work[name]) <= 10 for name in BUCKETS)
    assert len([each for each in statements if "task_assignees" in each]) == 1
    whole = maya.get("/api/my-work?limit=5000").json
    assert sum(len(whole[name]) for name in BUCKETS) == 5_000


def test_page_has_the_work_from_its_first_paint_on(desk: Desk, client: Open) -> None:
    maya = client(desk.maya.email)
    assert "Nothing to do" in maya.get("/my-work").text
    task = desk.task("Call <b>the</b> printer", in_days(1))
    page = maya.get("/my-work").text
    assert f"/boards/{task.board_id}#/tasks/{task.id}" in page
    assert "Call &lt;b&gt;the&lt;/b&gt; printer" in page
    assert "<b>the</b>" not in page


def test_people_concerned_are_told_once_for_each_act(
    desk: Desk, client: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("app.realtime.publish.to_user", lambda *said: told.append(said))
    task, watched = desk.task("Mine"), desk.task("Watched", whose=None)
    other = desk.task("Not mine", whose=None)
    desk.watch(watched)
    hanna, paths = client(desk.head.email), {}
    for each in (task, watched, other):
        paths[each.title] = f"/api/boards/{desk.board.id}/tasks/{each.id}"

    def news() -> list[Any]:
        found = [user_id for user_id, event_name, *_ in told if event_name == "work_changed"]
        told.clear()
        return found

    for title, expected in (("Mine", [desk.maya.id]), ("Watched", [desk.maya.id]), ("Not mine", [])):
        due = (clock.now() + timedelta(days=1)).isoformat()
        changed = hanna.patch(paths[title], {"dueAt": due, "priority": "high", "version": 1})
        assert changed.status == 200, changed
        assert news() == expected
    stale = hanna.patch(paths["Mine"], {"title": "Stale", "version": 1})
    assert stale.status == 409 and news() == []
    assert hanna.delete(paths["Mine"]).status == 204
    assert desk.maya.id in news()
    assert hanna.delete(f"/api/boards/{desk.board.id}/members/{desk.maya.id}").status == 204
    assert desk.maya.id in news()
