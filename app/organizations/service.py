"""Making an organization, its name and time zone, and handing it on to another owner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import Membership, Organization, User
from ..accounts.organizations import membership_began, owned_organization
from ..accounts.service import lock_person
from ..db import as_service, new_id
from ..errors import Forbidden, InvalidInput, WorkHubError
from ..members import service as members

MOST_OWNED = 20


class TooManyOrganizations(WorkHubError):
    code, title, status = "too_many_organizations", "You own as many organizations as one person may", 409


def create_organization(
    session: Session, *, actor_id: UUID, name: str, time_zone: str, now: datetime
) -> Organization:
    """With the actor as its owner. Runs as workhub_service: nobody may read it before it has a member."""
    lock_person(session, actor_id)
    owned = select(func.count()).select_from(Membership)
    if (session.scalar(owned.where(Membership.user_id == actor_id, Membership.role == "owner")) or 0) >= (
        MOST_OWNED
    ):
        raise TooManyOrganizations(f"At most {MOST_OWNED}. Leave one, or hand one on.")
    made = Organization(id=new_id(), name=name, time_zone=time_zone, created_at=now)
    session.add(made)
    session.flush()
    session.add(Membership(organization_id=made.id, user_id=actor_id, role="owner", created_at=now))
    session.flush()
    membership_began.send(None, session=session, organization_id=made.id, user_id=actor_id, now=now)
    _record(session, made.id, actor_id, "organization.created", now, organization=name)
    return made


def update_organization(
    session: Session,
    *,
    actor_id: UUID,
    organization_id: UUID,
    name: str | None,
    time_zone: str | None,
    now: datetime,
) -> None:
    """What is None stays. Raises NotFound for all but the owners; what changes nothing is not written."""
    organization = owned_organization(session, actor_id, organization_id)
    before = {"name": organization.name, "timeZone": organization.time_zone}
    wanted = {"name": name or organization.name, "timeZone": time_zone or organization.time_zone}
    if wanted == before:
        return
    with as_service(session):
        organization.name, organization.time_zone = wanted["name"], wanted["timeZone"]
        session.flush()
    changed = {key: value for key, value in wanted.items() if value != before[key]}
    _record(session, organization_id, actor_id, "organization.changed", now, **changed)


def hand_on(
    session: Session,
    *,
    actor_id: UUID,
    organization_id: UUID,
    email: str,
    confirmation: str,
    now: datetime,
) -> str:
    """Makes a member the owner and the actor an admin; answers the new owner's name. As workhub_service.

    The new owner signs in anew, as with every role that is given; the actor only loses rights.
    """
    role = members.role_of(session, organization_id, actor_id)
    if role == "admin":
        raise Forbidden("Only owners hand on their organization.")
    target = members.find_target(
        session,
        actor_id=actor_id,
        organization_id=organization_id,
        user_id=_member_by_email(session, organization_id, email) if role else actor_id,
    )
    if target.user_id == actor_id:
        raise InvalidInput.at("email", "This is you; name another member")
    if target.is_disabled:
        raise InvalidInput.at("email", "This person is disabled and cannot sign in")
    if confirmation.strip() != session.scalar(
        select(Organization.name).where(Organization.id == organization_id)
    ):
        raise InvalidInput.at("confirmation", "Type the name of the organization as it stands above")
    members.change_role(session, target, role="owner", now=now)
    mine = Membership.organization_id == organization_id, Membership.user_id == actor_id
    session.execute(update(Membership).where(*mine).values(role="admin"))
    about = {"userId": str(target.user_id), "name": target.name}
    _record(session, organization_id, actor_id, "organization.handed_on", now, **about)
    return target.name


def _member_by_email(session: Session, organization_id: UUID, email: str) -> UUID:
    found = (
        select(User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, func.lower(User.email) == email.lower())
    )
    user_id = session.scalar(found)
    if user_id is None:
        raise InvalidInput.at("email", "No member of this organization has this address; invite them first")
    return user_id


def _record(
    session: Session, organization_id: UUID, actor_id: UUID, action: str, now: datetime, **details: str
) -> None:
    audit.record(
        session,
        action=action,
        actor_id=actor_id,
        organization_ids=[organization_id],
        target_type="organization",
        target_id=str(organization_id),
        details=details,
        now=now,
    )
