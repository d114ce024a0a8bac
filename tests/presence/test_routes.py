"""Presence and history over REST: for the heads of the board, page by page, and for nobody else."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest

from app import db
from app.presence import store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATUSES = ("online", "idle", "offline")
MEMBER = {
    "userId", "name", "avatarUrl", "role", "isGuest", "status", "typing", "taskId", "reconnecting",
    "lastSeen", "device", "currentPage", "statusUntil", "customStatus", "customEmoji", "connections",
}  # fmt: skip


@pytest.fixture
def house(app, people):
    """A board with a head and a member, and everybody who must not know."""
    acme, birch = people.organization("Acme"), people.organization("Birch")
    head, maya = people.user("Head", acme), people.user("Maya", acme)
    board = people.board(acme, [head], [maya])
    stranger = people.user("Stranger", birch, "owner")
    people.board(birch, [stranger])
    curious = [maya, people.user("Colleague", acme), people.user("Owner", acme, "owner"), stranger]
    curious.append(people.user("Other head", acme))
    people.board(acme, [curious[-1]], [head])
    return board, head, maya, curious


def record(board, *entries):
    """Rows of (user, status, seconds), in one group."""
    with db.service_work() as session:
        moments = [NOW + timedelta(seconds=seconds) for _, _, seconds in entries]
        rows = [
            store.Transition(db.new_id(), board.id, user.id, status, at, at, "desktop", "/secret")
            for (user, status, _), at in zip(entries, moments, strict=True)
        ]
        store.write(session, rows)


@pytest.fixture
def history(client, house):
    board, head, _, _ = house
    api = client(head.email)

    def read(**query):
        answer = api.get(f"/api/boards/{board.id}/activity?{urlencode(query)}")
        assert answer.status == 200, answer.text
        return answer.json

    return read


# Presence


def test_head_reads_who_is_there(client, house):
    board, head, maya, _ = house
    record(board, (maya, "offline", 7))
    answer = client(head.email).get(f"/api/boards/{board.id}/presence")
    assert answer.status == 200
    assert answer.json.keys() == {"boardId", "seq", "serverTime", "members"}
    told = {member["userId"]: member for member in answer.json["members"]}
    assert told.keys() == {str(head.id), str(maya.id)}
    assert all(member.keys() == MEMBER for member in told.values())
    seen = told[str(maya.id)]
    assert (seen["status"], seen["lastSeen"], seen["role"]) == (
        "offline",
        "2026-03-02T09:00:07.000Z",
        "member",
    )


@pytest.mark.parametrize("what", ["presence", "activity"])
def test_for_everybody_else_it_does_not_exist(client, house, what):
    board, _, maya, curious = house
    record(board, (maya, "online", 0))
    unknown = client(maya.email).get(f"/api/boards/{uuid4()}/{what}")
    assert (unknown.status, unknown.json["code"]) == (404, "not_found")
    for person in curious:
        answer = client(person.email).get(f"/api/boards/{board.id}/{what}")
        assert (answer.status, answer.json) == (404, unknown.json), person.name
    assert client().get(f"/api/boards/{board.id}/{what}").status == 401


def test_of_a_former_head_nothing_is_left(client, house, people):
    board, head, maya, _ = house
    api = client(head.email)
    promoted = api.patch(f"/api/boards/{board.id}/members/{maya.id}", {"role": "head"})
    assert promoted.status == 200
    theirs = client(maya.email)
    assert theirs.get(f"/api/boards/{board.id}/activity").status == 200
    api.patch(f"/api/boards/{board.id}/members/{maya.id}", {"role": "member"})
    for what in ("presence", "activity"):
        assert theirs.get(f"/api/boards/{board.id}/{what}").status == 404


def test_presence_cannot_be_written(client, house):
    board, head, _, _ = house
    api = client(head.email)
    for what in ("presence", "activity"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert api.request(method, f"/api/boards/{board.id}/{what}", {}).status == 405


# History


def test_history_is_newest_first_with_all_fields(history, house):
    board, _, maya, _ = house
    record(board, (maya, "online", 0), (maya, "offline", 9.5))
    found = history()
    newest = found["items"][0]
    assert len(newest.pop("id")) == 36
    assert newest == {
        "userId": str(maya.id),
        "name": "Maya",
        "status": "offline",
        "lastSeen": "2026-03-02T09:00:09.500Z",
        "updatedAt": "2026-03-02T09:00:09.500Z",
        "device": "desktop",
    }
    assert [item["status"] for item in found["items"]] == ["offline", "online"]
    assert found["nextCursor"] is None


def test_history_of_a_quiet_board_is_empty(history):
    assert history() == {"items": [], "nextCursor": None}


def test_pages_follow_each_other_without_gap_or_repetition(history, house):
    """Also where many rows have the same moment, and while new ones come in."""
    board, head, maya, _ = house
    record(board, *((maya, STATUSES[n % 3], n // 4) for n in range(23)))
    everything = [item["id"] for item in history(limit=200)["items"]]
    assert len(everything) == 23
    for limit in (1, 4, 5, 22, 23):
        read, cursor = [], None
        while True:
            page = history(limit=limit, **({"cursor": cursor} if cursor else {}))
            read += [item["id"] for item in page["items"]]
            if (cursor := page["nextCursor"]) is None:
                break
            assert len(page["items"]) == limit
        assert read == everything
    first = history(limit=20)
    record(board, (head, "online", 900))
    rest = history(limit=20, cursor=first["nextCursor"])
    assert [item["id"] for item in first["items"] + rest["items"]] == everything


def test_filters(history, house):
    board, head, maya, _ = house
    record(board, *((user, status, n) for n, status in enumerate(STATUSES) for user in (maya, head)))

    def found(**query):
        return {
            (item["name"], item["status"], item["updatedAt"][17:19]) for item in history(**query)["items"]
        }

    assert {name for name, _, _ in found(userId=maya.id)} == {"Maya"}
    assert {status for _, status, _ in found(status="idle")} == {"idle"}
    assert found(**{"from": "2026-03-02T09:00:01Z", "to": "2026-03-02T09:00:02Z"}) == {
        ("Maya", "idle", "01"),
        ("Head", "idle", "01"),
    }
    assert found(**{"from": "2026-03-02T10:00:01+01:00"}, userId=head.id) == {
        ("Head", "idle", "01"),
        ("Head", "offline", "02"),
    }
    assert found(userId=uuid4()) == set()
    page = history(limit=2, userId=maya.id)
    assert len(history(limit=2, userId=maya.id, cursor=page["nextCursor"])["items"]) == 1


def test_history_of_one_board_tells_nothing_of_another(history, house, people):
    board, head, maya, _ = house
    other = people.board(people.organization("Third"), [head], [maya])
    record(board, (maya, "online", 0))
    record(other, (maya, "idle", 1))
    assert [item["status"] for item in history()["items"]] == ["online"]


IMPOSSIBLE = (
    "limit=0", "limit=201", "limit=-1", "limit=many", "limit=1e9", "limit=", "status=dancing",
    "userId=me", "userId=%00", "from=yesterday", "from=2026-03-02", "from=2026-03-02T09:00:00",
    "to=9999-12-31T23:59:59-14:00", "from=0001-01-01T00:00:00%2B14:00", "board=1", "order=asc",
)  # fmt: skip


def test_impossible_queries_are_refused_by_field(client, house):
    board, head, _, _ = house
    api = client(head.email)
    for query in IMPOSSIBLE:
        answer = api.get(f"/api/boards/{board.id}/activity?{query}")
        assert (answer.status, answer.json["code"]) == (422, "invalid_input"), (query, answer)
        assert answer.json["errors"][0]["field"] == query.partition("=")[0]


def test_cursors_nobody_gave_out_are_refused(client, house):
    board, head, _, _ = house
    api = client(head.email)
    place = f"{NOW.isoformat()} {uuid4()}"
    without_zone = base64.b64encode(place.replace("+00:00", "").encode()).decode()
    short = base64.b64encode(place[:-1].encode()).decode()
    for cursor in (
        "x",
        "AAAA",
        "\N{SNOWMAN}",
        "a" * 201,
        "a" * 199,
        "=" * 9,
        place,
        "\0",
        without_zone,
        short,
    ):
        answer = api.get(f"/api/boards/{board.id}/activity?cursor={quote(cursor)}")
        assert (answer.status, answer.json["code"]) == (422, "invalid_input"), (cursor, answer)
        assert answer.json["errors"][0]["field"] == "cursor"


def test_cursors_at_the_ends_of_time_are_no_mistake_of_ours(client, house):
    board, head, _, _ = house
    api = client(head.email)
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        cursor = base64.urlsafe_b64encode(f"{moment} {uuid4()}".encode()).decode()
        assert api.get(f"/api/boards/{board.id}/activity?cursor={cursor}").status in (200, 422)
