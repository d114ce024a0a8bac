"""The chain without a database: one way to write an event down, and what breaks a chain."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.core import START, Chain, Event, Tip, canonical, hash_of

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def chain_of(count: int) -> list[Event]:
    events: list[Event] = []
    for seq in range(1, count + 1):
        before = events[-1].hash if events else START
        who, what = ("a", "Maya"), ("board.renamed", "board", "b", "{}")
        event = Event("o", seq, "1772616600.123000", *who, *what, before, b"")
        events.append(event._replace(hash=hash_of(event)))
    return events


def problem(events: list[Event], tip: Tip, anchor: Tip | None = None) -> str | None:
    chain = Chain(tip, anchor)
    chain.follow(events)
    return chain.close()


def tip_of(events: list[Event]) -> Tip:
    return Tip(events[-1].seq, events[-1].hash)


@given(plain)
def test_canonical_text_is_json_of_the_same_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_order_in_which_keys_came_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(value) == canonical(dict(reversed(list(value.items()))))


def test_whole_chain_is_in_order() -> None:
    events = chain_of(5)
    assert problem(events, tip_of(events)) is None


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda events: events[1:], 1),
        (lambda events: [*events[:2], *events[3:]], 3),
        (lambda events: events[:-1], 5),
        (lambda events: [], 1),
        (lambda events: [events[0], events[2], events[1], *events[3:]], 2),
        (lambda events: [*events[:3], events[2], *events[3:]], 4),
        (lambda events: [*events, events[4]._replace(seq=6, previous_hash=events[4].hash)], 6),
        (lambda events: [*events[:2], events[2]._replace(actor_id=None), *events[3:]], 3),
        (lambda events: [*events[:2], events[2]._replace(details="no json"), *events[3:]], 3),
        (lambda events: [*events[:2], events[2]._replace(details="[" * 100_000), *events[3:]], 3),
    ],
    ids=["head", "middle", "end", "all", "swap", "twice", "more", "edit", "no json", "deep"],
)
def test_first_broken_event_is_named(tamper: Callable[[list[Event]], list[Event]], first: int) -> None:
    events = chain_of(5)
    found = problem(tamper(events), tip_of(events))
    assert found is not None
    assert found.startswith(f"event {first}:")


def test_chain_written_anew_is_told_by_the_anchor_alone() -> None:
    events, others = chain_of(5), chain_of(5)
    changed = others[0]._replace(actor_name="Somebody else")
    rewritten = [changed._replace(hash=hash_of(changed))]
    for event in others[1:]:
        following = event._replace(previous_hash=rewritten[-1].hash)
        rewritten.append(following._replace(hash=hash_of(following)))
    assert problem(rewritten, tip_of(rewritten)) is None
    found = problem(rewritten, tip_of(rewritten), tip_of(events[:3]))
    assert found == "event 3: it is not the one that the anchor knows"


def test_chain_may_have_grown_since_the_anchor_and_may_not_have_shrunk() -> None:
    events = chain_of(5)
    assert problem(events, tip_of(events), tip_of(events[:2])) is None
    found = problem(events[:3], tip_of(events[:3]), tip_of(events))
    assert found == "event 4: the anchor knows 5 events"
