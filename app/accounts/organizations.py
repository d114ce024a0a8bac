"""What the owners of an organization decide for everybody in it, and the news of who comes and goes.

Whoever makes or deletes a membership sends the news in that transaction, as workhub_service, before it tells
the trail: listeners lock the person, and whoever locks the trail first would wait for them in a circle.
"""

from datetime import datetime
from uuid import UUID

from blinker import signal
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit
from ..errors import NotFound
from .models import Membership, Organization

policy_changed = signal("accounts.policy_changed")  # session, organization_id, heads_always_see_presence
membership_began = signal("accounts.membership_began")  # session, organization_id, user_id, now
# actor_id is whoever ended it: oneself by leaving, else whoever removed one.
membership_ended = signal("accounts.membership_ended")  # session, organization_id, user_id, actor_id, now


def set_presence_policy(
    organization_id: UUID, *, heads_always_see_presence: bool, session: Session, actor_id: UUID, now: datetime
) -> Organization:
    """Whether team heads see the presence of their boards' people whatever these have set.

    Raises NotFound for everybody but the owners. What changes nothing is told to nobody.
    """
    organization = owned_organization(session, actor_id, organization_id)
    if organization.heads_always_see_presence != heads_always_see_presence:
        organization.heads_always_see_presence = heads_always_see_presence
        session.flush()
        policy_changed.send(
            None,
            session=session,
            organization_id=organization_id,
            heads_always_see_presence=heads_always_see_presence,
        )
        audit.record(
            session,
            action="organization.policy_changed",
            actor_id=actor_id,
            organization_ids=[organization_id],
            target_type="organization",
            target_id=str(organization_id),
            details={"headsAlwaysSeePresence": heads_always_see_presence},
            now=now,
        )
    return organization


def owned_organization(session: Session, actor_id: UUID, organization_id: UUID) -> Organization:
    """Raises NotFound for all but its owners. Locked, so that of two who disagree the later is told last.

    Others may still refer to the row: each event of the trail does, and holds the trail while it does.
    """
    owns = select(Membership.id).where(
        Membership.organization_id == organization_id,
        Membership.user_id == actor_id,
        Membership.role == "owner",
    )
    mine = select(Organization).where(Organization.id == organization_id, owns.exists())
    found = session.scalars(mine.with_for_update(key_share=True)).one_or_none()
    if found is None:
        raise NotFound()
    return found
