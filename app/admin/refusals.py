"""Tells the trail who tried what only those who run an organization, or are heads of a board, may do.

What was refused is rolled back, so this has a transaction of its own. A script must not fill a trail: of one
person each act is told once an hour, and ten at most. All of them are in the log. Strangers to an
organization are in the log only: its trail is its people's.
"""

import logging
from uuid import UUID

from flask import Flask, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit, ratelimit
from ..accounts.models import Membership
from ..accounts.policy import MANAGERS
from ..boards.models import Board
from ..clock import clock
from ..db import unit_of_work
from ..errors import Forbidden, NotFound, WorkHubError
from ..web import refused

log = logging.getLogger(__name__)

SAFE = ("GET", "HEAD", "OPTIONS")
# Reading these is an act of whoever runs the organization as well.
READS = {
    "admin.export_audit",
    "admin.list_audit",
    "admin.show_audit",
    "members.export_members",
    "members.index",
}
OWNERS_ONLY = {
    "accounts.set_presence_policy",
    "members.set_thresholds",
    "organizations.transfer_organization",
    "organizations.update_organization",
}
OF_ORGANIZATIONS = {"admin", "attendance", "members"}  # blueprints
ONCE, MOST = ratelimit.per_window(1, 3600), ratelimit.per_window(10, 3600)


def init_app(app: Flask) -> None:
    refused.connect(_hear, sender=app, weak=False)


def _hear(_app: Flask, error: WorkHubError) -> None:
    act, places = request.endpoint or "", request.view_args or {}
    is_act = request.method not in SAFE or act in READS
    is_theirs = request.blueprint in OF_ORGANIZATIONS or {"organization_id", "board_id"} & places.keys()
    if not (isinstance(error, Forbidden | NotFound) and is_act and is_theirs):
        return
    try:
        if current_user.is_authenticated:
            log.info("act_refused", extra={"act": act, "user_id": str(current_user.id), "code": error.code})
            with unit_of_work(current_user.id) as session:
                _record(session, current_user.id, act, error)
    except Exception:  # whoever was refused is told so, whatever becomes of the record
        log.exception("refusal_not_recorded", extra={"act": act})


def _record(session: Session, user_id: UUID, act: str, error: WorkHubError) -> None:
    organization_id = _organization(session, user_id, error)
    if organization_id is None:
        return
    who = str(user_id), str(organization_id)
    is_new = ratelimit.spend(ONCE, "refusal", *who, act).is_enough
    if not (is_new and ratelimit.spend(MOST, "refusals", *who).is_enough):
        return
    audit.record(
        session,
        action="access.refused",
        actor_id=user_id,
        organization_ids=[organization_id],
        target_type="act",
        target_id=act,
        details={"act": act.rpartition(".")[2].replace("_", " "), "code": error.code},
        now=clock.now(),
    )


def _organization(session: Session, user_id: UUID, error: WorkHubError) -> UUID | None:
    """The one whose trail is told: that of the board, or where the person is and runs nothing."""
    places = request.view_args or {}
    if board_id := places.get("board_id"):
        if not isinstance(error, Forbidden):
            return None  # of what one does not see there is nothing to tell
        found: UUID | None = session.scalar(select(Board.organization_id).where(Board.id == board_id))
        return found
    mine = select(Membership.organization_id, Membership.role).where(Membership.user_id == user_id)
    if named := places.get("organization_id") or request.args.get("organizationId", type=UUID):
        mine = mine.where(Membership.organization_id == named)
    roles = session.execute(mine.order_by(Membership.organization_id)).all()
    able = ("owner",) if request.endpoint in OWNERS_ONLY else MANAGERS
    if isinstance(error, NotFound) and any(row.role in able for row in roles):
        return None  # they may, but there is no such thing
    return roles[0].organization_id if roles else None
