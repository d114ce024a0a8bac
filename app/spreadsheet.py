"""Files for spreadsheets. What people wrote is text there and never becomes a formula."""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def inert(value: object) -> object:
    """Text that a spreadsheet would compute gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def csv_lines(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    lines = io.StringIO()
    csv.writer(lines, delimiter=delimiter).writerows([inert(cell) for cell in row] for row in rows)
    return lines.getvalue()


def csv_line(cells: Iterable[object], delimiter: str = ",") -> str:
    return csv_lines([cells], delimiter)
