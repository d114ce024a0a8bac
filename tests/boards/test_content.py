"""Lists and tasks on a real PostgreSQL: order, versions, and what others are told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.boards import lists, queries, rules, tasks, trash
from app.db import unit_of_work
from app.errors import Conflict, InvalidInput, NotFound

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")


def move(house, task, row, after=None, person=None):
    with unit_of_work((person or house.member).id) as session:
        return tasks.move_task(
            house.board.id, task.id, row.id, after and after.id, session=session, actor=house.member, now=NOW
        )


def edit(house, task, version, **changes):
    with unit_of_work(house.member.id) as session:
        return tasks.edit_task(
            house.board.id, task.id, version, changes, session=session, actor=house.member, now=NOW
        )


def add(house, row, title, **more):
    with unit_of_work(house.member.id) as session:
        return tasks.add_task(
            house.board.id, row.id, title, session=session, actor=house.member, now=NOW, **more
        )


def titles(house, row):
    with unit_of_work(house.member.id) as session:
        return [task.title for task in queries.tasks_of(session, house.board.id) if task.list_id == row.id]


def test_new_task_stands_last_and_is_told(acme, told):
    task = add(acme, acme.todo, "Four", description="*text*", due_at=NOW + timedelta(days=1))
    assert titles(acme, acme.todo) == ["One", "Two", "Three", "Four"]
    assert told[0].event == "task_created" and told[0].payload["seq"] == 1
    assert told[0].payload["task"] == {
        "id": str(task.id),
        "boardId": str(acme.board.id),
        "listId": str(acme.todo.id),
        "title": "Four",
        "description": "*text*",
        "position": task.position,
        "priority": "none",
        "startAt": None,
        "dueAt": "2025-08-11T12:34:00.000Z",
        "timeZone": None,
        "completedAt": None,
        "archivedAt": None,
        "labelIds": [],
        "assigneeIds": [],
        "checklistDone": 0,
        "checklistTotal": 0,
        "commentCount": 0,
        "linkCount": 0,
        "version": 1,
        "createdBy": str(acme.member.id),
        "createdAt": "2025-08-10T12:34:00.000Z",
        "updatedAt": "2025-08-10T12:34:00.000Z",
    }


def test_tasks_move_within_and_between_lists(acme, told):
    one, two, three = acme.tasks
    move(acme, three, acme.todo)
    assert titles(acme, acme.todo) == ["Three", "One", "Two"]
    move(acme, three, acme.todo, after=one)
    assert titles(acme, acme.todo) == ["One", "Three", "Two"]
    move(acme, two, acme.done)
    move(acme, one, acme.done, after=two)
    assert (titles(acme, acme.todo), titles(acme, acme.done)) == (["Three"], ["Two", "One"])
    assert [news.event for news in told] == ["task_moved"] * 4
    assert [news.payload["seq"] for news in told] == [1, 2, 3, 4]


def test_moving_to_where_it_is_changes_no_order(acme):
    one, two, _ = acme.tasks
    move(acme, one, acme.todo)
    move(acme, two, acme.todo, after=one)
    assert titles(acme, acme.todo) == ["One", "Two", "Three"]


def test_a_move_does_not_make_somebodys_text_stale(acme):
    moved = move(acme, acme.tasks[0], acme.done)
    assert moved.version == 1
    assert edit(acme, acme.tasks[0], 1, title="Kept").title == "Kept"


def test_neighbour_must_be_in_the_target_list(acme, birch):
    one, two, _ = acme.tasks
    move(acme, two, acme.done)
    for after in (two, one, birch.tasks[0]):  # elsewhere; itself; another organization's
        with pytest.raises(InvalidInput) as refusal:
            move(acme, one, acme.todo, after=after)
        assert refusal.value.extra["errors"][0]["field"] == "afterTaskId"
    assert titles(acme, acme.todo) == ["One", "Three"]


def test_foreign_list_is_refused_like_an_unknown_one(acme, birch):
    refusals = []
    for row_id in (birch.todo.id, uuid4()):
        with pytest.raises(InvalidInput) as refusal, unit_of_work(acme.member.id) as session:
            tasks.add_task(acme.board.id, row_id, "x", session=session, actor=acme.member, now=NOW)
        refusals.append(refusal.value.to_problem())
    assert refusals[0] == refusals[1]


def test_edit_raises_the_version_and_leaves_the_rest(acme, told):
    task = edit(acme, acme.tasks[0], 1, description="More")
    assert (task.title, task.description, task.version, task.updated_at) == ("One", "More", 2, NOW)
    assert (told[0].event, told[0].payload["task"]["description"]) == ("task_updated", "More")


def test_stale_edit_is_refused_and_shows_the_stored_words(acme, told):
    edit(acme, acme.tasks[0], 1, title="Theirs")
    with pytest.raises(Conflict) as refusal:
        edit(acme, acme.tasks[0], 1, title="Mine")
    assert refusal.value.extra["current"]["title"] == "Theirs"
    assert refusal.value.extra["current"]["version"] == 2
    assert titles(acme, acme.todo)[0] == "Theirs" and len(told) == 1


def test_deleted_task_is_gone_for_the_second_deleter(acme, told):
    by = {"actor": acme.member, "now": NOW}
    for attempt in range(2):
        with unit_of_work(acme.member.id) as session:
            if attempt == 0:
                trash.delete_task(acme.board.id, acme.tasks[0].id, session=session, **by)
            else:
                with pytest.raises(NotFound):
                    trash.delete_task(acme.board.id, acme.tasks[0].id, session=session, **by)
    assert told[0].payload["task"] == {"id": str(acme.tasks[0].id)} and len(told) == 1


def test_lists_are_added_renamed_moved_and_deleted_with_their_tasks(acme, told):
    by = {"actor": acme.member, "now": NOW}
    with unit_of_work(acme.member.id) as session:
        doing = lists.add_list(acme.board.id, "Doing", session=session, **by)
    with unit_of_work(acme.member.id) as session:
        lists.move_list(acme.board.id, doing.id, acme.todo.id, session=session, **by)
    with unit_of_work(acme.member.id) as session:
        lists.edit_list(acme.board.id, doing.id, 1, {"name": "In work"}, session=session, **by)
    with pytest.raises(Conflict), unit_of_work(acme.member.id) as session:
        lists.edit_list(acme.board.id, doing.id, 1, {"name": "Stale"}, session=session, **by)
    with unit_of_work(acme.member.id) as session:
        assert [row.name for row in queries.lists_of(session, acme.board.id)] == ["To do", "In work", "Done"]
    with unit_of_work(acme.member.id) as session:
        trash.delete_list(acme.board.id, acme.todo.id, session=session, **by)
    with unit_of_work(acme.member.id) as session:
        assert queries.tasks_of(session, acme.board.id) == []
    assert [(news.event, news.payload["seq"]) for news in told] == [
        ("list_created", 1),
        ("list_moved", 2),
        ("list_updated", 3),
        ("list_deleted", 4),
    ]
    assert told[-1].payload["list"] == {"id": str(acme.todo.id)}


def test_position_that_grew_long_renumbers_the_list_and_makes_pages_load_again(acme, told, monkeypatch):
    monkeypatch.setattr("app.boards.ordering.MAX_POSITION_LENGTH", 5)
    one, two, three = acme.tasks
    while not told or told[-1].payload["seq"] == len(told):  # always into the same gap, behind One
        one_behind, other = (two, three) if len(told) % 2 else (three, two)
        move(acme, one_behind, acme.todo, after=one)
        assert titles(acme, acme.todo) == [one.title, one_behind.title, other.title]
        assert len(told) < 100
    assert told[-1].payload["seq"] == len(told) + 1
    assert told[-1].payload["task"]["position"] == rules.fresh_positions(3)[1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 5)), max_size=12))
def test_any_moves_of_tasks_end_like_the_same_moves_of_python_lists(acme, moves):
    """Starts from whatever order the example before left."""
    rows = [acme.todo, acme.done]
    model = [titles(acme, row) for row in rows]
    by_title = {task.title: task for task in acme.tasks}
    for which, to_done, place in moves:
        task = acme.tasks[which % 3]
        for names in model:
            if task.title in names:
                names.remove(task.title)
        target = model[to_done]
        target.insert(place % (len(target) + 1), task.title)
        before = target.index(task.title) - 1
        move(acme, task, rows[to_done], after=by_title[target[before]] if before >= 0 else None)
    assert [titles(acme, row) for row in rows] == model
