"""Who else has a task open: told to those on the same task, as far as each shows the page they are on."""

from uuid import UUID

import pytest

from app.errors import NotFound

from .fakes import BOARD, HEAD, MAYA, OMAR, Desk

PLAN, WORDS = UUID(int=0x71), UUID(int=0x72)
SIDS = {HEAD: "head", MAYA: "maya", OMAR: "omar"}


@pytest.fixture
def desk():
    """All three are on the board; Maya and Omar show which page they are on."""
    desk = Desk()
    for user_id, sid in SIDS.items():
        desk.join(user_id, sid)
    for user_id in (MAYA, OMAR):
        desk.show(user_id, show_current_page=True)
    desk.wait(0.1)
    desk.publisher.take()
    return desk


def look(desk, task_id, *user_ids):
    for user_id in user_ids:
        desk.presence.open_task(BOARD, SIDS[user_id], task_id)


def told(desk):
    """(who was told, of which task, who is there) since somebody last asked."""
    desk.wait(0.1)
    return [
        (news.to, UUID(news.payload["taskId"]), [UUID(each["userId"]) for each in news.payload["users"]])
        for news in desk.publisher.take()
        if news.event == "task_company"
    ]


def test_those_on_one_task_hear_of_each_other_and_nobody_else_does(desk):
    look(desk, PLAN, MAYA)
    look(desk, WORDS, HEAD)
    assert told(desk) == []
    look(desk, PLAN, OMAR)
    assert told(desk) == [("maya", PLAN, [OMAR]), ("omar", PLAN, [MAYA])]
    assert told(desk) == []


@pytest.mark.parametrize(
    "leave",
    [
        lambda desk: look(desk, WORDS, OMAR),
        lambda desk: look(desk, None, OMAR),
        lambda desk: desk.presence.leave(BOARD, "omar"),
        lambda desk: desk.lose("omar"),
        lambda desk: desk.presence.evicted(["omar"]),
        lambda desk: desk.remove(OMAR),
        lambda desk: desk.show(OMAR, show_current_page=True, appear_offline=True),
        lambda desk: desk.show(OMAR, show_current_page=True, visibility="nobody"),
        lambda desk: desk.show(OMAR),
    ],
    ids=[
        "another task",
        "closed",
        "left",
        "lost",
        "signed out",
        "removed",
        "hides",
        "nobody",
        "shows no page",
    ],
)
def test_whoever_goes_or_hides_is_gone_in_the_same_words(desk, leave):
    look(desk, PLAN, MAYA, OMAR)
    told(desk)
    leave(desk)
    assert [news for news in told(desk) if news[0] == "maya"] == [("maya", PLAN, [])]


def test_whoever_shows_no_page_sees_others_and_is_not_seen(desk):
    look(desk, PLAN, HEAD, MAYA)
    assert told(desk) == [("head", PLAN, [MAYA])]


def test_head_sees_no_more_than_others_even_where_heads_always_see_presence(desk):
    desk.rosters.heads_always_see = True
    desk.presence.roster_changed(BOARD)
    desk.show(OMAR)
    look(desk, PLAN, HEAD, OMAR)
    assert told(desk) == []


def test_whoever_is_idle_for_too_long_has_left_the_task(desk):
    look(desk, PLAN, MAYA, OMAR)
    told(desk)
    desk.clock.time += desk.presence._limits.offline_after_idle / 2
    desk.act("maya")
    desk.clock.time += desk.presence._limits.offline_after_idle / 2
    assert told(desk) == [("maya", PLAN, [])]


def test_two_pages_of_one_person_are_no_company(desk):
    desk.join(MAYA, "second")
    look(desk, PLAN, MAYA)
    desk.presence.open_task(BOARD, "second", PLAN)
    assert told(desk) == []
    desk.presence.leave(BOARD, "second")
    look(desk, PLAN, OMAR)
    assert told(desk) == [("maya", PLAN, [OMAR]), ("omar", PLAN, [MAYA])]


def test_page_that_is_not_on_the_board_opens_no_task(desk):
    with pytest.raises(NotFound):
        desk.presence.open_task(BOARD, "stranger", PLAN)
