"""The audit trail: who did what, in the transaction that did it, in a chain that shows any later change.

Writing is all that features do here. Reading is for whoever runs an organization: app/admin.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from .core import canonical

_APPEND = text(
    "select append_audit_event(cast(:organizations as uuid[]), cast(:actor as uuid), :action, :target_type,"
    " :target_id, cast(:details as jsonb), :now)"
)


def record(
    session: Session,
    *,
    action: str,
    actor_id: UUID | None,
    organization_ids: Collection[UUID] | None,
    target_type: str,
    target_id: str,
    details: dict[str, Any],
    now: datetime,
) -> None:
    """Appends to the trail of each organization; None means every organization of the actor.

    In a person's transaction the actor must be that person, and the organizations must be theirs or those of
    their boards: record before the act that ends it. The site itself (actor None, or somebody) may write
    anywhere.
    The last event of an organization stays locked until the commit, so call it late and once.
    `details` holds texts and whole numbers, never what people would not want an admin to read.
    """
    organizations = None if organization_ids is None else [str(each) for each in organization_ids]
    values = {"action": action, "target_type": target_type, "target_id": target_id, "now": now}
    session.flush()
    session.execute(
        _APPEND,
        {
            **values,
            "organizations": organizations,
            "actor": actor_id and str(actor_id),
            "details": canonical(details),
        },
    )


def record_export(
    session: Session,
    *,
    action: str,
    actor_id: UUID,
    organization_id: UUID,
    details: dict[str, Any],
    now: datetime,
) -> None:
    """From here on whoever holds the file may read it."""
    record(
        session,
        action=action,
        actor_id=actor_id,
        organization_ids=[organization_id],
        target_type="organization",
        target_id=str(organization_id),
        details=details,
        now=now,
    )
