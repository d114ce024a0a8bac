"""Changing the people of an organization: roles, disabling, enabling.

Runs as workhub_service, because it ends logins; every act first finds the actor's own place in the
organization. Acts of one organization wait for each other, so that two owners cannot demote one another at
the same moment. Whoever is in other organizations too is not disabled by the admins of one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import AccessToken, Membership, Organization, User
from ..accounts.policy import MANAGERS
from ..accounts.service import lock_person
from ..accounts.sessions import end_sessions_of
from ..accounts.tokens import revoked
from ..errors import Forbidden, NotFound, WorkHubError
from .models import PasswordReset
from .rules import Role, may_change_roles, may_manage


class LastOwner(WorkHubError):
    code, title, status = "last_owner", "An organization needs an owner who can sign in", 409


class Yourself(WorkHubError):
    code, title, status = "yourself", "Ask somebody else to do that to you", 409


class BelongsElsewhere(WorkHubError):
    """Their account is not one organization's alone."""

    code, title, status = "belongs_elsewhere", "This person also belongs to another organization", 409


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to be changed, found through an actor who runs the organization."""

    organization_id: UUID
    actor_id: UUID
    actor_role: Role
    user_id: UUID
    name: str
    role: Role
    is_disabled: bool


def find_target(session: Session, *, actor_id: UUID, organization_id: UUID, user_id: UUID) -> Target:
    """Locks the organizations, then the person. Raises NotFound for everybody who does not run this one."""
    role_in(session, organization_id, actor_id)
    _lock_organizations(session, organization_id, user_id)
    lock_person(session, user_id)
    found = session.execute(
        select(User.name, User.disabled_at, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, User.id == user_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    role = role_in(session, organization_id, actor_id)  # it may have changed while this waited
    is_disabled = found.disabled_at is not None
    return Target(organization_id, actor_id, role, user_id, found.name, found.role, is_disabled)


def find_oneself(session: Session, *, actor_id: UUID, organization_id: UUID) -> Target:
    """As find_target, for whoever leaves; raises NotFound for who is no member."""
    _lock_organizations(session, organization_id, actor_id)
    lock_person(session, actor_id)
    role = role_of(session, organization_id, actor_id)
    if role is None:
        raise NotFound()
    name = session.scalar(select(User.name).where(User.id == actor_id)) or ""
    return Target(organization_id, actor_id, role, actor_id, name, role, is_disabled=False)


def role_in(session: Session, organization_id: UUID, actor_id: UUID) -> Role:
    """The actor's, who runs the organization; raises NotFound for everybody else."""
    mine = (
        select(Membership.role)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.user_id == actor_id,
            User.disabled_at.is_(None),
        )
    )
    role = session.scalar(mine)
    if role not in MANAGERS:
        raise NotFound()
    return role  # type: ignore[return-value]  # the check above


def change_role(session: Session, target: Target, *, role: Role, now: datetime) -> None:
    """Their logins end: whoever signs in anew does so with what they may do now, and with a new token.

    Raises Forbidden for admins, and LastOwner.
    """
    if not may_change_roles(target.actor_role):
        raise Forbidden("Only owners change roles.")
    if role == target.role:
        return
    if target.role == "owner":
        keep_an_owner(session, target.organization_id, target.user_id)
    session.execute(
        update(Membership)
        .where(Membership.organization_id == target.organization_id, Membership.user_id == target.user_id)
        .values(role=role)
    )
    end_sessions_of(session, user_id=target.user_id, now=now, reason="role_changed")
    details = {"role": role, "before": target.role}
    record(session, target, "member.role_changed", now, only_here=True, **details)


def disable(session: Session, target: Target, *, now: datetime) -> None:
    """Ends logins, access tokens and links at once, and for good. Doing it twice is the same as once."""
    check_rights_over_account(session, target)
    if target.is_disabled:
        return
    for organization_id in _organizations_of(session, target.user_id):
        if role_of(session, organization_id, target.user_id) == "owner":
            keep_an_owner(session, organization_id, target.user_id)
    session.execute(update(User).where(User.id == target.user_id).values(disabled_at=now))
    end_everything(session, user_id=target.user_id, now=now, reason="disabled")
    record(session, target, "member.disabled", now)


def enable(session: Session, target: Target, *, now: datetime) -> None:
    check_rights_over_account(session, target)
    if not target.is_disabled:
        return
    session.execute(update(User).where(User.id == target.user_id).values(disabled_at=None))
    record(session, target, "member.enabled", now)


def check_rights_over_account(session: Session, target: Target) -> None:
    """An account is more than a membership: whoever decides over it runs every organization it is in."""
    if target.user_id == target.actor_id:
        raise Yourself()
    if not may_manage(target.actor_role, target.role):
        raise Forbidden("Only owners may do that to owners and admins.")
    for organization_id in _organizations_of(session, target.user_id):
        mine = role_of(session, organization_id, target.actor_id)
        theirs = role_of(session, organization_id, target.user_id)
        if mine is None or theirs is None or not may_manage(mine, theirs):
            raise BelongsElsewhere("Their account is not this organization's alone.")


def end_everything(session: Session, *, user_id: UUID, now: datetime, reason: str) -> None:
    """Logins, access tokens, and links to set a password. The person is locked."""
    end_sessions_of(session, user_id=user_id, now=now, reason=reason)
    tokens = session.scalars(
        update(AccessToken)
        .where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(AccessToken.id)
    ).all()
    for token_id in tokens:
        revoked.send(None, session=session, user_id=user_id, token_id=token_id, now=now)
    if reset := session.get(PasswordReset, user_id):
        session.delete(reset)


def role_of(session: Session, organization_id: UUID, user_id: UUID) -> Role | None:
    found = select(Membership.role).where(
        Membership.organization_id == organization_id, Membership.user_id == user_id
    )
    role: Role | None = session.scalar(found)
    return role


def record(
    session: Session, target: Target, action: str, now: datetime, *, only_here: bool = False, **details: Any
) -> None:
    """What concerns the account goes into the trail of every organization of the person."""
    everywhere = _organizations_of(session, target.user_id)
    audit.record(
        session,
        action=action,
        actor_id=target.actor_id,
        organization_ids=[target.organization_id] if only_here else everywhere,
        target_type="user",
        target_id=str(target.user_id),
        details={"userId": str(target.user_id), "name": target.name, **details},
        now=now,
    )


def _organizations_of(session: Session, user_id: UUID) -> list[UUID]:
    return list(session.scalars(select(Membership.organization_id).where(Membership.user_id == user_id)))


def _lock_organizations(session: Session, organization_id: UUID, user_id: UUID) -> None:
    """This one and all others of the person, in one order for everybody: nobody waits in a circle."""
    theirs = select(Membership.organization_id).where(Membership.user_id == user_id)
    concerned = or_(Organization.id == organization_id, Organization.id.in_(theirs))
    rows = select(Organization.id).where(concerned).order_by(Organization.id)
    session.scalars(rows.with_for_update(key_share=True)).all()


def keep_an_owner(session: Session, organization_id: UUID, leaving: UUID) -> None:
    others = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.role == "owner",
            Membership.user_id != leaving,
            User.disabled_at.is_(None),
        )
    )
    if not session.scalar(others):
        raise LastOwner("Make somebody else an owner first.")
