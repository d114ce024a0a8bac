"""Importing a board: read the file, say what becomes of it, and make all of it or nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import offload
from ..accounts.models import Membership, Organization, User
from ..accounts.queries import Actor
from ..boards.service import organization_for
from ..db import unit_of_work
from ..errors import InvalidInput
from ..schema import invalid_input
from .document import BoardDocument
from .people import Known, match
from .report import Report
from .schemas import BoardImport, Imported, TableImport, TableImported
from .table import NoTable, guess_date_order, guess_mapping, read_table, read_tasks
from .trello import NotTrello, read_trello
from .writing import write

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Read:
    document: BoardDocument
    report: Report


def import_trello(wanted: BoardImport, *, actor: Actor, now: datetime) -> Imported:
    def read() -> Read:
        try:
            document, report = read_trello(wanted.board, now)
        except NotTrello as error:
            raise InvalidInput.at("board", str(error)) from None
        return Read(_valid(document), report)

    return Imported.model_validate(_import(wanted, offload.run(read), actor, now))


def import_board(wanted: BoardImport, *, actor: Actor, now: datetime) -> Imported:
    """A file that this site exported, or one like it."""

    def read() -> Read:
        document, report = _valid(wanted.board), Report()
        report.took("board", document.name)
        for row in document.lists:
            report.took("list", row.name)
            for task in row.tasks:
                report.took("task", task.title, row.name)
        return Read(document, report)

    return Imported.model_validate(_import(wanted, offload.run(read), actor, now))


def import_table(wanted: TableImport, *, actor: Actor, now: datetime) -> TableImported:
    try:
        table = offload.run(read_table, wanted.text)
    except NoTable as error:
        raise InvalidInput.at("text", str(error)) from None
    mapping = guess_mapping(table.columns) if wanted.mapping is None else wanted.mapping
    if any(place >= len(table.columns) for place in mapping.values()):
        raise InvalidInput.at("mapping", f"The table has only {len(table.columns)} columns")
    if "title" not in mapping and not wanted.preview:
        raise InvalidInput.at("mapping", "Say which column holds the titles of tasks")
    dates = wanted.date_order or guess_date_order(table, mapping)
    zone = ZoneInfo(wanted.time_zone or actor.time_zone or "UTC")

    def read() -> Read:
        document, report = read_tasks(wanted.name, table, mapping, dates, zone, now)
        return Read(_valid(document), report)

    return TableImported.model_validate(
        {
            **_import(wanted, offload.run(read), actor, now),
            "columns": table.columns,
            "samples": table.rows[:SAMPLE_ROWS],
            "mapping": mapping,
            "date_order": dates,
        }
    )


def _valid(document: dict[str, Any]) -> BoardDocument:
    try:
        return BoardDocument.model_validate(document)
    except ValidationError as error:
        problem = invalid_input(error)
        named = [{**each, "field": f"board.{each['field']}".rstrip(".")} for each in problem.extra["errors"]]
        raise InvalidInput(errors=named[:20]) from None


def _import(wanted: BoardImport | TableImport, read: Read, actor: Actor, now: datetime) -> dict[str, Any]:
    document, report = read.document, read.report
    if wanted.name:
        document = document.model_copy(update={"name": wanted.name})
    board_id = None
    with unit_of_work(actor.id) as session:
        organization_id = organization_for(session, actor.id, wanted.organization_id)
        people = _meet(session, organization_id, document, report)
        if not wanted.preview:
            board_id = write(
                document,
                people,
                session=session,
                actor=actor,
                now=now,
                organization_id=organization_id,
            ).id
    return {
        "board_id": board_id,
        "name": document.name,
        "lists": len(document.lists),
        "tasks": len(document.tasks()),
        "counts": report.counts(),
        "lines": report.lines,
    }


def _meet(
    session: Session, organization_id: UUID, document: BoardDocument, report: Report
) -> dict[int, UUID]:
    """Who of the file's people belongs to the organization; the report tells of each."""
    of_it = Membership.organization_id == organization_id
    rows = session.execute(
        select(User.id, User.name, User.email).join(Membership).where(of_it, User.disabled_at.is_(None))
    )
    known = [Known(*row) for row in rows]
    organization = session.get_one(Organization, organization_id).name
    found: dict[int, UUID] = {}
    for place, person in enumerate(document.people):
        user_id = match(person.name, person.email, known)
        if user_id is None:
            report.left("person", person.name, "", f"nobody in {organization} has this name or address")
        else:
            found[place] = user_id
            report.took("person", person.name)
    return found
