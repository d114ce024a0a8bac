"""Tells the pages of whoever runs an organization that somebody clocked in or out there.

Only that something changed: the pages ask for what they show, at a pace of their own.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..accounts.models import Membership
from ..accounts.policy import MANAGERS
from ..db import after_commit
from ..realtime import publish

EVENT = "attendance_changed"


def tell_managers(_sender: object, *, session: Session, organization_ids: Collection[UUID], **_: Any) -> None:
    managers = session.execute(
        select(Membership.organization_id, Membership.user_id).where(
            Membership.organization_id.in_(organization_ids), Membership.role.in_(MANAGERS)
        )
    ).all()

    def tell() -> None:
        for organization_id, user_id in managers:
            publish.to_user(user_id, EVENT, {"organizationId": str(organization_id)})

    after_commit(session, tell)
