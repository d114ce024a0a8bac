"""Invitations: made for an e-mail address, sent again, revoked, accepted once.

Runs as workhub_service. The link is a secret: whoever has it may join with that address and nothing else.
What an inviter may no longer give, their invitations give no longer either.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import Membership, Organization, User
from ..accounts.organizations import membership_began
from ..db import new_id
from ..errors import Forbidden, InvalidInput, NotFound, WorkHubError
from .links import new_token, token_hash
from .models import Invitation
from .rules import Role, may_give
from .service import role_in, role_of

LIFETIME = timedelta(days=7)
MOST_WAITING = 1000


class InvitationOver(WorkHubError):
    """Used, revoked, expired, or never made: a stranger learns no more."""

    code, title, status = "invitation_over", "This invitation is not valid any more", 404


class ForSomebodyElse(WorkHubError):
    code, title, status = "for_somebody_else", "This invitation is for another address", 409


class Offer(NamedTuple):
    """What somebody with a valid link may know."""

    organization_name: str
    email: str
    role: Role | Literal["guest"]
    has_account: bool
    board_name: str | None = None
    """Of a guest."""


class Invited(Protocol):
    """Whoever accepts."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...


def invite(
    session: Session, *, actor_id: UUID, organization_id: UUID, email: str, role: Role, now: datetime
) -> tuple[Invitation, str]:
    """The row, and the token of its link. Raises Forbidden, and InvalidInput for who is in already."""
    _check(may_give(role_in(session, organization_id, actor_id), role))
    _lock(session, organization_id)
    if _is_member(session, organization_id, email):
        raise InvalidInput.at("email", "This person is in the organization already")
    waiting = _waiting(organization_id)
    if (session.scalar(select(func.count()).select_from(waiting.subquery())) or 0) >= MOST_WAITING:
        raise InvalidInput.at("email", f"At most {MOST_WAITING} invitations can wait; revoke some first")
    if session.scalar(waiting.where(func.lower(Invitation.email) == email.lower())):
        raise InvalidInput.at("email", "There is an invitation for this address already; send it again")
    token = new_token()
    row = Invitation(
        id=new_id(),
        organization_id=organization_id,
        email=email,
        role=role,
        token_hash=token_hash(token),
        invited_by=actor_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    _record(session, row, "member.invited", actor_id, now)
    return row, token


def send_again(
    session: Session, *, actor_id: UUID, organization_id: UUID, invitation_id: UUID, now: datetime
) -> tuple[Invitation, str]:
    """A new link, valid from now on; the one before is worth nothing. It is the actor's invitation then."""
    row = _found(session, actor_id, organization_id, invitation_id)
    token = new_token()
    row.token_hash, row.invited_by, row.expires_at = token_hash(token), actor_id, now + LIFETIME
    _record(session, row, "member.invited", actor_id, now)
    return row, token


def revoke(
    session: Session, *, actor_id: UUID, organization_id: UUID, invitation_id: UUID, now: datetime
) -> None:
    row = _found(session, actor_id, organization_id, invitation_id)
    row.revoked_at = now
    _record(session, row, "member.invitation_revoked", actor_id, now)


def offer_of(session: Session, token: str, now: datetime) -> Offer:
    """Raises InvitationOver."""
    row = _valid(session, token, now)
    name = session.scalar(select(Organization.name).where(Organization.id == row.organization_id)) or ""
    has_account = session.scalar(select(User.id).where(func.lower(User.email) == row.email.lower()))
    return Offer(name, row.email, row.role, has_account is not None)  # type: ignore[arg-type]


def accept(session: Session, *, token: str, actor: Invited, now: datetime) -> None:
    """Raises InvitationOver, and ForSomebodyElse for whoever signed in with another address."""
    row = _valid(session, token, now, lock=True)
    if actor.email.lower() != row.email.lower():
        raise ForSomebodyElse("Sign in with the address that was invited.")
    _join(session, row, actor.id, now)


def make_account(session: Session, *, email: str, name: str, password_hash: str, now: datetime) -> User:
    """For the address of a valid link. Raises ForSomebodyElse when somebody has an account with it."""
    user = User(id=new_id(), email=email.strip(), name=name, password_hash=password_hash, created_at=now)
    session.add(user)
    try:
        session.flush()
    except IntegrityError:
        raise ForSomebodyElse("There is an account with this address; sign in with it.") from None
    return user


def _join(session: Session, row: Invitation, user_id: UUID, now: datetime) -> None:
    row.accepted_at = now
    if role_of(session, row.organization_id, user_id) is None:
        session.add(Membership(organization_id=row.organization_id, user_id=user_id, role=row.role))
        session.flush()
        membership_began.send(
            None, session=session, organization_id=row.organization_id, user_id=user_id, now=now
        )
    _record(session, row, "member.joined", user_id, now)


def _valid(session: Session, token: str, now: datetime, *, lock: bool = False) -> Invitation:
    """By its link, if it may still be used; and whoever made it may still give the role."""
    found = select(Invitation).where(
        Invitation.token_hash == token_hash(token),
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    row = session.scalar(found.with_for_update() if lock else found)
    if row is None or not may_give(_role_of_able(session, row), row.role):  # type: ignore[arg-type]
        raise InvitationOver("Ask whoever invited you for a new link.")
    return row


def _role_of_able(session: Session, row: Invitation) -> Role | None:
    inviter = select(User.id).where(User.id == row.invited_by, User.disabled_at.is_(None))
    if session.scalar(inviter) is None:
        return None
    return role_of(session, row.organization_id, row.invited_by)


def _found(session: Session, actor_id: UUID, organization_id: UUID, invitation_id: UUID) -> Invitation:
    role = role_in(session, organization_id, actor_id)
    waiting = _waiting(organization_id).where(Invitation.id == invitation_id)
    row = session.scalar(waiting.with_for_update())
    if row is None:
        raise NotFound()
    _check(may_give(role, row.role))  # type: ignore[arg-type]  # the database knows three
    return row


def _waiting(organization_id: UUID) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.organization_id == organization_id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )


def _is_member(session: Session, organization_id: UUID, email: str) -> bool:
    member = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, func.lower(User.email) == email.lower())
    )
    return session.scalar(member) is not None


def _lock(session: Session, organization_id: UUID) -> None:
    row = select(Organization.id).where(Organization.id == organization_id)
    session.scalar(row.with_for_update(key_share=True))


def _check(is_allowed: bool) -> None:
    if not is_allowed:
        raise Forbidden("Only owners invite owners and admins.")


def _record(session: Session, row: Invitation, action: str, actor_id: UUID, now: datetime) -> None:
    audit.record(
        session,
        action=action,
        actor_id=actor_id,
        organization_ids=[row.organization_id],
        target_type="invitation",
        target_id=str(row.id),
        details={"email": row.email, "role": row.role},
        now=now,
    )
