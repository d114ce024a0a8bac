"""The calendar feed by the routes, on a real PostgreSQL: read as a calendar program reads it, and ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from icalendar import Calendar
from sqlalchemy import create_engine, text

from app import ratelimit
from app.clock import clock

from .conftest import Desk, in_days

if TYPE_CHECKING:
    from tests.support.api import LocalApi
    from tests.support.postgres import TestDatabase

Open = Callable[..., "LocalApi"]


def make(api: LocalApi) -> str:
    """The path of a new feed."""
    made = api.post("/api/calendar-feed", {})
    assert made.status == 201, made
    return urlsplit(made.json["url"]).path


def events(answer: Any) -> dict[str, Any]:
    assert answer.status == 200, answer
    calendar = Calendar.from_ical(answer.text)
    return {str(found["summary"]): found for found in calendar.walk("VEVENT")}


def test_calendar_program_reads_days_moments_and_links(desk: Desk, client: Open) -> None:
    maya, program = client(desk.maya.email), client()
    due = datetime.combine(clock.now().date() + timedelta(days=10), datetime.min.time(), UTC)
    hard = "Buy; milk, \\ eggs\nand é" + "ü" * 80
    timed = desk.task(hard, due + timedelta(hours=15), time_zone="Asia/Kolkata", priority="urgent")
    desk.task("By the end of the day", due + timedelta(hours=23, minutes=59), time_zone="UTC")
    desk.task(
        "Three days",
        due + timedelta(hours=23, minutes=59),
        start_at=due - timedelta(days=2),
        time_zone="UTC",
    )
    desk.task("From two to four", due + timedelta(hours=4), start_at=due + timedelta(hours=2))
    answer = program.get(make(maya))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line.encode()) <= 75 for line in answer.text.split("\r\n"))
    found = events(answer)
    assert set(found) == {hard, "By the end of the day", "Three days", "From two to four"}
    moment = found[hard]
    assert moment["uid"] == f"{timed.id}@workhub"
    assert moment.decoded("dtend") == due + timedelta(hours=15)
    assert moment["dtend"].params["TZID"] == "Asia/Kolkata"
    assert (moment["priority"], moment["transp"], moment["sequence"]) == (1, "TRANSPARENT", 1)
    assert moment["url"].endswith(f"/boards/{desk.board.id}#/tasks/{timed.id}")
    assert [str(name) for name in moment["categories"].cats] == [desk.board.name]
    day = due.date()
    spans = {title: (found[title].decoded("dtstart"), found[title].decoded("dtend")) for title in found}
    assert spans["By the end of the day"] == (day, day + timedelta(days=1))
    assert spans["Three days"] == (day - timedelta(days=2), day + timedelta(days=1))
    assert spans["From two to four"] == (due + timedelta(hours=2), due + timedelta(hours=4))
    assert found["From two to four"]["dtstart"].params["TZID"] == "Europe/Berlin"  # the person's own
    zones = {str(zone["tzid"]) for zone in Calendar.from_ical(answer.text).walk("VTIMEZONE")}
    assert zones == {"Asia/Kolkata", "Europe/Berlin"}


def test_feed_has_open_tasks_near_enough_that_are_assigned_or_watched(desk: Desk, client: Open) -> None:
    desk.task("Mine", in_days(1))
    desk.task("Long ago", in_days(-91))
    desk.task("Far away", in_days(731))
    desk.task("Undated")
    desk.task("Done", in_days(1), completed_at=clock.now())
    desk.task("Hanna's", in_days(1), whose=desk.head)
    desk.watch(desk.task("Watched", in_days(1), whose=None))
    assert set(events(client().get(make(client(desk.maya.email))))) == {"Mine", "Watched"}


def test_same_content_is_not_sent_twice_and_a_change_is(desk: Desk, client: Open) -> None:
    task = desk.task("Mine", in_days(1))
    maya, program = client(desk.maya.email), client()
    path = make(maya)
    first = program.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in first.headers
    known = {"If-None-Match": first.headers["ETag"]}
    again = program.http.get(path, headers=known)
    assert (again.status_code, again.data) == (304, b"")
    assert program.get(path).text == first.text
    assert program.http.head(path).status_code == 200
    answer = maya.patch(f"/api/boards/{desk.board.id}/tasks/{task.id}", {"title": "Renamed", "version": 1})
    assert answer.status == 200
    changed = program.http.get(path, headers=known)
    assert changed.status_code == 200
    assert b"SUMMARY:Renamed" in changed.data


def test_feed_ends_with_access_to_a_board_revocation_replacement_and_account(
    desk: Desk, client: Open, database: TestDatabase
) -> None:
    desk.task("Here", in_days(1))
    desk.task("There", in_days(1), row=desk.elsewhere)
    maya, hanna, program = client(desk.maya.email), client(desk.head.email), client()
    unknown = program.get("/calendar/nobody-made-this.ics")
    assert unknown.status == 404
    path = make(maya)
    assert set(events(program.get(path))) == {"Here", "There"}
    assert hanna.delete(f"/api/boards/{desk.board.id}/members/{desk.maya.id}").status == 204
    assert set(events(program.get(path))) == {"There"}
    replaced, path = path, make(maya)
    assert program.get(replaced).text == unknown.text
    assert set(events(program.get(path))) == {"There"}
    assert maya.delete("/api/calendar-feed").status == 204
    assert maya.delete("/api/calendar-feed").status == 404
    gone = program.get(path)
    assert (gone.status, gone.text) == (404, unknown.text)
    path = make(maya)
    admin = create_engine(database.admin_url)
    with admin.begin() as connection:
        connection.execute(text("update users set disabled_at = now() where id = :id"), {"id": desk.maya.id})
    admin.dispose()
    disabled = program.get(path)
    assert (disabled.status, disabled.text) == (404, unknown.text)


def test_address_is_shown_once_kept_as_a_hash_and_audited(
    desk: Desk, client: Open, database: TestDatabase
) -> None:
    maya = client(desk.maya.email)
    assert maya.get("/api/calendar-feed").json == {"feed": None}
    token = make(maya).removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 43  # 256 bits
    feed = maya.get("/api/calendar-feed").json["feed"]
    assert feed["lastReadAt"] is None
    assert token not in maya.get("/settings").text
    client().get(f"/calendar/{token}.ics")
    assert maya.get("/api/calendar-feed").json["feed"]["lastReadAt"] is not None
    maya.delete("/api/calendar-feed")
    admin = create_engine(database.admin_url)
    with admin.begin() as connection:
        trail = connection.execute(text("select action, details::text from audit_events order by seq")).all()
        kept = connection.scalar(text("select count(*) from calendar_feeds"))
    admin.dispose()
    assert [action for action, _ in trail][-2:] == ["calendar.made", "calendar.ended"]
    assert token not in str(trail)
    assert kept == 0


def test_guessing_is_slowed_down_and_reading_is_not(desk: Desk, client: Open) -> None:
    path, program = make(client(desk.maya.email)), client()
    ratelimit.reset()
    for _ in range(60):
        assert program.http.get("/calendar/guess.ics").status_code == 404
    refused = program.http.get("/calendar/guess.ics")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    ratelimit.reset()
    assert {program.http.get(path).status_code for _ in range(20)} == {200}


def test_a_day_is_that_of_the_zone_the_date_was_set_in(desk: Desk, client: Open) -> None:
    maya = client(desk.maya.email)
    day = clock.now().date() + timedelta(days=5)
    end = datetime(day.year, day.month, day.day, 18, 29, tzinfo=UTC)  # 23:59 in Kolkata
    desk.task("In Kolkata", end, time_zone="Asia/Kolkata")
    desk.task("In a zone that is gone", end, time_zone="Mars/Olympus")
    found = events(client().get(make(maya)))
    assert found["In Kolkata"].decoded("dtstart") == date(day.year, day.month, day.day)
    assert found["In a zone that is gone"].decoded("dtend") == end
