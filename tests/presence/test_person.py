"""A person as a whole: what their boards, their requests and their choice amount to."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.presence import core, person
from app.presence.person import Life, Mark, PersonView

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIFE = Life(mark=timedelta(seconds=300), typing=timedelta(seconds=5))


def ago(seconds):
    return NOW - timedelta(seconds=seconds)


def view(status="online", seen=0.0, **more):
    known = {"typing": False, "task_id": None, "reconnecting": False, "device": None, "page": None}
    return core.View(status, ago(seen), **{**known, "connections": int(status != "offline"), **more})


def mark(age=0.0, active=True, **more):
    return Mark(ago(age), active, ago(age) if active else None, **more)


def merged(views=(), marks=(), choice=None):
    return person.merge(views, marks, choice, NOW, LIFE)


def test_who_did_nothing_is_offline_and_was_never_seen():
    assert merged() == PersonView("offline", None)


def test_request_counts_until_its_mark_is_over():
    assert merged(marks=[mark(299.9)]).status == "online"
    assert merged(marks=[mark(300)]) == PersonView("offline", ago(300))


def test_client_that_says_nobody_is_there_makes_idle():
    touched = person.renewed(mark(100, device="tablet"), NOW, LIFE, active=False)
    assert merged(marks=[touched]) == PersonView("idle", ago(100), device="tablet")


def test_best_of_boards_and_requests_counts_and_tells_where():
    idle_board = view("idle", 400, device="desktop", page="/boards")
    seen = merged([view("offline", 900), idle_board], [mark(10, device="mobile", page="/people")])
    assert seen == PersonView("online", ago(10), page="/people", device="mobile")
    seen = merged([view("online", 5, device="desktop", page="/boards")], [mark(10, device="mobile")])
    assert (seen.device, seen.page) == ("desktop", "/boards")


def test_choice_stands_over_everything_while_present_and_says_nothing_of_the_absent():
    busy = core.Choice("busy", None, "Deep work", "!")
    seen = merged([view("idle", 400)], [mark(10)], busy)
    assert (seen.status, seen.custom_status, seen.custom_emoji) == ("busy", "Deep work", "!")
    assert merged([view("offline", 900)], [mark(400)], busy) == PersonView("offline", ago(400))
    over = core.Choice("away", ago(1), "Lunch", None, ago(1))
    assert merged([], [mark(10)], over) == PersonView("online", ago(10))


def test_where_somebody_away_is_follows_their_last_sign_of_life():
    away = core.Choice("away")
    boards = [view("away", 5, device="desktop", page="/boards")]
    assert merged(boards, [mark(10, device="mobile")], away).device == "desktop"
    assert merged(boards, [mark(1, device="mobile")], away).device == "mobile"


def test_what_was_chosen_is_read_from_the_boards_when_nothing_else_knows():
    said = {"custom_status": "Lunch", "custom_emoji": "!"}
    seen = merged([view("offline", 900), view("away", 5, **said)], [mark(1)])
    assert (seen.status, seen.custom_status, seen.custom_emoji) == ("away", "Lunch", "!")


def test_typing_anywhere_is_typing_until_its_time_is_over():
    assert merged([view(typing=True), view()]).typing
    typed = person.renewed(None, ago(4), LIFE, typing=True)
    assert merged(marks=[typed]).typing
    assert not merged(marks=[person.renewed(None, ago(5), LIFE, typing=True)]).typing
    assert not merged(marks=[person.renewed(typed, NOW, LIFE, typing=False)]).typing
    assert merged(marks=[person.renewed(typed, NOW, LIFE)]).typing, "other requests say nothing of it"
    assert not merged(marks=[person.renewed(typed, NOW, LIFE, active=False)]).typing


def test_request_that_does_not_say_where_leaves_what_is_known():
    first = person.renewed(None, ago(9), LIFE, device="tablet", page="/boards")
    again = person.renewed(first, NOW, LIFE, device=None, page=None)
    assert again == Mark(NOW, True, NOW, "tablet", "/boards")


DEVICES = st.sampled_from([None, "desktop", "mobile", "tablet"])
PAGES = st.sampled_from([None, "/boards", "/people"])
AGES = st.sampled_from([0.0, 1.0, 4.9, 5.0, 100.0, 299.9, 300.0, 1000.0])
VIEWS = st.builds(view, st.sampled_from(["online", "idle", "offline"]), AGES, device=DEVICES, page=PAGES)
MARKS = st.builds(mark, AGES, st.booleans(), device=DEVICES, page=PAGES)
CHOICES = st.builds(
    core.Choice,
    st.sampled_from([None, "away", "busy"]),
    st.sampled_from([None, ago(1), ago(-1), ago(-200)]),
    st.sampled_from([None, "Lunch"]),
    st.none(),
    st.sampled_from([None, ago(1), ago(-3)]),
)


@given(st.lists(VIEWS, max_size=4), st.lists(MARKS, max_size=4), CHOICES)
def test_whatever_the_parts_the_whole_follows_the_rule(views, marks, choice):
    seen, said = merged(views, marks, choice), core.still_chosen(choice, NOW)
    alive = [m for m in marks if NOW - m.at < LIFE.mark]
    parts = {v.status for v in views} | {"online" if m.active else "idle" for m in alive}
    automatic = next((s for s in ("online", "idle") if s in parts), "offline")
    assert (seen.status == "offline") == (automatic == "offline")
    if automatic == "offline":
        assert seen == PersonView("offline", seen.last_seen), "nothing is said of the absent"
    else:
        assert seen.status == (said.status or automatic)
        assert (seen.custom_status, seen.custom_emoji) == (said.custom_status, said.custom_emoji)
        assert (seen.device, seen.page) in {(t.device, t.page) for t in (*views, *alive)}
    moments = [v.last_seen for v in views] + [m.active_at for m in marks if m.active_at]
    assert seen.last_seen == max(moments, default=None)


@given(st.lists(VIEWS, max_size=4), st.lists(MARKS, max_size=4), CHOICES, st.randoms())
def test_the_order_of_boards_and_logins_says_nothing(views, marks, choice, random):
    seen = merged(views, marks, choice)
    random.shuffle(views), random.shuffle(marks)
    again = merged(views, marks, choice)
    assert again._replace(device=None, page=None) == seen._replace(device=None, page=None)


@given(st.lists(st.tuples(MARKS, st.booleans()), max_size=4), CHOICES)
def test_nothing_changes_by_itself_before_it_is_said_to(renewals, choice):
    marks = [person.renewed(m, m.at, LIFE, active=m.active, typing=typing) for m, typing in renewals]
    change_at = person.next_change_at(marks, choice, NOW, LIFE)
    last = timedelta(days=1) if change_at is None else change_at - NOW - timedelta(milliseconds=1)
    assert change_at is None or change_at > NOW
    for part in (0.1, 0.5, 1):
        assert person.merge([], marks, choice, NOW + part * last, LIFE) == merged([], marks, choice)
