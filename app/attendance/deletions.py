"""Deleting what a filter finds, and taking that back for ten minutes; after that it is gone.

Only sessions that have ended: one that goes on is somebody's work of this moment.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, false, func, select, update
from sqlalchemy.orm import Session

from .. import audit
from ..db import new_id
from ..errors import NotFound
from . import rules
from .corrections import period_locked, place_changed_by
from .models import AttendanceDeletion, AttendanceLog, AttendancePerson
from .queries import Place, found_by, place_for, segments, span_of
from .schemas import AttendanceFilter, CountChanged, Deletion, DeletionCount

UNDO_WITHIN = timedelta(minutes=10)
ROWS_AT_ONCE = 10_000  # one statement must end long before its time is up
HAS_ENDED = AttendanceLog.clock_out_at.is_not(None)


def count(session: Session, *, actor_id: UUID, wanted: AttendanceFilter, now: datetime) -> DeletionCount:
    """What deleting by this filter would do."""
    place = place_for(session, actor_id, wanted.organization_id, must_run=True)
    return _count(session, place, actor_id, wanted, now)


def delete_filtered(
    session: Session, *, actor_id: UUID, wanted: Deletion, now: datetime
) -> AttendanceDeletion:
    """Raises PeriodLocked when any lies in a closed period, CountChanged when there are more or fewer."""
    place = place_changed_by(session, actor_id, wanted.organization_id)
    found = _count(session, place, actor_id, wanted, now)
    if found.locked:
        raise period_locked(place, found.locked)
    if found.sessions != wanted.sessions:
        raise CountChanged(current={"sessions": found.sessions})
    asked = wanted.model_dump(
        mode="json", by_alias=True, exclude_none=True, exclude={"sessions", "organization_id"}
    )
    span = span_of(wanted, place, now)
    deletion = AttendanceDeletion(
        id=new_id(),
        organization_id=place.id,
        deleted_by=actor_id,
        filters={**asked, "from": span.first.isoformat(), "to": span.last.isoformat()},
        sessions=found.sessions,
        deleted_at=now,
    )
    session.add(deletion)
    session.flush()
    ids = select(AttendanceLog.id).where(HAS_ENDED, *_conditions(place, actor_id, wanted, now))
    _in_portions(session, ids, deletion_id=deletion.id)
    _tell(session, deletion, "attendance.deleted", actor_id, now)
    return deletion


def undo(session: Session, *, deletion_id: UUID, actor_id: UUID, now: datetime) -> AttendanceDeletion:
    """Raises NotFound when there is none, or too late; PeriodLocked when its days were closed meanwhile."""
    organization_id = session.scalar(
        select(AttendanceDeletion.organization_id).where(AttendanceDeletion.id == deletion_id)
    )
    if organization_id is None:
        raise NotFound()
    place = place_changed_by(session, actor_id, organization_id)
    undone = update(AttendanceDeletion).where(
        AttendanceDeletion.id == deletion_id,
        AttendanceDeletion.undone_at.is_(None),
        AttendanceDeletion.deleted_at > now - UNDO_WITHIN,
    )
    deletion = session.scalars(undone.values(undone_at=now).returning(AttendanceDeletion)).one_or_none()
    if deletion is None:
        raise NotFound()
    mine = AttendanceLog.deletion_id == deletion_id
    earliest = session.scalar(select(func.min(AttendanceLog.clock_in_at)).where(mine))
    if earliest and place.is_locked(earliest):
        raise period_locked(place)
    _in_portions(session, select(AttendanceLog.id).where(mine), deletion_id=None)
    _tell(session, deletion, "attendance.deletion_undone", actor_id, now)
    return deletion


def undoable(session: Session, place: Place, now: datetime) -> list[AttendanceDeletion]:
    """What can still be taken back, newest first."""
    late = now - UNDO_WITHIN
    made = select(AttendanceDeletion).where(
        AttendanceDeletion.organization_id == place.id,
        AttendanceDeletion.undone_at.is_(None),
        AttendanceDeletion.deleted_at > late,
    )
    return list(session.scalars(made.order_by(AttendanceDeletion.deleted_at.desc())))


def purge(session: Session, *, now: datetime) -> int:
    """Removes a portion of what nobody can take back any more; answers how many. Runs as the service.

    Safe on several machines: what another one holds is passed over.
    """
    late = select(AttendanceDeletion.id).where(AttendanceDeletion.deleted_at <= now - UNDO_WITHIN)
    gone = select(AttendanceLog.id).where(AttendanceLog.deletion_id.in_(late))
    portion = session.scalars(gone.limit(ROWS_AT_ONCE).with_for_update(skip_locked=True)).all()
    if portion:
        session.execute(delete(AttendanceLog).where(AttendanceLog.id.in_(portion)))
        return len(portion)
    left = select(AttendanceLog.id).where(AttendanceLog.deletion_id == AttendanceDeletion.id)
    session.execute(delete(AttendanceDeletion).where(AttendanceDeletion.id.in_(late), ~left.exists()))
    return 0


def _conditions(
    place: Place, actor_id: UUID, wanted: AttendanceFilter, now: datetime
) -> list[ColumnElement[bool]]:
    conditions = segments(place, actor_id, span_of(wanted, place, now), wanted.status, wanted.user_id)
    if wanted.search:
        people = select(AttendancePerson.user_id).where(
            AttendancePerson.organization_id == place.id, *found_by(wanted.search)
        )
        conditions.append(AttendanceLog.user_id.in_(people))
    return conditions


def _count(
    session: Session, place: Place, actor_id: UUID, wanted: AttendanceFilter, now: datetime
) -> DeletionCount:
    is_locked: ColumnElement[bool] = false()
    if place.locked_before:
        is_locked = AttendanceLog.clock_in_at < rules.begin_of(place.locked_before, place.zone)
    counted = select(
        func.count().filter(HAS_ENDED).label("sessions"),
        func.count().filter(HAS_ENDED, is_locked).label("locked"),
        func.count().filter(~HAS_ENDED).label("active"),
    ).where(*_conditions(place, actor_id, wanted, now))
    return DeletionCount.model_validate(session.execute(counted).one())


def _in_portions(session: Session, ids: Select[Any], deletion_id: UUID | None) -> None:
    """`ids` finds fewer each time."""
    while True:
        portion = session.scalars(ids.limit(ROWS_AT_ONCE)).all()
        if not portion:
            return
        session.execute(
            update(AttendanceLog)
            .where(AttendanceLog.id.in_(portion))
            .values(deletion_id=deletion_id)
            .execution_options(synchronize_session=False)
        )


def _tell(session: Session, deletion: AttendanceDeletion, action: str, actor_id: UUID, now: datetime) -> None:
    audit.record(
        session,
        action=action,
        actor_id=actor_id,
        organization_ids=[deletion.organization_id],
        target_type="attendance_deletion",
        target_id=str(deletion.id),
        details={"filters": deletion.filters, "sessions": deletion.sessions},
        now=now,
    )
