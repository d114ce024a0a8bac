"""Clocking in and out by itself, from what becomes of logins. Nobody clocks by hand.

Runs as workhub_service in the transaction that opens or ends the login, so that none of the two is ever
lost without the other. Everything about one person happens one after another, under a lock on their row: of
a login and a logout at the same moment each must see what the other did.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from ..accounts.models import Membership, User, UserSession
from ..accounts.policy import OWN_ENDS, SessionLimits
from ..accounts.queries import living_logins
from ..db import new_id
from . import rules
from .models import AttendanceLog, AttendancePerson
from .rules import Segment
from .signals import changed

PEOPLE_AT_ONCE = 200  # whom one sweep looks after; their rows are locked together

_OPEN = AttendanceLog.clock_out_at.is_(None)


def clock_in(
    session: Session, *, user_id: UUID, session_id: UUID, now: datetime, limits: SessionLimits
) -> None:
    """A login opens a segment in every organization of the person where none is open."""
    _lock(session, [user_id])
    others_alive = _is_alive(session, user_id, now, limits, besides=session_id)
    seen_at = _last_activity(session, user_id, besides=session_id)
    organizations = _register(session, user_id)
    _arrive(session, user_id, organizations, others_alive=others_alive, seen_at=seen_at, now=now)


def clock_in_where_joined(
    session: Session, *, user_id: UUID, organization_id: UUID, now: datetime, limits: SessionLimits
) -> None:
    """Whoever becomes a member while signed in works there from then on; of others the next login tells."""
    _lock(session, [user_id])
    if _is_alive(session, user_id, now, limits):
        here = [each for each in _register(session, user_id) if each == organization_id]
        seen_at = _last_activity(session, user_id)
        _arrive(session, user_id, here, others_alive=True, seen_at=seen_at, now=now)


def clock_out(
    session: Session, *, user_id: UUID, session_id: UUID, now: datetime, reason: str, limits: SessionLimits
) -> None:
    """The end of the last login closes what is open: now if by the person, else at their last activity."""
    _lock(session, [user_id])
    others_alive = _is_alive(session, user_id, now, limits, besides=session_id)
    theirs = AttendanceLog.user_id == user_id
    _leave(session, user_id, theirs, others_alive=others_alive, is_own_act=reason in OWN_ENDS, now=now)


def clock_out_where_left(
    session: Session, *, user_id: UUID, organization_id: UUID, now: datetime, is_own_act: bool
) -> None:
    """However many logins live: the person is no member there any more."""
    _lock(session, [user_id])
    here = and_(AttendanceLog.user_id == user_id, AttendanceLog.organization_id == organization_id)
    _leave(session, user_id, here, others_alive=False, is_own_act=is_own_act, now=now)


def close_dead_segments(session: Session, *, now: datetime, limits: SessionLimits) -> int:
    """Closes, where the person was last seen, what no login holds open any more; answers how many.

    At most PEOPLE_AT_ONCE people in one transaction: call it again until it answers 0. People who are just
    signing in or out, or are looked after by another machine, are passed over.
    """
    dead = _is_dead(now, limits)
    found = session.scalars(
        select(AttendanceLog.user_id).where(dead).distinct().order_by("user_id").limit(PEOPLE_AT_ONCE)
    ).all()
    locked = _lock(session, found, skip_locked=True)
    rows = session.scalars(select(AttendanceLog).where(dead, AttendanceLog.user_id.in_(locked))).all()
    for row in rows:
        ended = rules.closed(
            Segment(row.clock_in_at), at=_last_activity(session, row.user_id), automatically=True
        )
        _write(session, row, ended)
    _tell(session, [row.organization_id for row in rows])
    return len(rows)


def _arrive(
    session: Session,
    user_id: UUID,
    organizations: Collection[UUID],
    *,
    others_alive: bool,
    seen_at: datetime | None,
    now: datetime,
) -> None:
    last = _last_segments(session, user_id, organizations)
    touched = []
    for organization_id in organizations:
        row = last.get(organization_id)
        change = rules.arrived(
            _segment(row),
            others_alive=others_alive,
            seen_at=seen_at,
            login_at=now,
            is_final=row is not None and (row.corrected_at or row.deletion_id) is not None,
        )
        if row and (again := change.closed or change.reopened):
            _write(session, row, again)
        if change.opened:
            _open(session, organization_id, user_id, change.opened)
        if change != rules.NOTHING:
            touched.append(organization_id)
    _tell(session, touched)


def _leave(
    session: Session,
    user_id: UUID,
    which: ColumnElement[bool],
    *,
    others_alive: bool,
    is_own_act: bool,
    now: datetime,
) -> None:
    seen_at = now if is_own_act else _last_activity(session, user_id)
    touched = []
    for row in session.scalars(select(AttendanceLog).where(which, _OPEN)):
        ended = rules.left(
            _segment(row), others_alive=others_alive, seen_at=seen_at, automatically=not is_own_act
        )
        if ended:
            _write(session, row, ended)
            touched.append(row.organization_id)
    _tell(session, touched)


def _is_alive(
    session: Session, user_id: UUID, now: datetime, limits: SessionLimits, besides: UUID | None = None
) -> bool:
    """Whether a login of the person lives, besides one that begins or ends."""
    living = living_logins(now, limits).where(UserSession.user_id == user_id)
    if besides is not None:
        living = living.where(UserSession.id != besides)
    return session.scalars(living.limit(1)).one_or_none() is not None


def _is_dead(now: datetime, limits: SessionLimits) -> ColumnElement[bool]:
    """Open, and the person has no login that lives or is no member any more."""
    login = living_logins(now, limits).where(UserSession.user_id == AttendanceLog.user_id)
    membership = select(Membership.id).where(
        Membership.organization_id == AttendanceLog.organization_id,
        Membership.user_id == AttendanceLog.user_id,
    )
    return and_(_OPEN, not_(and_(login.exists(), membership.exists())))


def _lock(session: Session, user_ids: Collection[UUID], *, skip_locked: bool = False) -> Sequence[UUID]:
    people = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
    return session.scalars(people.with_for_update(key_share=True, skip_locked=skip_locked)).all()


def _last_activity(session: Session, user_id: UUID, besides: UUID | None = None) -> datetime | None:
    latest = select(func.max(UserSession.last_activity)).where(UserSession.user_id == user_id)
    return session.scalar(latest if besides is None else latest.where(UserSession.id != besides))


def _register(session: Session, user_id: UUID) -> Sequence[UUID]:
    """The person's organizations, where their name is now as it is today."""
    memberships = (
        select(Membership.organization_id, User.id, User.name, User.email, User.avatar_url)
        .join(User, User.id == Membership.user_id)
        .where(User.id == user_id)
    )
    columns = ["organization_id", "user_id", "name", "email", "avatar_url"]
    register = insert(AttendancePerson).from_select(columns, memberships)
    new = register.excluded
    session.execute(
        register.on_conflict_do_update(
            index_elements=columns[:2],
            set_={"name": new.name, "email": new.email, "avatar_url": new.avatar_url},
            where=func.row(
                AttendancePerson.name, AttendancePerson.email, AttendancePerson.avatar_url
            ).is_distinct_from(func.row(new.name, new.email, new.avatar_url)),
        )
    )
    mine = select(Membership.organization_id).where(Membership.user_id == user_id)
    return session.scalars(mine.order_by(Membership.organization_id)).all()


def _last_segments(
    session: Session, user_id: UUID, organizations: Collection[UUID]
) -> dict[UUID, AttendanceLog]:
    """Deleted ones too: they may come back and must find their place free."""
    latest = (
        select(AttendanceLog)
        .where(AttendanceLog.user_id == user_id, AttendanceLog.organization_id.in_(organizations))
        .ext(distinct_on(AttendanceLog.organization_id))
        .order_by(
            AttendanceLog.organization_id,
            AttendanceLog.clock_in_at.desc(),
            AttendanceLog.clock_out_at.desc().nulls_first(),
        )
    )
    return {row.organization_id: row for row in session.scalars(latest)}


def _segment(row: AttendanceLog | None) -> Segment | None:
    return Segment(row.clock_in_at, row.clock_out_at, row.closed_automatically) if row else None


def _open(session: Session, organization_id: UUID, user_id: UUID, segment: Segment) -> None:
    one_open = insert(AttendanceLog).values(
        id=new_id(),
        organization_id=organization_id,
        user_id=user_id,
        clock_in_at=segment.clock_in_at,
    )
    session.execute(
        one_open.on_conflict_do_nothing(index_elements=["organization_id", "user_id"], index_where=_OPEN)
    )


def _write(session: Session, row: AttendanceLog, ended: Segment) -> None:
    """Before the next insert, which must not meet the open row."""
    session.execute(
        update(AttendanceLog)
        .where(AttendanceLog.id == row.id)
        .values(
            clock_out_at=ended.clock_out_at,
            closed_automatically=ended.closed_automatically,
            version=AttendanceLog.version + 1,
        )
    )


def _tell(session: Session, organization_ids: Iterable[UUID]) -> None:
    if touched := set(organization_ids):
        changed.send(None, session=session, organization_ids=touched)
