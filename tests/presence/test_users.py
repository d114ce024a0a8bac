"""GET /api/presence/users: who is told of whom, what of them, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import event

from app import ratelimit
from app.clock import isoformat
from app.db import database as own_database
from tests.support.patience import until_served

from .backstage import Backstage

PATH = "/api/presence/users"
TRACK = "/api/presence/track"
SETTINGS = "/api/presence/settings"
KEYS = ["userId", "status", "lastSeen", "currentPage", "isTyping", "device", "customStatus", "customEmoji"]


@pytest.fixture
def house(people):
    """Maya and Omar share a board (Omar comes from elsewhere), Lena is Maya's team mate, Zoe a stranger."""
    acme, birch = people.organization("Acme"), people.organization("Birch")
    maya, lena, omar = people.user("Maya", acme), people.user("Lena", acme), people.user("Omar", birch)
    zoe = people.user("Zoe", birch)
    board = people.board(acme, [maya], [omar], name="Website relaunch")
    return SimpleNamespace(maya=maya, lena=lena, omar=omar, zoe=zoe, acme=acme, birch=birch, board=board)


@pytest.fixture
def apis(client, house):
    return {name: client(getattr(house, name).email) for name in ("maya", "lena", "omar", "zoe")}


@pytest.fixture
def maya(apis):
    """Everybody is signed in; she is the one who is looked at."""
    return apis["maya"]


@pytest.fixture
def backstage(database):
    return Backstage(database.admin_url)


@pytest.fixture
def runtime(app):
    return app.extensions["presence_runtime"].people


@pytest.fixture(autouse=True)
def unlimited(app, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ratelimit, "spend", lambda limit, *_key: ratelimit.Allowance(True, 1, 1, 0))
        yield patch


def read(api, *users, **query):
    parts = [f"userIds[]={getattr(user, 'id', user)}" for user in users]
    parts += [f"{name}={value}" for name, value in query.items()]
    answer = api.get(f"{PATH}?{'&'.join(parts)}")
    assert answer.status == 200, answer.text
    return answer.json["users"]


def look(api, user):
    (seen,) = read(api, user)
    return seen


def say(api, **said):
    assert api.post(TRACK, {"status": "online", **said}).status == 200


def test_everything_that_may_be_seen_is_told_live(house, apis, maya):
    maya.put(SETTINGS, {"showCurrentPage": True})
    page = f"/boards/{house.board.id}?token=secret"
    say(
        maya,
        status="busy",
        currentPage=page,
        isTyping=True,
        device="tablet",
        customStatus="Deep",
        customEmoji="!",
    )
    seen = look(apis["omar"], house.maya)
    assert list(seen) == KEYS
    last_seen = datetime.fromisoformat(seen.pop("lastSeen"))
    assert timedelta(0) <= datetime.now(UTC) - last_seen < timedelta(seconds=10)
    assert seen == {
        "userId": str(house.maya.id),
        "status": "busy",
        "currentPage": "Board: Website relaunch",
        "isTyping": True,
        "device": "tablet",
        "customStatus": "Deep",
        "customEmoji": "!",
    }


def test_board_one_is_not_on_has_no_name(house, apis, maya):
    maya.put(SETTINGS, {"showCurrentPage": True, "visibility": "everyone"})
    say(maya, currentPage=f"/boards/{house.board.id}")
    assert look(apis["zoe"], house.maya)["currentPage"] == "A board"
    assert look(apis["lena"], house.maya)["currentPage"] == "A board"
    say(maya, currentPage="/people")
    assert look(apis["zoe"], house.maya)["currentPage"] == "People"


def test_settings_hide_their_part_and_oneself_sees_all(house, apis, maya):
    say(maya, currentPage="/people", isTyping=True)
    assert look(apis["omar"], house.maya)["currentPage"] is None
    maya.put(SETTINGS, {"showActivity": False})
    seen = look(apis["omar"], house.maya)
    assert (seen["status"], seen["lastSeen"], seen["device"], seen["isTyping"]) == (
        "online",
        None,
        None,
        False,
    )
    own = look(maya, house.maya)
    assert (own["currentPage"], own["isTyping"], own["device"]) == ("People", True, "desktop")
    assert look(apis["lena"], house.maya)["status"] == "offline", "contacts, not the team"


HIDING = [{"appearOffline": True}, {"visibility": "nobody"}, {"visibility": "team"}]


@pytest.mark.parametrize("hiding", HIDING)
def test_hidden_person_reads_byte_for_byte_like_one_who_has_left(client, people, house, runtime, hiding):
    """Two who do the same at the same moment; one hides, the other signs out. What the hidden one does then
    changes nothing. Both are dated alike, as they cannot ask in the very same moment."""
    both = [people.user(name, house.birch, email=f"{name}@twins.test") for name in ("hider", "leaver")]
    board = people.board(house.acme, [house.maya], both)
    hider, leaver = (client(user.email) for user in both)
    viewer = client(house.maya.email)
    for api in (hider, leaver):
        api.put(SETTINGS, {"showCurrentPage": True})
        say(api, status="busy", currentPage=f"/boards/{board.id}", isTyping=True, customStatus="Deep work")
    assert hider.put(SETTINGS, hiding).status == 200
    assert leaver.delete("/api/session").status == 204
    runtime.write()
    before = viewer.get(f"{PATH}?userIds={both[0].id}").text
    say(hider, status="online", isTyping=True, customStatus="Still here")
    hider.get("/boards")
    runtime.write(with_present=True)
    hidden, gone = (viewer.get(f"{PATH}?userIds={user.id}") for user in both)
    assert hidden.text == before
    assert without_moment(hidden.text, both[0]) == without_moment(gone.text, both[1])
    assert len(hidden.text) == len(gone.text)
    assert '"status":"offline"' in hidden.text
    assert '"lastSeen":"' in hidden.text


def without_moment(text, user):
    head, _, rest = text.partition('"lastSeen":"')
    return (head + rest[24:]).replace(str(user.id), "")


def test_hidden_person_was_last_seen_when_they_hid(house, apis, maya, runtime):
    say(maya)
    moment = runtime.people.view(house.maya.id).last_seen
    maya.put(SETTINGS, {"appearOffline": True})
    frozen = datetime.fromisoformat(look(apis["omar"], house.maya)["lastSeen"])
    assert abs(frozen - moment) < timedelta(seconds=5), "written with the change itself"
    say(maya)
    runtime.write(with_present=True)
    assert look(apis["omar"], house.maya)["lastSeen"] == isoformat(frozen)


def test_change_of_privacy_that_fails_leaves_no_trace(house, maya, backstage, runtime):
    say(maya)
    before = backstage.run("select contacts_seen_at from user_last_seen")
    assert maya.put(SETTINGS, {"appearOffline": True, "statusUntil": "2190-01-01T00:00:00Z"}).status == 422
    assert backstage.run("select contacts_seen_at from user_last_seen") == before


def test_crowd_that_hides_at_once_does_not_wait_in_a_circle(client, people, house):
    """More than there are connections, each in need of what the site itself writes: in a circle nobody at all
    would be served at first."""
    crowd = [client(people.user("Somebody", house.acme).email) for _ in range(24)]

    def hide(api):
        return api.put(SETTINGS, {"appearOffline": True}).status

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(hide, crowd))
    assert set(answers) <= {200, 503} and answers.count(200) >= 12  # the others waited in line for too long
    again = [api for api, answer in zip(crowd, answers, strict=True) if answer == 503]
    for api in again:
        assert until_served(lambda api=api: api.put(SETTINGS, {"appearOffline": True})).status == 200


def test_heads_see_whoever_hides_where_the_organization_says_so(house, client, people, apis):
    say(apis["omar"], customStatus="Deep work")
    apis["omar"].put(SETTINGS, {"appearOffline": True})
    assert look(apis["maya"], house.omar)["status"] == "offline"
    owner = people.user("Owner", house.acme, "owner")
    policy = f"/api/organizations/{house.acme.id}/presence-policy"
    assert client(owner.email).put(policy, {"headsAlwaysSeePresence": True}).status == 200
    seen = look(apis["maya"], house.omar)
    assert (seen["status"], seen["customStatus"], seen["currentPage"]) == ("online", "Deep work", None)


def test_who_does_not_exist_for_the_viewer_is_left_out_like_an_unknown_id(house, apis):
    zoe = apis["zoe"]
    assert read(zoe, house.maya, uuid4(), house.omar) == [look(zoe, house.omar)]
    assert read(zoe, house.maya) == read(zoe, uuid4()) == []
    apis["maya"].put(SETTINGS, {"visibility": "everyone"})
    assert look(zoe, house.maya)["status"] == "online"


def test_all_ways_to_name_people_mean_the_same_in_the_order_given(house, apis):
    ids = [str(house.omar.id), str(house.lena.id), str(house.maya.id)]
    ways = [
        "&".join(f"userIds[]={i}" for i in ids),
        "&".join(f"userIds={i}" for i in ids),
        "userIds=" + ",".join(ids),
        "&".join(f"userIds%5B%5D={i}" for i in [*ids, ids[0]]),
    ]
    answers = [apis["maya"].get(f"{PATH}?{way}").json for way in ways]
    assert [user["userId"] for user in answers[0]["users"]] == ids
    assert all(answer.keys() == {"users"} for answer in answers)
    told = [[(u["userId"], u["status"]) for u in answer["users"]] for answer in answers]
    assert told == [told[0]] * 4


SOMEBODY = "0198f0d2-0000-7000-8000-000000000001"
BAD = [
    ("", "userIds"),
    ("userIds=", "userIds.0"),
    ("userIds[]=7", "userIds.0"),
    (f"userIds={SOMEBODY},x", "userIds.1"),
    ("userIds=" + ",".join([SOMEBODY] * 201), "userIds"),
    (f"userIds={SOMEBODY}&context=organization", "userIds"),
    ("context=boards", "context"),
    ("context=board:7", "context"),
    (f"context=organization:{SOMEBODY}x", "context"),
    ("context=organization&limit=201", "limit"),
    ("context=organization&cursor=x", "cursor"),
    (f"userIds={SOMEBODY}&role=head", "role"),
]


@pytest.mark.parametrize(("query", "field"), BAD)
def test_bad_query_is_refused_by_the_name_of_its_field(maya, query, field):
    answer = maya.get(f"{PATH}?{query}")
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    assert [error["field"] for error in answer.json["errors"]] == [field]


# Groups


def named(users):
    return {user["userId"] for user in users}


def ids(*users):
    return {str(user.id) for user in users}


def test_members_of_a_board_are_told_to_its_members(house, apis, client, people):
    context = f"board:{house.board.id}"
    for name in ("maya", "omar"):
        assert named(read(apis[name], context=context)) == ids(house.maya, house.omar)
    owner = client(people.user("Owner", house.acme, "owner").email)
    unknown = apis["zoe"].get(f"{PATH}?context=board:{uuid4()}")
    for api in (apis["lena"], apis["zoe"], owner):
        refused = api.get(f"{PATH}?context={context}")
        assert (refused.status, refused.text) == (404, unknown.text)
        assert api.get(f"{PATH}?context={context}&cursor={uuid4()}").status == 404


def test_members_of_an_organization_are_told_to_its_members(house, apis, client, people):
    context = f"organization:{house.acme.id}"
    for name in ("maya", "lena"):
        assert named(read(apis[name], context=context)) == ids(house.maya, house.lena)
    assert named(read(apis["omar"], context="organization")) == ids(house.omar, house.zoe)
    refused = apis["omar"].get(f"{PATH}?context={context}")
    assert (refused.status, refused.text) == (404, apis["omar"].get(f"{PATH}?context=board:{uuid4()}").text)
    assert read(client(people.user("Nobody").email), context="organization") == []


def test_everybody_of_a_large_organization_is_told_once_page_by_page(house, maya, people):
    users = people.users(8, house.acme)
    told, cursor = [], ""
    while True:
        answer = maya.get(f"{PATH}?context=organization&limit=3{cursor}").json
        told += [user["userId"] for user in answer["users"]]
        assert len(answer["users"]) <= 3
        if answer["nextCursor"] is None:
            break
        cursor = f"&cursor={answer['nextCursor']}"
    assert told == sorted(ids(house.maya, house.lena, *users)), "in an order that says nothing of anybody"


# Cost


def test_reads_are_limited_generously_and_told_what_is_left(house, apis, maya, unlimited):
    unlimited.undo()
    limit = ratelimit.per_window(60, seconds=3)
    for _ in range(59):  # 59 requests might take longer than the window
        ratelimit.spend(limit, "show_users", str(house.maya.id))
    last, refused = (maya.get(f"{PATH}?userIds={house.omar.id}") for _ in range(2))
    assert (last.status, refused.status) == (200, 429)
    for answer in (last, refused):
        assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("60", "0")
        assert 0 <= int(answer.headers["RateLimit-Reset"]) <= 3
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert apis["lena"].get(f"{PATH}?userIds={house.omar.id}").status == 200


@pytest.fixture
def as_app(app) -> Iterator[list[str]]:
    """Statements of transactions that act for a person."""
    said: list[str] = []
    role: dict[str, bool] = {}

    def hear(_connection, _cursor, statement, parameters, *_more):
        if "set_config" in statement:
            role["is_app"] = parameters["role"] == "workhub_app"
        if role.get("is_app"):
            said.append(statement)

    event.listen(own_database.engine, "before_cursor_execute", hear)
    yield said
    event.remove(own_database.engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("count", [1, 50, 199])
def test_three_statements_are_enough_however_many_are_asked_for(house, apis, maya, people, as_app, count):
    users = people.users(count, house.acme)
    maya.put(SETTINGS, {"showCurrentPage": True})
    say(maya, currentPage=f"/boards/{house.board.id}")
    for who in ({"context": "organization"}, {"context": f"board:{house.board.id}"}):
        del as_app[:]
        read(apis["maya"], **who)
        assert len(as_app) <= 3, as_app
    del as_app[:]
    assert len(read(apis["maya"], house.maya, *users)) == count + 1
    assert len(as_app) <= 3, as_app
