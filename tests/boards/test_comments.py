"""Comments on a real PostgreSQL: who writes, edits and deletes them, whom they mention, and what others are
told."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from app.boards import comments, queries, trash
from app.boards.signals import commented
from app.db import unit_of_work
from app.errors import Conflict, Forbidden, InvalidInput, NotFound

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")


def doing(what, person, house, *arguments, task=None, **more):
    with unit_of_work(person.id) as session:
        task_id = (task or house.tasks[0]).id
        return what(house.board.id, task_id, *arguments, session=session, actor=person, **more)


def add(house, body="Looks good", person=None, now=NOW, **more):
    return doing(comments.add_comment, person or house.member, house, body, now=now, **more)


def edit(house, comment, version, body, person=None, now=NOW + timedelta(minutes=5)):
    return doing(comments.edit_comment, person or house.member, house, comment.id, version, body, now=now)


def delete(house, comment, person):
    return doing(comments.delete_comment, person, house, comment.id)


def listed(house, person=None, task=None, limit=50, cursor=None):
    person = person or house.member
    task_id = (task or house.tasks[0]).id
    with unit_of_work(person.id) as session:
        return comments.comments_of(session, person.id, house.board.id, task_id, limit=limit, cursor=cursor)


def history(house, comment, limit=50, cursor=None):
    with unit_of_work(house.head.id) as session:
        return comments.history_of(
            session, house.head.id, house.board.id, house.tasks[0].id, comment.id, limit=limit, cursor=cursor
        )


def mention(person, name="somebody"):
    return f"@[{name}](user:{person.id})"


@pytest.fixture
def heard():
    """What rooms above are told of comments."""
    news = []

    def receive(_sender, *, session, **said):
        news.append(said)

    with commented.connected_to(receive):
        yield news


def test_comment_is_kept_counted_and_told(acme, told):
    comment = add(acme, "**Ship** it")
    assert (comment.author.name, comment.body) == ("Acme member", "**Ship** it")
    assert comment.body_html == "<p><strong>Ship</strong> it</p>\n"
    assert (comment.version, comment.edited_at, comment.mention_ids) == (1, None, [])
    assert (told[0].event, told[0].payload["seq"]) == ("comment_added", 1)
    assert told[0].payload["comment"] == comment.to_json()
    assert told[0].payload["task"]["commentCount"] == 1
    assert told[0].payload["task"]["version"] == 1  # whoever edits the task meanwhile is not refused
    assert listed(acme) == ([comment], None)
    with unit_of_work(acme.head.id) as session:
        board = queries.full_board(session, acme.head.id, acme.board.id)
    assert [task["commentCount"] for task in board["tasks"]] == [1, 0, 0]


def test_newest_come_first_page_by_page(acme, told):
    made = [add(acme, f"No. {n}", now=NOW + timedelta(seconds=n // 2)) for n in range(5)]
    add(acme, "Elsewhere", task=acme.tasks[1])
    seen, cursor = listed(acme, limit=2)
    while cursor:
        more, cursor = listed(acme, limit=2, cursor=cursor)
        seen += more
    assert [each.body for each in seen] == [each.body for each in reversed(made)]
    for wrong in ("x", "bm8=", "WyJ4IiwiMDE5OGEwYjAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxIl0="):
        with pytest.raises(InvalidInput):
            listed(acme, cursor=wrong)


def test_only_people_on_the_board_are_mentioned(acme, birch, told, heard):
    text = f"{mention(acme.head)} {mention(acme.colleague)} {mention(birch.head, 'Spy')} {mention(acme.head)}"
    comment = add(acme, text)
    assert comment.mention_ids == [acme.head.id]
    assert f'data-user-id="{acme.head.id}">@Acme head</span> @somebody @Spy' in comment.body_html
    assert heard == [
        {
            "board_id": acme.board.id,
            "task_id": acme.tasks[0].id,
            "comment_id": comment.id,
            "actor_id": acme.member.id,
            "mentioned": frozenset({acme.head.id}),
            "is_new": True,
            "now": NOW,
        }
    ]
    edited = edit(acme, comment, 1, f"{mention(acme.head)} {mention(acme.member)}")
    assert (heard[1]["mentioned"], heard[1]["is_new"]) == (frozenset({acme.member.id}), False)
    assert edited.mention_ids == [acme.head.id, acme.member.id]
    crowd = " ".join(f"@[x](user:{uuid4()})" for _ in range(comments.MOST_MENTIONS + 1))
    with pytest.raises(InvalidInput) as refused:
        add(acme, crowd)
    assert refused.value.extra["errors"][0]["field"] == "body"


def test_edit_keeps_what_was_said_before(acme, told):
    comment = add(acme, "First")
    edit(acme, comment, 1, "Second")
    later = edit(acme, comment, 2, "Third", now=NOW + timedelta(hours=1))
    assert (later.version, later.edited_at) == (3, NOW + timedelta(hours=1))
    items, cursor = history(acme, comment)
    assert [(item.version, item.body) for item in items] == [(3, "Third"), (2, "Second"), (1, "First")]
    assert [item.written_at - NOW for item in items] == [timedelta(minutes=m) for m in (60, 5, 0)]
    assert cursor is None
    items, cursor = history(acme, comment, limit=2)
    assert ([item.version for item in items], cursor) == ([3, 2], "2")
    rest, cursor = history(acme, comment, limit=2, cursor=cursor)
    assert ([item.version for item in rest], cursor) == ([1], None)
    assert [news.event for news in told] == ["comment_added", "comment_updated", "comment_updated"]


def test_stale_edit_is_refused_with_the_current_text(acme, told):
    comment = add(acme, "First")
    edit(acme, comment, 1, "Second")
    with pytest.raises(Conflict) as refused:
        edit(acme, comment, 1, "Also second")
    assert refused.value.extra["current"]["body"] == "Second"
    assert [item.body for item in history(acme, comment)[0]] == ["Second", "First"]


def test_author_edits_and_author_and_heads_delete(acme, told):
    comment = add(acme)
    with pytest.raises(Forbidden):
        edit(acme, comment, 1, "Mine now", person=acme.head)
    of_head = add(acme, person=acme.head)
    with pytest.raises(Forbidden):
        delete(acme, of_head, acme.member)
    delete(acme, comment, acme.head)
    delete(acme, of_head, acme.head)
    assert told[-1].event == "comment_deleted"
    assert told[-1].payload["comment"] == {"id": str(of_head.id)}
    assert told[-1].payload["task"]["commentCount"] == 0
    assert listed(acme) == ([], None)
    with pytest.raises(NotFound):
        history(acme, comment)


def test_strangers_and_other_boards_find_nothing(acme, birch, told):
    comment, foreign = add(acme), add(birch, person=birch.head)
    for stranger in (acme.colleague, acme.owner, birch.head):
        for attempt in (
            partial(listed, acme, stranger),
            partial(add, acme, person=stranger),
            partial(edit, acme, comment, 1, "x", person=stranger),
            partial(delete, acme, comment, stranger),
        ):
            with pytest.raises(NotFound):
                attempt()
    for attempt in (  # ids of elsewhere, by people who may write here
        partial(add, acme, task=birch.tasks[0]),
        partial(edit, acme, foreign, 1, "x"),
        partial(delete, acme, foreign, acme.head),
        partial(history, acme, foreign),
        partial(listed, acme, task=birch.tasks[0]),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert [news.event for news in told] == ["comment_added"] * 2


def test_comments_go_with_their_task(acme, told):
    comment = add(acme)
    with unit_of_work(acme.member.id) as session:
        trash.delete_task(acme.board.id, acme.tasks[0].id, session=session, actor=acme.member, now=NOW)
    for attempt in (partial(listed, acme), partial(add, acme), partial(history, acme, comment)):
        with pytest.raises(NotFound):
            attempt()
