"""Deadlines on a real PostgreSQL: whoever works on a task or watches it is told once, some morning."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.accounts.models import User
from app.boards.models import Task, TaskAssignee, TaskWatcher
from app.db import service_work
from app.notifications.due_soon import remind

from .test_notify import listed, prefer, read

# Friday, 17:00 in Berlin: told on Thursday at 8 in the morning, of each their own.
DUE = datetime(2025, 11, 21, 16, tzinfo=UTC)
MORNING_IN_BERLIN = datetime(2025, 11, 20, 7, tzinfo=UTC)
MORNING_IN_NEW_YORK = datetime(2025, 11, 20, 13, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def change(people):
    def run(statement):
        with people._engine.begin() as behind:
            behind.execute(statement)

    return run


@pytest.fixture
def task(acme, people, change, heard):
    """The member in Berlin works on it, the head in New York watches it and works on it too."""
    task, at = acme.tasks[0], {"task_id": acme.tasks[0].id, "board_id": acme.board.id}
    change(update(Task).where(Task.id == task.id).values(due_at=DUE))
    change(update(User).where(User.id == acme.member.id).values(time_zone="Europe/Berlin"))
    change(update(User).where(User.id == acme.head.id).values(time_zone="America/New_York"))
    people.add(TaskAssignee(user_id=acme.member.id, **at), TaskAssignee(user_id=acme.head.id, **at))
    people.add(TaskWatcher(user_id=acme.head.id, **at))
    return task


def job(now):
    with service_work() as session:
        return remind(session, now)


def test_each_is_told_once_in_their_own_morning(acme, task, heard):
    moments = (MORNING_IN_BERLIN - MINUTE, MORNING_IN_BERLIN, MORNING_IN_NEW_YORK - MINUTE)
    assert [job(moment) for moment in moments] == [0, 1, 0]
    assert [job(MORNING_IN_NEW_YORK), job(MORNING_IN_NEW_YORK + MINUTE), job(DUE - MINUTE)] == [1, 0, 0]
    assert [(each.user_id, each.payload["unreadCount"]) for each in heard] == [
        (acme.member.id, 1),
        (acme.head.id, 1),
    ]
    [told], _ = listed(acme.member)
    assert (told.kind, told.due_at, told.actor, told.task.name) == ("due_soon", DUE, None, "One")


def test_another_date_is_due_soon_once_more_in_the_same_place(acme, task, change, heard):
    assert job(MORNING_IN_NEW_YORK) == 2
    read(acme.member)
    change(update(Task).where(Task.id == task.id).values(due_at=DUE + timedelta(days=7)))
    later = MORNING_IN_NEW_YORK + timedelta(days=7)
    assert [job(later), job(later)] == [2, 0]
    [told], _ = listed(acme.member)
    assert (told.due_at, told.read_at) == (DUE + timedelta(days=7), None)


@pytest.mark.parametrize("column", ["completed_at", "archived_at", "deleted_at"])
def test_what_is_done_or_put_away_is_due_no_more(task, change, column):
    change(update(Task).where(Task.id == task.id).values({column: DUE - timedelta(days=9)}))
    assert job(MORNING_IN_NEW_YORK) == 0


def test_only_what_is_still_ahead_and_wanted_is_told(acme, task, change, heard):
    prefer(acme.head, due_soon=(False, False))
    assert job(DUE + MINUTE) == 0  # too late: overdue says more than soon
    assert job(DUE - MINUTE) == 1
    assert [each.user_id for each in heard] == [acme.member.id]
