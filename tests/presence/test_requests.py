"""Ordinary requests make a person online without a row for each, and every way out makes them offline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.accounts import service
from app.accounts.watch import end_dead_sessions
from app.clock import clock
from app.db import database as own_database
from app.db import service_work
from app.presence.people_runtime import PeopleRuntime

from .backstage import Backstage
from .fakes import FakeClock

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def maya(people):
    organization = people.organization("Acme")
    return people.user("Maya", organization)


@pytest.fixture
def runtime(app):
    return app.extensions["presence_runtime"].people


@pytest.fixture
def status(runtime, maya):
    return lambda: runtime.people.view(maya.id).status


@pytest.fixture
def backstage(database):
    return Backstage(database.admin_url)


@pytest.fixture
def statements(app) -> Iterator[list[str]]:
    """Each statement of the application, as it is executed."""
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_more):
        said.append(statement)

    event.listen(own_database.engine, "before_cursor_execute", hear)
    yield said
    event.remove(own_database.engine, "before_cursor_execute", hear)


def test_signing_in_makes_online(client, status, maya):
    assert status() == "offline"
    client(maya.email)
    assert status() == "online"


@pytest.mark.parametrize("path", ["/boards", "/api/boards", "/api/session"])
def test_pages_and_api_make_online(client, status, runtime, maya, path):
    api = client(maya.email)
    leave_all(runtime)
    assert api.get(path).status == 200
    assert status() == "online"


@pytest.mark.parametrize("path", ["/static/css/workhub.css", "/healthz", "/readyz"])
def test_files_and_plumbing_do_not(client, status, runtime, maya, path):
    api = client(maya.email)
    leave_all(runtime)
    assert api.get(path).status == 200
    assert status() == "offline"


def leave_all(runtime):
    for session_id, user_id in runtime.sessions().items():
        runtime.people.leave(user_id, session_id)


def test_page_and_device_are_those_of_the_newest_page(client, runtime, maya):
    api = client(maya.email)
    api.http.get("/boards?secret=1", headers={"User-Agent": IPHONE})
    seen = runtime.people.view(maya.id)
    assert (seen.page, seen.device) == ("/boards", "mobile")
    api.get("/api/boards")
    assert runtime.people.view(maya.id).page == "/boards"


def test_nobody_is_on_a_page_that_does_not_exist_for_them(client, people, runtime, maya):
    api, foreign = client(maya.email), people.board(people.organization("Birch"))
    api.http.get("/boards")
    assert api.http.get(f"/boards/{foreign.id}").status_code == 404
    assert runtime.people.view(maya.id).page == "/boards"


def test_request_writes_nothing_and_reads_the_choice_once(client, statements, backstage, runtime, maya):
    client(maya.email).put("/api/presence/settings", {"status": "away", "customStatus": "Lunch"})
    runtime.people._settings.clear()
    api = client(maya.email)
    del statements[:]
    for _ in range(3):
        api.get("/api/session")
    assert not [s for s in statements if "insert" in s.lower() or "update" in s.lower()]
    assert not [s for s in statements if "presence_settings" in s]
    view = runtime.people.view(maya.id)
    assert (view.status, view.custom_status) == ("away", "Lunch")
    assert backstage.run("select * from user_last_seen") == []


def test_heartbeat_says_itself_whether_somebody_is_there(client, status, runtime, maya):
    api = client(maya.email)
    beat = {"active": False, "visible": True, "page": "/boards?x=1#y"}
    assert api.post("/api/session/heartbeat", beat).status == 204
    assert (status(), runtime.people.view(maya.id).page) == ("idle", "/boards")
    assert api.post("/api/session/heartbeat", {**beat, "active": True}).status == 204
    assert status() == "online"


def test_page_that_asks_for_others_by_itself_wakes_nobody(client, status, runtime, maya):
    api = client(maya.email)
    leave_all(runtime)
    users = f"/api/presence/users?userIds={maya.id}"
    assert api.get(users).status == 200
    assert status() == "online", "a request like any other"
    api.post("/api/session/heartbeat", {"active": False, "visible": True})
    api.get(users)
    assert status() == "idle"
    api.get("/boards")
    assert status() == "online"


def press_logout(api):
    assert api.http.post("/logout", data={"csrf_token": api.csrf_token}).status_code == 303


def delete_session(api):
    assert api.delete("/api/session").status == 204


@pytest.mark.parametrize("leave", [press_logout, delete_session])
def test_signing_out_counts_at_once(client, status, maya, leave):
    api = client(maya.email)
    leave(api)
    assert status() == "offline"
    api.get("/boards")
    api.get("/api/session")
    assert status() == "offline"


def test_signing_in_as_somebody_else_ends_the_login_before(client, people, status, runtime, maya):
    omar = people.user("Omar")
    api = client(maya.email)
    api.sign_in(omar.email)
    assert status() == "offline"
    assert runtime.people.view(omar.id).status == "online"


def test_login_ended_elsewhere_counts_at_once(client, status, backstage, maya):
    client(maya.email)
    with service_work() as session:
        ((session_id,),) = backstage.run("select id from user_sessions")
        service.end_session(session, session_id=session_id, now=clock.now(), reason="ended")
    assert status() == "offline"


@pytest.mark.parametrize(
    "end",
    [
        "update user_sessions set is_active = false",
        "update user_sessions set expires_at = now() - interval '1 second'",
        "update users set disabled_at = now()",
        "delete from user_sessions",
    ],
)
def test_login_ended_without_a_word_is_found(app, client, status, runtime, backstage, maya, end):
    client(maya.email)
    limits = app.extensions["identifier"].limits
    end_dead_sessions(limits, runtime.sessions)
    assert status() == "online"
    backstage.run(end)
    end_dead_sessions(limits, runtime.sessions)
    assert status() == "offline"


def test_other_login_keeps_its_person_online(client, status, maya):
    phone, laptop = client(maya.email), client(maya.email)
    delete_session(phone)
    assert status() == "online"
    delete_session(laptop)
    assert status() == "offline"


def test_row_is_left_when_a_mark_is_over_and_never_an_older_one(
    client, runtime, backstage, maya, monkeypatch
):
    fake = FakeClock()
    fake.time = clock.now()
    began = fake.time
    monkeypatch.setattr(runtime.people, "_clock", fake)
    client(maya.email).http.get("/boards", headers={"User-Agent": IPHONE})
    runtime.write()
    rows = "select last_seen_at, last_page, last_device, contacts_seen_at, team_seen_at from user_last_seen"
    assert backstage.run(rows) == []
    fake.time += timedelta(seconds=300)
    runtime.people.tick()
    runtime.write()
    expected = [(began, "/boards", "mobile", began, None)]
    assert backstage.run(rows) == expected
    monkeypatch.setattr(fake, "time", began - timedelta(hours=1))
    client(maya.email)
    runtime.write(with_present=True)
    assert backstage.run(rows) == expected


def test_restart_keeps_who_was_there_and_nobody_else(app, settings, client, people, runtime, backstage, maya):
    omar, lena = people.user("Omar"), people.user("Lena")
    api = client(maya.email)
    assert api.put("/api/presence/settings", {"status": "busy", "customStatus": "Deep work"}).status == 200
    delete_session(client(omar.email))
    client(lena.email)
    hour_ago = "update user_sessions set last_activity = now() - interval '1 hour' where user_id = :user"
    backstage.run(hour_ago, user=lena.id)
    runtime.stop()
    ((written,),) = backstage.run(
        "select last_seen_at from user_last_seen where user_id = :user", user=maya.id
    )
    assert clock.now() - written < timedelta(seconds=10)
    after = PeopleRuntime(settings, app.extensions["presence"], tell=lambda *_news: None)
    after.start(lambda _loop: None)
    assert [after.people.view(user.id).status for user in (maya, omar, lena)] == [
        "busy",
        "offline",
        "offline",
    ]
    assert after.people.view(maya.id).custom_status == "Deep work"
