"""GET /api/openapi.json and /api/docs, for everybody: they say what can be asked, not what is answered."""

from typing import Annotated

from flask import Blueprint, Response, current_app, render_template, request

from ..api import SCOPES, Json, api
from . import page
from .openapi import document

blueprint = Blueprint("reference", __name__)
_KEPT = "workhub-openapi"


@blueprint.get("/api/openapi.json")
@api("anybody")
def show_document() -> Annotated[Json, Json]:
    """The OpenAPI document that this reference is made from."""
    return _document()


@blueprint.get("/api/docs")
@api("anybody")
def show_docs() -> Annotated[Response, "text/html"]:
    """The same as a page for people."""
    found = _document()
    return Response(
        render_template(
            "reference/page.html",
            info=found["info"],
            scopes=SCOPES,
            operations=page.operations(found, request.host_url),
            schemas=page.schemas(found),
            sockets=page.sockets(found),
        )
    )


def _document() -> Json:
    """Made once: routes do not change while the app serves."""
    kept = current_app.extensions
    if _KEPT not in kept:
        kept[_KEPT] = document(current_app)
    made: Json = kept[_KEPT]
    return made
