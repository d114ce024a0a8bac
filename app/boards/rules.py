"""Pure rules of boards: where a thing stands among its neighbours, and who may do what.

A position is a text that sorts between its neighbours' positions (fractional indexing), so moving one
task writes one row. Compare positions as plain strings, byte by byte.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit
from uuid import UUID

from fractional_indexing import (  # type: ignore[import-untyped]
    generate_key_between,
    generate_n_keys_between,
)

from ..errors import LastHead

Role = Literal["head", "member"]
Color = Literal["teal", "blue", "indigo", "purple", "pink", "red", "orange", "amber", "green", "slate"]
Priority = Literal["none", "low", "medium", "high", "urgent"]
HEAD: Role = "head"
MEMBER: Role = "member"

COLORS: tuple[str, ...] = get_args(Color)
PRIORITIES: tuple[str, ...] = get_args(Priority)
UNDO = timedelta(minutes=10)
"""For so long what was deleted can be brought back; then it is dropped for good."""

MOST_LABELS, MOST_ITEMS, MOST_LINKS = 100, 200, 50
"""Of a board; of a task's checklist; of a task."""

MAX_POSITION_LENGTH = 64
"""Characters. Always moving into the same gap makes positions longer; then the row is numbered anew."""


LONGEST_ADDRESS = 2000  # characters of a link


def position_between(before: str | None, after: str | None) -> str:
    """A position behind `before` and ahead of `after`; None is the end of the row on that side."""
    return str(generate_key_between(before, after))


def fresh_positions(count: int) -> list[str]:
    """The shortest positions for `count` things in their order."""
    return positions_behind(None, count)


def positions_behind(last: str | None, count: int) -> list[str]:
    return [str(key) for key in generate_n_keys_between(last, None, count)]


def may_manage_members(board_role: str | None, organization_role: str | None) -> bool:
    """Heads of the board, and whoever runs its organization, even without being on the board."""
    return board_role == HEAD or organization_role in ("owner", "admin")


def keep_a_head(roles: Mapping[UUID, str], user_id: UUID, new_role: str | None) -> None:
    """Raises LastHead if the board had no head after `user_id` got `new_role` (None: is removed)."""
    others = (role for member, role in roles.items() if member != user_id)
    if roles.get(user_id) == HEAD and new_role != HEAD and HEAD not in others:
        raise LastHead("Make somebody else a head first.")


def web_address(value: str) -> str:
    """A link that runs nothing when it is clicked and hides nothing of where it leads; else ValueError."""
    if any(character.isspace() or not character.isprintable() for character in value):
        raise ValueError("must not contain spaces")
    try:
        parts = urlsplit(value)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises for what is no number
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ValueError("must be a web address that begins with https:// or http://")
    if "@" in parts.netloc:
        raise ValueError("must not contain a name or password")
    return value
