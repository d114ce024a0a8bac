"""SQL of what people see of each other: the rule of privacy as PostgreSQL answers it, for many at once.

For a request as workhub_app, where the viewer is the person of the transaction; for the live side as
workhub_service, where pairs are named. Nobody who does not exist for a viewer is answered.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from ..errors import NotFound
from .privacy import Sight


class Sighting(NamedTuple):
    """What a viewer may see of somebody, and since when nothing of them (`last_seen`)."""

    sight: Sight
    last_seen: datetime | None


_SEEN = "sees_status, sees_activity, sees_page, last_seen_at"
_OF_PEOPLE = text(f"select user_id, {_SEEN} from presence_seen(cast(:ids as uuid[]))")  # noqa: S608  # constants

# `may` answers also when nobody is left after the cursor.
_OF_GROUP = """
select g.may, {seen} from (select {may} as may) g
left join lateral presence_seen(array(
    select distinct user_id from {members}
    where g.may and (cast(:after as uuid) is null or user_id > cast(:after as uuid))
    order by user_id limit :limit
)) on true
order by user_id
"""
_MINE = "user_id = (select current_user_id())"


def _group(may: str, members: str) -> Any:
    return text(_OF_GROUP.format(seen=f"user_id, {_SEEN}", may=may, members=members))


_ON_BOARD = "(select board_id, user_id from board_members where board_id = :id) m"
_IN_ORGANIZATION = "(select user_id from memberships where organization_id = :id) m"
_IN_MINE = "(select user_id from memberships where organization_id in (select my_organization_ids())) m"
_GROUPS = {
    "board": _group(f"exists (select from board_members where board_id = :id and {_MINE})", _ON_BOARD),
    "organization": _group(
        f"exists (select from memberships where organization_id = :id and {_MINE})", _IN_ORGANIZATION
    ),
    "mine": _group("true", _IN_MINE),
}
_OF_PAIRS = text(
    f"select viewer, target, {_SEEN} from presence_sights(cast(:viewers as uuid[]), cast(:targets as uuid[]))"  # noqa: S608  # constants
)
_BOARD_NAMES = text("""
select m.user_id, b.id, b.name from board_members m join boards b on b.id = m.board_id
where m.user_id = any(cast(:viewers as uuid[])) and m.board_id = any(cast(:boards as uuid[]))
""")


def of_people(session: Session, user_ids: Sequence[UUID]) -> dict[UUID, Sighting]:
    """In the order in which they are asked for."""
    rows = session.execute(_OF_PEOPLE, {"ids": _texts(user_ids)})
    found = {user_id: _sighting(*seen) for user_id, *seen in rows}
    return {user_id: found[user_id] for user_id in user_ids if user_id in found}


def of_group(
    session: Session, kind: str, group_id: UUID | None, after: UUID | None, limit: int
) -> dict[UUID, Sighting]:
    """Members of a board or an organization that the viewer is in, by id; raises NotFound for any other."""
    asked = {"after": str(after) if after else None, "limit": limit}
    if group_id is None:
        rows = session.execute(_GROUPS["mine"], asked).all()
    else:
        rows = session.execute(_GROUPS[kind], {**asked, "id": str(group_id)}).all()
    if not rows[0].may:
        raise NotFound()
    return {user_id: _sighting(*seen) for _, user_id, *seen in rows if user_id}


def of_pairs(session: Session, pairs: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Sighting]:
    """Needs the service role. (viewer, target) -> what the one may see of the other."""
    viewers, targets = zip(*pairs, strict=True)
    rows = session.execute(_OF_PAIRS, {"viewers": _texts(viewers), "targets": _texts(targets)})
    return {(viewer, target): _sighting(*seen) for viewer, target, *seen in rows}


def board_names(
    session: Session, viewers: Collection[UUID], board_ids: Collection[UUID]
) -> dict[UUID, dict[UUID, str]]:
    """viewer -> those of the boards that they are on, by their names."""
    names: dict[UUID, dict[UUID, str]] = {viewer: {} for viewer in viewers}
    if board_ids:
        rows = session.execute(_BOARD_NAMES, {"viewers": _texts(viewers), "boards": _texts(board_ids)})
        for viewer, board_id, name in rows:
            names[viewer][board_id] = name
    return names


def _sighting(
    sees_status: bool, sees_activity: bool, sees_page: bool, last_seen: datetime | None
) -> Sighting:
    return Sighting(Sight(True, sees_status, sees_activity, sees_page), last_seen)


def _texts(ids: Iterable[UUID]) -> list[str]:
    return [str(one) for one in ids]
