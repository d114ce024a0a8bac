"""Reading the people of an organization through an owner or admin of it.

Everything runs as the person who asks. What their logins tell comes from `member_activity` of the database,
which knows who hides; nothing here sees more.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    Subquery,
    case,
    column,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INTERVAL
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization, User
from ..accounts.policy import MANAGERS
from ..errors import NotFound
from .models import Invitation
from .rules import ROLES, Role, may_manage
from .schemas import InvitationView, MemberActivity, MemberView, Wanted


class Run(NamedTuple):
    """An organization that the person runs, and as what."""

    id: UUID
    name: str
    role: Role
    time_zone: str


class Rule(NamedTuple):
    """What counts as active now, where the organization has not decided otherwise."""

    now: datetime
    idle: timedelta
    default_seconds: int


class Found(NamedTuple):
    members: list[MemberView]
    total: int


def organizations_run_by(session: Session, actor_id: UUID) -> list[Run]:
    """By name. Raises NotFound when there is none: for everybody else these pages do not exist."""
    found = session.execute(
        select(Organization.id, Organization.name, Membership.role, Organization.time_zone)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == actor_id, Membership.role.in_(MANAGERS))
        .order_by(func.lower(Organization.name), Organization.id)
    ).all()
    if not found:
        raise NotFound()
    return [Run(row.id, row.name, row.role, row.time_zone) for row in found]


def organization_run_by(session: Session, actor_id: UUID, organization_id: UUID | None) -> Run:
    """The first one unless one is named. Raises NotFound also where the person is a plain member."""
    for organization in organizations_run_by(session, actor_id):
        if organization_id in (None, organization.id):
            return organization
    raise NotFound()


def members_of(
    session: Session, run: Run, wanted: Wanted, rule: Rule, *, limit: int | None, offset: int = 0
) -> Found:
    """Those who match, and how many these are. When they are sorted by what all have at hand, logins are
    looked at for this page only."""
    people = _people(run.id, wanted)
    needs_activity = wanted.state is not None or wanted.sort == "lastActivity"
    order: ColumnElement[Any] = people.c.sort_name
    if needs_activity:
        activity = _activity(run.id, None, rule)
        rows: Select[Any] = select(people, activity).join(activity, activity.c.user_id == people.c.id)
        rows = _in_state(rows, people, activity, wanted.state)
        order = activity.c.open_sessions if wanted.sort == "sessions" else activity.c.last_activity
    elif wanted.sort == "sessions":
        logins = _open_logins(run.id, rule)
        rows = select(people).outerjoin(logins, logins.c.user_id == people.c.id)
        order = case((people.c.disabled_at.is_(None), func.coalesce(logins.c.open_sessions, 0)), else_=0)
    else:
        rows = select(people)
    order = {"role": people.c.sort_role, "joined": people.c.created_at, "name": people.c.sort_name}.get(
        wanted.sort, order
    )
    ordered = order.desc().nulls_last() if wanted.descending else order.asc().nulls_last()
    page = rows.add_columns(func.count().over().label("total")).order_by(
        ordered, people.c.sort_name, people.c.id
    )
    found = session.execute(page.limit(limit).offset(offset)).all()
    total = found[0].total if found else (_count(session, rows) if offset else 0)
    known = (
        {row.id: _as_activity(row, row.id) for row in found}
        if needs_activity
        else activity_of(session, run.id, [row.id for row in found] if limit else None, rule)
    )
    return Found([_view(row, run.role, known[row.id]) for row in found if row.id in known], total)


def member_of(session: Session, run: Run, user_id: UUID, rule: Rule) -> MemberView:
    for view in views_of(session, run, [user_id], rule):
        return view
    raise NotFound()


def views_of(session: Session, run: Run, user_ids: Sequence[UUID], rule: Rule) -> list[MemberView]:
    """In the order of the ids; whoever is no member is left out."""
    people = _people(run.id, Wanted())
    rows = {row.id: row for row in session.execute(select(people).where(people.c.id.in_(user_ids)))}
    known = activity_of(session, run.id, user_ids, rule)
    return [_view(rows[i], run.role, known[i]) for i in user_ids if i in rows and i in known]


def first_ids(session: Session, organization_id: UUID, limit: int) -> list[UUID]:
    """By name."""
    people = _people(organization_id, Wanted())
    return list(session.scalars(select(people.c.id).order_by(people.c.sort_name, people.c.id).limit(limit)))


def activity_of(
    session: Session, organization_id: UUID, user_ids: Collection[UUID] | None, rule: Rule
) -> dict[UUID, MemberActivity]:
    """Of these members, or of all; of nobody where the person who asks runs nothing."""
    activity = _activity(organization_id, user_ids, rule)
    return {row.user_id: _as_activity(row, row.user_id) for row in session.execute(select(activity))}


def waiting_invitations(session: Session, organization_id: UUID, now: datetime) -> list[InvitationView]:
    """Newest first; those whose time is over wait for being sent again or revoked."""
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.email,
            Invitation.role,
            User.name.label("invited_by_name"),
            Invitation.created_at,
            Invitation.expires_at,
        )
        .join(User, User.id == Invitation.invited_by)
        .where(
            Invitation.organization_id == organization_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.created_at.desc(), Invitation.id)
    )
    return [InvitationView.model_validate(row) for row in rows]


def _people(organization_id: UUID, wanted: Wanted) -> Subquery:
    called = func.managed_people(literal(organization_id, PgUuid))
    all_of_them = called.table_valued(
        column("id", PgUuid),
        *(column(name, String) for name in ("name", "email", "avatar_url")),
        column("disabled_at", DateTime(timezone=True)),
        column("role", String),
        column("created_at", DateTime(timezone=True)),
        column("sort_name", String),
    ).alias("everybody")
    here = all_of_them.c
    role = case({name: place for place, name in enumerate(ROLES)}, value=here.role)
    found = select(*here, role.label("sort_role"))
    for word in wanted.search.split():
        found = found.where(or_(*(c.icontains(word, autoescape=True) for c in (here.name, here.email))))
    if wanted.role:
        found = found.where(here.role == wanted.role)
    return found.subquery("people")


def _activity(organization_id: UUID, user_ids: Collection[UUID] | None, rule: Rule) -> Any:
    ids = None if user_ids is None else list(user_ids)
    called = func.member_activity(
        literal(organization_id, PgUuid),
        literal(ids, ARRAY(PgUuid)) if ids is not None else text("null::uuid[]"),
        rule.now,
        literal(rule.idle, INTERVAL),
        rule.default_seconds,
    )
    columns: list[Any] = [column(name) for name in ("user_id", "open_sessions", "last_activity", "is_active")]
    return called.table_valued(*columns).alias("activity")


def _open_logins(organization_id: UUID, rule: Rule) -> Any:
    called = func.open_logins(literal(organization_id, PgUuid), rule.now, literal(rule.idle, INTERVAL))
    columns: list[Any] = [column(name) for name in ("user_id", "open_sessions")]
    return called.table_valued(*columns).alias("logins")


def _in_state(rows: Select[Any], people: Subquery, activity: Any, state: str | None) -> Select[Any]:
    if state is None:
        return rows
    if state == "disabled":
        return rows.where(people.c.disabled_at.is_not(None))
    is_active = activity.c.is_active
    return rows.where(people.c.disabled_at.is_(None), is_active if state == "active" else ~is_active)


def _count(session: Session, rows: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _as_activity(row: Any, user_id: UUID) -> MemberActivity:
    return MemberActivity(
        user_id=user_id,
        is_active=row.is_active,
        last_activity=row.last_activity,
        open_sessions=row.open_sessions,
    )


def _view(row: Any, actor_role: Role, activity: MemberActivity) -> MemberView:
    return MemberView(
        **activity.model_dump(),
        name=row.name,
        email=row.email,
        avatar_url=row.avatar_url,
        role=row.role,
        is_disabled=row.disabled_at is not None,
        joined_at=row.created_at,
        may_manage=may_manage(actor_role, row.role),
    )
