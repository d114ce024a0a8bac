"""The tree of people, days and sessions: who sees what of it, filters, pages and sums."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from .conftest import HOUR, MINUTE, NINE

if TYPE_CHECKING:
    from tests.support.api import LocalApi
    from tests.support.people import People

    from .conftest import Office

DAY = timedelta(days=1)
RANGE = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def omar(people: People, acme: Any) -> Any:
    return people.user("Omar", acme)


@pytest.fixture
def month(office: Office, acme: Any, maya: Any, omar: Any) -> None:
    """Maya: two sessions on March 4, one on March 5 that goes over midnight. Omar: one on March 10."""
    office.attend(
        maya,
        acme,
        (NINE, NINE + 3 * HOUR),
        (NINE + 4 * HOUR, NINE + 8 * HOUR + MINUTE / 2),
        (NINE + DAY + 12 * HOUR, NINE + DAY + 20 * HOUR),
    )
    office.attend(omar, acme, (NINE + 6 * DAY, NINE + 6 * DAY + HOUR))


@pytest.mark.usefixtures("month")
class TestTree:
    def test_admin_sees_everybody_with_their_sums(self, as_adam: LocalApi, maya: Any) -> None:
        answer = as_adam.get(f"/api/attendance?{RANGE}").json
        assert [(row["name"], row["seconds"], row["sessions"]) for row in answer["items"]] == [
            ("Maya", 15 * 3600 + 30, 3),
            ("Omar", 3600, 1),
        ]
        assert answer["items"][0]["email"] == maya.email
        assert (answer["timeZone"], answer["from"], answer["to"]) == (
            "Europe/Berlin", "2026-03-01", "2026-03-31",
        )  # fmt: skip

    def test_member_sees_nobody_but_themselves(self, as_maya: LocalApi, omar: Any) -> None:
        [row] = as_maya.get(f"/api/attendance?{RANGE}").json["items"]
        assert row["name"] == "Maya"
        for path in (f"days?userId={omar.id}&{RANGE}", f"sessions?userId={omar.id}&day=2026-03-10"):
            assert as_maya.get(f"/api/attendance/{path}").status == 404
        assert as_maya.get(f"/api/attendance?userId={omar.id}&{RANGE}").status == 404

    def test_days_are_those_on_which_work_began(self, as_adam: LocalApi, maya: Any) -> None:
        days = as_adam.get(f"/api/attendance/days?userId={maya.id}&{RANGE}").json["items"]
        assert [(day["day"], day["seconds"], day["sessions"]) for day in days] == [
            ("2026-03-05", 8 * 3600, 1),
            ("2026-03-04", 7 * 3600 + 30, 2),
        ]

    def test_sessions_of_a_day_stand_in_order(self, as_adam: LocalApi, maya: Any) -> None:
        found = as_adam.get(f"/api/attendance/sessions?userId={maya.id}&day=2026-03-04").json["items"]
        assert [(each["clockInAt"][11:16], each["seconds"], each["status"]) for each in found] == [
            ("09:00", 3 * 3600, "COMPLETED"),
            ("13:00", 4 * 3600 + 30, "COMPLETED"),
        ]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("search=oma", ["Omar"]),
            ("search=OMAR.", ["Omar"]),
            ("search=may+ya", ["Maya"]),
            ("search=%25", []),
            ("search=", ["Maya", "Omar"]),
            ("status=active", []),
            ("status=completed", ["Maya", "Omar"]),
            ("from=2026-03-05&to=2026-03-05", ["Maya"]),
            ("from=2026-03-06&to=2026-03-09", []),
        ],
    )
    def test_filter(self, as_adam: LocalApi, query: str, names: list[str]) -> None:
        query = query if "from" in query else f"{query}&{RANGE}"
        items = as_adam.get(f"/api/attendance?{query}").json["items"]
        assert [row["name"] for row in items] == names

    def test_my_own_days_need_no_id(self, as_maya: LocalApi) -> None:
        assert len(as_maya.get(f"/api/attendance/days?{RANGE}").json["items"]) == 2

    def test_pages_follow_each_other(self, as_adam: LocalApi, maya: Any) -> None:
        first = as_adam.get(f"/api/attendance?{RANGE}&limit=1").json
        second = as_adam.get(f"/api/attendance?{RANGE}&limit=1&cursor={first['nextCursor']}").json
        assert [page["items"][0]["name"] for page in (first, second)] == ["Maya", "Omar"]
        assert second["nextCursor"] is None
        path = f"/api/attendance/days?userId={maya.id}&{RANGE}&limit=1"
        day = as_adam.get(path).json
        rest = as_adam.get(f"{path}&cursor={day['nextCursor']}").json
        assert [page["items"][0]["day"] for page in (day, rest)] == ["2026-03-05", "2026-03-04"]
        assert rest["nextCursor"] is None

    def test_who_left_the_organization_stays_in_its_records(
        self, office: Office, as_adam: LocalApi, maya: Any
    ) -> None:
        office.backstage.run("delete from memberships where user_id = :user", user=maya.id)
        assert as_adam.get(f"/api/attendance?{RANGE}").json["items"][0]["name"] == "Maya"
        assert as_adam.get(f"/api/attendance/days?userId={maya.id}&{RANGE}").json["items"]

    def test_other_organization_is_not_found(self, as_adam: LocalApi, people: People) -> None:
        birch = people.organization("Birch")
        for organization in (birch.id, uuid4()):
            for path in ("?", "/days?", "/online?", "/count?", "/export.csv?", "/sessions?day=2026-03-04&"):
                answer = as_adam.get(f"/api/attendance{path}organizationId={organization}")
                assert answer.status == 404, path


def test_open_session_counts_until_now(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any, clock_at: Callable[..., None]
) -> None:
    from app.clock import clock

    begin = clock.now().replace(microsecond=0) - 90 * MINUTE
    office.attend(maya, acme, (begin, None))
    clock_at(begin + 90 * MINUTE + timedelta(milliseconds=700))
    [adam_row, row] = as_adam.get("/api/attendance").json["items"]
    assert (adam_row["name"], row["seconds"], row["active"]) == ("Adam", 5400, 1)
    [day] = as_adam.get(f"/api/attendance/days?userId={maya.id}").json["items"]
    assert (day["seconds"], day["active"]) == (5400, 1)
    path = f"/api/attendance/sessions?userId={maya.id}&day={day['day']}"
    [session] = as_adam.get(path).json["items"]
    assert (session["seconds"], session["status"], session["clockOutAt"]) == (5400, "ACTIVE", None)


def test_without_days_the_last_seven_are_told(as_adam: LocalApi, clock_at: Callable[..., None]) -> None:
    from app.clock import clock

    clock_at(clock.now())
    answer = as_adam.get("/api/attendance").json
    from datetime import date

    assert date.fromisoformat(answer["to"]) - date.fromisoformat(answer["from"]) == 6 * DAY


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-03-05&to=2026-03-04",
        "from=1969-12-31",
        "to=2300-01-01",
        "from=x",
        "status=late",
        "limit=0",
        "cursor=x",
        "search=%00",
        "userId=x",
        "who=me",
    ],
)
def test_bad_query_is_refused(as_adam: LocalApi, query: str) -> None:
    assert as_adam.get(f"/api/attendance?{query}").status == 422


def test_who_belongs_nowhere_finds_nothing(client: Callable[[str], LocalApi], people: People) -> None:
    assert client(people.user("Nobody").email).get("/api/attendance").status == 404


def test_clocked_in_are_told_to_admins_only(as_adam: LocalApi, as_maya: LocalApi, maya: Any) -> None:
    answer = as_adam.get("/api/attendance/online").json
    assert [each["name"] for each in answer["items"]] == ["Adam", "Maya"]
    assert answer["total"] == 2
    assert as_maya.get("/api/attendance/online").status == 404
    assert as_maya.delete("/api/session").status == 204
    assert as_adam.get("/api/attendance/online").json["total"] == 1
