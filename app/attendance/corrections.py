"""What whoever runs an organization may change: correct a session, close a period for payroll.

The original is kept beside what it became, with the reason. Runs as the person, under the rights that
PostgreSQL gives to owners and admins.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import User
from ..clock import isoformat
from ..db import new_id
from ..errors import InvalidInput, NotFound
from . import rules
from .models import AttendanceCorrection, AttendanceDeletion, AttendanceLock, AttendanceLog
from .queries import Place, place_for
from .rules import Segment
from .schemas import CorrectionPatch, DeletionRunning, PeriodLocked, SessionChanged

# Longer than any login takes from its moment to its commit: what is corrected up to here can never overlap
# with a segment that is just being opened.
SETTLED_AFTER = timedelta(minutes=1)

UNFINISHED = ("deleting", "restoring")  # states of a deletion

_SHARE = text("select pg_advisory_xact_lock_shared(hashtextextended(:name, 0))")
_ALONE = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")


def correct_session(
    session: Session, *, attendance_id: UUID, actor_id: UUID, patch: CorrectionPatch, now: datetime
) -> tuple[Place, AttendanceLog]:
    """Raises NotFound, SessionChanged (another version), PeriodLocked, or InvalidInput at what is wrong."""
    organization_id = session.scalar(
        select(AttendanceLog.organization_id).where(
            AttendanceLog.id == attendance_id, AttendanceLog.deletion_id.is_(None)
        )
    )
    if organization_id is None:
        raise NotFound()
    place = place_changed_by(session, actor_id, organization_id)
    row = session.get(AttendanceLog, attendance_id)
    if row is None:
        raise NotFound()
    session.execute(_ALONE, {"name": f"attendance of {row.user_id} at {organization_id}"})
    session.refresh(row, with_for_update=True)
    if row.deletion_id is not None:
        raise NotFound()
    if row.version != patch.version:
        raise SessionChanged(current={"version": row.version})
    after = _after(row, patch)
    _check(session, place, row, after, now)
    _keep(session, row, actor_id, patch.reason, now)
    row.clock_in_at, row.clock_out_at = after.clock_in_at, after.clock_out_at
    row.closed_automatically, row.corrected_at, row.version = False, now, row.version + 1
    session.flush()
    _tell(session, place, row, actor_id, patch.reason, now)
    return place, row


def set_lock(
    session: Session, *, organization_id: UUID, actor_id: UUID, locked_before: date | None, now: datetime
) -> Place:
    """Closes the days before `locked_before`, or opens them again. For whoever runs the organization.

    A day that has not ended, and one since which somebody is still clocked in, cannot be closed: what is
    closed must not change any more, by itself either.
    """
    place = place_changed_by(session, actor_id, organization_id, alone=True)
    if locked_before is not None:
        _check_lock(session, place, locked_before, now)
    values = {"locked_before": locked_before, "changed_at": now}
    session.execute(
        insert(AttendanceLock)
        .values(organization_id=organization_id, **values)
        .on_conflict_do_update(index_elements=["organization_id"], set_=values)
    )
    if place.locked_before != locked_before:
        audit.record(
            session,
            action="attendance.locked",
            actor_id=actor_id,
            organization_ids=[organization_id],
            target_type="organization",
            target_id=str(organization_id),
            details={"before": locked_before and locked_before.isoformat()},
            now=now,
        )
    return place._replace(locked_before=locked_before)


def place_changed_by(
    session: Session,
    actor_id: UUID,
    organization_id: UUID | None,
    *,
    alone: bool = False,
    besides: UUID | None = None,
) -> Place:
    """The place as it is now; until the commit nobody can close a period of it or, `alone`, change anything.

    Raises DeletionRunning while many sessions are being deleted or brought back, but for the work `besides`.
    """
    found = place_for(session, actor_id, organization_id, must_run=True)
    session.execute(_ALONE if alone else _SHARE, {"name": f"attendance at {found.id}"})
    unfinished = select(AttendanceDeletion.id).where(
        AttendanceDeletion.organization_id == found.id, AttendanceDeletion.state.in_(UNFINISHED)
    )
    if session.scalar(unfinished) not in (None, besides):
        raise DeletionRunning("It takes a minute or two for a million sessions.")
    return place_for(session, actor_id, found.id, must_run=True)


def period_locked(place: Place, sessions: int = 0) -> PeriodLocked:
    day = place.locked_before or date.min
    words = f"Days before {day:%b} {day.day}, {day.year} are closed for payroll"
    about = f", and {sessions} of these sessions lie there" if sessions else ""
    return PeriodLocked(f"{words}{about}. Nothing was changed.", current={"lockedBefore": day.isoformat()})


def _after(row: AttendanceLog, patch: CorrectionPatch) -> Segment:
    clock_in_at = rules.whole_second(patch.clock_in_at) if patch.clock_in_at else row.clock_in_at
    if patch.clock_out_at is None:
        return Segment(clock_in_at, row.clock_out_at)
    if row.clock_out_at is None:
        raise InvalidInput.at("clockOutAt", "This session goes on; it ends when the person signs out")
    return Segment(clock_in_at, rules.whole_second(patch.clock_out_at))


def _check(session: Session, place: Place, row: AttendanceLog, after: Segment, now: datetime) -> None:
    if after == Segment(row.clock_in_at, row.clock_out_at):
        raise InvalidInput("Nothing would change.")
    if place.is_locked(row.clock_in_at) or place.is_locked(after.clock_in_at):
        raise period_locked(place)
    latest = now - SETTLED_AFTER
    if after.clock_in_at > latest:
        raise InvalidInput.at("clockInAt", "This has not happened yet")
    if after.clock_out_at and after.clock_out_at > max(latest, row.clock_out_at or latest):
        raise InvalidInput.at("clockOutAt", "This has not happened yet")
    if after.clock_out_at and after.clock_out_at < after.clock_in_at:
        raise InvalidInput.at("clockOutAt", "This is before the session begins")
    if _neighbour(session, row, after):
        raise InvalidInput.at("clockInAt", "Another session of this person is in that time")


def _neighbour(session: Session, row: AttendanceLog, after: Segment) -> bool:
    """One that overlaps; deleted ones count, because they may come back."""
    others = select(AttendanceLog).where(
        AttendanceLog.organization_id == row.organization_id,
        AttendanceLog.user_id == row.user_id,
        AttendanceLog.id != row.id,
        func.coalesce(AttendanceLog.clock_out_at, "infinity") >= after.clock_in_at,
    )
    return any(
        rules.overlap(after, Segment(other.clock_in_at, other.clock_out_at))
        for other in session.scalars(others)
    )


def _keep(session: Session, row: AttendanceLog, actor_id: UUID, reason: str, now: datetime) -> None:
    session.add(
        AttendanceCorrection(
            id=new_id(),
            attendance_id=row.id,
            organization_id=row.organization_id,
            user_id=row.user_id,
            clock_in_before=row.clock_in_at,
            clock_out_before=row.clock_out_at,
            automatic_before=row.closed_automatically,
            reason=reason,
            corrected_by=actor_id,
            corrected_by_name=session.scalars(select(User.name).where(User.id == actor_id)).one(),
            corrected_at=now,
        )
    )


def _tell(
    session: Session, place: Place, row: AttendanceLog, actor_id: UUID, reason: str, now: datetime
) -> None:
    audit.record(
        session,
        action="attendance.corrected",
        actor_id=actor_id,
        organization_ids=[place.id],
        target_type="attendance",
        target_id=str(row.id),
        details={
            "userId": str(row.user_id),
            "clockInAt": isoformat(row.clock_in_at),
            "clockOutAt": isoformat(row.clock_out_at) if row.clock_out_at else None,
            "reason": reason,
        },
        now=now,
    )


def _check_lock(session: Session, place: Place, locked_before: date, now: datetime) -> None:
    if locked_before > rules.day_of(now, place.zone):
        raise InvalidInput.at("lockedBefore", "Days that have not ended cannot be closed")
    open_before = select(AttendanceLog.id).where(
        AttendanceLog.organization_id == place.id,
        AttendanceLog.clock_out_at.is_(None),
        AttendanceLog.clock_in_at < rules.begin_of(locked_before, place.zone),
    )
    if session.scalars(open_before.limit(1)).one_or_none():
        raise InvalidInput.at("lockedBefore", "Somebody is still clocked in since a day before that")
