"""SQL of activity logs: what must be known of people, boards and logins, and the writing of a group.

Runs as workhub_service; the rule over it is log_rules. What is gone meanwhile (people, boards) is left out.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from . import log_rules
from .log_rules import Entry, Home, Login, Person, Row
from .pages import board_of
from .privacy import Privacy

_PEOPLE = text("""
select u.id, s.visibility, s.show_activity, s.show_current_page, s.appear_offline, s.updated_at,
    (
        select jsonb_object_agg(o.id, o.plan)
        from memberships m join organizations o on o.id = m.organization_id where m.user_id = u.id
    ) as plans
from users u left join presence_settings s on s.user_id = u.id
where u.id = any(cast(:ids as uuid[]))
""")
_HOMES = text("""
select b.id, o.id, o.plan from boards b join organizations o on o.id = b.organization_id
where b.id = any(cast(:ids as uuid[]))
""")
_LOGINS = text("select id, device, created_at from user_sessions where id = any(cast(:ids as uuid[]))")

_INSERT = text("""
insert into presence_activity_logs (
    id, organization_id, user_id, activity_type, page_viewed, device_type, session_id, metadata, created_at
)
select * from unnest(
    cast(:id as uuid[]), cast(:organization_id as uuid[]), cast(:user_id as uuid[]),
    cast(:activity_type as text[]), cast(:page_viewed as text[]), cast(:device_type as text[]),
    cast(:session_id as uuid[]), cast(cast(:metadata as text[]) as jsonb[]),
    cast(:created_at as timestamptz[])
)
on conflict do nothing  -- a retry after a commit whose answer was lost
""")

_ENDED = text("""
insert into user_last_seen (user_id, last_seen_at, session_duration_minutes)
select * from unnest(cast(:ids as uuid[]), cast(:moments as timestamptz[]), cast(:minutes as integer[]))
on conflict (user_id) do update set session_duration_minutes = excluded.session_duration_minutes
""")


def write(session: Session, entries: Sequence[Entry]) -> None:
    people = _people(session, {entry.user_id for entry in entries})
    homes = _homes(session, {board_id for entry in entries if (board_id := board_of(entry.page))})
    logins = _logins(session, {entry.session_id for entry in entries if entry.session_id})
    made: list[Row] = []
    ended: dict[UUID, tuple[Any, int]] = {}
    for entry in entries:
        if (person := people.get(entry.user_id)) is None:
            continue
        login = logins.get(entry.session_id) if entry.session_id else None
        board_id = board_of(entry.page)
        made += log_rules.rows(entry, person, homes.get(board_id) if board_id else None, login)
        if (lasted := log_rules.session_minutes(entry, person, login)) is not None:
            ended[entry.user_id] = (entry.at, lasted)
    if made:
        session.execute(_INSERT, _columns(made))
    if ended:
        _write_ended(session, ended)


def _columns(made: Iterable[Row]) -> dict[str, list[Any]]:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return orjson.dumps(value).decode()
        return str(value) if isinstance(value, UUID) else value

    return {
        name: [plain(value) for value in values]
        for name, values in zip(Row._fields, zip(*made, strict=True), strict=True)
    }


def _write_ended(session: Session, ended: dict[UUID, tuple[Any, int]]) -> None:
    in_order = sorted(ended)  # two writers must not wait for each other
    columns = {
        "ids": [str(user_id) for user_id in in_order],
        "moments": [ended[user_id][0] for user_id in in_order],
        "minutes": [ended[user_id][1] for user_id in in_order],
    }
    session.execute(_ENDED, columns)


def _people(session: Session, ids: Collection[UUID]) -> dict[UUID, Person]:
    found = {}
    for user_id, *shown, changed_at, plans in session.execute(_PEOPLE, _ids(ids)):
        privacy = Privacy() if changed_at is None else Privacy(*shown)
        by_id = {UUID(id_): plan for id_, plan in (plans or {}).items()}
        found[user_id] = Person(privacy, changed_at, by_id)
    return found


def _homes(session: Session, ids: Collection[UUID]) -> dict[UUID, Home]:
    return {id_: Home(*home) for id_, *home in session.execute(_HOMES, _ids(ids))} if ids else {}


def _logins(session: Session, ids: Collection[UUID]) -> dict[UUID, Login]:
    return {id_: Login(*login) for id_, *login in session.execute(_LOGINS, _ids(ids))} if ids else {}


def _ids(ids: Iterable[UUID]) -> dict[str, list[str]]:
    return {"ids": [str(id_) for id_ in ids]}
