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
from ..web import json_response, read_json, read_query, signed_in
from . import queries, settings
from .schemas import HistoryQuery, SettingsPatch, Track, Tracked
from .track import track

blueprint = Blueprint("presence", __name__)


@blueprint.get("/api/boards/<uuid:board_id>/presence")
@api("presence:read")
def show_presence(board_id: UUID) -> Response:
    """The same members as in a `presence_dashboard` snapshot."""
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        queries.require_head(session, actor_id=actor.id, board_id=board_id)
    snapshot = current_app.extensions["presence"].snapshot(board_id, actor.id)
    return json_response({k: snapshot[k] for k in ("boardId", "seq", "serverTime", "members")})


@blueprint.get("/api/presence/settings")
@api("session")
def show_settings() -> Response:
    """What the signed-in person says of themselves and shows to whom, and what their organizations decide."""
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        mine = settings.settings_of(session, user_id=actor.id, now=clock.now())
        return json_response(settings.settings_json(session, user_id=actor.id, settings=mine))


@blueprint.put("/api/presence/settings")
@api("session")
def change_settings() -> Response:
    actor, patch = signed_in(), read_json(SettingsPatch)
    with unit_of_work(actor.id) as session:
        mine = settings.change_settings(session, actor_id=actor.id, patch=patch, now=clock.now())
        return json_response(settings.settings_json(session, user_id=actor.id, settings=mine))


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


@blueprint.get("/api/boards/<uuid:board_id>/activity")
@api("presence:read")
def show_activity(board_id: UUID) -> Response:
    """The history of a board, newest first."""
    actor, query = signed_in(), read_query(HistoryQuery)
    with unit_of_work(actor.id) as session:
        return json_response(queries.history(session, actor_id=actor.id, board_id=board_id, query=query))
