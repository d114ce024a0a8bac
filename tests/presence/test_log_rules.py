"""What may be kept in activity logs: plans, settings, pages, and the few shapes of metadata."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import new_id
from app.presence import log_rules
from app.presence.log_rules import Entry, Home, Kept, Login, Person, clean, kept
from app.presence.privacy import Privacy

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAYA, LOGIN = UUID(int=2), UUID(int=9)
ACME, BIRCH, SMALL = (UUID(int=0xACE0000000000000000000000000000 + n) for n in range(3))
BOARD = UUID("018f3c2e-7b1a-7c3d-9e4f-0123456789ab")
BOARD_PAGE = f"/boards/{BOARD}"
OPEN = Privacy(show_current_page=True)
PRIVACIES = [
    Privacy(*chosen) for chosen in product(("everyone", "team", "contacts", "nobody"), *[(True, False)] * 3)
]
TYPES = ("page_view", "interaction", "session_start", "session_end")


def entry(activity_type="page_view", page="/boards", **more):
    return Entry(new_id(), activity_type, MAYA, more.pop("at", NOW), LOGIN, "desktop", page, **more)


def person(privacy=OPEN, changed_at=None, **plans):
    ids = {"acme": ACME, "birch": BIRCH, "small": SMALL}
    return Person(privacy, changed_at, {ids[name]: plan for name, plan in plans.items()})


def rows(what, who, board=None, login=None):
    return list(log_rules.rows(what, who, board, login))


@pytest.mark.parametrize("privacy", PRIVACIES)
@pytest.mark.parametrize("plan", ["free", "team", "enterprise", "", "Enterprise"])
def test_kept_on_one_plan_of_people_who_show_it(plan, privacy):
    """All settings there are: the same rule said once more, in other words."""
    is_hidden = privacy.appear_offline or privacy.visibility == "nobody"
    if plan != "enterprise" or is_hidden or not privacy.show_activity:
        assert kept(plan, privacy) is Kept.NOTHING
    else:
        assert kept(plan, privacy) is (Kept.ALL if privacy.show_current_page else Kept.WITHOUT_PAGE)


@pytest.mark.parametrize("privacy", PRIVACIES)
@pytest.mark.parametrize("activity_type", TYPES)
def test_no_row_says_more_than_the_settings_allow(activity_type, privacy):
    made = rows(entry(activity_type), person(privacy, acme="enterprise"))
    assert len(made) == (kept("enterprise", privacy) is not Kept.NOTHING)
    assert [row.page_viewed for row in made if row.page_viewed] == ["/boards"] * (
        kept("enterprise", privacy) is Kept.ALL
    )


def test_defaults_keep_no_page():
    (row,) = rows(entry(), person(Privacy(), acme="enterprise"))
    assert (row.page_viewed, row.device_type, row.session_id) == (None, "desktop", LOGIN)


def test_each_organization_on_the_plan_gets_a_row_of_its_own():
    who = person(acme="enterprise", birch="enterprise", small="team")
    made = rows(entry(), who)
    assert [row.organization_id for row in made] == [ACME, BIRCH]
    assert len({row.id for row in made}) == 2
    assert {row.id.version for row in made} == {7}


def test_row_written_again_is_the_same_row():
    what, who = entry(), person(acme="enterprise", birch="enterprise")
    assert rows(what, who) == rows(what, who)


@pytest.mark.parametrize(("plan", "kept_rows"), [("enterprise", 1), ("team", 0), ("free", 0)])
def test_page_of_a_board_belongs_to_the_organization_of_the_board(plan, kept_rows):
    """A guest's own organization learns nothing of boards elsewhere."""
    made = rows(entry(page=BOARD_PAGE), person(birch="enterprise"), Home(ACME, plan))
    assert [row.organization_id for row in made] == [ACME] * kept_rows


def test_board_that_is_gone_leaves_no_row():
    assert rows(entry(page=BOARD_PAGE), person(acme="enterprise"), None) == []


def test_who_belongs_nowhere_is_logged_nowhere():
    assert rows(entry(), person()) == []


def test_what_was_done_under_earlier_settings_is_not_judged_by_these():
    """Hidden a moment ago, visible now: what happened meanwhile was done by somebody hidden."""
    who = person(changed_at=NOW, acme="enterprise")
    moments = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(microseconds=1)]
    assert [len(rows(entry(at=at), who)) for at in moments] == [0, 0, 1]


def test_end_of_a_session_tells_how_long_it_was():
    login = Login("tablet", NOW - timedelta(minutes=90, seconds=59))
    what = entry("session_end", None, details={"reason": "signed_out"})
    what.device = None
    (row,) = rows(what, person(acme="enterprise"), login=login)
    assert row.metadata == {"reason": "signed_out", "durationMinutes": 90}
    assert row.device_type == "tablet"


@pytest.mark.parametrize("privacy", PRIVACIES)
@pytest.mark.parametrize("plan", ["free", "enterprise"])
def test_length_of_the_last_session_does_not_depend_on_the_plan(plan, privacy):
    login = Login("desktop", NOW - timedelta(minutes=7))
    lasted = log_rules.session_minutes(entry("session_end", None), person(privacy, acme=plan), login)
    assert lasted == (None if kept("enterprise", privacy) is Kept.NOTHING else 7)


def test_clock_that_stepped_back_makes_no_negative_session():
    login = Login("desktop", NOW + timedelta(hours=1))
    assert log_rules.session_minutes(entry("session_end", None), person(), login) == 0


@pytest.mark.parametrize("activity_type", TYPES[:3])
def test_only_an_end_ends_a_session(activity_type):
    assert log_rules.session_minutes(entry(activity_type), person(), Login("desktop", NOW)) is None


ALLOWED = {"changes": 3, "durationMinutes": 0, "reason": "signed_out"}
REFUSED = (
    {"changes": -1}, {"changes": True}, {"changes": 1.0}, {"changes": "3"}, {"changes": 10**7},
    {"changes": None},
    {"durationMinutes": 10**9}, {"durationMinutes": [1]}, {"reason": "maya@acme.test"}, {"reason": ""},
    {"reason": None}, {"reason": {"signed_out": 1}}, {"email": "maya@acme.test"}, {"token": "s3cret"},
    {"query": "?q=salary"}, {"url": "https://acme.test/?token=1"}, {"text": "hello"}, {"Changes": 1},
    {"changes ": 1}, {"__proto__": {}}, {"": 1}, {"ip": "127.0.0.1"}, {"boardId": str(BOARD)},
)  # fmt: skip


def test_metadata_that_is_allowed_is_kept():
    assert clean(ALLOWED) == ALLOWED


@pytest.mark.parametrize("metadata", REFUSED)
def test_everything_else_is_dropped(metadata):
    assert clean(metadata) == {}
    kept_beside = {name: value for name, value in ALLOWED.items() if name not in metadata}
    assert clean({**ALLOWED, **metadata}) == kept_beside


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=3,
)


@given(st.dictionaries(st.text() | st.sampled_from(sorted(ALLOWED)), JSON, max_size=5))
def test_no_text_of_anybodys_finds_a_way_into_metadata(metadata):
    cleaned = clean(metadata)
    assert cleaned.keys() <= ALLOWED.keys()
    for name, value in cleaned.items():
        assert type(value) is int if name != "reason" else value in log_rules.SESSION_ENDS


@given(
    st.sampled_from(TYPES),
    st.sampled_from(PRIVACIES),
    st.dictionaries(
        st.sampled_from(["acme", "birch", "small"]), st.sampled_from(["free", "team", "enterprise"])
    ),
    st.none() | st.sampled_from(["/boards", "/people", BOARD_PAGE]),
    st.none()
    | st.builds(Home, st.sampled_from([ACME, BIRCH]), st.sampled_from(["free", "team", "enterprise"])),
    st.dictionaries(st.text(max_size=5), JSON, max_size=3),
)
def test_whatever_happens_rows_go_to_organizations_on_the_plan_alone(
    activity_type, privacy, plans, page, board, details
):
    who = person(privacy, **plans)
    for row in rows(entry(activity_type, page, details=details), who, board):
        home = {board.organization_id: board.plan} if board and page == BOARD_PAGE else who.plans
        assert home[row.organization_id] == "enterprise"
        assert not (privacy.appear_offline or privacy.visibility == "nobody") and privacy.show_activity
        assert row.page_viewed == (page if privacy.show_current_page else None)
        assert (row.user_id, row.activity_type, row.created_at) == (MAYA, activity_type, NOW)
