"""REST of presence for the heads of a board."""

from uuid import UUID

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from ..db import unit_of_work
from ..web import json_response, read_query, signed_in
from . import queries
from .schemas import HistoryQuery

blueprint = Blueprint("presence", __name__)


@blueprint.get("/api/boards/<uuid:board_id>/presence")
def show_presence(board_id: UUID) -> ResponseReturnValue:
    """The same members as in a `presence_dashboard` snapshot."""
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        queries.require_head(session, actor_id=actor.id, board_id=board_id)
    snapshot = current_app.extensions["presence"].snapshot(board_id)
    return json_response({k: snapshot[k] for k in ("boardId", "seq", "serverTime", "members")})


@blueprint.get("/api/boards/<uuid:board_id>/activity")
def show_activity(board_id: UUID) -> ResponseReturnValue:
    """The history of a board, newest first."""
    actor, query = signed_in(), read_query(HistoryQuery)
    with unit_of_work(actor.id) as session:
        return json_response(queries.history(session, actor_id=actor.id, board_id=board_id, query=query))
