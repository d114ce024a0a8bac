"""After how long somebody counts as inactive in user management: of the organization, and of each role.

Owners decide. A threshold shorter than two heartbeats would show working people as inactive, one longer than
a login may idle means nothing.
"""

from datetime import datetime
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import Organization
from ..accounts.organizations import owned_organization
from ..errors import InvalidInput
from .rules import ROLES
from .schemas import Thresholds

NAMES = ("everybody", *ROLES)


def thresholds_of(session: Session, organization_id: UUID) -> Thresholds:
    """Of an organization found through the person."""
    kept = session.scalar(select(Organization.active_seconds).where(Organization.id == organization_id))
    return Thresholds(**(kept or {}))


def set_thresholds(
    session: Session,
    *,
    actor_id: UUID,
    organization_id: UUID,
    wanted: Thresholds,
    least: int,
    most: int,
    now: datetime,
) -> None:
    """As the owner, in their own transaction. Raises NotFound for everybody else, InvalidInput for one that
    cannot work. What changes nothing is not written."""
    organization = owned_organization(session, actor_id, organization_id)
    chosen = {name: seconds for name in NAMES if (seconds := getattr(wanted, name)) is not None}
    for name, seconds in chosen.items():
        if not least <= seconds <= most:
            raise InvalidInput.at(to_camel(name), f"must be between {least} and {most} seconds")
    if chosen == organization.active_seconds:
        return
    organization.active_seconds = chosen
    audit.record(
        session,
        action="organization.thresholds_changed",
        actor_id=actor_id,
        organization_ids=[organization_id],
        target_type="organization",
        target_id=str(organization_id),
        details={"seconds": chosen},
        now=now,
    )
