"""Attendance as pages, as JSON level by level, and as files for payroll."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response

from .. import ratelimit
from ..accounts.queries import Actor
from ..api import api
from ..clock import clock
from ..db import unit_of_work
from ..errors import NotFound
from . import corrections, deletions, export, queries, workbook
from .models import AttendanceDeletion
from .queries import Place
from .schemas import (
    AttendanceFilter,
    CorrectionPatch,
    CountChanged,
    CsvQuery,
    DaysLevel,
    DaysPage,
    Deletion,
    DeletionCount,
    DeletionRunning,
    DeletionView,
    ExportQuery,
    LockChange,
    LockView,
    OfOrganization,
    OnlinePage,
    PeopleLevel,
    PeoplePage,
    PeriodLocked,
    SessionChanged,
    SessionRow,
    SessionsLevel,
    SessionsPage,
)

blueprint = Blueprint("attendance", __name__)

EXPORTS = ratelimit.per_window(30, seconds=3600)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/api/attendance")
@api("session", errors=[NotFound])
def list_attendance(actor: Actor, query: PeopleLevel) -> PeoplePage:
    """The people with attendance in a range of days, by name, with the sums of each.

    Owners and admins see everybody of their organization, others themselves.
    """
    now = clock.now()
    with unit_of_work(actor.id) as session:
        place = queries.place_for(session, actor.id, query.organization_id)
        people, cursor = queries.people_of(
            session, place, actor.id, query, now=now, limit=query.limit, cursor=query.cursor
        )
    span = queries.span_of(query, place, now)
    days = {"from_": span.first, "to": span.last}
    return PeoplePage(**_about(place, now), **days, items=people, next_cursor=cursor)


@blueprint.get("/api/attendance/days")
@api("session", errors=[NotFound])
def list_attendance_days(actor: Actor, query: DaysLevel) -> DaysPage:
    """One person's days with attendance, newest first, in the organization's time zone."""
    now = clock.now()
    with unit_of_work(actor.id) as session:
        place = queries.place_for(session, actor.id, query.organization_id)
        days, cursor = queries.days_of(session, place, actor.id, query, now=now)
    return DaysPage(**_about(place, now), items=days, next_cursor=cursor)


@blueprint.get("/api/attendance/sessions")
@api("session", errors=[NotFound])
def list_attendance_sessions(actor: Actor, query: SessionsLevel) -> SessionsPage:
    """One person's sessions that began on one day, with what they were before corrections."""
    now = clock.now()
    with unit_of_work(actor.id) as session:
        place = queries.place_for(session, actor.id, query.organization_id)
        sessions = queries.sessions_of(session, place, actor.id, query, now=now)
    return SessionsPage(**_about(place, now), items=sessions)


@blueprint.get("/api/attendance/online")
@api("session", errors=[NotFound])
def list_clocked_in(actor: Actor, query: OfOrganization) -> OnlinePage:
    """Who is clocked in now, by name; for owners and admins."""
    with unit_of_work(actor.id) as session:
        place = queries.place_for(session, actor.id, query.organization_id, must_run=True)
        people, total = queries.clocked_in(session, place)
    return OnlinePage.model_validate({"items": people, "total": total})


@blueprint.patch("/api/attendance/sessions/<uuid:attendance_id>")
@api("session", errors=[NotFound, PeriodLocked, SessionChanged, DeletionRunning])
def correct_attendance(actor: Actor, attendance_id: UUID, body: CorrectionPatch) -> SessionRow:
    """Correct a session, with a reason; what it was stays beside it. For owners and admins."""
    now = clock.now()
    with unit_of_work(actor.id) as session:
        place, row = corrections.correct_session(
            session, attendance_id=attendance_id, actor_id=actor.id, patch=body, now=now
        )
        kept = queries.corrections_of(session, [row.id])[row.id]
        return SessionRow.model_validate(queries.session_view(place, row, kept, now))


@blueprint.get("/api/attendance/count")
@api("session", errors=[NotFound])
def count_attendance(actor: Actor, query: AttendanceFilter) -> DeletionCount:
    """What deleting by this filter would do; for owners and admins."""
    with unit_of_work(actor.id) as session:
        return deletions.count(session, actor_id=actor.id, wanted=query, now=clock.now())


@blueprint.delete("/api/attendance")
@api("session", errors=[NotFound, PeriodLocked, CountChanged, DeletionRunning])
def delete_attendance(actor: Actor, query: Deletion) -> DeletionView:
    """Delete the ended sessions that a filter finds; for owners and admins.

    Exactly as many as `sessions` says, or none. It can be undone for ten minutes. Many are deleted bit by bit
    after the answer; ask how far it is.
    """
    with unit_of_work(actor.id) as session:
        made = deletions.delete_filtered(session, actor_id=actor.id, wanted=query, now=clock.now())
    return _deletion(made)


@blueprint.get("/api/attendance/deletions/<uuid:deletion_id>")
@api("session", errors=[NotFound])
def show_deletion(actor: Actor, deletion_id: UUID) -> DeletionView:
    """How far a deletion is, or the bringing back of what it deleted; for owners and admins."""
    with unit_of_work(actor.id) as session:
        return _deletion(deletions.deletion_of(session, deletion_id=deletion_id, actor_id=actor.id))


@blueprint.post("/api/attendance/deletions/<uuid:deletion_id>/undo")
@api("session", errors=[NotFound, PeriodLocked, DeletionRunning])
def undo_deletion(actor: Actor, deletion_id: UUID) -> None:
    """Bring back what was deleted, within ten minutes. Many come back bit by bit; ask how far it is."""
    with unit_of_work(actor.id) as session:
        deletions.undo(session, deletion_id=deletion_id, actor_id=actor.id, now=clock.now())


@blueprint.put("/api/organizations/<uuid:organization_id>/attendance-lock")
@api("session", errors=[NotFound, DeletionRunning])
def set_attendance_lock(actor: Actor, organization_id: UUID, body: LockChange) -> LockView:
    """Close the days before a date for payroll, or open them again; for owners and admins."""
    with unit_of_work(actor.id) as session:
        place = corrections.set_lock(
            session,
            organization_id=organization_id,
            actor_id=actor.id,
            locked_before=body.locked_before,
            now=clock.now(),
        )
    return LockView(locked_before=place.locked_before)


@blueprint.get("/api/attendance/export.csv")
@api("session", errors=[NotFound], limit=EXPORTS)
def export_attendance_csv(actor: Actor, query: CsvQuery) -> Annotated[Response, "text/csv"]:
    """Sessions, or one row of sums for each person, as CSV; the audit trail tells of it."""
    made = _begin_export(actor, query, "csv")
    lines = export.payroll_csv(made) if query.sheet == "payroll" else export.sessions_csv(made)
    return _file(lines, "text/csv", query.sheet, "csv", made)


@blueprint.get("/api/attendance/export.xlsx")
@api("session", errors=[NotFound], limit=EXPORTS)
def export_attendance_xlsx(actor: Actor, query: ExportQuery) -> Annotated[Response, XLSX]:
    """A workbook with a payroll sheet and the sessions; the audit trail tells of it."""
    made = _begin_export(actor, query, "xlsx")
    return _file(workbook.xlsx(made), XLSX, "attendance", "xlsx", made)


def _deletion(made: AttendanceDeletion) -> DeletionView:
    undo_until = made.deleted_at + deletions.UNDO_WITHIN
    return DeletionView(
        deletion_id=made.id, sessions=made.sessions, undo_until=undo_until, state=made.state, done=made.done
    )


def _begin_export(actor: Actor, query: ExportQuery, kind: str) -> export.Export:
    with unit_of_work(actor.id) as session:
        place = queries.place_for(session, actor.id, query.organization_id)
        made = export.Export(actor.id, place, query, clock.now())
        queries.whose_rows(place, actor.id, query.user_id)  # or refuse now: a file that has begun cannot
        export.record(session, made, kind)
    return made


def _file(pieces: Any, mimetype: str, name: str, suffix: str, made: export.Export) -> Response:
    span = queries.span_of(made.wanted, made.place, made.now)
    response = Response(pieces, mimetype=mimetype)
    filename = f"workhub-{name}-{span.first}-{span.last}.{suffix}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _about(place: Place, now: datetime) -> dict[str, Any]:
    return {"organization_id": place.id, "time_zone": place.zone_name, "counted_at": now}
