"""Invitations of guests: to one board, for an e-mail address, by a link that is accepted once.

For whoever manages the members of the board. Made and changed in their own transaction, written as
workhub_service, which alone may read the hashes; accepted as workhub_service. A link counts as long as
whoever made it may still add people to the board.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization, User
from ..boards import members as board_members
from ..boards import trail
from ..boards.models import Board, BoardMember
from ..boards.queries import manageable_board_for
from ..boards.rules import may_manage_members
from ..db import as_service, new_id
from ..errors import InvalidInput, NotFound
from .invitations import LIFETIME, ForSomebodyElse, InvitationOver, Invited, Offer
from .links import new_token, token_hash
from .models import BoardInvitation
from .schemas import GuestInvitationView

MOST_WAITING = 100


def invite(
    session: Session, *, actor_id: UUID, board_id: UUID, email: str, now: datetime
) -> tuple[BoardInvitation, str]:
    """The row, and the token of its link. Raises InvalidInput for who is on the board or invited already."""
    board, _ = manageable_board_for(session, actor_id, board_id)
    with as_service(session):
        session.execute(select(Board.id).where(Board.id == board_id).with_for_update(key_share=True))
        _check_new(session, board_id, email)
        token = new_token()
        row = BoardInvitation(
            id=new_id(),
            board_id=board_id,
            email=email,
            token_hash=token_hash(token),
            invited_by=actor_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        session.add(row)
        session.flush()
    trail.record(session, actor_id, board, "guest_invited", now, email=email)
    return row, token


def send_again(
    session: Session, *, actor_id: UUID, board_id: UUID, invitation_id: UUID, now: datetime
) -> tuple[BoardInvitation, str]:
    """A new link, valid from now on; the one before is worth nothing. It is the actor's invitation then."""
    board, _ = manageable_board_for(session, actor_id, board_id)
    with as_service(session):
        row = _found(session, board_id, invitation_id)
        token = new_token()
        row.token_hash, row.invited_by, row.expires_at = token_hash(token), actor_id, now + LIFETIME
        session.flush()
    trail.record(session, actor_id, board, "guest_invited", now, email=row.email)
    return row, token


def revoke(session: Session, *, actor_id: UUID, board_id: UUID, invitation_id: UUID, now: datetime) -> None:
    board, _ = manageable_board_for(session, actor_id, board_id)
    with as_service(session):
        row = _found(session, board_id, invitation_id)
        row.revoked_at = now
        session.flush()
    trail.record(session, actor_id, board, "guest_invitation_revoked", now, email=row.email)


def waiting(session: Session, *, actor_id: UUID, board_id: UUID) -> list[GuestInvitationView]:
    """Newest first; those whose time is over wait for being sent again or revoked."""
    manageable_board_for(session, actor_id, board_id)
    rows = session.execute(
        select(
            BoardInvitation.id,
            BoardInvitation.email,
            func.coalesce(User.name, "").label("invited_by_name"),
            BoardInvitation.created_at,
            BoardInvitation.expires_at,
        )
        .outerjoin(User, User.id == BoardInvitation.invited_by)
        .where(*_waits(board_id))
        .order_by(BoardInvitation.created_at.desc(), BoardInvitation.id)
    )
    return [GuestInvitationView.model_validate(row) for row in rows]


def offer_of(session: Session, token: str, now: datetime) -> Offer:
    """Raises InvitationOver."""
    row, board = _valid(session, token, now)
    organization = session.get_one(Organization, board.organization_id).name
    has_account = session.scalar(select(User.id).where(func.lower(User.email) == row.email.lower()))
    return Offer(organization, row.email, "guest", has_account is not None, board.name)


def accept(session: Session, *, token: str, guest: Invited, now: datetime) -> UUID:
    """Answers the board. Raises InvitationOver, and ForSomebodyElse for another address."""
    row, board = _valid(session, token, now, lock=True)
    if guest.email.lower() != row.email.lower():
        raise ForSomebodyElse("Sign in with the address that was invited.")
    row.accepted_at = now
    board_members.join(board.id, session=session, actor=guest, now=now)
    return board.id


def _valid(
    session: Session, token: str, now: datetime, *, lock: bool = False
) -> tuple[BoardInvitation, Board]:
    """The board's row is locked before anything else of it, as by every change of a board."""
    found = (
        select(BoardInvitation, Board)
        .join(Board, Board.id == BoardInvitation.board_id)
        .where(
            BoardInvitation.token_hash == token_hash(token),
            BoardInvitation.accepted_at.is_(None),
            BoardInvitation.revoked_at.is_(None),
            BoardInvitation.expires_at > now,
            Board.deleted_at.is_(None),
            Board.archived_at.is_(None),
        )
    )
    row = session.execute(found.with_for_update(key_share=True) if lock else found).one_or_none()
    if row is None or not _may_still_invite(session, row.Board, row.BoardInvitation.invited_by):
        raise InvitationOver("Ask whoever invited you for a new link.")
    return row.BoardInvitation, row.Board


def _may_still_invite(session: Session, board: Board, inviter_id: UUID) -> bool:
    able = select(User.id).where(User.id == inviter_id, User.disabled_at.is_(None))
    on_board = select(BoardMember.role).where(
        BoardMember.board_id == board.id, BoardMember.user_id == inviter_id
    )
    in_organization = select(Membership.role).where(
        Membership.organization_id == board.organization_id, Membership.user_id == inviter_id
    )
    return session.scalar(able) is not None and may_manage_members(
        session.scalar(on_board), session.scalar(in_organization)
    )


def _check_new(session: Session, board_id: UUID, email: str) -> None:
    same = func.lower(User.email) == email.lower()
    on_it = select(User.id).join(BoardMember, BoardMember.user_id == User.id)
    if session.scalar(on_it.where(BoardMember.board_id == board_id, same)):
        raise InvalidInput.at("email", "This person is already on the board")
    waits = select(func.count()).select_from(BoardInvitation).where(*_waits(board_id))
    if session.scalar(waits.where(func.lower(BoardInvitation.email) == email.lower())):
        raise InvalidInput.at("email", "There is an invitation for this address already; make a new link")
    if (session.scalar(waits) or 0) >= MOST_WAITING:
        raise InvalidInput.at("email", f"At most {MOST_WAITING} invitations can wait; revoke some first")


def _found(session: Session, board_id: UUID, invitation_id: UUID) -> BoardInvitation:
    one: Select[BoardInvitation] = select(BoardInvitation).where(
        *_waits(board_id), BoardInvitation.id == invitation_id
    )
    row = session.scalar(one.with_for_update())
    if row is None:
        raise NotFound()
    return row


def _waits(board_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        BoardInvitation.board_id == board_id,
        BoardInvitation.accepted_at.is_(None),
        BoardInvitation.revoked_at.is_(None),
    )
