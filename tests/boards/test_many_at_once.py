"""Many tasks at once, copies, and deleting that can be undone; on a real PostgreSQL."""

from datetime import timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.boards import assignees, checklist, details, labels, links, queries, quick, tasks, trash
from app.boards.models import ChecklistItem, List, Task
from app.boards.rules import UNDO
from app.db import service_work, unit_of_work
from app.errors import Conflict, InvalidInput, NotFound

from .conftest import NOW
from .test_details import act, field_of, kinds, label, read

pytestmark = pytest.mark.usefixtures("connected")


def titles(house, row):
    board = read(house, queries.full_board)
    return [task["title"] for task in board["tasks"] if task["listId"] == str(row.id)]


def delete(house, task, at=NOW):
    act(house, trash.delete_task, task.id, at=at)


def test_several_lines_become_several_tasks_in_their_order(acme, told):
    added = act(acme, quick.add_tasks, acme.done.id, ["a", "b", "c"])
    assert titles(acme, acme.done) == ["a", "b", "c"] == [view.title for view in added]
    assert [(news.event, news.payload["seq"]) for news in told] == [("task_created", n) for n in (1, 2, 3)]
    assert [kinds(acme, view) for view in added] == [["created"]] * 3


def test_copy_has_everything_but_comments_and_stands_behind_the_original(acme, people, told):
    one = acme.tasks[0]
    bug = label(acme)
    act(acme, labels.put_label, one.id, bug.id)
    act(acme, assignees.assign, one.id, acme.head.id)
    item = act(acme, checklist.add_items, one.id, ["Ask", "Write"])[0]
    act(acme, checklist.edit_item, one.id, item.id, {"done": True})
    act(acme, links.add_link, one.id, "https://test.example", "Test")
    act(acme, tasks.edit_task, one.id, 1, {"description": "*x*", "priority": "high", "due_at": NOW})
    people.comment_on(one, acme.head)
    copy = act(acme, quick.copy_task, one.id)
    assert titles(acme, acme.todo) == ["One", "One", "Two", "Three"]
    assert told[-1].event == "task_created" and told[-1].payload["task"]["id"] == str(copy.id)
    assert (copy.description, copy.priority, copy.due_at, copy.version) == ("*x*", "high", NOW, 1)
    assert (copy.label_ids, copy.assignee_ids) == ([bug.id], [acme.head.id])
    counts = copy.checklist_done, copy.checklist_total, copy.link_count, copy.comment_count
    assert counts == (0, 2, 1, 0)
    assert read(acme, details.task_detail, copy.id).watcher_ids == [acme.head.id]
    assert kinds(acme, copy) == ["assigned", "copied"]
    elsewhere = act(acme, quick.copy_task, one.id, list_id=acme.done.id, title="Again")
    front = act(acme, quick.copy_task, one.id, list_id=acme.done.id, after_task_id=elsewhere.id)
    assert titles(acme, acme.done) == ["Again", "One"] and front.list_id == acme.done.id
    with pytest.raises(InvalidInput) as refusal:
        act(acme, quick.copy_task, one.id, list_id=acme.done.id, after_task_id=acme.tasks[1].id)
    assert field_of(refusal) == ["afterTaskId"]


def test_bulk_edit_changes_all_and_tells_each(acme, told):
    one, two, three = acme.tasks
    bug, idea = label(acme), label(acme, "Idea", "green")
    act(acme, labels.put_label, one.id, idea.id)
    act(acme, assignees.assign, two.id, acme.head.id)
    del told[:]
    changes = {
        "list_id": acme.done.id, "add_label_ids": [bug.id], "remove_label_ids": [idea.id],
        "add_assignee_ids": [acme.member.id], "remove_assignee_ids": [acme.head.id],
        "priority": "urgent", "due_at": NOW, "completed": True,
    }  # fmt: skip
    views = act(acme, quick.edit_tasks, [two.id, one.id, two.id], changes)
    assert [view.title for view in views] == ["Two", "One"] == titles(acme, acme.done)
    for view in views:
        assert (view.label_ids, view.assignee_ids) == ([bug.id], [acme.member.id])
        assert (view.priority, view.due_at, view.completed_at, view.version) == ("urgent", NOW, NOW, 2)
    assert [(news.event, news.payload["task"]["title"]) for news in told] == [
        ("task_moved", "Two"),
        ("task_moved", "One"),
    ]
    assert [news.payload["seq"] for news in told] == [5, 6]
    assert kinds(acme, one)[1:] == [
        "prioritized", "dated", "completed", "labeled", "unlabeled", "assigned", "moved",
    ]  # fmt: skip
    with pytest.raises(Conflict):  # a stale page does not take it back unknowingly
        act(acme, tasks.edit_task, one.id, 1, {"priority": "low"})
    again = act(acme, quick.edit_tasks, [one.id, two.id], {"priority": "urgent", "add_label_ids": [bug.id]})
    assert [view.version for view in again] == [2, 2]
    assert act(acme, quick.edit_tasks, [one.id, three.id], {"deleted": True}) == []
    assert [(news.event, news.payload["task"]) for news in told[-2:]] == [
        ("task_deleted", {"id": str(one.id)}),
        ("task_deleted", {"id": str(three.id)}),
    ]
    assert (titles(acme, acme.todo), titles(acme, acme.done)) == ([], ["Two"])


def test_bulk_edit_with_one_mistake_changes_nothing(acme, birch, told, monkeypatch):
    one, two, _ = acme.tasks
    bug, foreign = label(acme), label(birch)
    act(acme, tasks.edit_task, two.id, 1, {"start_at": NOW})
    before, told_before = read(acme, queries.full_board), len(told)
    good = {"priority": "high", "add_label_ids": [bug.id], "list_id": acme.done.id}
    for bad, field in (
        ({"task_ids": [one.id, birch.tasks[0].id]}, "taskIds"),
        ({"task_ids": [one.id, uuid4()]}, "taskIds"),
        ({"list_id": birch.todo.id}, "listId"),
        ({"add_label_ids": [bug.id, foreign.id]}, "addLabelIds"),
        ({"remove_label_ids": [uuid4()]}, "removeLabelIds"),
        ({"add_assignee_ids": [acme.member.id, acme.colleague.id]}, "addAssigneeIds"),
        ({"remove_assignee_ids": [birch.head.id]}, "removeAssigneeIds"),
        ({"due_at": NOW - timedelta(days=1)}, "dueAt"),
    ):
        changes = {**good, **bad}
        task_ids = changes.pop("task_ids", [one.id, two.id])
        with pytest.raises(InvalidInput) as refusal:
            act(acme, quick.edit_tasks, task_ids, changes)
        assert field_of(refusal) == [field]
    monkeypatch.setattr(quick, "MOST_ASSIGNED", 3)
    with pytest.raises(InvalidInput, match="fewer tasks or people") as refusal:
        everybody = {**good, "add_assignee_ids": [acme.member.id, acme.head.id]}
        act(acme, quick.edit_tasks, [one.id, two.id], everybody)
    assert field_of(refusal) == ["addAssigneeIds"]
    assert read(acme, queries.full_board) == before and len(told) == told_before


def test_deleted_task_is_nowhere_and_comes_back_whole(acme, told):
    one, two, _ = acme.tasks
    act(acme, labels.put_label, one.id, label(acme).id)
    item = act(acme, checklist.add_items, one.id, ["Ask"])[0]
    delete(acme, one)
    assert titles(acme, acme.todo) == ["Two", "Three"]
    for attempt in (
        lambda: read(acme, details.task_detail, one.id),
        lambda: read(acme, details.feed_of, one.id, limit=1),
        lambda: act(acme, tasks.edit_task, one.id, 1, {"title": "x"}),
        lambda: act(acme, checklist.edit_item, one.id, item.id, {"done": True}),
        lambda: delete(acme, one),
    ):
        with pytest.raises(NotFound):
            attempt()
    with unit_of_work(acme.member.id) as session:  # whatever a query forgot
        assert session.get(Task, one.id) is None and session.get(ChecklistItem, item.id) is None
        for table in ("task_labels", "checklist_items", "task_events"):
            assert session.scalar(text(f"select count(*) from {table}")) == 0
    with pytest.raises(InvalidInput):
        act(acme, tasks.move_task, two.id, acme.todo.id, one.id)
    back = act(acme, trash.restore_task, one.id, at=NOW + UNDO - timedelta(seconds=1))
    assert (told[-1].event, told[-1].payload["task"]["id"]) == ("task_created", str(one.id))
    assert (len(back.label_ids), back.checklist_total, back.version) == (1, 1, 1)
    assert titles(acme, acme.todo) == ["One", "Two", "Three"]
    assert kinds(acme, one)[-1] == "restored"
    with pytest.raises(NotFound):  # nothing to undo any more
        act(acme, trash.restore_task, one.id)


def test_restored_task_stands_beside_whoever_took_its_place(acme):
    three = acme.tasks[2]
    delete(acme, three)
    act(acme, tasks.add_task, acme.todo.id, "Four")  # at the same position
    act(acme, trash.restore_task, three.id)
    assert titles(acme, acme.todo) == ["One", "Two", "Four", "Three"]
    positions = [
        task.position for task in read(acme, lambda session, _id, board: queries.tasks_of(session, board))
    ]
    assert len(set(positions)) == 4


def test_list_comes_back_with_the_tasks_that_were_deleted_with_it(acme, told):
    one, two, _ = acme.tasks
    delete(acme, one, at=NOW - timedelta(minutes=1))
    act(acme, trash.delete_list, acme.todo.id)
    assert read(acme, queries.full_board)["tasks"] == []
    assert (told[-1].event, told[-1].payload["list"]) == ("list_deleted", {"id": str(acme.todo.id)})
    for task in (one, two):
        with pytest.raises(NotFound):
            act(acme, trash.restore_task, task.id)  # its list first
    back = act(acme, trash.restore_list, acme.todo.id)
    assert (back.name, told[-1].event, told[-1].payload["seq"]) == ("To do", "list_created", 4)
    assert titles(acme, acme.todo) == ["Two", "Three"]
    act(acme, trash.restore_task, one.id)
    assert titles(acme, acme.todo) == ["One", "Two", "Three"]


def test_after_ten_minutes_what_was_deleted_is_dropped_for_good(acme, birch):
    late = NOW + UNDO
    delete(acme, acme.tasks[0])
    act(acme, trash.delete_list, acme.done.id)
    act(birch, trash.delete_list, birch.todo.id, at=NOW + timedelta(minutes=5))
    for attempt in (
        lambda: act(acme, trash.restore_task, acme.tasks[0].id, at=late),
        lambda: act(acme, trash.restore_list, acme.done.id, at=late),
    ):
        with pytest.raises(NotFound):
            attempt()

    def left():
        with service_work() as session:
            return [session.query(kind).count() for kind in (List, Task)]

    def drop(now):
        with service_work() as session:
            return trash.drop_deleted(session, now)

    assert left() == [4, 6]
    assert [drop(late - timedelta(seconds=1)), drop(late), drop(late), drop(late)] == [0, 1, 1, 0]
    assert left() == [3, 5]
    assert sum(drop(NOW + timedelta(minutes=15)) for _ in range(3)) == 4  # three tasks, then their list
    assert left() == [2, 2]


def test_nobody_restores_what_is_on_another_board(acme, birch):
    delete(acme, acme.tasks[0])
    act(acme, trash.delete_list, acme.done.id)
    for house, person in ((birch, birch.member), (acme, birch.member), (acme, acme.colleague)):
        for service, thing in ((trash.restore_task, acme.tasks[0]), (trash.restore_list, acme.done)):
            with pytest.raises(NotFound):
                act(house, service, thing.id, by=person)


SECONDS = count()  # the board is the same for all examples, and its feed goes on
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "bulk", "copy", "archive", "delete", "restore"]), st.integers(0, 7)
    ),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_whatever_is_done_pages_that_listen_and_pages_that_load_show_the_same(acme, told, acts):
    """A page that keeps what it is told ends with what the board answers; numbers have no gap unnoticed."""
    start = read(acme, queries.full_board)
    page, seq, gone = {task["id"]: task for task in start["tasks"]}, start["seq"], []
    for what, dice in acts:
        del told[:]
        now, ids = NOW + timedelta(seconds=next(SECONDS)), sorted(page)
        chosen = UUID(ids[dice % len(ids)]) if ids else None
        target = (acme.todo, acme.done)[dice % 2].id
        if what == "add":
            act(acme, quick.add_tasks, target, ["x", "y"], at=now)
        elif what == "restore" and gone:
            act(acme, trash.restore_task, gone.pop(), at=now)
        elif what == "delete" and chosen:
            gone.append(chosen)
            act(acme, trash.delete_task, chosen, at=now)
        elif what == "move" and chosen:
            act(acme, tasks.move_task, chosen, target, None, at=now)
        elif what == "bulk" and chosen:
            some = {"priority": ("low", "high")[dice % 2], "list_id": target}
            act(acme, quick.edit_tasks, [chosen, UUID(ids[0])], some, at=now)
        elif what == "copy" and chosen:
            act(acme, quick.copy_task, chosen, at=now)
        elif what == "archive" and chosen:
            act(acme, quick.edit_tasks, [chosen], {"archived": True}, at=now)
        for news in told:
            assert news.payload["seq"] == (seq := seq + 1)
            task = news.payload["task"]
            if news.event == "task_deleted" or task["archivedAt"]:
                page.pop(task["id"], None)
            else:
                page[task["id"]] = task
    board = read(acme, queries.full_board)
    assert {task["id"]: task for task in board["tasks"]} == page and board["seq"] == seq
    for task_id, task in page.items():
        feed, _ = read(acme, details.feed_of, UUID(task_id), limit=100)
        became = [item.details["to"] for item in feed if item.kind == "prioritized"]
        if became:
            assert became[0] == task["priority"]
