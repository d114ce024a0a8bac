"""Deleting what a filter finds, and taking that back for ten minutes; after that it is gone.

Only sessions that have ended: one that goes on is somebody's work of this moment. A request deletes a few
itself. More are left to a job (`go_on`), which does a portion in each of its transactions, and picks up what
a process that died has left; meanwhile nothing else is changed in that organization's attendance.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, false, func, or_, select, update
from sqlalchemy.orm import Session

from .. import audit
from ..clock import isoformat
from ..db import new_id
from ..errors import NotFound
from . import rules
from .corrections import UNFINISHED, period_locked, place_changed_by
from .models import AttendanceDeletion, AttendanceLog, AttendancePerson
from .queries import Place, found_by, place_for, segments, span_of
from .schemas import AttendanceFilter, CountChanged, Deletion, DeletionCount
from .signals import work_left

UNDO_WITHIN = timedelta(minutes=10)
ROWS_AT_ONCE = 2_000  # a request answers soon, and a statement ends long before its time is up
HAS_ENDED = AttendanceLog.clock_out_at.is_not(None)


def count(session: Session, *, actor_id: UUID, wanted: AttendanceFilter, now: datetime) -> DeletionCount:
    """What deleting by this filter would do."""
    place = place_for(session, actor_id, wanted.organization_id, must_run=True)
    return _count(session, place, actor_id, wanted, now)


def delete_filtered(
    session: Session, *, actor_id: UUID, wanted: Deletion, now: datetime
) -> AttendanceDeletion:
    """Raises PeriodLocked when any lies in a closed period, CountChanged when there are more or fewer, and
    DeletionRunning."""
    place = place_changed_by(session, actor_id, wanted.organization_id, alone=True)
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
        state="deleting",
        selection=_selection(session, place, actor_id, wanted, now),
    )
    session.add(deletion)
    session.flush()
    _begin(session, deletion, found.sessions)
    _tell(session, deletion, "attendance.deleted", actor_id, now)
    return deletion


def undo(session: Session, *, deletion_id: UUID, actor_id: UUID, now: datetime) -> AttendanceDeletion:
    """Raises NotFound when there is none, or too late; PeriodLocked when its days were closed meanwhile."""
    place = place_changed_by(
        session, actor_id, _found(session, deletion_id).organization_id, alone=True, besides=deletion_id
    )
    undone = update(AttendanceDeletion).where(
        AttendanceDeletion.id == deletion_id,
        AttendanceDeletion.undone_at.is_(None),
        AttendanceDeletion.deleted_at > now - UNDO_WITHIN,
    )
    values = {"undone_at": now, "state": "restoring", "done": 0, "reached_user_id": None}
    deletion = session.scalars(undone.values(values).returning(AttendanceDeletion)).one_or_none()
    if deletion is None:
        raise NotFound()
    session.refresh(deletion)
    mine = AttendanceLog.deletion_id == deletion_id
    earliest = session.scalar(select(func.min(AttendanceLog.clock_in_at)).where(mine))
    if earliest and place.is_locked(earliest):
        raise period_locked(place)
    _begin(session, deletion, deletion.sessions)
    _tell(session, deletion, "attendance.deletion_undone", actor_id, now)
    return deletion


def deletion_of(session: Session, *, deletion_id: UUID, actor_id: UUID) -> AttendanceDeletion:
    """How far it is. Raises NotFound for who does not run the organization, and once it is gone for good."""
    deletion = _found(session, deletion_id)
    place_for(session, actor_id, deletion.organization_id, must_run=True)
    return deletion


def undoable(session: Session, place: Place, now: datetime) -> list[AttendanceDeletion]:
    """What can still be taken back, and what is not finished; newest first."""
    can_come_back = AttendanceDeletion.undone_at.is_(None) & (
        AttendanceDeletion.deleted_at > now - UNDO_WITHIN
    )
    made = select(AttendanceDeletion).where(
        AttendanceDeletion.organization_id == place.id,
        or_(can_come_back, AttendanceDeletion.state.in_(UNFINISHED)),
    )
    return list(session.scalars(made.order_by(AttendanceDeletion.deleted_at.desc())))


def go_on(session: Session, *, now: datetime) -> int:
    """Does a portion of what requests have left to do; answers how many rows. Runs as the service."""
    unfinished = select(AttendanceDeletion).where(AttendanceDeletion.state.in_(UNFINISHED))
    oldest = unfinished.order_by(AttendanceDeletion.deleted_at).limit(1)
    deletion = session.scalars(oldest.with_for_update(skip_locked=True)).one_or_none()
    return _portion(session, deletion) if deletion else 0


def purge(session: Session, *, now: datetime) -> int:
    """Removes a portion of what nobody can take back any more; answers how many. Runs as the service.

    Safe on several machines: what another one holds is passed over.
    """
    late = select(AttendanceDeletion.id).where(
        AttendanceDeletion.deleted_at <= now - UNDO_WITHIN, AttendanceDeletion.state.not_in(UNFINISHED)
    )
    gone = select(AttendanceLog.id).where(AttendanceLog.deletion_id.in_(late))
    portion = session.scalars(gone.limit(ROWS_AT_ONCE).with_for_update(skip_locked=True)).all()
    if portion:
        session.execute(delete(AttendanceLog).where(AttendanceLog.id.in_(portion)))
        return len(portion)
    left = select(AttendanceLog.id).where(AttendanceLog.deletion_id == AttendanceDeletion.id)
    session.execute(delete(AttendanceDeletion).where(AttendanceDeletion.id.in_(late), ~left.exists()))
    return 0


def _found(session: Session, deletion_id: UUID) -> AttendanceDeletion:
    found = session.get(AttendanceDeletion, deletion_id)
    if found is None:
        raise NotFound()
    return found


def _conditions(
    place: Place, actor_id: UUID, wanted: AttendanceFilter, now: datetime
) -> list[ColumnElement[bool]]:
    conditions = segments(place, actor_id, span_of(wanted, place, now), wanted.status, wanted.user_id)
    if wanted.search:
        conditions.append(AttendanceLog.user_id.in_(_people(place, wanted.search)))
    return conditions


def _people(place: Place, search: str) -> Select[UUID]:
    return select(AttendancePerson.user_id).where(
        AttendancePerson.organization_id == place.id, *found_by(search)
    )


def _count(
    session: Session, place: Place, actor_id: UUID, wanted: AttendanceFilter, now: datetime
) -> DeletionCount:
    is_locked: ColumnElement[bool] = false()
    if place.locked_before:
        is_locked = AttendanceLog.clock_in_at < rules.begin_of(place.locked_before, place.zone)
    # Nothing that begins from now on is ever among what is deleted bit by bit.
    can_go = and_(HAS_ENDED, AttendanceLog.clock_in_at < rules.whole_second(now))
    counted = select(
        func.count().filter(can_go).label("sessions"),
        func.count().filter(can_go, is_locked).label("locked"),
        func.count().filter(~HAS_ENDED).label("active"),
    ).where(*_conditions(place, actor_id, wanted, now))
    return DeletionCount.model_validate(session.execute(counted).one())


def _selection(
    session: Session, place: Place, actor_id: UUID, wanted: Deletion, now: datetime
) -> dict[str, Any]:
    """What the filter finds now, so that later portions find the same, whatever people do meanwhile."""
    span = span_of(wanted, place, now)
    going_on = select(AttendanceLog.id).where(~HAS_ENDED, *_conditions(place, actor_id, wanted, now))
    found: dict[str, Any] = {
        "begin": isoformat(span.begin),
        "end": isoformat(min(span.end, rules.whole_second(now))),
        "goingOn": [str(each) for each in session.scalars(going_on)],
    }
    if wanted.user_id or wanted.search:
        people = [wanted.user_id] if wanted.user_id else session.scalars(_people(place, wanted.search or ""))
        found["userIds"] = [str(each) for each in people]
    return found


def _begin(session: Session, deletion: AttendanceDeletion, sessions: int) -> None:
    _portion(session, deletion)
    if deletion.state in UNFINISHED:
        work_left.send(None, session=session)


def _portion(session: Session, deletion: AttendanceDeletion) -> int:
    """Person by person, so that nothing is looked at twice."""
    is_back = deletion.state == "restoring"
    rows = select(AttendanceLog.id, AttendanceLog.user_id).where(
        AttendanceLog.organization_id == deletion.organization_id,
        *([AttendanceLog.deletion_id == deletion.id] if is_back else _selected(deletion)),
    )
    if deletion.reached_user_id:
        rows = rows.where(AttendanceLog.user_id >= deletion.reached_user_id)
    portion = session.execute(rows.order_by(AttendanceLog.user_id).limit(ROWS_AT_ONCE)).all()
    if portion:
        session.execute(
            update(AttendanceLog)
            .where(AttendanceLog.id.in_([row.id for row in portion]))
            .values(deletion_id=None if is_back else deletion.id)
            .execution_options(synchronize_session=False)
        )
        deletion.reached_user_id = portion[-1].user_id
        deletion.done += len(portion)
    if len(portion) < ROWS_AT_ONCE:
        deletion.state = "undone" if is_back else "deleted"
    session.flush()
    return len(portion)


def _selected(deletion: AttendanceDeletion) -> list[ColumnElement[bool]]:
    selection = deletion.selection or {}
    begin, end = (datetime.fromisoformat(selection[name]) for name in ("begin", "end"))
    which = [
        HAS_ENDED,
        AttendanceLog.deletion_id.is_(None),
        AttendanceLog.clock_in_at >= begin,
        AttendanceLog.clock_in_at < end,
    ]
    if going_on := selection["goingOn"]:
        which.append(AttendanceLog.id.not_in([UUID(each) for each in going_on]))
    if "userIds" in selection:
        which.append(AttendanceLog.user_id.in_([UUID(each) for each in selection["userIds"]]))
    return which


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
