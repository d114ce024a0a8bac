"""Reads of the audit trail through the person who asks: only where they are owner or admin."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization
from ..accounts.policy import MANAGERS
from ..audit.models import AuditEvent
from ..errors import NotFound
from .schemas import AuditFilter


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
    latest = (
        select(AuditEvent.actor_id, AuditEvent.actor_name)
        .where(AuditEvent.organization_id == organization_id, AuditEvent.actor_id.is_not(None))
        .ext(distinct_on(AuditEvent.actor_id))
        .order_by(AuditEvent.actor_id, AuditEvent.seq.desc())
    )
    actors = [(row.actor_id, row.actor_name or "") for row in session.execute(latest)]
    return sorted(actors, key=lambda actor: actor[1].lower())
