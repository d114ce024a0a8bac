"""Corrections keep the original, closed periods stay as they are, deletions can be taken back a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from tests.support.patience import until_served

from .conftest import HOUR, MINUTE, NINE

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.api import Answer, LocalApi
    from tests.support.people import People

    from .conftest import Office

REASON = "Forgot to sign out at the site"
MARCH = "from=2026-03-01&to=2026-03-31"
DAY = timedelta(days=1)


@pytest.fixture
def session_id(office: Office, acme: Any, maya: Any) -> UUID:
    """Nine to twelve on March 4, and another session from one to five."""
    return office.attend(maya, acme, (NINE, NINE + 3 * HOUR), (NINE + 4 * HOUR, NINE + 8 * HOUR))[0]


def correct(api: LocalApi, session_id: UUID, version: int = 1, **changes: Any) -> Answer:
    body = {name: at.isoformat() if isinstance(at, datetime) else at for name, at in changes.items()}
    return api.patch(f"/api/attendance/sessions/{session_id}", {"reason": REASON, "version": version, **body})


def lock(api: LocalApi, acme: Any, day: date | None) -> Answer:
    return api.put(f"/api/organizations/{acme.id}/attendance-lock", {"lockedBefore": day and day.isoformat()})


# Corrections


def test_correction_keeps_what_was_and_why(office: Office, as_adam: LocalApi, session_id: UUID) -> None:
    answer = correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR)
    assert answer.status == 200, answer.text
    again = correct(as_adam, session_id, version=2, clockInAt=NINE - HOUR).json
    assert (again["seconds"], again["version"]) == (3 * 3600, 3)
    newest, original = again["corrections"]
    assert (newest["clockInAt"], newest["clockOutAt"]) == (
        "2026-03-04T09:00:00.000Z",
        "2026-03-04T11:00:00.000Z",
    )
    assert (original["clockInAt"], original["clockOutAt"]) == (
        "2026-03-04T09:00:00.000Z", "2026-03-04T12:00:00.000Z",
    )  # fmt: skip
    assert (original["reason"], original["correctedBy"]) == (REASON, "Adam")
    kept = office.backstage.run(
        "select details->>'reason' from audit_events where action = 'attendance.corrected'"
    )
    assert kept == [(REASON,), (REASON,)]


def test_person_sees_what_was_corrected(as_adam: LocalApi, as_maya: LocalApi, session_id: UUID) -> None:
    correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR)
    [row, _] = as_maya.get("/api/attendance/sessions?day=2026-03-04").json["items"]
    assert row["corrections"][0]["reason"] == REASON
    [day] = as_maya.get(f"/api/attendance/days?{MARCH}").json["items"]
    assert (day["corrected"], day["seconds"]) == (1, 6 * 3600)


@pytest.mark.parametrize("reason", [None, "", "  ", "no", "x" * 501, "a\x00b"])
def test_correction_needs_a_reason(as_adam: LocalApi, session_id: UUID, reason: str | None) -> None:
    answer = correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR, reason=reason)
    assert answer.status == 422
    assert "reason" in answer.json["errors"][0]["field"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"clockOutAt": NINE - MINUTE}, "clockOutAt"),
        ({"clockOutAt": NINE + 5 * HOUR}, "clockInAt"),
        ({"clockInAt": NINE + 20 * HOUR, "clockOutAt": NINE + 10**6 * HOUR}, "clockOutAt"),
        ({"clockInAt": NINE + 10**6 * HOUR, "clockOutAt": NINE + 10**6 * HOUR}, "clockInAt"),
    ],
    ids=["before it begins", "into another session", "future end", "future"],
)
def test_correction_that_cannot_be_is_refused(
    as_adam: LocalApi, session_id: UUID, changes: dict[str, Any], field: str
) -> None:
    answer = correct(as_adam, session_id, **changes)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)


def test_correction_without_change_is_refused(as_adam: LocalApi, session_id: UUID) -> None:
    assert correct(as_adam, session_id, clockInAt=NINE).status == 422


def test_open_session_may_begin_otherwise_but_ends_by_signing_out(
    as_adam: LocalApi, as_maya: LocalApi, maya: Any
) -> None:
    [day] = as_maya.get("/api/attendance/days").json["items"]
    [row] = as_maya.get(f"/api/attendance/sessions?day={day['day']}").json["items"]
    began = datetime.fromisoformat(row["clockInAt"])
    earlier = correct(as_adam, row["id"], clockInAt=began - HOUR)
    assert (earlier.status, earlier.json["status"]) == (200, "ACTIVE")
    assert correct(as_adam, row["id"], version=2, clockOutAt=began).status == 422
    assert as_maya.delete("/api/session").status == 204


def test_stale_correction_is_refused(as_adam: LocalApi, session_id: UUID) -> None:
    correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR)
    stale = correct(as_adam, session_id, clockOutAt=NINE + HOUR)
    assert (stale.status, stale.json["code"], stale.json["current"]) == (
        409,
        "session_changed",
        {"version": 2},
    )


def test_correction_sent_five_times_is_made_once(office: Office, as_adam: LocalApi, session_id: UUID) -> None:
    answers = [correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR).status for _ in range(5)]
    assert answers == [200, 409, 409, 409, 409]
    assert len(office.backstage.run("select from attendance_corrections")) == 1


def test_nobody_corrects_but_who_runs_the_organization(
    client: Callable[[str], LocalApi], as_maya: LocalApi, people: People, session_id: UUID
) -> None:
    stranger = people.user("Bruno", people.organization("Birch"), "owner")
    for api in (as_maya, client(stranger.email)):
        assert correct(api, session_id, clockOutAt=NINE + HOUR).status == 404
        assert correct(api, uuid4(), clockOutAt=NINE + HOUR).status == 404


def test_sign_in_after_a_correction_to_this_minute_does_not_overlap(
    office: Office, app: Flask, as_adam: LocalApi, acme: Any, maya: Any, clock_at: Callable[..., None]
) -> None:
    [session_id] = office.attend(maya, acme, (NINE, NINE + HOUR))
    clock_at(NINE + 2 * HOUR)
    assert correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR).status == 422
    assert correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR - MINUTE).status == 200


# Closed periods


def test_closed_period_refuses_and_tells(as_adam: LocalApi, acme: Any, session_id: UUID) -> None:
    assert lock(as_adam, acme, date(2026, 3, 5)).json == {"lockedBefore": "2026-03-05"}
    refused = correct(as_adam, session_id, clockOutAt=NINE + 2 * HOUR)
    assert (refused.status, refused.json["code"]) == (409, "period_locked")
    assert refused.json["current"] == {"lockedBefore": "2026-03-05"}
    assert "Mar 5, 2026" in refused.json["detail"]
    deletion = as_adam.delete(f"/api/attendance?{MARCH}&sessions=2")
    assert (deletion.status, deletion.json["code"]) == (409, "period_locked")
    assert "2 of these sessions" in deletion.json["detail"]
    assert as_adam.get(f"/api/attendance/count?{MARCH}").json["locked"] == 2


def test_nothing_is_moved_into_a_closed_period(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any
) -> None:
    [late] = office.attend(maya, acme, (NINE + DAY, NINE + DAY + HOUR))
    lock(as_adam, acme, date(2026, 3, 5))
    assert correct(as_adam, late, clockInAt=NINE - HOUR).status == 409
    assert correct(as_adam, late, clockInAt=NINE + DAY - HOUR).status == 200


def test_overnight_session_is_closed_with_the_day_it_began(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any
) -> None:
    [night] = office.attend(maya, acme, (NINE + 12 * HOUR, NINE + 20 * HOUR))
    lock(as_adam, acme, date(2026, 3, 5))
    assert correct(as_adam, night, clockOutAt=NINE + 19 * HOUR).status == 409


def test_lock_is_opened_again(as_adam: LocalApi, acme: Any, session_id: UUID) -> None:
    lock(as_adam, acme, date(2026, 3, 5))
    assert lock(as_adam, acme, None).json == {"lockedBefore": None}
    assert correct(as_adam, session_id, clockOutAt=NINE + HOUR).status == 200


def test_lock_waits_for_days_to_end_and_for_people_to_leave(
    office: Office, as_adam: LocalApi, as_maya: LocalApi, acme: Any, maya: Any
) -> None:
    tomorrow = datetime.now().date() + 2 * DAY
    assert lock(as_adam, acme, tomorrow).status == 422
    office.backstage.run(
        "update attendance_logs set clock_in_at = clock_in_at - interval '3 days' where user_id = :user",
        user=maya.id,
    )
    refused = lock(as_adam, acme, tomorrow - 3 * DAY)
    assert (refused.status, "clocked in" in refused.text) == (422, True)


def test_locking_is_told_to_the_trail_once(office: Office, as_adam: LocalApi, acme: Any) -> None:
    for _ in range(3):
        assert lock(as_adam, acme, date(2026, 3, 5)).status == 200
    told = office.backstage.run("select details from audit_events where action = 'attendance.locked'")
    assert told == [({"before": "2026-03-05"},)]


def test_nobody_locks_but_who_runs_the_organization(as_maya: LocalApi, acme: Any) -> None:
    assert lock(as_maya, acme, date(2026, 3, 5)).status == 404


# Deletions


def test_delete_filtered_and_undo(
    office: Office, as_adam: LocalApi, as_maya: LocalApi, session_id: UUID
) -> None:
    counted = as_adam.get(f"/api/attendance/count?{MARCH}").json
    assert counted == {"sessions": 2, "locked": 0, "active": 0}
    made = as_adam.delete(f"/api/attendance?{MARCH}&search=maya&sessions=2")
    assert (made.status, made.json["sessions"]) == (200, 2)
    for api in (as_adam, as_maya):
        assert api.get(f"/api/attendance?{MARCH}").json["items"] == []
    assert as_maya.get("/api/attendance/sessions?day=2026-03-04").json["items"] == []
    assert correct(as_adam, session_id, clockOutAt=NINE + HOUR).status == 404
    undo = f"/api/attendance/deletions/{made.json['deletionId']}/undo"
    assert as_maya.post(undo).status == 404
    assert as_adam.post(undo).status == 204
    assert as_adam.post(undo).status == 404, "only once"
    assert as_maya.get(f"/api/attendance?{MARCH}").json["items"][0]["sessions"] == 2
    told = office.backstage.run(
        "select action, details->'filters', details->'sessions' from audit_events"
        " where action like 'attendance%' order by seq"
    )
    asked = {"search": "maya", "from": "2026-03-01", "to": "2026-03-31"}
    assert told == [("attendance.deleted", asked, 2), ("attendance.deletion_undone", asked, 2)]


def test_exactly_what_was_shown_is_deleted_or_nothing(as_adam: LocalApi, session_id: UUID) -> None:
    refused = as_adam.delete(f"/api/attendance?{MARCH}&sessions=3")
    assert (refused.status, refused.json["code"], refused.json["current"]) == (
        409,
        "count_changed",
        {"sessions": 2},
    )
    assert as_adam.get(f"/api/attendance/count?{MARCH}").json["sessions"] == 2


def test_sessions_that_go_on_are_never_deleted(as_adam: LocalApi, as_maya: LocalApi) -> None:
    assert as_adam.get("/api/attendance/count").json == {"sessions": 0, "locked": 0, "active": 2}
    assert as_adam.delete("/api/attendance?sessions=0").status == 422
    assert as_adam.delete("/api/attendance?sessions=2").status == 409


def test_after_ten_minutes_it_is_gone(
    office: Office, as_adam: LocalApi, session_id: UUID, clock_at: Callable[..., None]
) -> None:
    from app import jobs
    from app.clock import clock

    made = as_adam.delete(f"/api/attendance?{MARCH}&sessions=2").json
    job = jobs.jobs_of(as_adam.http.application)["cleanup-attendance"]
    assert "0 deleted ones gone" in jobs.run(job)
    clock_at(clock.now() + 10 * MINUTE)
    assert as_adam.post(f"/api/attendance/deletions/{made['deletionId']}/undo").status == 404
    assert "2 deleted ones gone" in jobs.run(job)
    assert "0 deleted ones gone" in jobs.run(job)
    for table in ("attendance_logs where clock_out_at is not null", "attendance_deletions"):
        assert office.backstage.run(f"select from {table}") == []


def test_many_are_deleted_and_brought_back_behind_the_request(
    office: Office,
    as_adam: LocalApi,
    people: People,
    acme: Any,
    maya: Any,
    monkeypatch: pytest.MonkeyPatch,
    clock_at: Callable[..., None],
) -> None:
    from app import jobs
    from app.attendance import deletions
    from app.clock import clock

    monkeypatch.setattr(deletions, "ROWS_AT_ONCE", 3)
    crowd = [maya, *people.users(3, acme)]
    for user in crowd:
        office.attend(user, acme, *((NINE + n * HOUR, NINE + n * HOUR + 30 * MINUTE) for n in range(2)))
    going_on = office.sign_in(crowd[1], NINE + 5 * HOUR)
    made = as_adam.delete(f"/api/attendance?{MARCH}&sessions=8").json
    assert (made["state"], made["done"], made["sessions"]) == ("deleting", 3, 8), "a part of it at once"
    path = f"/api/attendance/deletions/{made['deletionId']}"

    # Meanwhile nothing else is changed there, and what was going on when it was asked for stays.
    office.sign_out(going_on, NINE + 6 * HOUR)
    [left] = office.backstage.run("select min(id::text)::uuid from attendance_logs where deletion_id is null")
    for answer in (
        correct(as_adam, left[0], clockOutAt=NINE + 10 * MINUTE),
        lock(as_adam, acme, date(2026, 3, 1)),
        as_adam.delete(f"/api/attendance?{MARCH}&sessions=6"),
    ):
        assert (answer.status, answer.json["code"]) == (409, "deletion_running")
    job = jobs.jobs_of(as_adam.http.application)["finish-deletions"]
    assert "5 sessions deleted or brought back" in jobs.run(job)
    assert "0 sessions deleted" in jobs.run(job)
    done = as_adam.get(path).json
    assert (done["state"], done["done"]) == ("deleted", 8)
    [(kept,)] = office.backstage.run(
        "select clock_in_at from attendance_logs where deletion_id is null and clock_out_at is not null"
    )
    assert kept == NINE + 5 * HOUR

    # It comes back the same way; what is being brought back is never purged.
    assert as_adam.post(f"{path}/undo").status == 204
    assert as_adam.get(path).json["state"] == "restoring"
    clock_at(clock.now() + 11 * MINUTE)
    assert "0 deleted ones gone" in jobs.run(jobs.jobs_of(as_adam.http.application)["cleanup-attendance"])
    assert "5 sessions deleted or brought back" in jobs.run(job)
    assert as_adam.get(path).json["state"] == "undone"
    assert as_adam.get(f"/api/attendance/count?{MARCH}").json["sessions"] == 9


def test_deletion_is_taken_back_before_it_is_done(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app import jobs
    from app.attendance import deletions

    monkeypatch.setattr(deletions, "ROWS_AT_ONCE", 2)
    office.attend(maya, acme, *((NINE + n * HOUR, NINE + n * HOUR + 30 * MINUTE) for n in range(5)))
    made = as_adam.delete(f"/api/attendance?{MARCH}&search=maya&sessions=5").json
    assert made["state"] == "deleting"
    assert as_adam.post(f"/api/attendance/deletions/{made['deletionId']}/undo").status == 204
    jobs.run(jobs.jobs_of(as_adam.http.application)["finish-deletions"])
    assert as_adam.get(f"/api/attendance/count?{MARCH}").json["sessions"] == 5


def test_undo_does_not_reach_into_a_period_closed_meanwhile(
    as_adam: LocalApi, acme: Any, session_id: UUID
) -> None:
    made = as_adam.delete(f"/api/attendance?{MARCH}&sessions=2").json
    lock(as_adam, acme, date(2026, 3, 5))
    undo = f"/api/attendance/deletions/{made['deletionId']}/undo"
    assert as_adam.post(undo).json["code"] == "period_locked"
    lock(as_adam, acme, None)
    assert as_adam.post(undo).status == 204


def test_place_of_what_may_come_back_stays_free(
    office: Office, as_adam: LocalApi, acme: Any, maya: Any, session_id: UUID
) -> None:
    as_adam.delete("/api/attendance?from=2026-03-04&to=2026-03-04&sessions=2")
    [other] = office.attend(maya, acme, (NINE + 9 * HOUR, NINE + 10 * HOUR))
    assert correct(as_adam, other, clockInAt=NINE + 7 * HOUR).status == 422


def test_two_who_delete_at_once_delete_once(
    client: Callable[[str], LocalApi], adam: Any, session_id: UUID, at_once: Callable[..., None]
) -> None:
    apis = [client(adam.email) for _ in range(3)]
    statuses: list[int] = []

    def delete(api: LocalApi) -> None:
        statuses.append(until_served(lambda: api.delete(f"/api/attendance?{MARCH}&sessions=2")).status)

    at_once([lambda api=api: delete(api) for api in apis])
    assert sorted(statuses)[0] == 200
    assert client(adam.email).get(f"/api/attendance/count?{MARCH}").json["sessions"] == 0
