"""SQL of people as a whole: what they have set, who was there lately, and when they were last seen.

Runs as workhub_service, for many people in one statement.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from .core import Choice
from .people import LastSeen
from .privacy import Audience, Privacy
from .settings import PersonSettings

_SETTINGS = text("""
select u.id, s.user_id is not null,
       s.status, s.status_until, s.custom_status, s.custom_emoji, s.custom_status_until,
       s.visibility, s.show_activity, s.show_current_page, s.appear_offline
from users u left join presence_settings s on s.user_id = u.id
where u.id = any(cast(:ids as uuid[]))
""")

# Life signs of logins are written at most once a minute: so exact is this.
_LOGINS = text("""
select user_id, id, last_activity, device from user_sessions where is_active and last_activity > :since
""")

# A board may have seen the person later: no moment steps back, and where they were is told by the newest.
_WRITE_LAST_SEEN = text("""
insert into user_last_seen (
    user_id, last_seen_at, last_page, last_device, last_activity_type,
    public_seen_at, team_seen_at, contacts_seen_at
)
select t.user_id, max(t.at),
       (array_agg(t.page order by t.at desc) filter (where t.page is not null))[1],
       (array_agg(t.device order by t.at desc) filter (where t.device is not null))[1],
       'request',
       max(t.at) filter (where t.public), max(t.at) filter (where t.team), max(t.at) filter (where t.contacts)
from unnest(cast(:ids as uuid[]), cast(:moments as timestamptz[]), cast(:pages as text[]),
            cast(:devices as text[]), cast(:public as boolean[]), cast(:team as boolean[]),
            cast(:contacts as boolean[])) as t(user_id, at, page, device, public, team, contacts)
join users u on u.id = t.user_id
group by t.user_id
order by t.user_id  -- two that write at once must not wait for each other
on conflict (user_id) do update
set last_seen_at = greatest(user_last_seen.last_seen_at, excluded.last_seen_at),
    (last_page, last_device, last_activity_type) = (
        select coalesce(excluded.last_page, user_last_seen.last_page),
               coalesce(excluded.last_device, user_last_seen.last_device),
               excluded.last_activity_type
        where excluded.last_seen_at >= user_last_seen.last_seen_at
        union all
        select user_last_seen.last_page, user_last_seen.last_device, user_last_seen.last_activity_type
        where excluded.last_seen_at < user_last_seen.last_seen_at
    ),
    public_seen_at = greatest(user_last_seen.public_seen_at, excluded.public_seen_at),
    team_seen_at = greatest(user_last_seen.team_seen_at, excluded.team_seen_at),
    contacts_seen_at = greatest(user_last_seen.contacts_seen_at, excluded.contacts_seen_at)
""")


class Login(NamedTuple):
    user_id: UUID
    session_id: UUID
    at: datetime
    device: str


def settings_of(session: Session, user_ids: Collection[UUID]) -> dict[UUID, PersonSettings]:
    """Of everybody asked for; the defaults of those who have set nothing."""
    rows = session.execute(_SETTINGS, {"ids": [str(user_id) for user_id in user_ids]})
    return {
        user_id: PersonSettings(Choice(*row[:5]), Privacy(*row[5:]) if is_set else Privacy())
        for user_id, is_set, *row in rows
    }


def logins_since(session: Session, since: datetime) -> list[Login]:
    return [Login(*row) for row in session.execute(_LOGINS, {"since": since})]


def write_last_seen(session: Session, rows: Collection[LastSeen]) -> None:
    """Any number of moments of one person; the newest count."""
    columns: dict[str, list[Any]] = {
        "ids": [str(row.user_id) for row in rows],
        "moments": [row.at for row in rows],
        "pages": [row.page for row in rows],
        "devices": [row.device for row in rows],
        "public": [Audience.STRANGERS in row.seen_by for row in rows],
        "team": [Audience.TEAM in row.seen_by for row in rows],
        "contacts": [Audience.CONTACTS in row.seen_by for row in rows],
    }
    session.execute(_WRITE_LAST_SEEN, columns)
