"""The rule of privacy by itself, said a second time in other words."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.presence import core
from app.presence.privacy import (
    Audience,
    Moments,
    Privacy,
    Relation,
    audience,
    last_visible,
    masked,
    seen_on_board,
    sight,
    trace,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VIEW = core.View("online", NOW, True, "task", False, "mobile", "/boards", 2, None, "Deep work", "!")
PRIVACIES = [
    Privacy(visibility, activity, page, offline)
    for visibility, activity, page, offline in product(
        ("everyone", "team", "contacts", "nobody"), *[(False, True)] * 3
    )
]
RELATIONS = [
    (Relation.TEAM if team else Relation.NONE)
    | (Relation.CONTACT if contact else Relation.NONE)
    | (Relation.HEAD if head else Relation.NONE)
    for team, contact, head in product((False, True), repeat=3)
    if contact or not head
]
privacies, relations = st.sampled_from(PRIVACIES), st.sampled_from(RELATIONS)
moments = st.builds(
    Moments, *[st.none() | st.integers(0, 9).map(lambda s: NOW + timedelta(seconds=s))] * 3
)  # fmt: skip


def test_person_sees_all_of_themselves():
    assert {sight(privacy, Relation.SELF) for privacy in PRIVACIES} == {(True, True, True, True)}


@pytest.mark.parametrize(
    ("visibility", "who"),
    [
        ("everyone", {"stranger", "team mate", "guest", "both"}),
        ("team", {"team mate", "both"}),
        ("contacts", {"guest", "both"}),
        ("nobody", set()),
    ],
)
def test_status_is_for_those_it_is_shown_to(visibility, who):
    viewers = {
        "stranger": Relation.NONE,
        "team mate": Relation.TEAM,
        "guest": Relation.CONTACT,
        "both": Relation.TEAM | Relation.CONTACT,
    }
    assert {name for name, what in viewers.items() if sight(Privacy(visibility), what).status} == who
    hidden = Privacy(visibility, appear_offline=True)
    assert not any(sight(hidden, what).status for what in viewers.values())


@given(privacies, relations)
def test_only_strangers_may_find_nobody_there(privacy, relation):
    assert sight(privacy, relation).exists == (relation != Relation.NONE or privacy.visibility == "everyone")


@given(privacies, relations)
def test_nothing_is_seen_of_whom_one_does_not_see(privacy, relation):
    seen = sight(privacy, relation)
    assert seen.status or not (seen.activity or seen.page)
    assert seen.exists or not seen.status


@given(privacies, relations)
def test_heads_under_the_policy_see_all_but_the_page(privacy, relation):
    if Relation.HEAD in relation:
        assert sight(privacy, relation) == (True, True, True, privacy.show_current_page)


@given(privacies, relations)
def test_who_shows_less_is_seen_less(privacy, relation):
    for less in (
        Privacy("nobody", privacy.show_activity, privacy.show_current_page, privacy.appear_offline),
        Privacy(privacy.visibility, False, privacy.show_current_page, privacy.appear_offline),
        Privacy(privacy.visibility, privacy.show_activity, False, privacy.appear_offline),
        Privacy(privacy.visibility, privacy.show_activity, privacy.show_current_page, True),
    ):
        pairs = zip(sight(less, relation)[1:], sight(privacy, relation)[1:], strict=True)
        assert all(seen <= before for seen, before in pairs)


@given(privacies, relations, moments)
def test_hidden_person_is_like_one_who_left(privacy, relation, moments):
    seen = sight(privacy, relation)
    if not seen.status:
        frozen = last_visible(privacy, relation, moments)
        assert masked(VIEW, seen, frozen) == core.view(core.Member(last_seen=frozen), NOW, None)
        assert masked(VIEW, seen, frozen) == masked(core.absent(NOW), seen, frozen)


def test_without_activity_nothing_but_the_status_and_words_are_left():
    seen = masked(VIEW, sight(Privacy(show_activity=False), Relation.CONTACT), None)
    assert seen == core.View("online", None, False, None, False, None, None, 0, None, "Deep work", "!")


def test_last_visible_is_the_latest_that_the_viewer_could_see():
    known = Moments(public=NOW, team=NOW + timedelta(1), contacts=NOW + timedelta(2))
    privacy = Privacy("nobody")
    assert last_visible(privacy, Relation.NONE, known) == NOW
    assert last_visible(privacy, Relation.TEAM, known) == NOW + timedelta(1)
    assert last_visible(privacy, Relation.CONTACT, known) == NOW + timedelta(2)
    assert last_visible(privacy, Relation.TEAM | Relation.CONTACT, known) == NOW + timedelta(2)
    assert last_visible(Privacy("nobody", show_activity=False), Relation.CONTACT, known) is None
    assert last_visible(privacy, Relation.TEAM, Moments()) is None


@given(privacies, st.booleans())
def test_record_is_visible_to_whom_the_status_is(privacy, policy):
    """Of heads of a board, who are contacts: with the policy they see all."""
    row = trace(privacy, policy)
    over = Relation.HEAD if policy else Relation.NONE
    assert row.visible == sight(privacy, Relation.CONTACT | Relation.TEAM | over).status
    assert (row.visible and not row.team_only) == sight(privacy, Relation.CONTACT | over).status
    if row.visible:
        assert row.shows_activity == sight(privacy, Relation.CONTACT | Relation.TEAM | over).activity
    assert row.seen_by == audience(privacy), "the policy is about heads, not about everybody"


@given(moments, privacies, st.booleans(), st.integers(0, 20))
def test_last_sight_never_steps_back(known, privacy, policy, seconds):
    after = seen_on_board(known, trace(privacy, policy), NOW + timedelta(seconds=seconds))
    for before, now in ((known.team, after.team), (known.contacts, after.contacts)):
        assert before is None or now >= before


def test_everyone_is_every_audience():
    assert audience(Privacy("everyone")) == Audience.STRANGERS | Audience.TEAM | Audience.CONTACTS
