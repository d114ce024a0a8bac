"""One's own settings over REST: what may be said, what stays, what is refused, and two tabs at once."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from app import db
from app.clock import isoformat
from app.presence import settings as person_settings
from app.presence.core import Choice
from app.presence.privacy import Privacy
from app.presence.schemas import SettingsPatch

from .backstage import Backstage

PATH = "/api/presence/settings"
NOTHING = {
    "status": "online",
    "statusUntil": None,
    "customStatus": None,
    "customEmoji": None,
    "customStatusUntil": None,
    "visibility": "contacts",
    "showActivity": True,
    "showCurrentPage": False,
    "appearOffline": False,
}
BUSY = {"status": "busy", "customStatus": "Deep work", "customEmoji": "\N{HEADPHONE}"}
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def soon(seconds=3600.0):
    return isoformat(datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.fixture
def maya(people):
    return people.user("Maya", people.organization())


@pytest.fixture
def api(client, maya):
    return client(maya.email)


@pytest.fixture
def told(monkeypatch):
    """What presence and the person's own pages would hear."""
    heard = []

    def hear(_sender, user_id, after, **_news):
        heard.append((user_id, after))

    person_settings.settings_changed.connect(hear)
    yield heard
    person_settings.settings_changed.disconnect(hear)


def said_to_be(choice):
    return person_settings.PersonSettings(choice, Privacy())


def be_busy(session, person):
    busy = SettingsPatch(status="busy")
    person_settings.change_settings(session, actor_id=person.id, patch=busy, now=NOW)


def put(api, **body):
    answer = api.put(PATH, body)
    assert answer.status == 200, answer.text
    return without_policies(answer.json)


def get(api):
    answer = api.get(PATH)
    assert answer.status == 200, answer.text
    return without_policies(answer.json)


def without_policies(said):
    assert [policy["headsAlwaysSeePresence"] for policy in said.pop("policies")] == [False]
    return said


def refused(api, body):
    answer = api.put(PATH, body)
    assert (answer.status, answer.json["code"]) == (422, "invalid_input"), (body, answer)
    return [error["field"] for error in answer.json["errors"]]


def test_at_first_nothing_is_chosen(api):
    assert get(api) == NOTHING


def test_what_is_chosen_is_answered_and_kept(api):
    said = {**NOTHING, **BUSY, "statusUntil": soon(60), "customStatusUntil": soon(90)}
    assert put(api, **said) == said
    assert get(api) == said


def test_what_is_left_out_stays_and_null_takes_it_back(api):
    put(api, **BUSY, statusUntil=soon())
    assert put(api, customEmoji=None) == {**get(api), **BUSY, "customEmoji": None}
    assert put(api, status="away")["customStatus"] == "Deep work"
    assert put(api, customStatus=None)["status"] == "away"
    for automatic in ("online", None):
        put(api, status="busy", statusUntil=soon())
        assert put(api, status=automatic) == NOTHING


def test_empty_words_are_none(api):
    assert put(api, customStatus="  ", customEmoji="", status="busy") == {**NOTHING, "status": "busy"}


def test_an_end_goes_with_what_it_ends(api):
    put(api, **BUSY, statusUntil=soon(), customStatusUntil=soon())
    left = put(api, status="online")
    assert (left["statusUntil"], left["customStatus"]) == (None, "Deep work")
    assert put(api, customStatus=None)["customStatusUntil"], "the emoji is still there"
    assert put(api, customEmoji=None) == NOTHING


def test_an_end_without_what_it_ends_is_refused_by_name(api):
    assert refused(api, {"statusUntil": soon()}) == ["statusUntil"]
    assert refused(api, {"status": "online", "statusUntil": soon()}) == ["statusUntil"]
    assert refused(api, {"customStatusUntil": soon()}) == ["customStatusUntil"]
    put(api, **BUSY)
    assert refused(api, {"status": None, "statusUntil": soon()}) == ["statusUntil"]
    gone = {"customStatus": "", "customEmoji": None, "customStatusUntil": soon()}
    assert refused(api, gone) == ["customStatusUntil"]
    assert get(api) == {**NOTHING, **BUSY}, "nothing of a refused change is kept"
    assert put(api, status=None, statusUntil=None)["status"] == "online"


IMPOSSIBLE = (
    ({"status": "offline"}, "status"),
    ({"status": "idle"}, "status"),
    ({"status": ["busy"]}, "status"),
    ({"status": ""}, "status"),
    ({"customStatus": "x" * 101}, "customStatus"),
    ({"customStatus": "a\x00b"}, "customStatus"),
    ({"customStatus": 7}, "customStatus"),
    ({"customStatus": {"$ne": None}}, "customStatus"),
    ({"customEmoji": "x" * 11}, "customEmoji"),
    ({"customEmoji": "\x00"}, "customEmoji"),
    ({"visibility": "friends"}, "visibility"),
    ({"visibility": ""}, "visibility"),
    ({"showActivity": "no"}, "showActivity"),
    ({"showCurrentPage": 1}, "showCurrentPage"),
    ({"appearOffline": "x"}, "appearOffline"),
    ({"policies": []}, "policies"),
    ({"userId": str(uuid4()), "status": "busy"}, "userId"),
    *(
        ({"status": "busy", "customStatus": "x", name: moment}, name)
        for name in ("statusUntil", "customStatusUntil")
        for moment in (
            "tomorrow", "2126-03-02", "2126-03-02T09:00:00", "2026-03-02T09:00:00Z", "2201-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 4102444800, True, {}, "",
        )
    ),
)  # fmt: skip


def test_what_makes_no_sense_is_refused_by_name(api):
    for body, field in IMPOSSIBLE:
        assert refused(api, body) == [field], body
    for body in ({}, None, [], "busy", [["status", "busy"]]):
        refused(api, body)
    assert get(api) == NOTHING


def test_as_much_as_is_allowed_is_kept_whole(api):
    said = {"customStatus": "\N{GRINNING FACE}" * 100, "customEmoji": "\N{WOMAN}\u200d" * 5}
    assert put(api, **said) == {**NOTHING, **said}
    markup = "<script>alert(1)</script> {{7*7}} '; drop table users; --"
    assert put(api, customStatus=markup)["customStatus"] == markup


def test_settings_are_ones_own(client, people, api):
    put(api, **BUSY)
    omar = client(people.user("Omar", people.organization()).email)
    assert get(omar) == NOTHING
    assert put(omar, status="away")["status"] == "away"
    assert get(api) == {**NOTHING, **BUSY}
    assert client().get(PATH).status == 401


def test_what_is_shown_to_whom_is_kept_and_null_is_the_default(api):
    hidden = {
        "visibility": "nobody", "showActivity": False, "showCurrentPage": True, "appearOffline": True
    }  # fmt: skip
    assert put(api, **hidden, **BUSY) == {**NOTHING, **hidden, **BUSY} == get(api)
    assert put(api, visibility="everyone")["appearOffline"] is True
    assert put(api, **dict.fromkeys(hidden)) == {**NOTHING, **BUSY}


def test_nothing_else_can_be_done_with_settings(api):
    for method in ("POST", "PATCH", "DELETE"):
        assert api.request(method, PATH, {"status": "busy"}).status == 405


def test_what_changes_nothing_is_told_to_nobody(api, maya, told):
    put(api, **BUSY)
    put(api, **BUSY)
    put(api, status="busy")
    assert told == [(maya.id, said_to_be(Choice("busy", None, "Deep work", "\N{HEADPHONE}")))]


def test_refused_change_is_told_to_nobody(api, told):
    refused(api, {"status": "busy", "statusUntil": soon(-1)})
    assert told == []


def test_what_has_expired_is_over_before_it_is_cleared(api, database):
    put(api, **BUSY, statusUntil=soon(), customStatusUntil=soon())
    expire = "update presence_settings set status_until = now() - interval '1 s'"
    Backstage(database.admin_url).run(expire)
    assert get(api)["status"] == "online"
    said = put(api, customStatus="Lunch")  # not refused for an end that nobody has named
    assert (said["status"], said["statusUntil"], said["customStatus"]) == ("online", None, "Lunch")
    Backstage(database.admin_url).run(expire.replace("status_until", "custom_status_until"))
    assert put(api, status="busy") == {**NOTHING, "status": "busy"}


def test_clearing_tells_each_person_once(app, api, maya, database, told):
    put(api, **BUSY, statusUntil=soon())
    told.clear()
    for _ in range(2):
        with db.service_work() as session:
            person_settings.clear_expired(session, now=datetime.now(UTC) + timedelta(hours=2))
    assert told == [(maya.id, said_to_be(Choice(None, None, "Deep work", "\N{HEADPHONE}")))]


@pytest.mark.parametrize("has_settings", [False, True])
def test_of_two_tabs_at_once_neither_takes_back_what_the_other_said(app, api, maya, told, has_settings):
    """The second waits, and tells of both."""
    if has_settings:
        put(api, status="away")
        told.clear()
    first_is_choosing, results = threading.Event(), []

    def second():
        first_is_choosing.wait(5)
        with db.unit_of_work(maya.id) as session:
            patch = SettingsPatch(custom_status="Deep work")
            results.append(person_settings.change_settings(session, actor_id=maya.id, patch=patch, now=NOW))

    thread = threading.Thread(target=second)
    thread.start()
    with db.unit_of_work(maya.id) as session:
        if has_settings:
            session.execute(text("select 1 from presence_settings for update"))
        else:
            person_settings.change_settings(
                session, actor_id=maya.id, patch=SettingsPatch(status="busy"), now=NOW
            )
        first_is_choosing.set()
        thread.join(0.3)
        assert thread.is_alive()
        person_settings.change_settings(
            session, actor_id=maya.id, patch=SettingsPatch(status="busy"), now=NOW
        )
    thread.join(5)
    assert results == [said_to_be(Choice("busy", custom_status="Deep work"))]
    assert [after for _, after in told] == [said_to_be(Choice("busy")), *results]


def test_query_that_forgot_whose_settings_it_wants_finds_ones_own_only(app, api, client, people, maya):
    put(api, **BUSY)
    omar = people.user("Omar", people.organization())
    put(client(omar.email), status="away")
    with db.unit_of_work(maya.id) as session:
        assert session.execute(text("select user_id, status from presence_settings")).all() == [
            (maya.id, "busy")
        ]
        changed = session.execute(text("update presence_settings set custom_status = 'x'"))
        assert changed.rowcount == 1


def test_change_of_privacy_is_in_the_trail_without_what_it_was_changed_to(api, maya, database):
    put(api, **BUSY)
    put(api, visibility="nobody", appearOffline=True)
    put(api, appearOffline=True)
    put(api, appearOffline=False)
    trail = Backstage(database.admin_url).run(
        "select actor_id, target_id, details from audit_events where action = 'presence.settings_changed'"
    )
    assert trail == [(maya.id, str(maya.id), {"fields": ["visibility"]})] * 2
