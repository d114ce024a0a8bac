"""Reads of the audit trail through the person who asks: only where they are owner or admin."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization
from ..accounts.policy import MANAGERS
from ..audit.models import AuditEvent
from ..errors import NotFound
from .schemas import AuditFilter

# From one person to the next in the index: `select distinct` would read every event there is.
_ACTORS = text(
    """
    with recursive person as (
        (select actor_id from audit_events
         where organization_id = :organization and actor_id is not null order by actor_id limit 1)
        union all
        select (select actor_id from audit_events
                where organization_id = :organization and actor_id > person.actor_id
                order by actor_id limit 1)
        from person where actor_id is not null
    )
    select actor_id, coalesce((
        select actor_name from audit_events
        where organization_id = :organization and actor_id = person.actor_id order by seq desc limit 1
    ), '') as actor_name
    from person where actor_id is not null
    """
)


class Run(NamedTuple):
    """An organization that the person runs."""

    id: UUID
    name: str


def organizations_run_by(session: Session, actor_id: UUID) -> list[Run]:
    """By name. Raises NotFound when there is none: for everybody else these pages do not exist."""
    found = session.execute(
        select(Organization.id, Organization.name)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == actor_id, Membership.role.in_(MANAGERS))
        .order_by(func.lower(Organization.name), Organization.id)
    ).all()
    if not found:
        raise NotFound()
    return [Run(*row) for row in found]


def organization_run_by(session: Session, actor_id: UUID, organization_id: UUID) -> Run:
    """Raises NotFound also where the person is a plain member."""
    for organization in organizations_run_by(session, actor_id):
        if organization.id == organization_id:
            return organization
    raise NotFound()


def events_of(
    session: Session, organization_id: UUID, wanted: AuditFilter, *, limit: int
) -> tuple[Sequence[AuditEvent], int | None]:
    """Newest first, and the cursor of what is older. Only for an organization found through the person."""
    rows = select(AuditEvent).where(AuditEvent.organization_id == organization_id)
    if wanted.action:
        rows = rows.where(AuditEvent.action == wanted.action)
    if wanted.actor_id:
        rows = rows.where(AuditEvent.actor_id == wanted.actor_id)
    if wanted.from_:
        rows = rows.where(AuditEvent.occurred_at >= wanted.from_)
    if wanted.to:
        rows = rows.where(AuditEvent.occurred_at < wanted.to)
    if wanted.cursor:
        rows = rows.where(AuditEvent.seq < wanted.cursor)
    found = session.scalars(rows.order_by(AuditEvent.seq.desc()).limit(limit + 1)).all()
    page = found[:limit]
    return page, page[-1].seq if len(found) > limit else None


def actors_of(session: Session, organization_id: UUID) -> list[tuple[UUID, str]]:
    """Whoever did something, by the last name they had then."""
    found = session.execute(_ACTORS, {"organization": organization_id})
    return sorted(((row.actor_id, row.actor_name) for row in found), key=lambda actor: actor[1].lower())
