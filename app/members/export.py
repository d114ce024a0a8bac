"""The people of an organization as CSV; that somebody took it away stands in the audit trail."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from .. import audit, spreadsheet
from ..clock import isoformat
from .queries import Run
from .schemas import ExportQuery, MemberView

COLUMNS = ("name", "e-mail", "role", "status", "last activity", "open sessions", "joined", "id")


def record_export(session: Session, *, actor_id: UUID, run: Run, wanted: ExportQuery, now: datetime) -> None:
    asked = wanted.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    details = {"filters": asked} if asked else {}
    audit.record_export(
        session,
        action="members.exported",
        actor_id=actor_id,
        organization_id=run.id,
        details=details,
        now=now,
    )


def csv_of(members: Sequence[MemberView]) -> Iterator[str]:
    yield spreadsheet.csv_line(COLUMNS)
    for member in members:
        yield spreadsheet.csv_line(_cells(member))


def _cells(member: MemberView) -> tuple[object, ...]:
    status = "disabled" if member.is_disabled else "active" if member.is_active else "inactive"
    seen = isoformat(member.last_activity) if member.last_activity else ""
    about = (member.name, member.email, member.role, status, seen, member.open_sessions)
    return (*about, isoformat(member.joined_at), member.user_id)
