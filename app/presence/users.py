"""GET /api/presence/users: what one person may see of many others, live where they may.

Who exists for the viewer and what they may see is PostgreSQL's answer; what is true now is the live people's.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ..clock import isoformat
from ..errors import InvalidInput
from . import pages, person, sightings
from .people import People
from .person import PersonView
from .schemas import UsersQuery
from .sightings import Sighting


def users_seen(session: Session, *, people: People, viewer: UUID, query: UsersQuery) -> dict[str, Any]:
    """As the viewer's transaction. {users}, for groups with nextCursor: at most 200, in three statements."""
    if bool(query.user_ids) == bool(query.context):
        raise InvalidInput.at("userIds", "name people by userIds[], or a context")
    if query.user_ids:
        return {"users": _shown(session, people, viewer, sightings.of_people(session, query.ids()))}
    kind, _, group = (query.context or "").partition(":")
    group_id = UUID(group) if group else None
    found = sightings.of_group(session, kind, group_id, query.cursor, query.limit + 1)
    page = dict(list(found.items())[: query.limit])
    more = len(found) > query.limit
    return {
        "users": _shown(session, people, viewer, page),
        "nextCursor": str(list(page)[-1]) if more else None,
    }


def user_json(user_id: UUID, view: PersonView, board_names: dict[UUID, str]) -> dict[str, Any]:
    """`view` as its viewer may have it, `board_names` of boards the viewer is on."""
    return {
        "userId": str(user_id),
        "status": view.status,
        "lastSeen": isoformat(view.last_seen) if view.last_seen else None,
        "currentPage": pages.label(view.page, board_names),
        "isTyping": view.typing,
        "device": view.device,
        "customStatus": view.custom_status,
        "customEmoji": view.custom_emoji,
    }


def _shown(
    session: Session, people: People, viewer: UUID, seen: dict[UUID, Sighting]
) -> list[dict[str, Any]]:
    views = {
        user_id: person.masked(people.view(user_id), one.sight, one.last_seen)
        for user_id, one in seen.items()
    }
    board_ids = {pages.board_of(view.page) for view in views.values()} - {None}
    names = sightings.board_names(session, [viewer], [i for i in board_ids if i])[viewer]
    return [user_json(user_id, view, names) for user_id, view in views.items()]
