"""Activity logs from the request to PostgreSQL: who is logged, of what, and who reads it."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import db
from app.accounts.models import UserSession
from app.db import new_id
from app.presence import log_store
from app.presence.log_rules import Entry, Kept, kept
from app.presence.models import PresenceSettings
from app.presence.privacy import Privacy

from .backstage import Backstage

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
)
COLUMNS = "activity_type, page_viewed, device_type, metadata"


@pytest.fixture
def backstage(database):
    return Backstage(database.admin_url)


@pytest.fixture
def acme(people):
    return people.organization("Acme", plan="enterprise")


@pytest.fixture
def logged(app, backstage):
    """What of this person is written once the journal is."""

    def read(user, columns=COLUMNS):
        assert app.extensions["presence_runtime"].journal.flush()
        statement = (
            f"select {columns} from presence_activity_logs where user_id = :user order by created_at, id"
        )
        return backstage.run(statement, user=user.id)

    return read


@pytest.fixture
def shows(people):
    """Settings made long ago."""

    def say(user, **shown):
        people.add(PresenceSettings(user_id=user.id, updated_at=LONG_AGO, **shown))

    return say


def types(rows):
    return [row[0] for row in rows]


# Sources


def test_login_pages_and_logout_leave_their_rows(client, people, acme, logged, shows):
    maya = people.user("Maya", acme)
    shows(maya, show_current_page=True)
    board = people.board(acme, [maya])
    api = client()
    api.http.environ_base["HTTP_USER_AGENT"] = PHONE
    api.sign_in(maya.email)
    for path in ("/boards?q=salary", f"/boards/{board.id}", "/settings"):
        assert api.get(path).status == 200
    assert api.delete("/api/session").status == 204
    assert logged(maya) == [
        ("session_start", None, "mobile", {}),
        ("page_view", "/boards", "mobile", {}),
        ("page_view", f"/boards/{board.id}", "mobile", {}),
        ("page_view", "/settings", "mobile", {}),
        ("session_end", None, "mobile", {"reason": "signed_out", "durationMinutes": 0}),
    ]
    assert len(set(logged(maya, "session_id"))) == 1


def test_signing_in_anew_ends_the_login_before(client, people, acme, logged):
    maya = people.user("Maya", acme)
    client(maya.email).sign_in(maya.email)
    found = logged(maya)
    assert types(found) == ["session_start", "session_end", "session_start"]
    assert found[1][3]["reason"] == "replaced"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/boards/{other}", {}),
        ("GET", "/nowhere", {}),
        ("GET", "/", {}),
        ("GET", "/api/boards", {}),
        ("GET", "/login", {}),
        ("HEAD", "/boards", {}),
        ("GET", "/boards", {"Sec-Purpose": "prefetch"}),
        ("GET", "/static/css/workhub.css", {}),
    ],
)
def test_what_nobody_read_is_no_page_view(client, people, acme, logged, method, path, headers):
    maya, other = people.user("Maya", acme), people.user("Omar", acme)
    path = path.format(other=people.board(acme, [other]).id)
    client(maya.email).http.open(path, method=method, headers=headers)
    assert types(logged(maya)) == ["session_start"]


def test_visitors_are_not_logged(app, client, backstage):
    client().get("/privacy")
    assert app.extensions["presence_runtime"].journal.waiting == 0


def test_changes_of_a_board_are_counted(client, people, acme, logged, shows):
    maya = people.user("Maya", acme)
    shows(maya, show_current_page=True)
    board = people.board(acme, [maya])
    api = client(maya.email)
    for name in ("To do", "Doing", "Done"):
        assert api.post(f"/api/boards/{board.id}/lists", {"name": name}).status == 201
    found = logged(maya)
    assert found[1:] == [("interaction", f"/boards/{board.id}", "desktop", {"changes": 3})]
    assert len(set(logged(maya, "session_id"))) == 1


def test_program_of_a_person_changes_boards_without_a_session(client, people, acme, logged):
    maya = people.user("Maya", acme)
    board = people.board(acme, [maya])
    made = client(maya.email).post(
        "/api/tokens", {"name": "Robot", "scopes": ["boards:read", "boards:write"]}
    )
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    robot = client().http
    lists = f"/api/boards/{board.id}/lists"
    assert robot.post(lists, json={"name": "To do"}, headers=headers).status_code == 201
    robot.get("/boards", headers=headers)
    found = logged(maya, "activity_type, session_id is null")
    assert found == [("session_start", False), ("interaction", True)]


def test_change_that_is_refused_is_no_change(client, people, acme, logged):
    maya = people.user("Maya", acme)
    board = people.board(acme, [maya])
    assert client(maya.email).post(f"/api/boards/{board.id}/lists", {"name": ""}).status == 422
    assert types(logged(maya)) == ["session_start"]


def test_guest_of_a_board_is_logged_for_the_organization_of_the_board(client, people, acme, logged):
    birch = people.organization("Birch", plan="enterprise")
    guest = people.user("Guest", birch)
    board = people.board(acme, [people.user("Head", acme)], [guest])
    api = client(guest.email)
    api.get(f"/boards/{board.id}")
    api.get("/boards")
    names = {acme.id: "acme", birch.id: "birch"}
    found = [(what, names[id_]) for what, id_ in logged(guest, "activity_type, organization_id")]
    assert found == [("session_start", "birch"), ("page_view", "acme"), ("page_view", "birch")]


def test_requests_do_not_wait_for_the_database(app, client, people, acme):
    maya = people.user("Maya", acme)
    api, journal = client(maya.email), app.extensions["presence_runtime"].journal
    api.get("/boards")
    assert journal.waiting == 2


# The rule, in PostgreSQL


def write(*entries):
    with db.service_work() as session:
        log_store.write(session, entries)


@pytest.mark.parametrize("plan", ["free", "team", "enterprise"])
def test_plan_decides(client, people, logged, plan):
    organization = people.organization(plan=plan)
    maya = people.user("Maya", organization)
    api = client(maya.email)
    api.get("/boards")
    api.post(f"/api/boards/{people.board(organization, [maya]).id}/lists", {"name": "To do"})
    api.delete("/api/session")
    everything = ["session_start", "page_view", "interaction", "session_end"]
    assert types(logged(maya)) == (everything if plan == "enterprise" else [])


def test_settings_decide_in_every_combination(app, people, acme, shows, backstage):
    """As the pure rule says, for every setting there is."""
    now, expected = datetime.now(UTC), {}
    for chosen in product(("everyone", "team", "contacts", "nobody"), *[(True, False)] * 3):
        privacy = Privacy(*chosen)
        user = people.user("Maya", acme)
        shows(user, **{name: getattr(privacy, name) for name in Privacy.__slots__})
        write(Entry(new_id(), "page_view", user.id, now, page="/people"))
        extent = kept("enterprise", privacy)
        if extent is not Kept.NOTHING:
            expected[user.id] = "/people" if extent is Kept.ALL else None
    found = backstage.run("select user_id, page_viewed from presence_activity_logs")
    assert len(expected) == 6
    assert dict(found) == expected


def test_hiding_holds_from_the_moment_it_is_said(client, people, acme, logged, backstage):
    maya = people.user("Maya", acme)
    api = client(maya.email)
    assert types(logged(maya)) == ["session_start"]
    assert api.put("/api/presence/settings", {"appearOffline": True}).status == 200
    api.get("/boards")
    assert types(logged(maya)) == ["session_start"]
    api.get("/people")
    api.get("/boards")
    assert api.put("/api/presence/settings", {"appearOffline": False}).status == 200
    assert types(logged(maya)) == ["session_start"], "done while hidden, written when visible"
    api.get("/boards")
    assert types(logged(maya)) == ["session_start", "page_view"]


def test_retry_after_a_lost_answer_writes_nothing_twice(app, people, acme, backstage):
    maya = people.user("Maya", acme)
    people.membership(maya, people.organization("Second", plan="enterprise"))
    entries = [Entry(new_id(), "page_view", maya.id, datetime.now(UTC), page="/boards") for _ in range(3)]
    write(*entries)
    write(*entries)
    assert len(backstage.run("select id from presence_activity_logs")) == 6


def test_people_boards_and_logins_that_are_gone_hold_nobody_up(app, people, acme, backstage):
    now, maya = datetime.now(UTC), people.user("Maya", acme)
    write(
        Entry(new_id(), "page_view", uuid4(), now, page="/boards"),
        Entry(new_id(), "page_view", maya.id, now, page=f"/boards/{uuid4()}"),
        Entry(new_id(), "session_end", maya.id, now, session_id=uuid4()),
        Entry(new_id(), "page_view", maya.id, now, page="/boards"),
    )
    assert sorted(backstage.run("select activity_type, page_viewed from presence_activity_logs")) == [
        ("page_view", None),
        ("session_end", None),
    ]


def test_row_of_a_month_without_partition_is_kept_all_the_same(app, people, acme, backstage):
    maya = people.user("Maya", acme)
    write(Entry(new_id(), "page_view", maya.id, datetime(2031, 5, 1, tzinfo=UTC), page="/boards"))
    assert backstage.run("select tableoid::regclass::text from presence_activity_logs") == [
        ("presence_activity_logs_default",)
    ]


def test_month_can_be_taken_out_as_a_whole(app, people, acme, backstage):
    """What the archive will do; the others stay."""
    maya = people.user("Maya", acme)
    now = datetime.now(UTC)
    last_month = now.replace(day=1) - timedelta(days=1)
    for at in (last_month, now):
        write(Entry(new_id(), "page_view", maya.id, at, page="/boards"))
    name = f"presence_activity_logs_{last_month:%Y_%m}"
    backstage.run(f"alter table presence_activity_logs detach partition {name}")
    assert backstage.run("select created_at from presence_activity_logs") == [(now,)]
    assert backstage.run(f"select created_at from {name}") == [(last_month,)]


# How long the last session was


def end(people, user, minutes_ago, at=None):
    at = at or datetime.now(UTC)
    login = UserSession(
        id=new_id(),
        user_id=user.id,
        session_token=uuid4().bytes,
        created_at=at - timedelta(minutes=minutes_ago),
        last_activity=at,
        expires_at=at + timedelta(days=1),
    )
    people.add(login)
    write(Entry(new_id(), "session_end", user.id, at, session_id=login.id))


@pytest.mark.parametrize("plan", ["free", "enterprise"])
def test_last_session_is_measured_on_every_plan(app, people, backstage, plan):
    maya = people.user("Maya", people.organization(plan=plan))
    for minutes in (5, 95):
        end(people, maya, minutes)
    seen = backstage.run("select user_id, session_duration_minutes from user_last_seen")
    assert seen == [(maya.id, 95)]


def test_of_whoever_hides_no_session_is_measured(app, people, acme, backstage, shows):
    maya = people.user("Maya", acme)
    shows(maya, visibility="nobody")
    end(people, maya, 5)
    assert backstage.run("select session_duration_minutes from user_last_seen") == []


def test_end_of_a_session_does_not_touch_when_somebody_was_last_seen(app, people, acme, backstage):
    maya = people.user("Maya", acme)
    backstage.run(
        "insert into user_last_seen (user_id, last_seen_at) values (:id, :at)", id=maya.id, at=LONG_AGO
    )
    end(people, maya, 5)
    assert backstage.run("select last_seen_at, session_duration_minutes from user_last_seen") == [
        (LONG_AGO, 5)
    ]


# Who reads it


def test_owners_admins_and_oneself_read_and_nobody_writes(app, people, acme):
    owner, admin = people.user("Owner", acme, "owner"), people.user("Admin", acme, "admin")
    maya, omar = people.user("Maya", acme), people.user("Omar", acme)
    stranger = people.user("Stranger", people.organization("Birch", plan="enterprise"), "owner")
    people.board(acme, [omar], [maya])
    write(Entry(new_id(), "page_view", maya.id, datetime.now(UTC), page="/boards"))

    def reads(user):
        with db.unit_of_work(user.id) as session:
            return len(session.execute(text("select 1 from presence_activity_logs")).all())

    assert [reads(user) for user in (owner, admin, maya, omar, stranger)] == [1, 1, 1, 0, 0]
    for statement in (
        "delete from presence_activity_logs",
        "update presence_activity_logs set page_viewed = null",
        "insert into presence_activity_logs select * from presence_activity_logs",
    ):
        for user in (owner, maya):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                db.unit_of_work(user.id) as session,
            ):
                session.execute(text(statement))


# The server


def test_orderly_stop_writes_what_waits(start_server, people, acme, backstage):
    from tests.support.api import Api

    maya = people.user("Maya", acme)
    server = start_server()
    api = Api(server.url)
    api.sign_in(maya.email)
    assert api.get("/boards").status == 200
    server.stop()
    assert [
        row[0]
        for row in backstage.run("select activity_type from presence_activity_logs order by created_at")
    ] == [
        "session_start",
        "page_view",
    ]
