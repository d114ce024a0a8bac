"""A board as a file: JSON that makes an equal board again, and CSV for spreadsheets."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from .. import spreadsheet
from ..boards.changes import Actor
from ..boards.queries import board_for
from ..boards.trail import record
from ..clock import isoformat
from .document import BoardDocument, WrittenTask
from .reading import document_of

COLUMNS = (
    "title", "list", "description", "labels", "assignees", "priority", "start", "due", "done", "archived",
    "checklist", "links", "comments",
)  # fmt: skip


def export_board(
    board_id: UUID, kind: str, *, session: Session, actor: Actor, now: datetime
) -> BoardDocument:
    """The board as a document; that somebody took it away stands in the audit trail."""
    board, _ = board_for(session, actor.id, board_id)
    document = document_of(session, board, now)
    record(session, actor.id, board, "exported", now, kind=kind, tasks=len(document.tasks()))
    return document


def csv_of(document: BoardDocument) -> Iterator[str]:
    yield spreadsheet.csv_line(COLUMNS)
    for row in document.lists:
        for task in row.tasks:
            yield spreadsheet.csv_line(_cells(document, row.name, task))


def _cells(document: BoardDocument, in_list: str, task: WrittenTask) -> tuple[object, ...]:
    people = [document.people[place] for place in task.assignees]
    return (
        task.title,
        in_list,
        task.description,
        ", ".join(document.labels[place].name for place in task.labels),
        ", ".join(person.email or person.name for person in people),
        task.priority,
        *(isoformat(at) if at else "" for at in _moments(task)),
        "\n".join(f"[{'x' if item.done else ' '}] {item.text}" for item in task.checklist),
        "\n".join(link.url for link in task.links),
        len(task.comments),
    )


def _moments(task: WrittenTask) -> tuple[datetime | None, ...]:
    return (task.start_at, task.due_at, task.completed_at, task.archived_at)
