"""Who is told of what on a real PostgreSQL, and who is not: not oneself, not who is away from the board."""

from datetime import timedelta

import pytest

from app.boards import comments, members, signals, trash
from app.boards.models import TaskWatcher
from app.db import service_work, unit_of_work
from app.notifications import queries, service
from app.notifications.schemas import PreferencesBody
from tests.boards.conftest import NOW

KINDS = ("mention", "assigned", "due_soon", "comment", "board_added")


def mention(person):
    return f"@[x](user:{person.id})"


def comment(house, author, body, now=NOW, task=None):
    with unit_of_work(author.id) as session:
        task_id = (task or house.tasks[0]).id
        return comments.add_comment(house.board.id, task_id, body, session=session, actor=author, now=now)


def listed(person, **query):
    with unit_of_work(person.id) as session:
        return queries.notifications_of(session, person.id, **{"limit": 50, **query})


def unread(person):
    with unit_of_work(person.id) as session:
        return queries.unread_counts(session, [person.id])[person.id]


def prefer(person, digest_minutes=15, **ways):
    kinds = {kind: {"inApp": True, "email": True} for kind in KINDS}
    kinds |= {kind: {"inApp": in_app, "email": email} for kind, (in_app, email) in ways.items()}
    body = PreferencesBody.model_validate({"kinds": kinds, "digestMinutes": digest_minutes})
    with unit_of_work(person.id) as session:
        return service.set_preferences(session, person.id, body, now=NOW)


def read(person, *ids, now=NOW):
    with unit_of_work(person.id) as session:
        return service.mark_read(session, person.id, ids=ids or None, now=now)


def remove(house, person):
    with unit_of_work(house.head.id) as session:
        members.remove_member(house.board.id, person.id, session=session, actor=house.head, now=NOW)


def test_mention_reaches_whom_it_names_and_nobody_else(acme, heard):
    said = comment(acme, acme.member, f"{mention(acme.head)} **look** {mention(acme.member)}")
    [told] = heard
    assert (told.user_id, told.event, told.payload["unreadCount"]) == (acme.head.id, "notification", 1)
    view = told.payload["notification"]
    assert view | {"id": None} == {
        "id": None,
        "kind": "mention",
        "board": {"id": str(acme.board.id), "name": "Acme board"},
        "task": {"id": str(acme.tasks[0].id), "name": "One"},
        "commentId": str(said.id),
        "actor": {"userId": str(acme.member.id), "name": "Acme member", "avatarUrl": None},
        "excerpt": "@x look @x",
        "dueAt": None,
        "createdAt": "2025-08-10T12:34:00.000Z",
        "readAt": None,
    }
    [kept], cursor = listed(acme.head)
    assert (kept.to_json(), cursor) == (view, None)
    assert listed(acme.member) == ([], None)


def test_edit_tells_only_those_it_mentions_newly(acme, heard):
    said = comment(acme, acme.member, mention(acme.head))
    with unit_of_work(acme.member.id) as session:
        comments.edit_comment(
            acme.board.id, acme.tasks[0].id, said.id, 1, f"{mention(acme.head)} again",
            session=session, actor=acme.member, now=NOW,
        )  # fmt: skip
    assert len(heard) == 1
    assert listed(acme.head)[0][0].excerpt == "@x again"  # what it says now


def test_what_is_rolled_back_is_never_told(acme, heard):
    with pytest.raises(RuntimeError), unit_of_work(acme.member.id) as session:
        comments.add_comment(
            acme.board.id, acme.tasks[0].id, mention(acme.head), session=session, actor=acme.member, now=NOW
        )
        raise RuntimeError
    assert heard == [] and listed(acme.head) == ([], None)


def test_being_put_on_a_board_is_told_and_making_one_is_not(acme, heard):
    with unit_of_work(acme.head.id) as session:
        members.add_member(
            acme.board.id, acme.colleague.email, "member", session=session, actor=acme.head, now=NOW
        )
    assert [(each.user_id, each.payload["notification"]["kind"]) for each in heard] == [
        (acme.colleague.id, "board_added")
    ]
    [kept], _ = listed(acme.colleague)
    assert (kept.task, kept.actor.name, kept.board.name) == (None, "Acme head", "Acme board")


def test_who_loses_the_board_loses_what_was_said_about_it(acme, heard):
    comment(acme, acme.head, mention(acme.member))
    remove(acme, acme.member)
    assert (listed(acme.member), unread(acme.member)) == (([], None), 0)
    heard.clear()
    comment(acme, acme.head, mention(acme.member))
    assert heard == []
    with unit_of_work(acme.head.id) as session:
        members.add_member(
            acme.board.id, acme.member.email, "member", session=session, actor=acme.head, now=NOW
        )
    assert [each.kind for each in listed(acme.member)[0]] == ["board_added", "mention"]


def test_task_or_comment_that_is_gone_is_spoken_of_no_more(acme, heard):
    said = comment(acme, acme.head, mention(acme.member))
    comment(acme, acme.head, mention(acme.member), task=acme.tasks[1])
    assert unread(acme.member) == 2
    with unit_of_work(acme.head.id) as session:
        comments.delete_comment(acme.board.id, acme.tasks[0].id, said.id, session=session, actor=acme.head)
    with unit_of_work(acme.head.id) as session:
        trash.delete_task(acme.board.id, acme.tasks[1].id, session=session, actor=acme.head, now=NOW)
    assert (listed(acme.member), unread(acme.member)) == (([], None), 0)


def test_list_comes_page_by_page_and_can_leave_out_what_was_read(acme, heard):
    for n in range(5):
        comment(acme, acme.head, f"{mention(acme.member)} {n}", now=NOW + timedelta(seconds=n // 2))
    seen, cursor = listed(acme.member, limit=2)
    while cursor:
        more, cursor = listed(acme.member, limit=2, cursor=cursor)
        seen += more
    assert [each.excerpt[-1] for each in seen] == ["4", "3", "2", "1", "0"]
    heard.clear()
    assert read(acme.member, seen[0].id, seen[1].id) == 3
    assert [each.excerpt[-1] for each in listed(acme.member, unread=True)[0]] == ["2", "1", "0"]
    assert heard == [(acme.member.id, "notification", {"notification": None, "unreadCount": 3})]
    assert read(acme.member, now=NOW + timedelta(hours=1)) == 0
    moments = [each.read_at - NOW for each in listed(acme.member)[0]]
    assert moments == [timedelta(0)] * 2 + [timedelta(hours=1)] * 3


def test_nobody_reads_what_is_another_persons(acme, heard):
    comment(acme, acme.head, mention(acme.member))
    [mine], _ = listed(acme.member)
    assert read(acme.head, mine.id) == 0
    assert unread(acme.member) == 1


def test_kind_one_does_not_want_is_not_told(acme, heard):
    prefer(acme.member, mention=(False, False))
    prefer(acme.head, mention=(False, True))
    comment(acme, acme.head, mention(acme.member))
    comment(acme, acme.member, mention(acme.head))
    assert heard == []
    with service_work() as session:
        rows = session.query(service.Notification).all()
    assert [(row.user_id, row.in_app, row.mail_at - NOW) for row in rows] == [
        (acme.head.id, False, timedelta(minutes=15))  # by mail alone
    ]
    assert listed(acme.head) == ([], None)


def test_old_ones_are_deleted(acme, heard):
    comment(acme, acme.head, mention(acme.member))
    comment(acme, acme.head, mention(acme.member), now=NOW + timedelta(days=1))
    with service_work() as session:
        assert service.delete_old(session, NOW + service.KEPT + timedelta(hours=1)) == 1
        assert service.delete_old(session, NOW + service.KEPT + timedelta(hours=1)) == 0
    assert len(listed(acme.member)[0]) == 1


def test_comment_tells_who_watches_and_whom_it_mentions_only_once(acme, people, heard):
    people.add(*(
        TaskWatcher(task_id=acme.tasks[0].id, user_id=person.id, board_id=acme.board.id)
        for person in (acme.head, acme.member)
    ))  # fmt: skip
    comment(acme, acme.member, "Hello")
    comment(acme, acme.member, mention(acme.head))
    assert [(each.user_id, each.payload["notification"]["kind"]) for each in heard] == [
        (acme.head.id, "comment"),
        (acme.head.id, "mention"),
    ]


def test_who_comments_is_told_of_answers(acme, heard):
    comment(acme, acme.member, "Who knows?")
    comment(acme, acme.head, "I do")
    assert [(each.user_id, each.payload["notification"]["excerpt"]) for each in heard] == [
        (acme.member.id, "I do")
    ]


def test_being_assigned_is_told_but_not_by_oneself(acme, heard):
    with unit_of_work(acme.head.id) as session:
        for person in (acme.member, acme.head, acme.colleague):
            signals.task_changed.send(
                None,
                session=session,
                board_id=acme.board.id,
                task_id=acme.tasks[0].id,
                kind="assigned",
                actor_id=acme.head.id,
                details={"userId": str(person.id), "name": person.name},
                now=NOW,
            )
    assert [(each.user_id, each.payload["notification"]["kind"]) for each in heard] == [
        (acme.member.id, "assigned")  # the colleague is not on the board
    ]
