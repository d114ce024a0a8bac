"""Reading the directory through the person who asks.

Somebody exists for the viewer who is the viewer, is in one of their organizations or on one of their boards;
everybody else is NotFound like an unknown id. Besides the joins here row level security says the same.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Subquery, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, aliased

from ..accounts.models import Membership, Organization, User
from ..boards.models import Board, BoardMember
from ..errors import NotFound
from ..paging import name_cursor, read_name_cursor
from .schemas import PersonView, SharedBoard


@dataclass
class _Belongings:
    organizations: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)  # one for each organization
    boards: list[SharedBoard] = field(default_factory=list)


def people_of(
    session: Session,
    actor_id: UUID,
    *,
    search: str = "",
    organization_id: UUID | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> tuple[list[PersonView], str | None]:
    """One page of the people the actor works with, by name, and the cursor of the next; two statements.

    By name and nothing else: an order by presence would tell what somebody hides.
    """
    known = _known_to(actor_id)
    by_name = (known.c.sort_name, known.c.id)
    page = select(known)
    for word in search.split():
        found_in = (known.c.name, known.c.email)
        page = page.where(or_(*(column.icontains(word, autoescape=True) for column in found_in)))
    if organization_id is not None:
        members = select(Membership.user_id).where(Membership.organization_id == organization_id)
        page = page.where(known.c.id.in_(members))
    if cursor is not None:
        page = page.where(tuple_(*by_name) > tuple_(*read_name_cursor(cursor)))
    rows = session.execute(page.order_by(*by_name).limit(limit + 1)).all()
    more, rows = len(rows) > limit, rows[:limit]
    return _views(session, actor_id, rows), name_cursor(rows[-1].sort_name, rows[-1].id) if more else None


def person_for(session: Session, actor_id: UUID, user_id: UUID) -> PersonView:
    known = _known_to(actor_id)
    row = session.execute(select(known).where(known.c.id == user_id)).one_or_none()
    if row is None:
        raise NotFound()
    return _views(session, actor_id, [row])[0]


def _known_to(actor_id: UUID) -> Subquery:
    """Who exists for the actor. The e-mail address is null already here for who is no team mate."""
    own = aliased(Membership)
    organizations = select(own.organization_id).where(own.user_id == actor_id)
    mates = select(Membership.user_id).where(Membership.organization_id.in_(organizations))
    is_mate = or_(User.id == actor_id, User.id.in_(mates))
    board_mates = select(BoardMember.user_id).where(BoardMember.board_id.in_(_boards_of(actor_id)))
    return (
        select(
            User.id,
            User.name,
            User.avatar_url,
            User.time_zone,
            case((is_mate, User.email)).label("email"),
            is_mate.label("is_mate"),
            func.lower(User.name).label("sort_name"),
        )
        .where(User.disabled_at.is_(None), or_(is_mate, User.id.in_(board_mates)))
        .subquery("known")
    )


def _boards_of(actor_id: UUID) -> Select[Any]:
    mine = aliased(BoardMember)
    return select(mine.board_id).where(mine.user_id == actor_id)


def _views(session: Session, actor_id: UUID, rows: Collection[Any]) -> list[PersonView]:
    belongings = _belongings(session, actor_id, [row.id for row in rows])
    return [
        PersonView(
            user_id=row.id,
            name=row.name,
            avatar_url=row.avatar_url,
            email=row.email,
            time_zone=row.time_zone,
            is_guest=not row.is_mate and not belongings[row.id].organizations,
            organizations=belongings[row.id].organizations,
            roles=belongings[row.id].roles,
            shared_boards=belongings[row.id].boards,
        )
        for row in rows
    ]


def _belongings(
    session: Session, actor_id: UUID, user_ids: Collection[UUID]
) -> defaultdict[UUID, _Belongings]:
    """Which organizations and which of the actor's boards these people are in, by name."""
    organizations = (
        select(Membership.user_id, Membership.role, Organization.id, Organization.name)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.user_id.in_(user_ids))
    )
    boards = (
        select(BoardMember.user_id, literal(""), Board.id, Board.name)
        .join(Board, Board.id == BoardMember.board_id)
        .where(BoardMember.user_id.in_(user_ids), Board.id.in_(_boards_of(actor_id)))
    )
    everything = union_all(organizations, boards).subquery("belongings")
    found: defaultdict[UUID, _Belongings] = defaultdict(_Belongings)
    for user_id, role, thing_id, name in session.execute(
        select(everything).order_by(func.lower(everything.c.name), everything.c.id)
    ):
        if role:
            found[user_id].organizations.append(name)
            found[user_id].roles.append(role)
        else:
            found[user_id].boards.append(SharedBoard(id=thing_id, name=name))
    return found
