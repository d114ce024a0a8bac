"""What a person downloads of themselves: everything, nothing of others, however long it is."""

import json
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from app import db
from app.presence import export
from app.presence.exported import Exported
from app.presence.models import (
    Activity,
    BoardPresence,
    PresenceActivityLog,
    PresenceSettings,
    UserLastSeen,
)

from .backstage import Backstage

PATH = "/api/presence/export"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOSTILE = '"},{"x":"</script>\u2028=cmd|\' /C calc\'!A0\\\x07\u202e\N{PILE OF POO}'


@pytest.fixture
def acme(people):
    return people.organization("Acme", plan="enterprise")


@pytest.fixture
def maya(people, acme):
    return people.user("Maya", acme)


@pytest.fixture
def furnished(people, acme, maya):
    """Rows of Maya and of Omar in every table, on a board they share."""
    omar = people.user("Omar", acme, "owner")
    board = people.board(acme, [omar], [maya], name=HOSTILE)
    for user, status in ((maya, "busy"), (omar, "away")):
        whose = {"board_id": board.id, "user_id": user.id}
        state = {"status": "online", "last_seen": NOW, "updated_at": NOW}
        people.add(
            PresenceSettings(user_id=user.id, status=status, custom_status=HOSTILE, updated_at=NOW),
            UserLastSeen(
                user_id=user.id, last_seen_at=NOW, last_page="/boards", last_device="tablet",
                last_activity_type="online", session_duration_minutes=7,
            ),
            BoardPresence(**whose, **state),
            Activity(**whose, **state, device="desktop"),
            Activity(**whose, **{**state, "updated_at": NOW + timedelta(seconds=1)}, visible=False),
            PresenceActivityLog(
                organization_id=acme.id, user_id=user.id, activity_type="page_view", page_viewed="/boards",
                created_at=NOW,
            ),
        )  # fmt: skip
    return board, omar


def read(client, user):
    answer = client(user.email).get(PATH)
    assert answer.status == 200, answer.text
    return answer


def test_everything_about_oneself_is_in_it(client, maya, acme, furnished):
    board, _ = furnished
    told = read(client, maya).json
    assert told["person"] == {
        "id": str(maya.id),
        "name": "Maya",
        "email": maya.email,
        "avatarUrl": None,
        "timeZone": "UTC",
        "createdAt": told["person"]["createdAt"],
    }
    assert (told["settings"]["status"], told["settings"]["customStatus"]) == ("busy", HOSTILE)
    assert told["lastSeen"] == {
        "lastSeenAt": "2026-03-02T09:00:00.000Z",
        "lastPage": "/boards",
        "lastDevice": "tablet",
        "lastActivityType": "online",
        "sessionDurationMinutes": 7,
    }
    moments = {"lastSeen": "2026-03-02T09:00:00.000Z", "updatedAt": "2026-03-02T09:00:00.000Z"}
    assert told["boards"] == [{"boardId": str(board.id), "boardName": HOSTILE, "status": "online", **moments}]
    assert [(row["visible"], row["boardId"]) for row in told["activity"]] == [
        (True, str(board.id)),
        (False, str(board.id)),
    ], "also what nobody else may read"
    assert [row["pageViewed"] for row in told["activityLogs"]] == ["/boards"]
    assert [row["isActive"] for row in told["sessions"]] == [True]
    assert told["auditEvents"] == [
        {
            "organizationId": str(acme.id),
            "seq": 1,
            "occurredAt": told["exportedAt"],
            "action": "presence.exported",
            "targetType": "user",
            "targetId": None,
            "details": {},
        }
    ]


def test_it_is_a_file_of_its_declared_shape(client, maya, furnished):
    answer = read(client, maya)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=workhub-20")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json == Exported.model_validate_json(answer.text).to_json()


def test_whoever_has_no_history_gets_an_empty_one(client, people):
    told = read(client, people.user("Nobody")).json
    assert (told["lastSeen"], told["boards"], told["activity"], told["auditEvents"]) == (None, [], [], [])


def test_nothing_of_other_people_is_in_it(client, people, maya, furnished):
    """Not even of those whose rows an owner or head may read elsewhere, or to whom they did something."""
    board, omar = furnished
    zoe = people.user("Zoe Unmistakable", None)
    people.membership(zoe, people.organization("Third"))
    people.membership(zoe, people.organization("Fourth"))
    target = people.user("Target Unmistakable")
    people.board(people.organization("Fifth"), [omar, target])
    api = client(omar.email)
    members = f"/api/boards/{board.id}/members"
    assert api.patch(f"{members}/{maya.id}", {"role": "head"}).status == 200
    assert api.post(members, {"email": target.email, "role": "member"}).status == 201
    assert api.delete(f"{members}/{target.id}").status == 204
    assert api.post("/api/tokens", {"name": "Robot", "scopes": ["boards:read"]}).status == 201
    answer = api.get(PATH)
    acts = [(act["action"], act["details"]) for act in answer.json["auditEvents"]]
    assert acts[:3] == [
        ("board.role_changed", {"board": HOSTILE}),
        ("board.member_added", {"board": HOSTILE}),
        ("board.member_removed", {"board": HOSTILE}),
    ]
    assert [token["name"] for token in answer.json["accessTokens"]] == ["Robot"]
    for other in (maya, zoe, target):
        for trace in (str(other.id), other.email, other.name):
            assert trace not in answer.text, trace


def test_secrets_are_not_in_it(client, maya, database):
    api = client(maya.email)
    secret = api.post("/api/tokens", {"name": "Robot", "scopes": ["boards:read"]}).json["token"]
    text = api.get(PATH).text
    hashes = Backstage(database.admin_url).run(
        "select encode(session_token, 'hex'), encode(token_hash, 'hex'), password_hash"
        " from user_sessions, access_tokens, users where users.id = :id",
        id=maya.id,
    )
    for trace in (secret, *hashes[0], "argon2"):
        assert trace not in text


def test_hostile_words_stay_words(client, people, acme):
    """The document is text that is put together: no value may end it or begin something else."""
    maya = people.user(HOSTILE, acme, email="hostile@test.example")
    board = people.board(acme, [maya], name=HOSTILE)
    whose = {"board_id": board.id, "user_id": maya.id}
    people.add(BoardPresence(**whose, status="online", last_seen=NOW, updated_at=NOW))
    told = read(client, maya).json
    assert told["person"]["name"] == told["boards"][0]["boardName"] == HOSTILE


@pytest.mark.parametrize("rows", [0, 1, 6, 7, 8, 14, 15])
def test_long_lists_are_read_page_by_page(client, people, acme, maya, monkeypatch, rows):
    """Also where many rows have the same moment."""
    monkeypatch.setattr(export, "PAGE_ROWS", 7)
    board = people.board(acme, [maya])
    whose = {"board_id": board.id, "user_id": maya.id, "status": "online", "last_seen": NOW}
    made = [
        Activity(id=db.new_id(), **whose, updated_at=NOW + timedelta(seconds=n // 4)) for n in range(rows)
    ]
    people.add(*made)
    told = read(client, maya).json
    assert [row["id"] for row in told["activity"]] == [str(row.id) for row in made]


def test_what_happens_during_a_download_is_not_in_it(app, people, acme, maya, monkeypatch):
    monkeypatch.setattr(export, "PAGE_ROWS", 2)
    board = people.board(acme, [maya])
    whose = {"board_id": board.id, "user_id": maya.id, "status": "online", "last_seen": NOW}
    people.add(*[Activity(**whose, updated_at=NOW - timedelta(seconds=n)) for n in range(5)])
    pieces = []
    for piece in export.document({"exportedAt": ""}, actor_id=maya.id, until=NOW):
        pieces.append(piece)
        if piece == b',"activity":[':
            people.add(Activity(**whose, updated_at=NOW + timedelta(seconds=1)))
    assert len(json.loads(b"".join(pieces))["activity"]) == 5


def test_memory_does_not_grow_with_the_history(app, people, acme, maya, database):
    board, backstage = people.board(acme, [maya]), Backstage(database.admin_url)

    def peak_of(rows):
        backstage.run(
            "insert into activity (id, board_id, user_id, status, last_seen, updated_at)"
            " select gen_random_uuid(), :board, :user, 'online', now(), now() - n * interval '1 second'"
            " from generate_series(1, :rows) n",
            board=board.id,
            user=maya.id,
            rows=rows,
        )
        tracemalloc.start()
        length = sum(map(len, export.document({}, actor_id=maya.id, until=datetime.now(UTC))))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return length, peak

    peak_of(10)  # what is loaded and remembered once
    (short, little), (long, much) = peak_of(3_000), peak_of(12_000)
    assert long > 4 * short
    assert much < 1.5 * little


def test_it_is_told_in_the_audit_trail_of_each_organization(client, people, maya, acme, database):
    people.membership(maya, people.organization("Second"))
    read(client, maya)
    trail = Backstage(database.admin_url).run("select action, actor_id, target_id from audit_events")
    assert trail == [("presence.exported", maya.id, str(maya.id))] * 2


def test_six_downloads_an_hour(client, maya, people, acme):
    api = client(maya.email)
    left = [api.get(PATH).headers["RateLimit-Remaining"] for _ in range(6)]
    assert left == ["5", "4", "3", "2", "1", "0"]
    refused = api.get(PATH)
    assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    assert client(people.user("Omar", acme).email).get(PATH).status == 200, "each person has their own six"


def test_programs_with_a_token_cannot_download_a_person(client, maya):
    made = client(maya.email).post("/api/tokens", {"name": "Robot", "scopes": ["presence:read"]})
    headers = {"Authorization": f"Bearer {made.json['token']}"}
    assert client().http.get(PATH, headers=headers).status_code == 403


def test_visitors_have_nothing_to_download(client):
    assert client().get(PATH).status == 401
