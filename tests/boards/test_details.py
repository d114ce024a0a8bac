"""What hangs on tasks, on a real PostgreSQL: labels, people, checklists, links, archive, and what each leaves
in the feed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.boards import assignees, checklist, details, labels, links, lists, members, queries, tasks
from app.boards.models import BoardMember, TaskAssignee, TaskWatcher
from app.boards.signals import task_changed
from app.db import unit_of_work
from app.errors import Conflict, InvalidInput, NotFound

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")


def act(house, service, *args, by=None, at=NOW, **more):
    person = by or house.member
    with unit_of_work(person.id) as session:
        return service(house.board.id, *args, session=session, actor=person, now=at, **more)


def label(house, name="Bug", color="red"):
    return act(house, labels.add_label, name, color)


def read(house, service, *args, by=None, **more):
    person = by or house.member
    with unit_of_work(person.id) as session:
        return service(session, person.id, house.board.id, *args, **more)


def kinds(house, task):
    items, _ = read(house, details.feed_of, task.id, limit=100)
    return [item.kind for item in reversed(items)]


def field_of(refusal):
    return [error["field"] for error in refusal.value.extra["errors"]]


def test_labels_are_made_changed_and_put_on_tasks(acme, told):
    one, two, _ = acme.tasks
    bug, idea = label(acme), label(acme, "idea", "green")
    assert told[-1].event == "board_updated"
    assert [each["name"] for each in told[-1].payload["labels"]] == ["Bug", "idea"]
    act(acme, labels.put_label, one.id, bug.id)
    assert act(acme, labels.put_label, one.id, bug.id).label_ids == [bug.id]  # twice is once
    assert act(acme, labels.put_label, one.id, idea.id).label_ids == sorted([bug.id, idea.id])
    assert act(acme, labels.take_label, one.id, bug.id).label_ids == [idea.id]
    assert act(acme, labels.take_label, one.id, bug.id).version == 1  # these commute: no version
    assert kinds(acme, one) == ["labeled", "labeled", "unlabeled"]
    assert [news.payload["seq"] for news in told] == list(range(1, 8))
    act(acme, labels.put_label, two.id, idea.id)
    with unit_of_work(acme.member.id) as session:
        edited = labels.edit_label(
            acme.board.id, idea.id, 1, {"color": "blue"}, session=session, actor=acme.member
        )
        assert (edited.name, edited.color, edited.version) == ("idea", "blue", 2)
        with pytest.raises(Conflict) as stale:
            labels.edit_label(acme.board.id, idea.id, 1, {"name": "x"}, session=session, actor=acme.member)
    assert stale.value.extra["current"]["color"] == "blue"
    with unit_of_work(acme.member.id) as session:
        labels.delete_label(acme.board.id, idea.id, session=session, actor=acme.member)
    board = read(acme, queries.full_board)
    assert [each["name"] for each in board["labels"]] == ["Bug"]
    assert [task["labelIds"] for task in board["tasks"]] == [[], [], []]


def test_label_of_a_name_that_is_taken_or_one_too_many_is_refused(acme, monkeypatch):
    bug = label(acme)
    for attempt in (lambda: label(acme, "BUG"), lambda: label(acme, "bug", "teal")):
        with pytest.raises(InvalidInput) as refusal:
            attempt()
        assert field_of(refusal) == ["name"]
    with unit_of_work(acme.member.id) as session:  # its own name is no hindrance
        labels.edit_label(acme.board.id, bug.id, 1, {"name": "bug"}, session=session, actor=acme.member)
    monkeypatch.setattr(labels, "MOST_LABELS", 1)
    with pytest.raises(InvalidInput, match="at most 1 labels"):
        label(acme, "Idea")


def test_whoever_is_assigned_watches_and_only_people_on_the_board_are(acme, people, told):
    one = acme.tasks[0]
    guest = people.user("Guest")
    people.add(BoardMember(board_id=acme.board.id, user_id=guest.id))
    heard = []

    def hear(_sender, **news):
        heard.append((news["kind"], news["details"].get("userId"), news["actor_id"]))

    with task_changed.connected_to(hear):
        assert act(acme, assignees.assign, one.id, guest.id).assignee_ids == [guest.id]
        act(acme, assignees.assign, one.id, guest.id)
        act(acme, assignees.assign, one.id, acme.member.id)
    assert heard == [("assigned", str(id), acme.member.id) for id in (guest.id, acme.member.id)]
    detail = read(acme, details.task_detail, one.id)
    assert set(detail.watcher_ids) == {guest.id, acme.member.id} and detail.is_watching
    assert not read(acme, details.task_detail, one.id, by=acme.head).is_watching
    assert act(acme, assignees.unassign, one.id, guest.id).assignee_ids == [acme.member.id]
    assert guest.id in read(acme, details.task_detail, one.id).watcher_ids
    for stranger in (acme.colleague.id, acme.owner.id, uuid4()):
        with pytest.raises(NotFound):
            act(acme, assignees.assign, one.id, stranger)
    before = len(told)
    act(acme, assignees.watch, one.id, by=acme.head)
    with unit_of_work(acme.member.id) as session:
        assignees.unwatch(acme.board.id, one.id, session=session, actor=acme.member)
    assert set(read(acme, details.task_detail, one.id).watcher_ids) == {guest.id, acme.head.id}
    assert len(told) == before  # nobody else is concerned


@pytest.mark.parametrize("most_told", [50, 1])
@pytest.mark.parametrize("who", ["head", "owner", "oneself"])
def test_whoever_leaves_the_board_leaves_its_tasks(acme, told, monkeypatch, who, most_told):
    """Also when somebody removes them who is not on the board and sees none of its tasks."""
    monkeypatch.setattr(assignees, "MOST_TOLD", most_told)
    one, two, _ = acme.tasks
    for task in (one, two):
        act(acme, assignees.assign, task.id, acme.member.id, by=acme.head)
    del told[:]
    remover = {"head": acme.head, "owner": acme.owner, "oneself": acme.member}[who]
    act(acme, members.remove_member, acme.member.id, by=remover)
    events = [(news.event, news.payload["seq"]) for news in told]
    if most_told == 1:
        assert events == [("board_updated", 4)]  # 3 is missing: pages load the board
    else:
        assert events == [("task_updated", 3), ("task_updated", 4), ("board_updated", 5)]
        assert [news.payload["task"]["assigneeIds"] for news in told[:2]] == [[], []]
    board = read(acme, queries.full_board, by=acme.head)
    assert [task["assigneeIds"] for task in board["tasks"]] == [[], [], []]
    assert board["seq"] == events[-1][1]
    items, _ = read(acme, details.feed_of, one.id, by=acme.head, limit=1)
    assert (items[0].kind, items[0].actor.user_id) == ("unassigned", remover.id) or who != "head"
    with unit_of_work(acme.head.id) as session:
        for kind in (TaskAssignee, TaskWatcher):
            assert session.scalars(select(kind.user_id).where(kind.user_id == acme.member.id)).all() == []


def test_checklist_is_filled_ticked_moved_and_counted(acme, told):
    one = acme.tasks[0]
    ask, write, send = act(acme, checklist.add_items, one.id, ["Ask", "Write", "Send"])
    last = told[-1].payload
    assert (last["task"]["checklistDone"], last["task"]["checklistTotal"]) == (0, 3)
    assert [item["text"] for item in last["checklist"]] == ["Ask", "Write", "Send"]
    assert act(acme, checklist.edit_item, one.id, ask.id, {"done": True}).done
    act(acme, checklist.edit_item, one.id, ask.id, {"done": True, "text": "Ask them"})
    act(acme, checklist.move_item, one.id, send.id, ask.id)
    act(acme, checklist.move_item, one.id, write.id, None)
    act(acme, checklist.delete_item, one.id, send.id)
    detail = read(acme, details.task_detail, one.id)
    assert [(item.text, item.done) for item in detail.checklist] == [("Write", False), ("Ask them", True)]
    assert (detail.task.checklist_done, detail.task.checklist_total) == (1, 2)
    items, _ = read(acme, details.feed_of, one.id, limit=10)
    assert [(item.details["what"], item.details["text"]) for item in reversed(items)] == [
        ("added", "Ask"),
        ("added", "Write"),
        ("added", "Send"),
        ("done", "Ask"),
        ("reworded", "Ask them"),
        ("removed", "Send"),
    ]
    other = act(acme, checklist.add_items, acme.tasks[1].id, ["Other"])[0]
    for neighbour in (other.id, send.id, write.id):
        with pytest.raises(InvalidInput) as refusal:
            act(acme, checklist.move_item, one.id, write.id, neighbour)
        assert field_of(refusal) == ["afterItemId"]
    with pytest.raises(NotFound):  # an item of another task
        act(acme, checklist.edit_item, one.id, other.id, {"done": True})


def test_checklists_and_links_have_an_end(acme, monkeypatch):
    monkeypatch.setattr(checklist, "MOST_ITEMS", 2)
    monkeypatch.setattr(links, "MOST_LINKS", 1)
    one = acme.tasks[0]
    with pytest.raises(InvalidInput) as refusal:
        act(acme, checklist.add_items, one.id, ["a", "b", "c"])
    assert field_of(refusal) == ["texts"]
    act(acme, links.add_link, one.id, "https://test.example/plan", "")
    with pytest.raises(InvalidInput) as refusal:
        act(acme, links.add_link, one.id, "https://test.example", "")
    assert field_of(refusal) == ["url"]


def test_links_are_added_and_removed(acme, told):
    one = acme.tasks[0]
    named = act(acme, links.add_link, one.id, "https://test.example/a", "The plan")
    plain = act(acme, links.add_link, one.id, "https://test.example/b", "")
    assert (named.title, plain.title) == ("The plan", "https://test.example/b")
    assert told[-1].payload["task"]["linkCount"] == 2
    assert [link["id"] for link in told[-1].payload["links"]] == [str(named.id), str(plain.id)]
    act(acme, links.delete_link, one.id, named.id)
    with pytest.raises(NotFound):
        act(acme, links.delete_link, one.id, named.id)
    assert kinds(acme, one) == ["linked", "linked", "unlinked"]


def test_edit_leaves_an_entry_for_everything_it_changed(acme):
    one, due = acme.tasks[0], NOW + timedelta(days=1)
    everything = {
        "title": "New", "description": "*x*", "priority": "high", "start_at": NOW, "due_at": due,
        "time_zone": "Europe/Berlin", "completed": True, "archived": True,
    }  # fmt: skip
    view = act(acme, tasks.edit_task, one.id, 1, everything)
    assert (view.completed_at, view.archived_at, view.time_zone) == (NOW, NOW, "Europe/Berlin")
    later = NOW + timedelta(hours=1)
    again = act(acme, tasks.edit_task, one.id, 2, {"completed": True, "title": "New"}, at=later)
    assert (again.completed_at, again.version) == (NOW, 3)  # done is done since then
    act(acme, tasks.edit_task, one.id, 3, {"completed": False, "archived": False}, at=later)
    assert kinds(acme, one) == [
        "renamed", "described", "prioritized", "dated", "completed", "archived", "reopened", "unarchived",
    ]  # fmt: skip
    items, cursor = read(acme, details.feed_of, one.id, limit=5)
    rest, end = read(acme, details.feed_of, one.id, limit=5, cursor=cursor)
    assert len({item.id for item in [*items, *rest]}) == 8 and end is None
    assert items[0].at == later and items[0].actor.name == "Acme member"


def test_task_is_not_due_before_it_starts(acme):
    one, yesterday = acme.tasks[0], NOW - timedelta(days=1)
    act(acme, tasks.edit_task, one.id, 1, {"start_at": NOW})
    for changes in ({"due_at": yesterday}, {"due_at": yesterday, "start_at": NOW}):
        with pytest.raises(InvalidInput) as refusal:
            act(acme, tasks.edit_task, one.id, 2, changes)
        assert field_of(refusal) == ["dueAt"]
    act(acme, tasks.edit_task, one.id, 2, {"due_at": yesterday, "start_at": None})
    with pytest.raises(InvalidInput):
        act(acme, tasks.add_task, acme.todo.id, "x", start_at=NOW, due_at=yesterday)


def test_what_is_archived_is_on_the_board_no_more_and_comes_back(acme, told):
    one, two, _ = acme.tasks
    act(acme, tasks.move_task, two.id, acme.done.id, None)
    act(acme, tasks.edit_task, one.id, 1, {"archived": True})
    act(acme, lists.edit_list, acme.done.id, 1, {"archived": True}, at=NOW + timedelta(hours=1))
    assert told[-1].payload["list"]["archivedAt"] == "2025-08-10T13:34:00.000Z"
    board = read(acme, queries.full_board)
    assert [row["name"] for row in board["lists"]] == ["To do"]
    assert [task["title"] for task in board["tasks"]] == ["Three"]
    items = read(acme, details.archive_of)
    assert [(item.kind, (item.list or item.task).id) for item in items] == [
        ("list", acme.done.id),
        ("task", one.id),
    ]
    for refused in (
        lambda: act(acme, tasks.add_task, acme.done.id, "x"),
        lambda: act(acme, tasks.move_task, one.id, acme.done.id, None),
    ):
        with pytest.raises(InvalidInput, match="archived") as refusal:
            refused()
        assert field_of(refusal) == ["listId"]
    seq = told[-1].payload["seq"]
    act(acme, lists.edit_list, acme.done.id, 2, {"archived": False})
    assert told[-1].payload["seq"] == seq + 2  # pages have none of its tasks: they load the board
    act(acme, tasks.edit_task, one.id, 2, {"archived": False})
    assert len(read(acme, queries.full_board)["tasks"]) == 3
    assert read(acme, details.archive_of) == []


def test_description_is_shown_as_markdown_with_the_people_on_the_board(acme):
    who = {person: f"@[x](user:{getattr(acme, person).id})" for person in ("member", "colleague")}
    act(acme, tasks.edit_task, acme.tasks[0].id, 1, {"description": f"**Ask** {' '.join(who.values())}"})
    html = read(acme, details.task_detail, acme.tasks[0].id).description_html
    assert "<strong>Ask</strong>" in html
    assert f'data-user-id="{acme.member.id}">@Acme member<' in html
    assert "Acme colleague" not in html and str(acme.colleague.id) not in html


def test_things_of_another_board_are_answered_like_unknown_ones(acme, birch):
    one, foreign = acme.tasks[0], label(birch)
    for label_id in (foreign.id, uuid4()):
        with pytest.raises(NotFound):
            act(acme, labels.put_label, one.id, label_id)
    for task_id in (birch.tasks[0].id, uuid4()):
        for attempt in (
            lambda task_id=task_id: act(acme, assignees.assign, task_id, acme.member.id),
            lambda task_id=task_id: act(acme, assignees.watch, task_id),
            lambda task_id=task_id: act(acme, checklist.add_items, task_id, ["x"]),
            lambda task_id=task_id: act(acme, links.add_link, task_id, "https://test.example", ""),
            lambda task_id=task_id: read(acme, details.task_detail, task_id),
            lambda task_id=task_id: read(acme, details.feed_of, task_id, limit=1),
        ):
            with pytest.raises(NotFound):
                attempt()
