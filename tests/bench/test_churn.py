"""The churn bench judges rightly: its model of the truth by hand-made days, its judge by wrong viewers."""

from dataclasses import replace

import pytest

from bench.churn.judge import (
    Expected,
    Pair,
    Policies,
    Relation,
    Sight,
    Verdicts,
    difference,
    judge_news,
    sight,
)
from bench.churn.judge import judge_samples as judge
from bench.churn.truth import SLACK, WHOLE, Event, Facet, PersonTruth, Seen, Settings, Thresholds
from bench.churn.viewer import News, Viewer

LIMITS = Thresholds()
TEAM, CONTACT, STRANGER = (
    Relation(*kind, frozenset()) for kind in ((True, False), (False, True), (False, False))
)
HEAD = Relation(False, True, frozenset({7}))
NOBODY_LOOKS = Policies([(0.0, frozenset())])
HIDDEN = Settings(appears_offline=True)
AT_NOON = 1_750_000_000.0


def person(*events: Event) -> PersonTruth:
    truth = PersonTruth(LIMITS, ["board"])
    for event in events:
        truth.tell(event)
    truth.finish(100)
    return truth


def status_at(truth: PersonTruth, at: float, scope: str = "board") -> str:
    return next(one.facets[scope] for one in reversed(truth.timeline) if one.at <= at).status


def is_sure(truth: PersonTruth, at: float) -> bool:
    return not any(span.begin <= at < span.end for span in truth.unsure["board"])


@pytest.mark.parametrize(
    ("events", "statuses"),
    [
        ([Event(10, "join", "a", "board")], {5: "offline", 12: "online", 17: "idle", 25: "offline"}),
        (
            [Event(10, "join", "a", "board"), Event(11, "closed", "a")],
            {12: "online", 12.6: "offline", 14: "offline"},
        ),
        ([Event(10, "join", "a", "board"), Event(11, "lost", "a")], {14.9: "online", 15.1: "offline"}),
        (
            [Event(10, "join", "a", "board"), Event(11, "closed", "a"), Event(12, "join", "b", "board")],
            {12.6: "online", 17: "online", 18.1: "idle"},
        ),
        (
            [Event(10, "join", "a", "board"), Event(11, "idle", "a", "board")],
            {11.5: "idle", 24.1: "offline"},
        ),
        (
            [Event(10, "join", "a", "board"), Event(11, "settings", settings=Settings(status="busy"))],
            {40: "busy"},
        ),
        (
            [Event(10, "join", "a", "board"), Event(12, "join", "b", "board"), Event(13, "closed", "b")],
            {15: "online", 16.1: "idle"},
        ),
    ],
    ids=["time passes", "closed", "lost", "reloaded", "says idle", "busy", "second tab"],
)
def test_model_follows_the_documented_rule(events: list[Event], statuses: dict[float, str]) -> None:
    truth = person(*events)
    assert {at: status_at(truth, at) for at in statuses} == statuses


def test_request_makes_the_person_online_and_no_board() -> None:
    truth = person(Event(10, "request", until=10.1))
    assert (status_at(truth, 11), status_at(truth, 11, WHOLE), status_at(truth, 16, WHOLE)) == (
        "offline",
        "online",
        "offline",
    )


def test_reload_within_the_grace_leaves_no_doubt_and_its_end_does() -> None:
    reload = (Event(11, "closed", "a"), Event(11.3, "join", "b", "board", until=11.4))
    truth = person(Event(8, "join", "a", "board", until=8.1), *reload)
    assert is_sure(truth, 11.2)
    assert is_sure(truth, 13)
    assert not is_sure(truth, 17.5), "idle since 17.3, and on the way"
    assert is_sure(truth, 19.5)


@pytest.mark.parametrize(
    ("settings", "relation", "seen"),
    [
        (Settings(), CONTACT, "exists status activity"),
        (Settings(), TEAM, "exists"),
        (Settings(visibility="team"), TEAM, "exists status activity"),
        (Settings(visibility="team"), CONTACT, "exists"),
        (Settings(visibility="everyone", shows_page=True), STRANGER, "exists status activity page"),
        (Settings(visibility="everyone", appears_offline=True), STRANGER, "exists"),
        (Settings(), STRANGER, ""),
        (Settings(shows_activity=False), CONTACT, "exists status"),
        (Settings(visibility="nobody", shows_page=True), HEAD, "exists status activity page"),
        (replace(HIDDEN, shows_activity=False), HEAD, "exists status activity"),
    ],
    ids=str,
)
def test_sight_is_the_documented_one(settings: Settings, relation: Relation, seen: str) -> None:
    found = sight(settings, relation, {7})
    assert " ".join(name for name, is_so in zip(Sight._fields, found, strict=True) if is_so) == seen


def shown(status: str = "online", last_seen: str | None = None, **more: object) -> dict[str, object]:
    nothing = {
        "typing": False,
        "customStatus": None,
        "customEmoji": None,
        "device": None,
        "currentPage": None,
    }
    return {"status": status, "lastSeen": last_seen, **nothing, **more}


def judged(truth: PersonTruth, *news: News) -> Verdicts:
    out, pair = Verdicts(), Pair(truth, "board", CONTACT, NOBODY_LOOKS)
    viewer = Viewer(1, "board", _deaf_since=None)
    judge(pair, viewer, "2", news, [14, 15, 50], out)
    judge_news(pair, "1>2", news, out)
    return out


def test_viewer_who_knows_is_right_and_one_who_does_not_is_wrong() -> None:
    here = person(
        Event(10, "join", "a", "board", until=10.1), Event(11, "settings", settings=Settings(status="busy"))
    )
    told = News(11.5, "delta", shown("busy"))
    assert (judged(here, told).samples, judged(here, told).wrong) == (3, 0)
    assert judged(here, News(10.5, "delta", shown("online"))).wrong == 3
    assert judged(here).wrong == 3


def test_word_about_somebody_hidden_is_a_violation_after_two_seconds_and_not_before() -> None:
    hides = Event(20, "settings", settings=HIDDEN, until=20.1)
    hidden = person(Event(10, "join", "a", "board", until=10.1), Event(18, "active", "a", "board"), hides)
    before, after = News(20 + SLACK - 0.5, "delta", shown()), News(30, "delta", shown())
    assert judged(hidden, before).violations == 0
    assert judged(hidden, after).violations == 1
    again = News(28, "snapshot", shown("offline")), News(30, "delta", shown("offline"))
    assert judged(hidden, *again).violations == 1, "even that something happened"
    assert judged(hidden, News(30, "snapshot", shown("offline"))).violations == 0
    later = "1970-01-01T00:00:29Z"
    assert judged(hidden, News(30, "snapshot", shown("offline", later))).violations == 1


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        (shown("offline", "2025-06-15T15:06:41Z"), None),
        (shown("offline", "2025-06-15T15:06:20Z"), "lastSeen"),
        (shown("offline"), "lastSeen"),
        (shown("online"), "status"),
        (shown("offline", "2025-06-15T15:06:41Z", typing=True), "typing"),
        (shown("offline", "2025-06-15T15:06:41Z", customStatus="x"), "words"),
        (None, "missing"),
    ],
    ids=["right", "too early", "never", "status", "typing", "words", "missing"],
)
def test_what_differs_is_named(told: dict[str, object] | None, wrong: str | None) -> None:
    seen = Seen(AT_NOON, AT_NOON + SLACK)
    expected = Expected(Sight(True, True, True, False), Facet("offline", seen=seen))
    found = difference(expected, told)
    assert (found and found.split(" ")[0].rstrip(",")) == wrong
