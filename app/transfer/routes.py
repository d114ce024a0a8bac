"""REST for boards as files, and the page that imports them. Holds no rules."""

from typing import Annotated
from uuid import UUID

import orjson
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from limits import parse
from werkzeug.utils import secure_filename

from ..accounts.queries import Actor, organizations_of
from ..api import api
from ..clock import clock
from ..db import unit_of_work
from ..web import signed_in
from . import export, service
from .document import BoardDocument
from .schemas import BoardImport, Imported, TableImport, TableImported

blueprint = Blueprint("transfer", __name__)
IMPORTS, EXPORTS = parse("30 per 5 minutes"), parse("30 per 5 minutes")
LARGEST_FILE = 20 * 1024 * 1024  # bytes


@blueprint.get("/boards/import")
def page() -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        organizations = organizations_of(session, actor.id)
    return render_template("transfer/page.html", organizations=organizations)


@blueprint.post("/api/imports/trello")
@api("boards:write", limit=IMPORTS, largest_body=LARGEST_FILE)
def import_trello(actor: Actor, body: BoardImport) -> Imported:
    """Make a board of what Trello exported as JSON, and tell what became of each part of it."""
    return service.import_trello(body, actor=actor, now=clock.now())


@blueprint.post("/api/imports/board")
@api("boards:write", limit=IMPORTS, largest_body=LARGEST_FILE)
def import_board(actor: Actor, body: BoardImport) -> Imported:
    """Make a board of what this site exported as JSON."""
    return service.import_board(body, actor=actor, now=clock.now())


@blueprint.post("/api/imports/csv")
@api("boards:write", limit=IMPORTS, largest_body=LARGEST_FILE)
def import_table(actor: Actor, body: TableImport) -> TableImported:
    """Make a board of a table, a task of each row; `preview` tells how the table is read."""
    return service.import_table(body, actor=actor, now=clock.now())


@blueprint.get("/api/boards/<uuid:board_id>/export.json")
@api("boards:read", limit=EXPORTS)
def export_json(actor: Actor, board_id: UUID) -> Annotated[Response, BoardDocument]:
    """All of a board as one file, which can be imported again; the audit trail tells of it."""
    return _file(_document(actor, board_id, "json"), "json", "application/json")


@blueprint.get("/api/boards/<uuid:board_id>/export.csv")
@api("boards:read", limit=EXPORTS)
def export_csv(actor: Actor, board_id: UUID) -> Annotated[Response, "text/csv"]:
    """The tasks of a board for a spreadsheet; the audit trail tells of it."""
    return _file(_document(actor, board_id, "csv"), "csv", "text/csv")


def _document(actor: Actor, board_id: UUID, kind: str) -> BoardDocument:
    with unit_of_work(actor.id) as session:
        return export.export_board(board_id, kind, session=session, actor=actor, now=clock.now())


def _file(document: BoardDocument, suffix: str, mimetype: str) -> Response:
    content = (
        "".join(export.csv_of(document))
        if suffix == "csv"
        else orjson.dumps(document.to_json(), option=orjson.OPT_INDENT_2)
    )
    response = Response(content, mimetype=mimetype)
    name = secure_filename(document.name) or "board"
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{suffix}")
    return response
