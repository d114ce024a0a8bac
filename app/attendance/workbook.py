"""Attendance as an Excel workbook: the payroll sheet, the sessions, and what the file is about.

XlsxWriter keeps one row in memory and the rest in files. Its work is done in operating system threads, a
portion at a time, so that others have their turn meanwhile. Text is written as text: no cell computes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
BYTES_AT_ONCE = 256 * 1024
_WIDTHS = {"person": 24, "e-mail": 28, "reason": 32, "clock in": 19, "clock out": 19}


def xlsx(export: Export) -> Iterator[bytes]:
    """The finished file, piece by piece; it is written completely before the first one."""
    with TemporaryDirectory(prefix="workhub-export-") as folder:
        path = Path(folder) / "attendance.xlsx"
        book = _Book(export, path)
        for portion in timesheets(export):
            offload.run(book.add, portion)
        offload.run(book.close)
        with path.open("rb") as file:
            while piece := file.read(BYTES_AT_ONCE):
                yield piece


class _Book:
    def __init__(self, export: Export, path: Path) -> None:
        self._export = export
        options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False}
        self._book = Workbook(str(path), {**options, "strings_to_urls": False, "strings_to_numbers": False})
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._formats = {
            DecimalHours: self._book.add_format({"num_format": "0.00"}),
            ClockHours: self._book.add_format({"num_format": "[h]:mm"}),
        }
        self._payroll = self._sheet("Payroll", PAYROLL)
        self._payroll_rows = 0
        self._sheets = 0
        self._begin_sessions()
        self._about()

    def add(self, portion: Sequence[Timesheet]) -> None:
        for sheet in portion:
            self._payroll_rows += 1
            self._write(self._payroll, self._payroll_rows, payroll_cells(sheet))
            for each in sheet.sessions:
                if self._session_rows == ROWS_ON_A_SHEET:
                    self._begin_sessions()
                self._session_rows += 1
                self._write(self._sessions, self._session_rows, session_cells(self._export, sheet, each))

    def close(self) -> None:
        self._book.close()

    def _begin_sessions(self) -> None:
        self._sheets += 1
        self._sessions = self._sheet(
            "Sessions" if self._sheets == 1 else f"Sessions {self._sheets}", SESSIONS
        )
        self._session_rows = 0

    def _sheet(self, name: str, columns: Sequence[str]) -> Any:
        sheet = self._book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, _WIDTHS.get(column, 12))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, self._head)
        return sheet

    def _write(self, sheet: Any, row: int, cells: Sequence[object]) -> None:
        for place, cell in enumerate(cells):
            if isinstance(cell, DecimalHours):
                sheet.write_number(row, place, float(rules.decimal_hours(cell)), self._formats[DecimalHours])
            elif isinstance(cell, ClockHours):
                hours, minutes = rules.hours_and_minutes(cell)
                days = (60 * hours + minutes) / (24 * 60)
                sheet.write_number(row, place, days, self._formats[ClockHours])
            elif isinstance(cell, int):
                sheet.write_number(row, place, cell)
            elif cell:
                sheet.write_string(row, place, str(cell))

    def _about(self) -> None:
        place, span = self._export.place, span_of(self._export.wanted, self._export.place, self._export.now)
        sheet = self._book.add_worksheet("About")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 60)
        at = self._export.now.astimezone(place.zone)
        for row, (name, value) in enumerate(
            (
                ("Organization", place.name),
                ("Days", f"{span.first} to {span.last}, by the day a session began"),
                ("Time zone", place.zone_name),
                ("Made at", f"{at:%Y-%m-%d %H:%M:%S}; sessions that went on count up to then"),
                ("Hours", "summed from seconds, then rounded"),
            )
        ):
            sheet.write_string(row, 0, name, self._head)
            sheet.write_string(row, 1, value)
