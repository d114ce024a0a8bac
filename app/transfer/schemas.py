"""What a request to import may contain, and what is told of what became of the file."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from ..boards.schemas import TimeZone
from ..schema import Name, Schema
from .report import Kind, Outcome
from .table import DateOrder
from .table import Field as TableField

LONGEST_TABLE = 10_000_000  # characters


class Import(Schema):
    """With `preview` nothing is made: the report says what would be."""

    organization_id: UUID | None = None
    name: Name | None = None
    """Of the new board; without one that of the file."""
    preview: Annotated[bool, Field(strict=True)] = False


class BoardImport(Import):
    board: dict[str, Any]
    """The content of the file."""


class TableImport(Import):
    text: Annotated[str, StringConstraints(max_length=LONGEST_TABLE)]
    """The content of the file."""
    name: Name
    mapping: dict[TableField, Annotated[int, Field(strict=True, ge=0)]] | None = None
    """From our fields to columns, counted from 0; without one it is guessed by their names."""
    date_order: DateOrder | None = None
    """Of dates that are not ISO 8601; without one it is guessed."""
    time_zone: TimeZone | None = None
    """Of times without an offset; without one that of the person."""


class ReportLine(Schema):
    kind: Kind
    name: str
    where: str
    outcome: Outcome
    reason: str


class ReportCounts(Schema):
    taken: int
    changed: int
    left_out: int


class Imported(Schema):
    """`boardId` is null for a preview."""

    board_id: UUID | None
    name: str
    lists: int
    tasks: int
    counts: ReportCounts
    lines: list[ReportLine]


class TableImported(Imported):
    """Also how the table was read, so that a person can correct it."""

    columns: list[str]
    samples: list[list[str]]
    mapping: dict[TableField, int]
    date_order: DateOrder
