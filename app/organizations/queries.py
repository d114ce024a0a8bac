"""Reading an organization through a member of it."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization, User
from ..errors import NotFound
from .schemas import OrganizationView


def organization_for(session: Session, actor_id: UUID, organization_id: UUID) -> OrganizationView:
    """Raises NotFound for who is no member, guests on its boards included."""
    found = session.execute(
        select(Organization, Membership.role)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Organization.id == organization_id, Membership.user_id == actor_id)
    ).one_or_none()
    if found is None:
        raise NotFound()
    organization, role = found
    here = Membership.organization_id == organization_id
    owners = select(User.name).join(Membership, Membership.user_id == User.id)
    return OrganizationView(
        id=organization.id,
        name=organization.name,
        role=role,
        plan=organization.plan,
        time_zone=organization.time_zone,
        member_count=session.scalar(select(func.count()).select_from(Membership).where(here)) or 0,
        owner_names=list(
            session.scalars(owners.where(here, Membership.role == "owner").order_by(func.lower(User.name)))
        ),
        heads_always_see_presence=organization.heads_always_see_presence,
        created_at=organization.created_at,
    )
