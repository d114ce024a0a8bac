"""REST of presence: of a board for its heads, of a person for themselves."""

from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, current_app, request

from .. import ratelimit
from ..accounts.devices import device_of_request
from ..accounts.queries import Actor
from ..api import Json, api
from ..clock import clock
from ..db import unit_of_work
from ..schema import Page
from . import export, preview, queries, settings
from .answers import (
    BoardPresenceView,
    PresenceGroup,
    PresenceUsers,
    Preview,
    PreviewWithHead,
    SettingsView,
    Transition,
)
from .exported import Exported
from .schemas import HistoryQuery, SettingsPatch, Track, Tracked, UsersQuery
from .track import track
from .users import users_seen

blueprint = Blueprint("presence", __name__)

EXPORTS_AN_HOUR = 6  # of one person: each reads all of their history


@blueprint.get("/api/boards/<uuid:board_id>/presence")
@api("presence:read")
def show_presence(actor: Actor, board_id: UUID) -> Annotated[Json, BoardPresenceView]:
    """Who is on a board, live; for its heads.

    The same members as in a `presence_dashboard` snapshot.
    """
    with unit_of_work(actor.id) as session:
        queries.require_head(session, actor_id=actor.id, board_id=board_id)
    snapshot = current_app.extensions["presence"].snapshot(board_id, actor.id)
    return {k: snapshot[k] for k in ("boardId", "seq", "serverTime", "members")}


@blueprint.get("/api/presence/settings")
@api("session")
def show_settings(actor: Actor) -> Annotated[Json, SettingsView]:
    """What one says of oneself and shows to whom, and what one's organizations decide."""
    with unit_of_work(actor.id) as session:
        mine = settings.settings_of(session, user_id=actor.id, now=clock.now())
        return settings.settings_json(session, user_id=actor.id, settings=mine)


@blueprint.put("/api/presence/settings")
@api("session")
def change_settings(actor: Actor, body: SettingsPatch) -> Annotated[Json, SettingsView]:
    """Change what one says of oneself and shows to whom; tells all of one's own pages.

    A field that is left out stays as it is; null takes it back.
    """
    with unit_of_work(actor.id) as session:
        mine = settings.change_settings(session, actor_id=actor.id, patch=body, now=clock.now())
        return settings.settings_json(session, user_id=actor.id, settings=mine)


@blueprint.post("/api/presence/track")
@api("presence:write", limit=ratelimit.per_window(1, seconds=1))
def track_presence(actor: Actor, body: Track) -> Annotated[Json, Tracked]:
    """Tell of one's person without a board's socket, at most once a second."""
    broadcast_id = track(
        current_app.extensions["presence_runtime"].people,
        user_id=actor.id,
        session_id=actor.session_id,
        said=body,
        device=device_of_request(request.headers),
        now=clock.now(),
    )
    return {"success": True, "broadcastId": str(broadcast_id)}


@blueprint.get("/api/presence/export")
@api("session", limit=ratelimit.per_window(EXPORTS_AN_HOUR, seconds=3600))
def export_presence(actor: Actor) -> Annotated[Response, Exported]:
    """Everything that is recorded about oneself, as a file; tells the audit trail."""
    now = clock.now()
    with unit_of_work(actor.id) as session:
        beginning = export.begin(session, actor_id=actor.id, now=now)
    response = Response(export.document(beginning, actor_id=actor.id, until=now), mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"workhub-{now:%Y-%m-%d}.json")
    return response


@blueprint.get("/api/presence/users")
@api("presence:read", limit=ratelimit.per_window(60, seconds=3))
def show_users(actor: Actor, query: UsersQuery) -> Annotated[Json, PresenceUsers | PresenceGroup]:
    """What one may see of others just now: of people by their ids, or of a board's or organization's members.

    Who does not exist for the one who asks is left out, like an id that nobody has.
    """
    people = current_app.extensions["presence_runtime"].people.people
    with unit_of_work(actor.id) as session:
        return users_seen(session, people=people, viewer=actor.id, query=query)


@blueprint.get("/api/presence/preview")
@api("session")
def show_preview(actor: Actor) -> Annotated[Json, Preview | PreviewWithHead]:
    """What others see of oneself just now; null for those for whom one does not exist."""
    people = current_app.extensions["presence_runtime"].people.people
    with unit_of_work(actor.id) as session:
        return preview.preview(session, people=people, user_id=actor.id, now=clock.now())


@blueprint.get("/api/boards/<uuid:board_id>/activity")
@api("presence:read")
def show_activity(actor: Actor, board_id: UUID, query: HistoryQuery) -> Annotated[Json, Page[Transition]]:
    """The history of a board's presence, newest first; for its heads."""
    with unit_of_work(actor.id) as session:
        return queries.history(session, actor_id=actor.id, board_id=board_id, query=query)
