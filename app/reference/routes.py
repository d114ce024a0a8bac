"""GET /api/openapi.json and /api/docs, for everybody: they say what can be asked, not what is answered."""

from typing import Annotated

import orjson
from flask import Blueprint, Response, current_app

from ..api import Json, api
from .openapi import document

blueprint = Blueprint("reference", __name__)
_KEPT = "workhub-openapi"


@blueprint.get("/api/openapi.json")
@api("anybody")
def show_document() -> Annotated[Response, Json]:
    """This document."""
    kept = current_app.extensions
    if _KEPT not in kept:  # routes do not change once the app serves
        kept[_KEPT] = orjson.dumps(document(current_app))
    return Response(kept[_KEPT], mimetype="application/json")
