"""Reads a table (CSV) as a board of ours, by a mapping from our fields to its columns. Pure.

One row is one task; lists and labels are made as rows name them. A row that names no task is left out and
told; a cell that cannot be read leaves its field empty and is told.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from itertools import cycle
from typing import Any, Literal, get_args

from .foreign import Clipper, clean, dates, followable, in_calendar
from .report import Report

Field = Literal[
    "title", "list", "description", "labels", "assignees", "priority", "start", "due", "done", "checklist",
    "archived", "links",
]  # fmt: skip
FIELDS: tuple[Field, ...] = get_args(Field)
DateOrder = Literal["ymd", "dmy", "mdy"]
Mapping = dict[Field, int]
Data = dict[str, Any]

MOST_ROWS, MOST_COLUMNS = 10_000, 200
LONGEST_LABEL, LONGEST_NAME = 50, 200  # characters
DEFAULT_LIST = "To do"
LABEL_COLORS = ("teal", "blue", "purple", "orange", "green", "pink", "amber", "indigo", "red", "slate")
END_OF_DAY, START_OF_DAY = time(23, 59), time(0)
PRIORITIES = {
    "none": "none", "low": "low", "lowest": "low", "minor": "low", "medium": "medium", "normal": "medium",
    "high": "high", "major": "high", "urgent": "urgent", "highest": "urgent", "critical": "urgent",
    "0": "none", "1": "low", "2": "medium", "3": "high", "4": "urgent", "5": "urgent", "": "none",
}  # fmt: skip
YES, NO = (
    {"yes", "true", "1", "x", "done", "completed", "complete", "closed"},
    {"", "no", "false", "0", "open"},
)
# What other programs call our fields; compared without case, spaces and signs.
KNOWN_AS: dict[Field, tuple[str, ...]] = {
    "title": ("title", "task", "taskname", "name", "cardname", "summary", "subject", "todo"),
    "list": (
        "list",
        "listname",
        "column",
        "columnname",
        "section",
        "sectioncolumn",
        "stage",
        "bucket",
        "state",
    ),
    "description": ("description", "desc", "carddescription", "notes", "details", "body"),
    "labels": ("labels", "label", "tags", "tag", "categories"),
    "assignees": ("assignees", "assignee", "assignedto", "members", "owner", "responsible"),
    "priority": ("priority", "importance"),
    "start": ("start", "startdate", "startat", "begin"),
    "due": ("due", "duedate", "dueat", "deadline", "end", "enddate"),
    "done": ("done", "completed", "completedat", "complete", "iscompleted", "status"),
    "checklist": ("checklist", "checklists", "subtasks", "checklistitems"),
    "archived": ("archived", "closed"),
    "links": ("links", "link", "url", "attachments"),
}
_DATE = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


class NoTable(ValueError):
    """The message says why the text cannot be read as a table."""


@dataclass(frozen=True)
class Table:
    columns: list[str]
    rows: list[list[str]]


def read_table(text: str) -> Table:
    """The first line names the columns. Comma, semicolon, tab or bar between cells. Raises NoTable."""
    text = clean(text.removeprefix("\ufeff"), strip=False)
    if not text.strip():
        raise NoTable("The file is empty")
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise NoTable(f"The table cannot be read: {error}") from None
    rows = [[cell.strip() for cell in row] for row in rows if any(map(str.strip, row))]
    if len(rows) < 2:
        raise NoTable("There is only one line. The first names the columns, each further one is a task")
    if len(rows) - 1 > MOST_ROWS:
        raise NoTable(f"More than {MOST_ROWS} rows are too many for one board")
    if len(rows[0]) > MOST_COLUMNS:
        raise NoTable(f"More than {MOST_COLUMNS} columns are too many")
    return Table(columns=[name or f"Column {place + 1}" for place, name in enumerate(rows[0])], rows=rows[1:])


def guess_mapping(columns: Sequence[str]) -> Mapping:
    """Which column is probably meant for which field; each column once."""
    plain = [re.sub(r"[^a-z]", "", name.lower()) for name in columns]
    found: Mapping = {}
    for field in FIELDS:
        place = next((plain.index(name) for name in KNOWN_AS[field] if name in plain), None)
        if place is not None and place not in found.values():
            found[field] = place
    return found


def guess_date_order(table: Table, mapping: Mapping) -> DateOrder:
    """Day before month unless a date shows otherwise: most of the world writes so."""
    columns = [mapping[field] for field in ("start", "due") if field in mapping]
    cells = [row[place] for row in table.rows for place in columns if place < len(row)]
    found = [match.groups() for cell in cells if (match := _DATE.match(cell))]
    if any(len(first) == 4 for first, *_ in found):
        return "ymd"
    return "mdy" if any(int(second) > 12 for _, second, *_ in found) else "dmy"


def read_tasks(
    name: str, table: Table, mapping: Mapping, order: DateOrder, zone: tzinfo, now: datetime
) -> tuple[Data, Report]:
    """The document, not yet validated, and what became of each row.

    `zone` is that of its dates; `now` is when something was finished of which only “yes” is told.
    """
    return _Reading(table, mapping, order, zone, now).board(name)


class _Reading:
    def __init__(self, table: Table, mapping: Mapping, order: DateOrder, zone: tzinfo, now: datetime) -> None:
        self.table, self.mapping, self.order, self.zone, self.now = table, mapping, order, zone, now
        self.report = Report()
        self.lists: dict[str, list[Data]] = {}
        self.labels: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def board(self, name: str) -> tuple[Data, Report]:
        self.report.took("board", name)
        for place, column in enumerate(self.table.columns):
            if place not in self.mapping.values():
                self.report.left("column", column, "", "no field was chosen for it")
        for number, row in enumerate(self.table.rows, start=2):
            self._row(row, f"row {number}")
        colors = cycle(LABEL_COLORS)
        document = {
            "name": name,
            "labels": [{"name": label, "color": next(colors)} for label in self.labels],
            "people": [{"name": each, "email": each if "@" in each else None} for each in self.people],
            "lists": [{"name": row, "tasks": tasks} for row, tasks in self.lists.items()],
        }
        return document, self.report

    def _row(self, row: list[str], where: str) -> None:
        clip = Clipper()
        title = clip("title", self._cell(row, "title"), 500)
        if not title:
            return self.report.left("row", ", ".join(filter(None, row))[:60], where, "it has no title")
        task = {
            "title": title,
            "description": clip("description", self._cell(row, "description"), 20_000),
            "priority": self._priority(row, clip),
            **dates(
                self._moment(row, "start", START_OF_DAY, clip),
                self._moment(row, "due", END_OF_DAY, clip),
                clip,
            ),
            "completed_at": self._marked(row, "done", clip),
            "archived_at": self._marked(row, "archived", clip),
            "labels": self._places(row, "labels", self.labels, LONGEST_LABEL),
            "assignees": self._places(row, "assignees", self.people, LONGEST_NAME),
            "checklist": self._checklist(row, clip),
            "links": self._links(row, clip),
        }
        in_list = clip("list", self._cell(row, "list") or DEFAULT_LIST, 200)
        self.lists.setdefault(in_list, []).append(task)
        return self.report.took("task", title, where, clip.changes)

    def _cell(self, row: list[str], field: Field) -> str:
        """Without the apostrophe that keeps a spreadsheet from computing our own export."""
        place = self.mapping.get(field)
        cell = row[place] if place is not None and place < len(row) else ""
        return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell

    def _priority(self, row: list[str], clip: Clipper) -> str:
        cell = self._cell(row, "priority")
        known = PRIORITIES.get(cell.lower())
        if known is None:
            clip.changes.append(f"priority “{cell[:40]}” is not known and was left out")
        return known or "none"

    def _moment(self, row: list[str], field: Field, default: time, clip: Clipper) -> datetime | None:
        cell = self._cell(row, field)
        if not cell:
            return None
        moment = moment_of(cell, self.order, self.zone, default)
        if moment is None:
            clip.changes.append(f"{field} date “{cell[:40]}” cannot be read and was left out")
        return moment

    def _marked(self, row: list[str], field: Field, clip: Clipper) -> datetime | None:
        cell = self._cell(row, field)
        if cell.lower() in NO:
            return None
        moment = moment_of(cell, self.order, self.zone, START_OF_DAY)
        if moment is None and cell.lower() not in YES:
            clip.changes.append(f"{field} “{cell[:40]}” is not known and was left out")
            return None
        return moment or self.now

    def _places(self, row: list[str], field: Field, known: dict[str, int], most: int) -> list[int]:
        names = [name.strip()[:most].strip() for name in re.split(r"[,;|\n]", self._cell(row, field))]
        return list(dict.fromkeys(known.setdefault(name, len(known)) for name in names if name))

    def _checklist(self, row: list[str], clip: Clipper) -> list[Data]:
        """Lines, each with [x] before it when done."""
        items = []
        for line in filter(None, map(str.strip, self._cell(row, "checklist").splitlines())):
            mark = re.match(r"(?:[-*] )?\[([ xX]?)\] ?", line)
            text = line[mark.end() :] if mark else line
            done = bool(mark and mark[1] in "xX" and mark[1])
            items.append({"text": clip("checklist item", text or "Item", 500), "done": done})
        return clip.first("checklist items", items, 500)

    def _links(self, row: list[str], clip: Clipper) -> list[Data]:

        words = self._cell(row, "links").split()
        links = [{"url": url} for word in words if (url := followable(word))]
        if len(links) < len(words):
            clip.changes.append("links that are not http or https were left out")
        return clip.first("links", links, 500)


def moment_of(cell: str, order: DateOrder, zone: tzinfo, default: time) -> datetime | None:
    """ISO 8601, or day, month and year in the order named by `order`, with or without a time."""
    moment: datetime | None
    try:
        moment = datetime.fromisoformat(cell)
        if not (re.search(r"\d[T ]\d", cell)):
            moment = datetime.combine(moment.date(), default)
    except ValueError:
        moment = _written_out(cell, order, default)
    return in_calendar(moment if moment is None or moment.tzinfo else moment.replace(tzinfo=zone))


def _written_out(cell: str, order: DateOrder, default: time) -> datetime | None:
    match = _DATE.fullmatch(cell)
    if match is None:
        return None
    parts = dict(
        zip(
            "ymd" if len(match[1]) == 4 else order, (int(match[1]), int(match[2]), int(match[3])), strict=True
        )
    )
    year = parts["y"] + (2000 if parts["y"] < 100 else 0)
    try:
        day = date(year, parts["m"], parts["d"])
        at = time(int(match[4]), int(match[5]), int(match[6] or 0)) if match[4] else default
    except ValueError:
        return None
    return datetime.combine(day, at)
