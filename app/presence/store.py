"""SQL of presence: rosters with the last recorded state, and the one statement that writes a group.

Runs as workhub_service. Rows of boards or people deleted meanwhile are left out by the statement itself,
so that one of them cannot hold up the others.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from .core import Choice, Status
from .privacy import Audience, Moments, Privacy, Trace, trace

SHOWN_BY_DEFAULT = trace(Privacy(), heads_always_see=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a board as the panel names them, with what PostgreSQL last knew of their presence; that is
    older than what lives in memory and makes nobody another person."""

    user_id: UUID
    name: str
    avatar_url: str | None
    role: str
    is_guest: bool
    organizations: frozenset[UUID] = frozenset()
    status: Status = field(default="offline", compare=False)
    last_seen: datetime | None = field(default=None, compare=False)
    choice: Choice = field(default=Choice(), compare=False)
    privacy: Privacy = field(default=Privacy(), compare=False)
    moments: Moments = field(default=Moments(), compare=False)  # of this board


@dataclass(slots=True)
class Roster:
    """`board_seq` is the number of the board's newest change when this was read, `heads_always_see` the
    policy of its organization."""

    board_seq: int
    people: list[Person] = field(default_factory=list)
    organization_id: UUID | None = None
    name: str = ""
    heads_always_see: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of `activity`."""

    id: UUID
    board_id: UUID
    user_id: UUID
    status: Status
    last_seen: datetime
    updated_at: datetime
    device: str | None
    page: str | None
    trace: Trace = SHOWN_BY_DEFAULT


_ROSTERS = """
with present as (select board_id from board_presence where status <> 'offline')
select b.id, b.seq, b.name as board_name, o.heads_always_see_presence,
       m.user_id, u.name, u.avatar_url, m.role,
       array(select organization_id from memberships where user_id = m.user_id) as organizations,
       b.organization_id,
       coalesce(p.status, 'offline') as status, p.last_seen, p.team_seen_at, p.contacts_seen_at,
       s.status as chosen_status, s.status_until, s.custom_status, s.custom_emoji, s.custom_status_until,
       coalesce(s.visibility, 'contacts') as visibility, coalesce(s.show_activity, true) as show_activity,
       coalesce(s.show_current_page, false) as show_current_page,
       coalesce(s.appear_offline, false) as appear_offline
from board_members m
join boards b on b.id = m.board_id and b.deleted_at is null
join organizations o on o.id = b.organization_id
join users u on u.id = m.user_id
left join board_presence p on p.board_id = m.board_id and p.user_id = m.user_id
left join presence_settings s on s.user_id = m.user_id
"""
_OF_BOARDS = text(f"{_ROSTERS} where m.board_id = any(cast(:board_ids as uuid[]))")
_OF_PRESENT = text(f"{_ROSTERS} where m.board_id in (select board_id from present)")  # noqa: S608  # constants

_AUDIENCES = {
    "to_strangers": Audience.STRANGERS,
    "to_team": Audience.TEAM,
    "to_contacts": Audience.CONTACTS,
}
_WRITE = text("""
with incoming as (
    select * from unnest(
        cast(:id as uuid[]), cast(:board_id as uuid[]), cast(:user_id as uuid[]), cast(:status as text[]),
        cast(:last_seen as timestamptz[]), cast(:updated_at as timestamptz[]), cast(:device as text[]),
        cast(:page as text[]), cast(:visible as boolean[]), cast(:team_only as boolean[]),
        cast(:shows_activity as boolean[]), cast(:to_strangers as boolean[]), cast(:to_team as boolean[]),
        cast(:to_contacts as boolean[])
    ) with ordinality as t(id, board_id, user_id, status, last_seen, updated_at, device, page,
                           visible, team_only, shows_activity, to_strangers, to_team, to_contacts, place)
), known as (
    select i.* from incoming i join boards b on b.id = i.board_id join users u on u.id = i.user_id
), history as (
    insert into activity (id, board_id, user_id, status, last_seen, updated_at, device, visible, team_only)
    select id, board_id, user_id, status,
        -- what heads read must tell no more than they were shown
        case when shows_activity or not visible then last_seen else updated_at end, updated_at,
        case when shows_activity or not visible then device end, visible, team_only
    from known
    on conflict do nothing  -- a retry after a commit whose answer was lost
), latest as (
    insert into board_presence
        (board_id, user_id, status, last_seen, updated_at, team_seen_at, contacts_seen_at)
    select distinct on (board_id, user_id) board_id, user_id, status, last_seen, updated_at,
        max(last_seen) filter (where visible) over one,
        max(last_seen) filter (where visible and not team_only) over one
    from known window one as (partition by board_id, user_id)
    order by board_id, user_id, place desc
    on conflict (board_id, user_id) do update
    set status = excluded.status, last_seen = excluded.last_seen, updated_at = excluded.updated_at,
        team_seen_at = greatest(board_presence.team_seen_at, excluded.team_seen_at),
        contacts_seen_at = greatest(board_presence.contacts_seen_at, excluded.contacts_seen_at)
)
insert into user_last_seen
    (user_id, last_seen_at, last_page, last_device, last_activity_type,
     public_seen_at, team_seen_at, contacts_seen_at)
-- the newest row tells where somebody was, but another board's may have seen them later
select distinct on (user_id) user_id, max(last_seen) over one, page, device, status,
    max(last_seen) filter (where to_strangers) over one,
    max(last_seen) filter (where to_team) over one,
    max(last_seen) filter (where to_contacts) over one
from known window one as (partition by user_id)
order by user_id, place desc
on conflict (user_id) do update
set last_seen_at = greatest(user_last_seen.last_seen_at, excluded.last_seen_at),
    last_page = coalesce(excluded.last_page, user_last_seen.last_page),
    last_device = coalesce(excluded.last_device, user_last_seen.last_device),
    last_activity_type = excluded.last_activity_type,
    public_seen_at = greatest(user_last_seen.public_seen_at, excluded.public_seen_at),
    team_seen_at = greatest(user_last_seen.team_seen_at, excluded.team_seen_at),
    contacts_seen_at = greatest(user_last_seen.contacts_seen_at, excluded.contacts_seen_at)
""")

_END_FORMER = text("""
update board_presence p set status = 'offline', updated_at = :now
where status <> 'offline'
  and not exists (select from board_members m where m.board_id = p.board_id and m.user_id = p.user_id)
returning 1
""")

_TOUCH = text("""
update user_sessions s set last_activity = greatest(s.last_activity, t.at)
from unnest(cast(:ids as uuid[]), cast(:moments as timestamptz[])) as t(id, at)
where s.id = t.id and s.is_active
""")

_LIFE_SIGN = text("""
insert into server_processes (id, started_at, seen_at) values (:id, :now, :now)
on conflict (id) do update set seen_at = excluded.seen_at
""")

_CLEAR_EXPIRED = text("""
with expired as (
    select user_id from presence_settings
    where status_until <= :now or custom_status_until <= :now
    limit :limit for update skip locked  -- whoever holds a row is choosing anew
)
update presence_settings s set
    status = case when status_until <= :now then null else status end,
    custom_status = case when custom_status_until <= :now then null else custom_status end,
    custom_emoji = case when custom_status_until <= :now then null else custom_emoji end,
    status_until = case when status_until <= :now then null else status_until end,
    custom_status_until = case when custom_status_until <= :now then null else custom_status_until end
from expired where s.user_id = expired.user_id
returning s.user_id
""")


def rosters(session: Session, board_ids: Collection[UUID]) -> dict[UUID, Roster]:
    return _grouped(session.execute(_OF_BOARDS, {"board_ids": [str(i) for i in board_ids]}))


def rosters_with_people_present(session: Session) -> dict[UUID, Roster]:
    """Boards on which somebody was not offline when the last server process died."""
    return _grouped(session.execute(_OF_PRESENT))


def end_presence_of_former_members(session: Session, now: datetime) -> int:
    """Of those a process died before recording: no roster names them, so nobody would ever find them gone.
    Says of how many."""
    return len(session.execute(_END_FORMER, {"now": now}).all())


def write(session: Session, transitions: Iterable[Transition]) -> None:
    """The group in one statement: history, state per board, last sign of life per person."""
    rows = list(transitions)
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in rows]
        for name in ("status", "last_seen", "updated_at", "device", "page")
    }
    columns |= {name: [str(getattr(row, name)) for row in rows] for name in ("id", "board_id", "user_id")}
    columns |= {
        name: [getattr(row.trace, name) for row in rows]
        for name in ("visible", "team_only", "shows_activity")
    }
    columns |= {
        name: [bool(row.trace.seen_by & audience) for row in rows] for name, audience in _AUDIENCES.items()
    }
    session.execute(_WRITE, columns)


def touch_sessions(session: Session, touches: Mapping[UUID, datetime]) -> None:
    if touches:
        parameters = {"ids": [str(i) for i in touches], "moments": list(touches.values())}
        session.execute(_TOUCH, parameters)


def give_life_sign(session: Session, process_id: UUID, now: datetime) -> None:
    session.execute(_LIFE_SIGN, {"id": process_id, "now": now})


def life_signs(session: Session) -> tuple[datetime, datetime] | None:
    """The earliest and the latest last sign of the processes before this one."""
    first, last = session.execute(text("select min(seen_at), max(seen_at) from server_processes")).one()
    return None if first is None else (first, last)


def forget_other_processes(session: Session, process_id: UUID) -> None:
    """Once all they left behind is settled: everybody is back, or recorded as gone."""
    session.execute(text("delete from server_processes where id <> :id"), {"id": process_id})


def clear_expired_choices(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Those whose status or words have just expired; what is left of them stays."""
    return list(session.scalars(_CLEAR_EXPIRED, {"now": now, "limit": limit}))


def ensure_partitions(session: Session, now: datetime) -> None:
    for function in ("ensure_activity_partitions", "ensure_activity_log_partitions"):
        session.execute(text(f"select {function}(cast(:now as date), 3)"), {"now": now})


def _grouped(rows: Iterable[Any]) -> dict[UUID, Roster]:
    grouped: dict[UUID, Roster] = {}
    for row in rows:
        roster = grouped.get(row.id)
        if roster is None:
            roster = Roster(row.seq, [], row.organization_id, row.board_name, row.heads_always_see_presence)
            grouped[row.id] = roster
        roster.people.append(_person(row))
    return grouped


def _person(row: Any) -> Person:
    return Person(
        user_id=row.user_id,
        name=row.name,
        avatar_url=row.avatar_url,
        role=row.role,
        is_guest=row.organization_id not in row.organizations,
        organizations=frozenset(row.organizations),
        status=row.status,
        last_seen=row.last_seen,
        choice=Choice(
            row.chosen_status,
            row.status_until,
            row.custom_status,
            row.custom_emoji,
            row.custom_status_until,
        ),
        privacy=Privacy(row.visibility, row.show_activity, row.show_current_page, row.appear_offline),
        moments=Moments(team=row.team_seen_at, contacts=row.contacts_seen_at),
    )
