"""Who is on a board and as what: adding, changing roles, removing, leaving.

Heads do it, and whoever runs the organization. News for the rooms above go out as signals inside the
transaction, news for the board's pages when it is committed.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..errors import InvalidInput, NotFound
from .assignees import leaving_tasks
from .changes import Actor, change_by_site, change_members, change_own_membership
from .models import BoardMember
from .queries import members_of, roles_of
from .rules import HEAD, MEMBER, Role, keep_a_head
from .schemas import MemberView
from .signals import member_added, member_removed, role_changed
from .trail import record, record_member


class AccountHolder(Actor, Protocol):
    @property
    def email(self) -> str: ...


def add_member(
    board_id: UUID, email: str, role: Role, *, session: Session, actor: Actor, now: datetime
) -> MemberView:
    """Adds the person with this address, if the actor knows them from an organization or a board.

    Anybody else is answered like an address that does not exist: it must not tell who has an account.
    """
    change = change_members(session, actor, board_id)
    same_address = func.lower(User.email) == func.lower(email)
    user_id = session.scalar(select(User.id).where(same_address, User.disabled_at.is_(None)))
    if user_id is None:
        raise InvalidInput.at("email", "Nobody of your organization has this address")
    if user_id in roles_of(session, board_id):
        raise InvalidInput.at("email", "This person is already on the board")
    session.add(BoardMember(board_id=board_id, user_id=user_id, role=role, created_at=now))
    session.flush()
    member_added.send(
        None,
        session=session,
        board_id=board_id,
        user_id=user_id,
        role=role,
        actor_id=actor.id,
        now=now,
    )
    members = members_of(session, change.board)
    change.tell_members(members)
    member = _member(members, user_id)
    record_member(session, actor.id, change.board, "member_added", member, now)
    return member


def change_role(
    board_id: UUID, user_id: UUID, role: Role, *, session: Session, actor: Actor, now: datetime
) -> MemberView:
    """Raises LastHead rather than leave a board without a head."""
    change = change_members(session, actor, board_id)
    member = _member(members_of(session, change.board), user_id)
    keep_a_head(roles_of(session, board_id), user_id, role)
    session.execute(update(BoardMember).where(*_is(board_id, user_id)).values(role=role))
    members = members_of(session, change.board)
    changed = _member(members, user_id)
    if member.role != role:
        role_changed.send(None, session=session, board_id=board_id, user_id=user_id, role=role)
        record_member(session, actor.id, change.board, "role_changed", changed, now)
    change.tell_members(members)
    return changed


def remove_member(board_id: UUID, user_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    """Removes somebody, or lets the actor leave. Raises LastHead as change_role does."""
    begin = change_own_membership if user_id == actor.id else change_members
    change = begin(session, actor, board_id)
    members = members_of(session, change.board)  # read now: whoever leaves sees nothing afterwards
    member = _member(members, user_id)
    keep_a_head(roles_of(session, board_id), user_id, None)
    # First: a guest who leaves has nothing to do with the board's organization afterwards.
    record_member(session, actor.id, change.board, "member_removed", member, now)
    with leaving_tasks(change, user_id, member.name, now):
        session.execute(delete(BoardMember).where(*_is(board_id, user_id)))
    member_removed.send(None, session=session, board_id=board_id, user_id=user_id, role=member.role)
    change.tell_members([other for other in members if other.user_id != user_id])


def join(board_id: UUID, *, session: Session, actor: Actor, now: datetime) -> None:
    """By an invitation, as workhub_service: the actor comes by themselves. Who is on the board already stays
    what they are."""
    change = change_by_site(session, actor, board_id)
    if actor.id in roles_of(session, board_id):
        return
    session.add(BoardMember(board_id=board_id, user_id=actor.id, role=MEMBER, created_at=now))
    session.flush()
    member_added.send(None, session=session, board_id=board_id, user_id=actor.id, role=MEMBER)
    change.tell_members(members_of(session, change.board))
    record(session, actor.id, change.board, "guest_joined", now)


def become_head(board_id: UUID, *, session: Session, actor: AccountHolder, now: datetime) -> None:
    """By whoever runs the board's organization, when its last head goes."""
    if actor.id in roles_of(session, board_id):
        change_role(board_id, actor.id, HEAD, session=session, actor=actor, now=now)
    else:
        add_member(board_id, actor.email, HEAD, session=session, actor=actor, now=now)


def _is(board_id: UUID, user_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return BoardMember.board_id == board_id, BoardMember.user_id == user_id


def _member(members: list[MemberView], user_id: UUID) -> MemberView:
    for member in members:
        if member.user_id == user_id:
            return member
    raise NotFound()
