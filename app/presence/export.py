"""Everything that is recorded about a person, as one JSON document for themselves.

Read as that person, so that row level security stands behind each query. Long lists are read in pages, each
in a transaction of its own, and sent as they are read: memory holds one page, however long the history is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from .. import audit
from ..accounts.models import AccessToken, User, UserSession
from ..audit.models import AuditEvent
from ..boards.models import Board
from ..clock import isoformat
from ..db import unit_of_work
from ..schema import Schema
from . import settings
from .exported import (
    ExportedAct,
    ExportedBoard,
    ExportedLastSeen,
    ExportedLog,
    ExportedPerson,
    ExportedSession,
    ExportedToken,
    ExportedTransition,
)
from .models import Activity, BoardPresence, PresenceActivityLog, UserLastSeen

PAGE_ROWS = 250  # a few milliseconds of work, between which others have their turn


class Listing(NamedTuple):
    """A long list: how one of its rows looks, whose it is, when it was made, and what orders it."""

    name: str
    view: type[Schema]
    whose: InstrumentedAttribute[Any]
    made_at: InstrumentedAttribute[Any]
    order: tuple[InstrumentedAttribute[Any], ...]


def _by_time(name: str, view: type[Schema], model: Any, made_at: InstrumentedAttribute[datetime]) -> Listing:
    return Listing(name, view, model.user_id, made_at, (made_at, model.id))


LISTINGS = (
    _by_time("sessions", ExportedSession, UserSession, UserSession.created_at),
    _by_time("accessTokens", ExportedToken, AccessToken, AccessToken.created_at),
    _by_time("activity", ExportedTransition, Activity, Activity.updated_at),
    _by_time("activityLogs", ExportedLog, PresenceActivityLog, PresenceActivityLog.created_at),
    Listing(
        "auditEvents",
        ExportedAct,
        AuditEvent.actor_id,
        AuditEvent.occurred_at,
        (AuditEvent.organization_id, AuditEvent.seq),
    ),
)


def begin(session: Session, *, actor_id: UUID, now: datetime) -> dict[str, Any]:
    """The short parts, and a line in the audit trail: from here on whoever holds the file may read it."""
    audit.record(
        session,
        action="presence.exported",
        actor_id=actor_id,
        organization_ids=None,
        target_type="user",
        target_id=str(actor_id),
        details={},
        now=now,
    )
    mine = settings.settings_of(session, user_id=actor_id, now=now)
    return {
        "exportedAt": isoformat(now),
        "person": _person(session, actor_id).to_json(),
        "settings": settings.settings_json(session, user_id=actor_id, settings=mine),
        "lastSeen": seen.to_json() if (seen := _last_seen(session, actor_id)) else None,
        "boards": [board.to_json() for board in _boards(session, actor_id)],
    }


def document(beginning: dict[str, Any], *, actor_id: UUID, until: datetime) -> Iterator[bytes]:
    """The text of the whole document, piece by piece. What happens after `until` is not in it."""
    yield orjson.dumps(beginning)[:-1]
    for listing in LISTINGS:
        yield b',"' + listing.name.encode() + b'":['
        is_first = True
        for page in _pages(listing, actor_id, until):
            yield (b"" if is_first else b",") + b",".join(page)
            is_first = False
        yield b"]"
    yield b"}"


def _pages(listing: Listing, actor_id: UUID, until: datetime) -> Iterator[list[bytes]]:
    place: tuple[Any, ...] | None = None
    while True:
        with unit_of_work(actor_id) as session:
            rows = _page(session, listing, actor_id, until, place)
        if rows:
            yield [_json(listing.view.model_validate(row)) for row in rows]
        if len(rows) < PAGE_ROWS:
            return
        place = tuple(getattr(rows[-1], column.key) for column in listing.order)


def _json(view: Schema) -> bytes:
    return view.model_dump_json(by_alias=True).encode()


def _page(
    session: Session, listing: Listing, actor_id: UUID, until: datetime, place: tuple[Any, ...] | None
) -> list[Any]:
    """By named columns: the person may not read all of each, such as the hash of a token."""
    kind = listing.whose.class_
    rows = select(*[getattr(kind, name) for name in listing.view.model_fields])
    rows = rows.where(listing.whose == actor_id, listing.made_at <= until)
    if place:
        rows = rows.where(tuple_(*listing.order) > tuple_(*place))
    return list(session.execute(rows.order_by(*listing.order).limit(PAGE_ROWS)))


def _person(session: Session, actor_id: UUID) -> ExportedPerson:
    columns = [getattr(User, name) for name in ExportedPerson.model_fields]
    return ExportedPerson.model_validate(session.execute(select(*columns).where(User.id == actor_id)).one())


def _last_seen(session: Session, actor_id: UUID) -> ExportedLastSeen | None:
    """The page through the function that shows each viewer their own view of somebody, and oneself all."""
    seen = func.presence_seen([actor_id]).table_valued("user_id", "last_page")
    row = session.execute(
        select(
            UserLastSeen.last_seen_at,
            seen.c.last_page,
            UserLastSeen.last_device,
            UserLastSeen.last_activity_type,
            UserLastSeen.session_duration_minutes,
        )
        .join(seen, seen.c.user_id == UserLastSeen.user_id)
        .where(UserLastSeen.user_id == actor_id)
    ).one_or_none()
    return None if row is None else ExportedLastSeen.model_validate(row)


def _boards(session: Session, actor_id: UUID) -> list[ExportedBoard]:
    rows = session.execute(
        select(
            BoardPresence.board_id,
            Board.name.label("board_name"),
            BoardPresence.status,
            BoardPresence.last_seen,
            BoardPresence.updated_at,
        )
        .outerjoin(Board, Board.id == BoardPresence.board_id)
        .where(BoardPresence.user_id == actor_id)
        .order_by(BoardPresence.board_id)
    )
    return [ExportedBoard.model_validate(row) for row in rows]
