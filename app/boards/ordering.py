"""Gives a list, task or item of a checklist its place among its neighbours.

Only inside a change: the locked board is what keeps two writers from choosing the same position.
"""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from ..errors import InvalidInput
from .changes import Change
from .models import ChecklistItem, List, Task
from .rules import MAX_POSITION_LENGTH, fresh_positions, position_between, positions_behind

Thing = TypeVar("Thing", List, Task, ChecklistItem)


def last_position(change: Change, kind: type[Thing], row: ColumnElement[bool]) -> str:
    """Behind everything in `row`, the condition that names the neighbours."""
    return last_positions(change, kind, row, 1)[0]


def last_positions(change: Change, kind: type[Thing], row: ColumnElement[bool], count: int) -> list[str]:
    """For several, in their order."""
    return positions_behind(change.session.scalar(select(func.max(kind.position)).where(row)), count)


def place_back(change: Change, thing: Thing, row: ColumnElement[bool]) -> None:
    """Where it was before it was deleted, or right behind whoever took that place meanwhile."""
    kind = type(thing)
    taken = row & (kind.id != thing.id) & (kind.position == thing.position)
    if change.session.scalar(select(kind.id).where(taken).limit(1)) is not None:
        behind = row & (kind.position > thing.position)
        after = change.session.scalar(select(func.min(kind.position)).where(behind))
        thing.position = position_between(thing.position, after)
        change.session.flush()


def place_after(
    change: Change, thing: Thing, row: ColumnElement[bool], after_id: UUID | None, field: str
) -> None:
    """Moves `thing` behind its neighbour `after_id`, or to the front of `row`.

    Raises InvalidInput at `field` if that neighbour is not in the row.
    """
    kind = type(thing)
    others = row & (kind.id != thing.id)
    before = _position_of(change, kind, others, after_id, field) if after_id else None
    behind = others if before is None else others & (kind.position > before)
    after = change.session.scalar(select(func.min(kind.position)).where(behind))
    thing.position = position_between(before, after)
    change.session.flush()
    if len(thing.position) > MAX_POSITION_LENGTH:
        _number_anew(change, kind, row)


def _position_of(
    change: Change, kind: type[Thing], others: ColumnElement[bool], after_id: UUID, field: str
) -> str:
    position = change.session.scalar(select(kind.position).where(others, kind.id == after_id))
    if position is None:
        raise InvalidInput.at(field, "What it should come behind is not there any more")
    return position


def _number_anew(change: Change, kind: type[Thing], row: ColumnElement[bool]) -> None:
    """Shortens all positions of the row, which is too much to tell: pages load the board again instead."""
    in_order = change.session.scalars(select(kind).where(row).order_by(kind.position, kind.id)).all()
    for thing, position in zip(in_order, fresh_positions(len(in_order)), strict=True):
        thing.position = position
    change.session.flush()
    change.leave_gap()
