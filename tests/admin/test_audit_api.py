"""The trail as JSON and as CSV: whole, filtered, page by page, and for those who run the organization."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from app.admin import export
from app.spreadsheet import csv_line
from tests.support.api import LocalApi

from .conftest import NOON, Office

if TYPE_CHECKING:
    from tests.support.people import People


def numbers(api: LocalApi, path: str) -> list[int]:
    answer = api.get(path)
    assert answer.status == 200, answer
    return [item["seq"] for item in answer.json["items"]]


def test_event_is_told_with_all_that_is_known_of_it(as_adam: LocalApi, office: Office) -> None:
    answer = as_adam.get(f"{office.path}?limit=1")
    assert answer.json["items"] == [
        {
            "seq": 10,
            "occurredAt": "2026-03-04T12:00:00.000Z",
            "actorId": str(office.omar.id),
            "actorName": "Omar",
            "action": "token.created",
            "targetType": "user",
            "targetId": str(office.omar.id),
            "details": {"fields": ["visibility"]},
            "summary": "Omar created an access token",
        }
    ]


def test_pages_follow_each_other_to_the_end(as_adam: LocalApi, office: Office) -> None:
    seen: list[int] = []
    cursor = ""
    while cursor is not None:
        answer = as_adam.get(f"{office.path}?limit=4&cursor={cursor}")
        seen += [item["seq"] for item in answer.json["items"]]
        cursor = answer.json["nextCursor"]
    assert seen == list(range(10, 0, -1))


def test_page_stays_where_it_was_while_the_trail_grows(
    as_adam: LocalApi, office: Office, people: People
) -> None:
    first = as_adam.get(f"{office.path}?limit=4").json
    people.record(office.maya, "token.revoked", NOON)
    assert numbers(as_adam, f"{office.path}?limit=4&cursor={first['nextCursor']}") == [6, 5, 4, 3]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("action=token.created", [10, 9]),
        ("action=nothing.known", []),
        ("action=", list(range(10, 0, -1))),
        ("from=2026-03-03T12:00:00Z", [10, 9]),
        ("from=2026-03-03T12:00:00.001Z", [10]),
        ("to=2026-02-24T12:00:00Z", [1]),
        ("from=2026-03-01T13:00:00%2B01:00&to=2026-03-03T12:00:00Z", [8, 7]),
        ("from=2026-03-05T00:00:00Z&to=2026-03-01T00:00:00Z", []),
        ("action=presence.settings_changed&limit=2", [8, 7]),
    ],
)
def test_filters(as_adam: LocalApi, office: Office, query: str, expected: list[int]) -> None:
    assert numbers(as_adam, f"{office.path}?{query}") == expected


def test_filter_of_a_person_goes_with_the_others(as_adam: LocalApi, office: Office) -> None:
    assert numbers(as_adam, f"{office.path}?actorId={office.maya.id}") == [9, 7, 5, 3, 1]
    assert numbers(as_adam, f"{office.path}?actorId={office.maya.id}&action=token.created") == [9]
    assert numbers(as_adam, f"{office.path}?actorId={uuid4()}") == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "cursor=x", "cursor=0", f"cursor={2**63}", "actorId=1", "from=yesterday",
     "from=2026-03-01T00:00:00", "to=0001-01-01T00:00:00Z", "action=a%00b", "unknown=1"],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused(as_adam: LocalApi, office: Office, query: str) -> None:
    for path in (office.path, f"{office.path}.csv"):
        assert as_adam.get(f"{path}?{query}").status == 422, path


def test_trail_of_others_is_answered_like_one_that_does_not_exist(
    client: Callable[[str], LocalApi], as_adam: LocalApi, office: Office
) -> None:
    unknown = as_adam.get(f"/api/organizations/{uuid4()}/audit")
    other = as_adam.get(f"/api/organizations/{office.birch.id}/audit")
    member = client(office.maya.email).get(office.path)
    assert unknown.status == other.status == member.status == 404
    assert unknown.text == other.text == member.text


def test_export_holds_what_the_filter_says(as_adam: LocalApi, office: Office) -> None:
    answer = as_adam.get(f"{office.path}.csv?action=token.created")
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert header == list(export.COLUMNS)
    assert [row[0] for row in rows] == ["10", "9"]
    assert rows[0][1:5] == ["2026-03-04T12:00:00.000Z", "Omar", str(office.omar.id), "token.created"]
    assert rows[0][7:] == ["Omar created an access token", '{"fields":["visibility"]}']
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_export_stands_in_the_trail_and_in_itself(as_adam: LocalApi, office: Office) -> None:
    rows = list(csv.reader(io.StringIO(as_adam.get(f"{office.path}.csv").text)))
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(11, 0, -1)]
    assert rows[1][7] == "Adam exported the audit trail"
    as_adam.get(f"{office.path}.csv?from=2026-03-04T00:00:00Z")
    (event,) = as_adam.get(f"{office.path}?limit=1").json["items"]
    assert event["details"] == {"filters": {"from": "2026-03-04T00:00:00Z"}}
    assert event["action"] == "audit.exported"


def test_export_that_was_refused_is_recorded_as_that(
    client: Callable[[str], LocalApi], as_adam: LocalApi, office: Office
) -> None:
    assert client(office.maya.email).get(f"{office.path}.csv").status == 404
    [event] = as_adam.get(f"{office.path}?limit=1").json["items"]
    assert (event["seq"], event["action"]) == (11, "access.refused")


def test_long_export_comes_whole(as_adam: LocalApi, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "EVENTS_AT_ONCE", 3)
    rows = list(csv.reader(io.StringIO(as_adam.get(f"{office.path}.csv").text)))
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(11, 0, -1)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_no_cell_becomes_a_formula(start: str) -> None:
    hostile = f"{start}cmd|' /C calc'!A0"
    (cells,) = csv.reader(io.StringIO(csv_line([hostile, "a", 1, hostile]), newline=""))
    assert cells == [f"'{hostile}", "a", "1", f"'{hostile}"]


def test_hostile_names_are_inert_in_the_export(as_adam: LocalApi, office: Office, people: People) -> None:
    eve = people.user("=HYPERLINK(1)", office.acme)
    people.record(eve, "@SUM(1)", NOON)
    rows = list(csv.reader(io.StringIO(as_adam.get(f"{office.path}.csv").text)))
    (row,) = [row for row in rows if row[3] == str(eve.id)]
    assert row[2] == "'=HYPERLINK(1)"
    assert row[4] == "'@SUM(1)"
    assert row[7].startswith("'=HYPERLINK(1) ")
