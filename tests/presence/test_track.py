"""POST /api/presence/track: what a client tells of its person, how often, and what of it is written."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
import requests

from app import ratelimit
from bench.seed import seed
from tests.support.server import SECRET_KEY

from .backstage import Backstage

if TYPE_CHECKING:
    from app.presence.person import PersonView

PATH = "/api/presence/track"
SETTINGS = "/api/presence/settings"


@pytest.fixture
def maya(people):
    return people.user("Maya", people.organization("Acme"))


@pytest.fixture
def runtime(app):
    return app.extensions["presence_runtime"].people


@pytest.fixture
def api(client, maya):
    return client(maya.email)


@pytest.fixture
def track(api, runtime, maya):
    """Sends as a client that keeps to one a second; answers what is true of Maya afterwards."""

    def send(**said) -> PersonView:
        ratelimit.reset()
        answer = api.post(PATH, said)
        assert answer.status == 200, answer.text
        return runtime.people.view(maya.id)

    return send


def test_answer_names_the_broadcast(api):
    answer = api.post(PATH, {"status": "online"})
    assert answer.status == 200
    assert answer.json.keys() == {"success", "broadcastId"}
    broadcast = UUID(answer.json["broadcastId"])
    assert (answer.json["success"], broadcast.version) == (True, 7)


def test_everything_that_can_be_said_is_shown(track):
    seen = track(
        status="busy",
        currentPage="/boards?token=secret#here",
        isTyping=True,
        device="tablet",
        customStatus=" Deep work ",
        customEmoji="🎧",
    )
    assert seen[:1] + seen[2:] == ("busy", "/boards", True, "tablet", "Deep work", "🎧")
    seen = track(status="busy")
    assert (seen.page, seen.typing, seen.device, seen.custom_status) == (
        "/boards",
        True,
        "desktop",
        "Deep work",
    )
    seen = track(status="busy", currentPage=None, isTyping=False, customStatus=None, customEmoji="")
    assert seen[2:] == (None, False, "desktop", None, None)
    assert track(status="busy", currentPage="https://elsewhere.example/boards").page is None


def test_away_and_busy_are_chosen_until_online_takes_them_back(api, track):
    for status in ("busy", "away"):
        assert track(status=status).status == status
        assert api.get(SETTINGS).json["status"] == status
    for status in ("idle", "offline"):
        track(status=status)
        assert api.get(SETTINGS).json["status"] == "away"
    assert track(status="online").status == "online"
    assert api.get(SETTINGS).json["status"] == "online"


def test_idle_and_offline_speak_for_this_client_alone(client, track, maya):
    assert track(status="idle").status == "idle"
    assert track(status="offline").status == "offline"
    other = client(maya.email)
    assert track(status="idle").status == "online"
    assert track(status="offline").status == "online"
    other.delete("/api/session")
    assert track(status="idle").status == "idle"


def test_end_of_a_status_stays_while_the_same_is_said_again(api, track):
    until = "2190-01-01T00:00:00.000Z"
    api.put(SETTINGS, {"status": "busy", "statusUntil": until})
    track(status="busy", customStatus="Deep work")
    assert api.get(SETTINGS).json["statusUntil"] == until
    track(status="online")
    assert api.get(SETTINGS).json["statusUntil"] is None


def test_what_is_known_already_is_not_written(track, database):
    backstage = Backstage(database.admin_url)
    written = "select xmin::text, updated_at from presence_settings"
    track(status="busy", customStatus="Deep work")
    before = backstage.run(written)
    assert len(before) == 1
    for said in ({}, {"isTyping": True}, {"currentPage": "/people"}, {"customStatus": "Deep work"}):
        track(status="busy", **said)
    track(status="idle")
    assert backstage.run(written) == before
    assert backstage.run("select * from user_last_seen") == []
    track(status="busy", customEmoji="!")
    assert backstage.run(written) != before


BAD = [
    (None, "body"),
    ([], "body"),
    ({}, "status"),
    ({"status": "dancing"}, "status"),
    ({"status": None}, "status"),
    ({"status": "online", "currentPage": 7}, "currentPage"),
    ({"status": "online", "currentPage": "/" + "p" * 200}, "currentPage"),
    ({"status": "online", "isTyping": "yes"}, "isTyping"),
    ({"status": "online", "device": "toaster"}, "device"),
    ({"status": "online", "customStatus": "x" * 101}, "customStatus"),
    ({"status": "online", "customStatus": "a\x00b"}, "customStatus"),
    ({"status": "online", "customEmoji": "x" * 11}, "customEmoji"),
    ({"status": "online", "userId": "0198f0d2-0000-7000-8000-000000000001"}, "userId"),
]


@pytest.mark.parametrize(("said", "field"), BAD)
def test_bad_input_is_refused_by_the_name_of_its_field(api, said, field):
    answer = api.post(PATH, said)
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    assert [error["field"] for error in answer.json["errors"]] == ([field] if field != "body" else [""])
    assert answer.headers["RateLimit-Remaining"] == "0"


def test_one_update_a_second_and_every_answer_tells_what_is_left(api, client, people):
    first = api.post(PATH, {"status": "online"})
    left = {name: first.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")}
    assert left == {"Limit": "1", "Remaining": "0", "Reset": "1"}
    refused = api.post(PATH, {"status": "busy"})
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    assert refused.headers["Retry-After"] == str(refused.json["retryAfter"]) == "1"
    assert refused.headers["RateLimit-Remaining"] == "0"
    omar = client(people.user("Omar").email)
    assert omar.post(PATH, {"status": "online"}).status == 200, "others are not concerned"
    time.sleep(1.05)  # the promise itself: after so long it is taken again
    assert api.post(PATH, {"status": "online"}).status == 200


def test_refused_update_changes_nothing_and_costs_nobody_their_connection(api, track, runtime, maya):
    track(status="busy")
    for _ in range(5):
        assert api.post(PATH, {"status": "offline"}).status == 429
    assert runtime.people.view(maya.id).status == "busy"
    assert api.get("/api/session").json["authenticated"]


def test_program_tells_of_its_person_until_its_token_is_revoked(api, client, runtime, maya):
    made = api.post("/api/tokens", {"name": "Script", "scopes": ["presence:write"]}).json
    api.delete("/api/session")
    program = client().http
    headers = {"Authorization": f"Bearer {made['token']}"}
    answer = program.post(PATH, json={"status": "online", "currentPage": "/boards"}, headers=headers)
    assert answer.status_code == 200
    assert runtime.people.view(maya.id).page == "/boards"
    person = client(maya.email)
    person.post(PATH, {"status": "offline"})
    assert runtime.people.view(maya.id).status == "online"
    assert person.delete(f"/api/tokens/{made['id']}").status == 204
    runtime.people.leave(maya.id, next(iter(runtime.sessions())))
    assert runtime.people.view(maya.id).status == "offline"


def test_signed_out_has_nothing_to_tell(client):
    visitor = client()
    visitor.csrf_token = visitor.get("/api/session").json["csrfToken"]
    assert visitor.post(PATH, {"status": "online"}).status == 401


def test_five_hundred_at_once_are_all_answered(live):
    """Each a person of their own, first with nothing to write, then with a row for each."""
    people = seed(live.database.admin_url.replace("+psycopg2", ""), SECRET_KEY, count=500, board_size=50)

    def send(person, status: str) -> int:
        headers = {"Cookie": person.cookie, "X-CSRF-Token": json.loads(person.auth)["csrf"]}
        said = {"status": status, "isTyping": True, "currentPage": "/boards"}
        return requests.post(live.server.url + PATH, json=said, headers=headers, timeout=30).status_code

    with ThreadPoolExecutor(500) as pool:
        for status in ("online", "busy"):
            codes = list(pool.map(partial(send, status=status), people))
            assert {code: codes.count(code) for code in set(codes)} == {200: 500}, status
            time.sleep(1)  # or else they would be refused for their own good
