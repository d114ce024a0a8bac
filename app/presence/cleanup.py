"""Tidying presence up behind processes that died, for commands and periodic work.

A process that lives knows better: of what it holds in memory nothing is touched here. Runs as
workhub_service; does at most so much at a time, and says how much that was.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from . import people_store, store
from . import settings as person_settings
from .people import LastSeen
from .people_store import settings_of
from .privacy import Audience, Privacy, audience
from .runtime import PresenceRuntime

SILENT_AFTER = timedelta(minutes=1)  # life signs come every two seconds
PEOPLE_AT_ONCE = 1000


def end_former_members(session: Session, now: datetime) -> int:
    return store.end_presence_of_former_members(session, now)


def end_ghosts(session: Session, runtime: PresenceRuntime, now: datetime) -> int:
    """People whom a process left present when it died, if no process came after it. Does what the next start
    would do: recorded as gone, at the last moment that is known of them."""
    signs = store.life_signs(session) or (now - SILENT_AFTER, now - SILENT_AFTER)
    if runtime.is_started or now - signs[1] < SILENT_AFTER:
        return 0
    rosters = store.rosters_with_people_present(session)
    ghosts = sum(person.status != "offline" for roster in rosters.values() for person in roster.people)
    runtime.presence.restore(rosters, signs)
    runtime.presence.tick()
    runtime.recorder.flush()
    return ghosts


def clear_expired_choices(session: Session, now: datetime) -> int:
    return person_settings.clear_expired(session, now=now)


_BEHIND = text("""
select s.user_id, max(s.last_activity) as at,
       (array_agg(s.device order by s.last_activity desc))[1] as device, max(p.updated_at) as settings_at
from user_sessions s
left join user_last_seen l on l.user_id = s.user_id
left join presence_settings p on p.user_id = s.user_id
group by s.user_id
having max(s.last_activity) < :before and max(s.last_activity) > coalesce(max(l.last_seen_at), '-infinity')
order by s.user_id
limit :limit
""")


def catch_up_last_seen(session: Session, now: datetime, online: timedelta) -> int:
    """Of people who are not online any more, and whose process died before it wrote when they were there."""
    rows = session.execute(_BEHIND, {"before": now - online, "limit": PEOPLE_AT_ONCE}).all()
    if rows:
        theirs = settings_of(session, [row.user_id for row in rows])
        people_store.write_last_seen(
            session,
            [
                LastSeen(row.user_id, row.at, None, row.device, _seen_by(row, theirs[row.user_id].privacy))
                for row in rows
            ],
        )
    return len(rows)


def _seen_by(row: Any, privacy: Privacy) -> Audience:
    """What they show now says nothing of a moment before they chose it."""
    if row.settings_at is not None and row.settings_at > row.at:
        return Audience.NOBODY
    return audience(privacy)
