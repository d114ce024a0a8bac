"""What becomes of a table: which column is what, how dates are read, and what is told of each row."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transfer.document import BoardDocument
from app.transfer.table import (
    NoTable,
    guess_date_order,
    guess_mapping,
    moment_of,
    read_table,
    read_tasks,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
TABLE = """\ufeffTask Name;Section/Column;Tags;Assignee;Due Date;Completed;Notes;Cost
Write;Doing;press, web;maya@acme.test;24.12.2026;;"Two
lines";12
'=SUM(A1);Doing;press;Omar;31.10.2026 09:30;yes;;
;Doing;;;;;no title;
Odd;;;;someday;perhaps;;
"""


def read(text=TABLE, dates="dmy", zone=BERLIN):
    table = read_table(text)
    document, report = read_tasks("Plan", table, guess_mapping(table.columns), dates, zone, NOW)
    return BoardDocument.model_validate(document), report


def test_rows_become_tasks_in_lists_that_they_name():
    board, _ = read()
    assert [(row.name, [task.title for task in row.tasks]) for row in board.lists] == [
        ("Doing", ["Write", "=SUM(A1)"]), ("To do", ["Odd"]),
    ]  # fmt: skip
    first, second = board.lists[0].tasks
    assert first.description == "Two\nlines"
    assert first.due_at == datetime(2026, 12, 24, 22, 59, tzinfo=UTC)
    assert second.due_at == datetime(2026, 10, 31, 8, 30, tzinfo=UTC)
    assert (first.completed_at, second.completed_at) == (None, NOW)
    assert [[board.labels[place].name for place in task.labels] for task in (first, second)] == [
        ["press", "web"], ["press"],
    ]  # fmt: skip
    assert [(each.name, each.email) for each in board.people] == [
        ("maya@acme.test", "maya@acme.test"), ("Omar", None),
    ]  # fmt: skip


def test_each_row_and_column_is_accounted_for():
    _, report = read()
    lines = {(line.kind, line.where or line.name, line.outcome): line.reason for line in report.lines}
    assert lines[("row", "row 4", "left_out")] == "it has no title"
    assert lines[("column", "Cost", "left_out")] == "no field was chosen for it"
    assert lines[("task", "row 5", "changed")] == (
        "due date “someday” cannot be read and was left out; done “perhaps” is not known and was left out"
    )
    assert report.counts() == {"taken": 3, "changed": 1, "left_out": 2}


def test_checklists_and_links_are_read_from_their_cells():
    board, report = read('title,checklist,links\nA,"[x] one\n- [ ] two\nthree","https://a.example x:y"\n')
    task = board.lists[0].tasks[0]
    assert [(item.text, item.done) for item in task.checklist] == [
        ("one", True),
        ("two", False),
        ("three", False),
    ]
    assert [link.url for link in task.links] == ["https://a.example"]
    assert report.lines[-1].reason == "links that are not http or https were left out"


@pytest.mark.parametrize(
    ("cell", "dates", "expected"),
    [
        ("2026-03-29", "dmy", "2026-03-29T21:59"),
        ("2026-03-29T02:30", "dmy", "2026-03-29T01:30"),
        ("2026-03-29T02:30:00Z", "dmy", "2026-03-29T02:30"),
        ("03/04/2026", "dmy", "2026-04-03T21:59"),
        ("03/04/2026", "mdy", "2026-03-04T22:59"),
        ("3.4.26 17:00", "dmy", "2026-04-03T15:00"),
        ("2026/04/03", "mdy", "2026-04-03T21:59"),
        ("31.02.2026", "dmy", None),
        ("0001-01-01", "dmy", None),
        ("9999-12-31T23:00-12:00", "dmy", None),
        ("tomorrow", "dmy", None),
        ("1/2/3/4", "dmy", None),
    ],
)
def test_dates_are_read_in_the_order_and_zone_that_were_chosen(cell, dates, expected):
    moment = moment_of(cell, dates, BERLIN, time(23, 59))
    assert moment == (expected and datetime.fromisoformat(expected).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        ("01.02.2026,05.06.2026", "dmy"),
        ("01/02/2026,01/31/2026", "mdy"),
        ("2026-01-02,x", "ymd"),
        ("x,y", "dmy"),
    ],
)
def test_order_of_dates_is_guessed_from_those_that_show_it(cells, order):
    table = read_table("title,due\n" + "".join(f"T,{cell}\n" for cell in cells.split(",")))
    assert guess_date_order(table, guess_mapping(table.columns)) == order


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("title", "only one line"), ('title,list\n"open,x\n', "cannot be read")],
)
def test_what_is_no_table_is_refused_with_the_reason(text, reason):
    with pytest.raises(NoTable, match=reason):
        read_table(text)


@given(st.text(alphabet=st.sampled_from(list("a;,\n\"\t|'=x1.-[]\x00\ud800")), max_size=60))
def test_any_text_is_a_board_or_refused_with_a_reason(text):
    try:
        table = read_table(f"title,list,due,priority,labels,checklist\n{text}")
    except NoTable:
        return
    document, _ = read_tasks("Plan", table, guess_mapping(table.columns), "dmy", BERLIN, NOW)
    BoardDocument.model_validate(document)
