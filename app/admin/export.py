"""The audit trail as CSV, page by page: it only grows, so that no page misses or repeats what another held.

That somebody took it away is an event of the trail itself.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from .. import audit, spreadsheet
from ..audit.models import AuditEvent
from ..clock import isoformat
from ..db import unit_of_work
from .queries import Run, events_of
from .schemas import AuditFilter
from .sentences import tell

COLUMNS = (
    "number", "time", "person", "person id", "action", "target type", "target id", "summary", "details",
)  # fmt: skip
EVENTS_AT_ONCE = 1000


def record_export(
    session: Session, *, actor_id: UUID, organization: Run, wanted: AuditFilter, now: datetime
) -> None:
    asked = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)
    details = {"filters": asked} if asked else {}
    whose = {"actor_id": actor_id, "organization_id": organization.id}
    audit.record_export(session, action="audit.exported", details=details, now=now, **whose)


def csv_of(actor_id: UUID, organization: Run, wanted: AuditFilter) -> Iterator[str]:
    """Newest first. A transaction for each page: a slow reader must not hold one open."""
    yield spreadsheet.csv_line(COLUMNS)
    while True:
        with unit_of_work(actor_id) as session:
            events, cursor = events_of(session, organization.id, wanted, limit=EVENTS_AT_ONCE)
        yield "".join(spreadsheet.csv_line(_cells(event)) for event in events)
        if cursor is None:
            return
        wanted = wanted.model_copy(update={"cursor": cursor})


def _cells(event: AuditEvent) -> tuple[object, ...]:
    details = orjson.dumps(event.details).decode() if event.details else ""
    about = (event.action, event.target_type, event.target_id, str(tell(event)), details)
    return (event.seq, isoformat(event.occurred_at), event.actor_name or "", event.actor_id or "", *about)
