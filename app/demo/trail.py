"""What happened at the demo's big organization before today, as the audit trail would have kept it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import User
from ..boards.models import Board

RELAUNCH, CAMPAIGN = {"board": "Website relaunch"}, {"board": "Autumn campaign"}
# (days ago, hour, who, action, details; "whom" becomes a person's id and name); in the order of time.
EVENTS: tuple[tuple[int, int, str, str, dict[str, Any]], ...] = (
    (27, 9, "head", "board.created", RELAUNCH),
    (27, 9, "head", "board.member_added", {**RELAUNCH, "whom": "maya", "role": "member"}),
    (27, 9, "head", "board.member_added", {**RELAUNCH, "whom": "omar", "role": "member"}),
    (26, 8, "head", "board.member_added", {**RELAUNCH, "whom": "lena", "role": "head"}),
    (20, 13, "head", "board.created", CAMPAIGN),
    (20, 14, "head", "board.member_added", {**CAMPAIGN, "whom": "sofia", "role": "member"}),
    (13, 15, "owner", "board.role_changed", {**RELAUNCH, "whom": "lena", "role": "member"}),
    (9, 10, "ines", "presence.settings_changed", {"fields": ["visibility"]}),
    (8, 11, "admin", "board.member_added", {**RELAUNCH, "whom": "piotr", "role": "member"}),
    (6, 16, "noah", "board.member_removed", {**CAMPAIGN, "whom": "noah", "role": "member"}),
    (3, 12, "kenji", "presence.settings_changed", {"fields": ["showCurrentPage", "showActivity"]}),
    (1, 9, "owner", "board.role_changed", {**RELAUNCH, "whom": "maya", "role": "head"}),
    (1, 17, "owner", "board.role_changed", {**RELAUNCH, "whom": "maya", "role": "member"}),
)


def add(session: Session, organization_id: UUID, people: dict[str, UUID], now: datetime) -> None:
    names = dict(session.execute(select(User.id, User.name)).all())
    mine = select(Board.name, Board.id).where(Board.organization_id == organization_id)
    boards = dict(session.execute(mine).all())
    for days_ago, hour, who, action, said in EVENTS:
        details = dict(said)
        if whom := details.pop("whom", None):
            details |= {"userId": str(people[whom]), "name": names[people[whom]]}
        target = ("board", boards[said["board"]]) if "board" in said else ("user", people[who])
        audit.record(
            session,
            action=action,
            actor_id=people[who],
            organization_ids=[organization_id],
            target_type=target[0],
            target_id=str(target[1]),
            details=details,
            now=datetime.combine(now.date() - timedelta(days=days_ago), time(hour), UTC),
        )
