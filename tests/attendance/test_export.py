"""Files for payroll: sums against an independent calculation and the page; text that nobody computes."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from .conftest import HOUR, MINUTE, NINE

if TYPE_CHECKING:
    from tests.support.api import LocalApi
    from tests.support.people import People

    from .conftest import Office

MARCH = "from=2026-03-01&to=2026-03-31"
YEAR = 2026
# When clocks change in 2026, and the minutes from UTC before, between and after, written down by hand:
# nothing here asks the library that the application asks.
CLOCKS: dict[str, tuple[tuple[datetime, ...], tuple[int, int, int]]] = {
    "Europe/Berlin": ((datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1)), (60, 120, 60)),
    "America/New_York": ((datetime(2026, 3, 8, 7), datetime(2026, 11, 1, 6)), (-300, -240, -300)),
    "America/Santiago": ((datetime(2026, 4, 5, 3), datetime(2026, 9, 6, 4)), (-180, -240, -180)),
    "Australia/Sydney": ((datetime(2026, 4, 4, 16), datetime(2026, 10, 3, 16)), (660, 600, 660)),
    "Australia/Lord_Howe": ((datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30)), (660, 630, 660)),
}


def local(moment: datetime, zone: str) -> datetime:
    """On the wall, without a time zone."""
    changes, offsets = CLOCKS[zone]
    bare = moment.astimezone(UTC).replace(tzinfo=None)
    return bare + timedelta(minutes=offsets[sum(bare >= change for change in changes)])


def year_of_work(seed: str) -> list[tuple[datetime, datetime]]:
    """About two sessions a day, at all hours, some over midnight; also on the nights of the changes."""
    chance, moment, made = Random(seed), datetime(YEAR - 1, 12, 31, 20, tzinfo=UTC), []
    while moment.year <= YEAR:
        begin = moment + timedelta(seconds=chance.randint(1, 40_000))
        moment = begin + timedelta(seconds=chance.randint(0, 40_000))
        made.append((begin, moment))
    return made


def read_csv(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


@pytest.mark.parametrize("zone", CLOCKS)
def test_payroll_of_a_year_agrees_with_an_independent_calculation(
    office: Office, people: People, client: Callable[[str], LocalApi], zone: str
) -> None:
    acme = people.organization(time_zone=zone)
    adam, maya = people.user("Adam", acme, "owner"), people.user("Maya", acme)
    work = year_of_work(zone)
    office.attend(maya, acme, *work)
    by_day: dict[date, int] = defaultdict(int)
    split: dict[date, int] = defaultdict(int)
    for begin, end in work:
        by_day[local(begin, zone).date()] += int((end - begin).total_seconds())
        for second in range(
            0, int((end - begin).total_seconds()), 900
        ):  # quarters of an hour: midnights lie between
            part = min(900, int((end - begin).total_seconds()) - second)
            split[local(begin + timedelta(seconds=second), zone).date()] += part
    api = client(adam.email)
    for month in range(1, 13):
        first = date(YEAR, month, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        total = sum(seconds for day, seconds in by_day.items() if first <= day <= last)
        query = f"from={first}&to={last}&search=Maya"
        [row] = read_csv(api.get(f"/api/attendance/export.csv?sheet=payroll&{query}").text)
        assert int(row["seconds"]) == total
        assert row["hours"] == f"{half_up(Fraction(total * 100, 3600)) / 100:.2f}"
        minutes = half_up(Fraction(total, 60))
        assert row["h:mm"] == f"{minutes // 60}:{minutes % 60:02}"
        [page] = api.get(f"/api/attendance?{query}").json["items"]
        assert (page["seconds"], page["sessions"]) == (total, int(row["sessions"]))
        days = api.get(f"/api/attendance/days?userId={maya.id}&{query.partition('&search')[0]}").json["items"]
        assert {day["day"]: day["seconds"] for day in days} == {
            str(day): seconds for day, seconds in by_day.items() if first <= day <= last
        }
    query = f"from={YEAR}-01-01&to={YEAR}-12-31&search=Maya"
    rows = read_csv(api.get(f"/api/attendance/export.csv?{query}&overnight=split").text)
    parts: dict[date, int] = defaultdict(int)
    for row in rows:
        parts[date.fromisoformat(row["day"])] += int(row["seconds"])
    whole = read_csv(api.get(f"/api/attendance/export.csv?{query}").text)
    assert sum(parts.values()) == sum(int(row["seconds"]) for row in whole)
    changes = [local(change.replace(tzinfo=UTC), zone).date() for change in CLOCKS[zone][0]]
    for day in (*changes, *(day - timedelta(days=1) for day in changes)):
        assert abs(parts[day] - split[day]) < 900 * 4, "the day of the change is as long as it was"
    assert all(row["clock in"] == str(local(begin, zone)) for row, (begin, _) in zip(
        whole, [each for each in work if local(each[0], zone).year == YEAR], strict=True
    ))  # fmt: skip


def test_sessions_tell_everything_of_a_session(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any
) -> None:
    [session_id, _] = office.attend(maya, acme, (NINE, NINE + 3 * HOUR), (NINE + 4 * HOUR, NINE + 5 * HOUR))
    correction = {"clockOutAt": (NINE + 2 * HOUR).isoformat(), "reason": "Left earlier", "version": 1}
    assert as_adam.patch(f"/api/attendance/sessions/{session_id}", correction).status == 200
    first, second = read_csv(as_adam.get(f"/api/attendance/export.csv?{MARCH}").text)
    assert first == {
        "person": "Maya", "e-mail": maya.email, "day": "2026-03-04",
        "clock in": "2026-03-04 10:00:00", "clock in zone": "UTC+01:00",
        "clock out": "2026-03-04 12:00:00", "clock out zone": "UTC+01:00",
        "hours": "2.00", "h:mm": "2:00", "seconds": "7200", "status": "COMPLETED",
        "closed automatically": "", "corrected": "yes", "reason": "Left earlier",
        "original clock in": "2026-03-04 10:00:00", "original clock out": "2026-03-04 13:00:00",
    }  # fmt: skip
    assert (second["corrected"], second["seconds"]) == ("", "3600")


def test_decimal_comma_comes_with_semicolons(office: Office, as_adam: LocalApi, acme: Any, maya: Any) -> None:
    office.attend(maya, acme, (NINE, NINE + 100 * MINUTE))
    path = f"/api/attendance/export.csv?{MARCH}&sheet=payroll&decimal=comma"
    [row] = read_csv(as_adam.get(path).text, ";")
    assert (row["hours"], row["h:mm"]) == ("1,67", "1:40")


def test_rows_are_summed_before_they_are_rounded(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any
) -> None:
    length = timedelta(hours=2, minutes=39, seconds=59)
    office.attend(maya, acme, *((NINE + n * 3 * HOUR, NINE + n * 3 * HOUR + length) for n in range(3)))
    [row] = read_csv(as_adam.get(f"/api/attendance/export.csv?{MARCH}&sheet=payroll").text)
    assert (row["hours"], row["h:mm"], row["seconds"], row["days"]) == ("8.00", "8:00", "28797", "1")


def test_workbook_has_both_sheets_with_numbers_that_excel_adds(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any, people: People
) -> None:
    omar = people.user("Omar", acme)
    for user in (maya, omar):
        office.attend(user, acme, (NINE, NINE + 30 * HOUR), (NINE + 40 * HOUR, NINE + 41 * HOUR))
    answer = as_adam.http.get(f"/api/attendance/export.xlsx?{MARCH}")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Payroll", "Sessions", "About"]
    payroll = list(book["Payroll"].values)
    assert [row[0] for row in payroll] == ["person", "Maya", "Omar"]
    hours, clock_hours, seconds = (payroll[0].index(name) for name in ("hours", "h:mm", "seconds"))
    assert (payroll[1][hours], payroll[1][seconds]) == (31, 31 * 3600)
    assert payroll[1][clock_hours] == timedelta(hours=31)
    assert book["Payroll"].cell(2, clock_hours + 1).number_format == "[h]:mm"
    assert len(list(book["Sessions"].values)) == 5
    assert "2026-03-01 to 2026-03-31" in str(list(book["About"].values))
    assert "attachment" in answer.headers["Content-Disposition"]


def test_workbook_is_sent_while_it_is_written_and_goes_on_on_another_sheet(
    office: Office, as_adam: LocalApi, people: People, acme: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.attendance import export, workbook

    monkeypatch.setattr(workbook, "ROWS_ON_A_SHEET", 3)
    monkeypatch.setattr(export, "PEOPLE_AT_ONCE", 1)
    length = timedelta(hours=1, minutes=20)
    for user in people.users(4, acme):
        office.attend(user, acme, (NINE, NINE + length), (NINE + 2 * HOUR, NINE + 2 * HOUR + length))
    answer = as_adam.http.get(f"/api/attendance/export.xlsx?{MARCH}", buffered=False)
    pieces = answer.iter_encoded()
    first = next(pieces)
    assert first.startswith(b"PK"), "before anybody's sessions are read"
    book = load_workbook(io.BytesIO(first + b"".join(pieces)))
    assert book.sheetnames == ["Payroll", "Sessions", "Sessions 2", "Sessions 3", "About"]
    sheets = [list(book[name].values) for name in book.sheetnames[1:4]]
    assert [len(rows) for rows in sheets] == [4, 4, 3]
    assert sheets[0][0] == sheets[1][0] == sheets[2][0]
    assert len(list(book["Payroll"].values)) == 5
    hours, clock_hours = (sheets[0][0].index(name) + 1 for name in ("hours", "h:mm"))
    for sheet, row in (("Payroll", 5), ("Sessions 3", 3)):
        there = [cell.value for cell in book[sheet][1]]
        cells = [book[sheet].cell(row, there.index(name) + 1) for name in ("hours", "h:mm")]
        assert [cell.number_format for cell in cells] == ["0.00", "[h]:mm"], sheet
    last = [book["Sessions 3"].cell(3, place).value for place in (hours, clock_hours)]
    assert last == [1.33, length]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_names_and_reasons_are_text(
    office: Office, people: People, client: Callable[[str], LocalApi], start: str
) -> None:
    acme = people.organization()
    name = f"{start}HYPERLINK(1)"
    adam, hostile = people.user("Adam", acme, "owner"), people.user(name, acme, email="h@test.example")
    office.attend(hostile, acme, (NINE, NINE + HOUR))
    api = client(adam.email)
    for sheet in ("sessions", "payroll"):
        [row] = read_csv(api.get(f"/api/attendance/export.csv?{MARCH}&sheet={sheet}").text)
        assert row["person"] == f"'{name}"
    book = load_workbook(io.BytesIO(api.http.get(f"/api/attendance/export.xlsx?{MARCH}").data))
    for sheet in ("Payroll", "Sessions"):
        cell = book[sheet].cell(2, 1)
        assert (cell.data_type, unescape(cell.value).strip()) == ("s", name.strip())


def test_what_xml_cannot_hold_comes_back_from_a_workbook(
    office: Office, people: People, client: Callable[[str], LocalApi]
) -> None:
    acme = people.organization()
    name = " <b>&\x01 _x000D_ ]]> "
    adam, odd = people.user("Adam", acme, "owner"), people.user(name, acme, email="odd@test.example")
    office.attend(odd, acme, (NINE, NINE + HOUR))
    answer = client(adam.email).http.get(f"/api/attendance/export.xlsx?{MARCH}")
    book = load_workbook(io.BytesIO(answer.data))
    for sheet in ("Payroll", "Sessions"):
        assert unescape(book[sheet].cell(2, 1).value) == name


def test_member_exports_their_own(
    office: Office, as_maya: LocalApi, as_adam: LocalApi, acme: Any, maya: Any, people: People
) -> None:
    office.attend(people.user("Omar", acme), acme, (NINE, NINE + HOUR))
    office.attend(maya, acme, (NINE, NINE + HOUR))
    rows = read_csv(as_maya.get(f"/api/attendance/export.csv?{MARCH}").text)
    assert [row["person"] for row in rows] == ["Maya"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_member_who_asks_for_others_is_refused_before_the_file_begins(as_maya: LocalApi, kind: str) -> None:
    answer = as_maya.http.get(f"/api/attendance/export.{kind}?{MARCH}&userId={uuid4()}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


def test_export_is_told_to_the_trail_with_its_filter(office: Office, as_adam: LocalApi) -> None:
    as_adam.get(f"/api/attendance/export.csv?{MARCH}&search=maya&sheet=payroll")
    [(details,)] = office.backstage.run(
        "select details from audit_events where action = 'attendance.exported'"
    )
    assert details["format"] == "csv"
    assert details["filters"]["search"] == "maya"
    assert (details["filters"]["from"], details["filters"]["to"]) == ("2026-03-01", "2026-03-31")


def test_many_people_come_a_portion_at_a_time(
    office: Office, as_adam: LocalApi, people: People, acme: Any
) -> None:
    crowd = people.users(60, acme)
    for user in crowd:
        office.attend(user, acme, (NINE, NINE + HOUR))
    rows = read_csv(as_adam.get(f"/api/attendance/export.csv?{MARCH}&sheet=payroll").text)
    assert len({row["e-mail"] for row in rows}) == len(rows) == 60
