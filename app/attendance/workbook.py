"""Attendance as an Excel workbook: the payroll sheet, the sessions, and what the file is about.

It is sent while it is written: first the sessions, a portion of people at a time, then all that is known only
once they are through. XlsxWriter, which needs a whole workbook at once, makes everything but the rows of
sessions; those are written here, in the shape of its own. What is kept meanwhile is one row for each person.
Text is written as text: no cell computes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, RawIOBase
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook

from .. import offload
from . import rules
from .export import (
    PAYROLL,
    SESSIONS,
    ClockHours,
    DecimalHours,
    Export,
    Timesheet,
    payroll_cells,
    session_cells,
    timesheets,
)
from .queries import span_of

ROWS_ON_A_SHEET = 1_000_000  # Excel takes 1,048,576
COMPRESSION = 3  # of 9; more makes the file a tenth smaller and takes twice as long
_WIDTHS = {"person": 24, "e-mail": 28, "reason": 32, "clock in": 19, "clock out": 19}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MODEL = (DecimalHours(1), ClockHours(1))  # a row whose styles ours have too
_UNUSUAL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff<>&]|_x")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def xlsx(export: Export) -> Iterator[bytes]:
    """The file, piece by piece."""
    book = _Book(export)
    yield from book.pieces(offload.run(book.begin))
    for portion in timesheets(export):
        yield from book.pieces(offload.run(book.add, portion))
    yield from book.pieces(offload.run(book.end))


class _Sent(RawIOBase):
    """Where the archive is written to: it cannot go back, so each entry's size follows it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)


class _Book:
    def __init__(self, export: Export) -> None:
        self._export = export
        self._sent = _Sent()
        self._zip = ZipFile(self._sent, "w", ZIP_DEFLATED, compresslevel=COMPRESSION)
        self._payroll: list[tuple[object, ...]] = []
        self._sheets = 0

    def pieces(self, _done: None) -> list[bytes]:
        """What has been written since the last time."""
        written, self._sent.pieces = self._sent.pieces, []
        return written

    def begin(self) -> None:
        sheet = _parts_of_book(self._export, 1, ())[_sheet_name(1)].decode()
        self._head, rest = sheet.split('<row r="2">')
        model, self._foot = rest.split("</row>")
        self._styles = dict(zip((DecimalHours, ClockHours), re.findall(' s="([0-9]+)"', model), strict=True))
        self._begin_sheet()

    def add(self, portion: Sequence[Timesheet]) -> None:
        lines: list[str] = []
        for person in portion:
            self._payroll.append(payroll_cells(person))
            for each in person.sessions:
                if self._row == ROWS_ON_A_SHEET + 1:
                    self._write(lines)
                    lines = []
                    self._end_sheet()
                    self._begin_sheet()
                self._row += 1
                lines.append(self._line(session_cells(self._export, person, each)))
        self._write(lines)

    def end(self) -> None:
        self._end_sheet()
        sent = {_sheet_name(number) for number in range(1, self._sheets + 1)}
        for name, content in _parts_of_book(self._export, self._sheets, self._payroll).items():
            if name not in sent:
                with self._zip.open(self._entry(name), "w") as part:
                    part.write(content)
        self._zip.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._row = 1
        self._part = self._zip.open(self._entry(_sheet_name(self._sheets)), "w", force_zip64=True)
        self._write([self._head])

    def _end_sheet(self) -> None:
        self._write([self._foot])
        self._part.close()

    def _write(self, lines: Iterable[str]) -> None:
        self._part.write("".join(lines).encode())

    def _entry(self, name: str) -> ZipInfo:
        at = self._export.now.astimezone(self._export.place.zone)
        entry = ZipInfo(name, at.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        return entry

    def _line(self, cells: Iterable[object]) -> str:
        row, styles = self._row, self._styles
        line = [f'<row r="{row}">']
        for letter, cell in zip(_LETTERS, cells, strict=False):
            kind = type(cell)
            if kind is str:
                if cell:
                    line.append(f'<c r="{letter}{row}" t="inlineStr"><is><t xml:space="preserve">')
                    line.append(f"{_inert(cell)}</t></is></c>")  # type: ignore[arg-type]
            else:
                style = f' s="{styles[kind]}"' if kind in styles else ""
                line.append(f'<c r="{letter}{row}"{style}><v>{_number(cell)}</v></c>')
        line.append("</row>")
        return "".join(line)


def _parts_of_book(export: Export, sheets: int, payroll: Iterable[tuple[object, ...]]) -> dict[str, bytes]:
    """By their names in the archive. Of sessions there is a row that shows how they look."""
    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(file, {**options, "strings_to_numbers": False})
    head = book.add_format({"bold": True, "bottom": 1})
    formats = {
        DecimalHours: book.add_format({"num_format": "0.00"}),
        ClockHours: book.add_format({"num_format": "[h]:mm"}),
    }
    _fill(book.add_worksheet("Payroll"), PAYROLL, head, payroll, formats)
    for number in range(1, sheets + 1):
        name = "Sessions" if number == 1 else f"Sessions {number}"
        _fill(book.add_worksheet(name), SESSIONS, head, [_MODEL], formats)
    _about(book.add_worksheet("About"), head, export)
    book.close()
    with ZipFile(file) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    # How far its rows go is not known when it begins, and need not be said.
    return {name: re.sub(rb'<dimension ref="[A-Z0-9:]*"/>', b"", content) for name, content in parts.items()}


def _sheet_name(number: int) -> str:
    """Of sessions; the payroll is the first sheet."""
    return f"xl/worksheets/sheet{number + 1}.xml"


def _fill(
    sheet: Any, columns: Sequence[str], head: Any, rows: Iterable[Sequence[object]], formats: dict[type, Any]
) -> None:
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(column, 12))
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, head)
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(number, place, float(_number(cell)), formats.get(type(cell)))
            elif cell:
                sheet.write_string(number, place, str(cell))


def _about(sheet: Any, head: Any, export: Export) -> None:
    place, span = export.place, span_of(export.wanted, export.place, export.now)
    at = export.now.astimezone(place.zone)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 60)
    for row, (name, value) in enumerate(
        (
            ("Organization", place.name),
            ("Days", f"{span.first} to {span.last}, by the day a session began"),
            ("Time zone", place.zone_name),
            ("Made at", f"{at:%Y-%m-%d %H:%M:%S}; sessions that went on count up to then"),
            ("Hours", "summed from seconds, then rounded"),
        )
    ):
        sheet.write_string(row, 0, name, head)
        sheet.write_string(row, 1, value)


def _number(cell: object) -> str:
    if isinstance(cell, DecimalHours):
        return str(rules.decimal_hours(cell))
    if isinstance(cell, ClockHours):
        hours, minutes = rules.hours_and_minutes(cell)
        return repr((60 * hours + minutes) / (24 * 60))  # a day is 1
    return str(cell)


def _inert(text: str) -> str:
    """As XlsxWriter writes it: what XML cannot hold by its number, and what looks like that escaped too."""
    if not _UNUSUAL.search(text):
        return text
    return escape(_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
