"""The end of a membership: leaving an organization, or being removed from it.

Whoever goes also goes from every board of the organization; they may be invited to one again, as a guest.
Runs in the actor's own transaction, so that every board changes by the rules of boards, and as
workhub_service where the membership itself ends. Everything is locked first and in one order (organizations,
person, boards, then the trail), so that two such acts wait and never for each other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..accounts.models import Membership
from ..accounts.organizations import membership_ended
from ..accounts.queries import Actor
from ..boards import members as board_members
from ..boards.models import Board, BoardMember
from ..boards.rules import HEAD
from ..db import as_service
from ..errors import Forbidden, LastHead
from ..members import service
from ..members.rules import may_manage
from ..members.service import Target


def leave(session: Session, *, actor: Actor, organization_id: UUID, now: datetime) -> None:
    """Raises LastOwner; and LastHead while a board would be left without a head, with the boards' names."""
    with as_service(session):
        target = service.find_oneself(session, actor_id=actor.id, organization_id=organization_id)
        boards = _lock_boards(session, target)
        if headless := _only_head_of(session, boards, actor.id):
            names = ", ".join(board.name for board in headless)
            raise LastHead(f"Make somebody else a head first, or delete the board: {names}.")
        _end_membership(session, target, now)
    _take_off(session, actor, boards, target.user_id, now)
    with as_service(session):
        service.record(session, target, "member.left", now, only_here=True)


def remove(session: Session, *, actor: Actor, organization_id: UUID, user_id: UUID, now: datetime) -> None:
    """Of a board without any other head the actor becomes the head: every member of it sees that.

    Raises Forbidden as for disabling, LastOwner, and Yourself: one leaves by oneself.
    """
    with as_service(session):
        target = service.find_target(
            session, actor_id=actor.id, organization_id=organization_id, user_id=user_id
        )
        if user_id == actor.id:
            raise service.Yourself("You can leave the organization in its settings.")
        if not may_manage(target.actor_role, target.role):
            raise Forbidden("Only owners remove owners and admins.")
        boards = _lock_boards(session, target)
        headless = _only_head_of(session, boards, user_id)
    for board in headless:
        board_members.become_head(board.id, session=session, actor=actor, now=now)
    with as_service(session):
        _end_membership(session, target, now)
    _take_off(session, actor, boards, user_id, now)
    with as_service(session):
        service.record(session, target, "member.removed", now, only_here=True)


def _end_membership(session: Session, target: Target, now: datetime) -> None:
    """Also on boards that wait to be dropped: brought back, they come without this person."""
    if target.role == "owner":
        service.keep_an_owner(session, target.organization_id, target.user_id)
    here = Membership.organization_id == target.organization_id, Membership.user_id == target.user_id
    session.execute(delete(Membership).where(*here))
    deleted = select(Board.id).where(
        Board.organization_id == target.organization_id, Board.deleted_at.is_not(None)
    )
    session.execute(
        delete(BoardMember).where(BoardMember.user_id == target.user_id, BoardMember.board_id.in_(deleted))
    )
    membership_ended.send(
        None,
        session=session,
        organization_id=target.organization_id,
        user_id=target.user_id,
        actor_id=target.actor_id,
        now=now,
    )


def _lock_boards(session: Session, target: Target) -> Sequence[Board]:
    """Those of the organization that the person is on."""
    theirs = select(BoardMember.board_id).where(BoardMember.user_id == target.user_id)
    rows = (
        select(Board)
        .where(
            Board.organization_id == target.organization_id,
            Board.deleted_at.is_(None),
            Board.id.in_(theirs),
        )
        .order_by(Board.id)
    )
    return session.scalars(rows.with_for_update(key_share=True)).all()


def _only_head_of(session: Session, boards: Sequence[Board], user_id: UUID) -> list[Board]:
    heads = (
        select(BoardMember.board_id)
        .where(BoardMember.board_id.in_([board.id for board in boards]), BoardMember.role == HEAD)
        .group_by(BoardMember.board_id)
        .having(func.bool_and(BoardMember.user_id == user_id))
    )
    ids = set(session.scalars(heads))
    return [board for board in boards if board.id in ids]


def _take_off(session: Session, actor: Actor, boards: Sequence[Board], user_id: UUID, now: datetime) -> None:
    for board in boards:
        board_members.remove_member(board.id, user_id, session=session, actor=actor, now=now)
