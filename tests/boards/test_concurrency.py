"""Many people change one board at the same moment."""

import random
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from app.boards import members, queries, tasks
from app.db import unit_of_work
from app.errors import Conflict, InvalidInput, LastHead, NotFound
from tests.support.patience import until_served

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")
AT_ONCE = 8


def all_at_once(work, inputs):
    """What each call answered, or the error it raised."""

    def attempt(value):
        try:
            return until_served(partial(work, value))
        except (Conflict, InvalidInput, LastHead, NotFound) as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(attempt, inputs))


def test_fifty_concurrent_moves_keep_one_order_and_count_without_gaps(acme, people, told):
    extra = [people.task_on(acme.done, f"More {number}") for number in range(5)]
    cards, dice = [*acme.tasks, *extra], random.Random(7)
    wishes = [(dice.choice(cards), dice.choice([acme.todo, acme.done])) for _ in range(50)]

    def move(wish):
        card, row = wish
        with unit_of_work(acme.member.id) as session:
            there = [
                task.id
                for task in queries.tasks_of(session, acme.board.id)
                if task.list_id == row.id and task.id != card.id
            ]
            after = dice.choice([None, *there])
            return tasks.move_task(
                acme.board.id, card.id, row.id, after, session=session, actor=acme.member, now=NOW
            )

    answers = all_at_once(move, wishes)
    with unit_of_work(acme.member.id) as session:
        after = queries.tasks_of(session, acme.board.id)
        board, _ = queries.board_for(session, acme.member.id, acme.board.id)
    # A neighbour may be dragged away between looking and moving: that one move is refused.
    moved = [answer for answer in answers if not isinstance(answer, InvalidInput)]
    assert len(moved) + sum(isinstance(answer, InvalidInput) for answer in answers) == 50
    assert len(moved) >= 25
    assert {task.id for task in after} == {card.id for card in cards}
    for row in (acme.todo, acme.done):
        positions = [task.position for task in after if task.list_id == row.id]
        assert positions == sorted(set(positions))
    assert sorted(news.payload["seq"] for news in told) == list(range(1, len(moved) + 1))
    assert board.seq == len(moved)


def test_concurrent_additions_never_share_a_position(acme, told):
    def add(number):
        with unit_of_work(acme.member.id) as session:
            return tasks.add_task(
                acme.board.id, acme.done.id, f"{number}", session=session, actor=acme.member, now=NOW
            )

    positions = [task.position for task in all_at_once(add, range(30))]
    assert len(set(positions)) == 30
    # Who has the higher number came later, and stands further down.
    in_order = sorted(told, key=lambda news: news.payload["seq"])
    assert [news.payload["task"]["position"] for news in in_order] == sorted(positions)


def test_of_concurrent_edits_of_one_version_exactly_one_wins(acme):
    def edit(number):
        with unit_of_work(acme.member.id) as session:
            return tasks.edit_task(
                acme.board.id,
                acme.tasks[0].id,
                1,
                {"title": f"Edit {number}"},
                session=session,
                actor=acme.member,
                now=NOW,
            )

    answers = all_at_once(edit, range(AT_ONCE))
    winners = [answer for answer in answers if not isinstance(answer, Conflict)]
    losers = [answer for answer in answers if isinstance(answer, Conflict)]
    assert len(winners) == 1 and len(losers) == AT_ONCE - 1
    assert {loser.extra["current"]["title"] for loser in losers} == {winners[0].title}


def test_two_heads_who_demote_each_other_at_once_leave_one_head(acme, people):
    board = people.board(acme.organization, [acme.head, acme.member])

    def demote(pair):
        actor, user = pair
        with unit_of_work(actor.id) as session:
            return members.change_role(board.id, user.id, "member", session=session, actor=actor, now=NOW)

    pairs = [(acme.owner, acme.head), (acme.owner, acme.member)]
    answers = all_at_once(demote, pairs)
    assert sum(isinstance(answer, LastHead) for answer in answers) == 1


def test_writes_that_race_with_the_writers_removal_are_done_or_not_found(acme):
    def step(number):
        if number == 6:
            with unit_of_work(acme.head.id) as session:
                return members.remove_member(
                    acme.board.id, acme.member.id, session=session, actor=acme.head, now=NOW
                )
        with unit_of_work(acme.member.id) as session:
            return tasks.add_task(
                acme.board.id, acme.todo.id, f"{number}", session=session, actor=acme.member, now=NOW
            )

    answers = all_at_once(step, range(24))
    assert any(isinstance(answer, NotFound) for answer in answers)
    with unit_of_work(acme.head.id) as session:
        kept = {task.title for task in queries.tasks_of(session, acme.board.id)} - {"One", "Two", "Three"}
    assert kept == {
        answer.title for answer in answers if hasattr(answer, "title") and not isinstance(answer, NotFound)
    }
