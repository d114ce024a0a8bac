"""Positions and roles, without a database."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boards.rules import (
    HEAD,
    MEMBER,
    fresh_positions,
    keep_a_head,
    may_manage_members,
    position_between,
)
from app.errors import LastHead

PEOPLE = [UUID(int=number) for number in range(5)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.integers(1, 12))
def test_any_sequence_of_moves_orders_like_a_python_list(moves, count):
    model = list(range(count))
    positions = dict(zip(model, fresh_positions(count), strict=True))
    for moved, gap in ((moved % count, gap % count) for moved, gap in moves):
        model.remove(moved)
        before = positions[model[gap - 1]] if gap else None
        after = positions[model[gap]] if gap < len(model) else None
        model.insert(gap, moved)
        positions[moved] = position_between(before, after)
        assert sorted(positions, key=positions.__getitem__) == model
    assert len(set(positions.values())) == count


@given(st.lists(st.integers(0, 1000), max_size=200))
def test_inserting_anywhere_never_needs_another_row_to_change(gaps):
    positions: list[str] = []
    for gap in gaps:
        gap %= len(positions) + 1
        before = positions[gap - 1] if gap else None
        after = positions[gap] if gap < len(positions) else None
        positions.insert(gap, position_between(before, after))
    assert positions == sorted(set(positions))


def test_positions_sort_the_same_as_bytes_and_as_text():
    positions = fresh_positions(5000)
    assert positions == sorted(positions) == sorted(positions, key=str.encode)
    assert all(position.isascii() for position in positions)


def test_always_moving_to_the_end_keeps_positions_short():
    assert max(map(len, fresh_positions(5000))) <= 5


@pytest.mark.parametrize(
    ("board_role", "organization_role", "allowed"),
    [
        (HEAD, None, True),
        (HEAD, "member", True),
        (MEMBER, "admin", True),
        (None, "owner", True),
        (MEMBER, "member", False),
        (MEMBER, None, False),
        (None, "member", False),
        (None, None, False),
    ],
)
def test_heads_and_who_runs_the_organization_manage_members(board_role, organization_role, allowed):
    assert may_manage_members(board_role, organization_role) is allowed


@given(
    st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([HEAD, MEMBER]), min_size=1),
    st.sampled_from(PEOPLE),
    st.sampled_from([HEAD, MEMBER, None]),
)
def test_a_board_that_has_a_head_keeps_one(roles, user_id, new_role):
    after = {**roles, user_id: new_role}
    try:
        keep_a_head(roles, user_id, new_role)
    except LastHead:
        assert HEAD in roles.values() and HEAD not in after.values()
    else:
        assert HEAD in after.values() or HEAD not in roles.values()
