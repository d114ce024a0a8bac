"""watch_users and presence_update over real sockets: told soon, told what may be seen, and nothing else."""

from __future__ import annotations

import json
import time
from uuid import uuid4

import pytest
import requests

from bench.seed import seed
from tests.support.patience import GENEROUS, within
from tests.support.people import People
from tests.support.server import SECRET_KEY
from tests.support.socket_client import BoardSocket, connect

from .live import join, on

USERS = "/api/presence/users"
SETTINGS = "/api/presence/settings"
TRACK = "/api/presence/track"
SOON = within(2.0)  # seconds: what people are promised


@pytest.fixture
def team(live):
    return live.team()


@pytest.fixture
def maya(live, team):
    return live.sign_in(team.maya)


@pytest.fixture
def head(live, team):
    return live.connect(team.head)


def watch(socket, *users):
    """What the socket is told at first, by person."""
    mark = socket.mark()
    assert socket.emit("watch_users", {"userIds": [str(getattr(u, "id", u)) for u in users]}) == {"ok": True}
    first = socket.wait_for("presence_update", since=mark, timeout=SOON)
    return {user["userId"]: user for user in first["users"]}


def wait_to_hear(socket, user, since, timeout=SOON, **what):
    def fits(payload):
        told = next((u for u in payload["users"] if u["userId"] == str(user.id)), None)
        return told is not None and all(told[key] == value for key, value in what.items())

    payload = socket.wait_for("presence_update", fits, timeout, since)
    return next(u for u in payload["users"] if u["userId"] == str(user.id))


class Marker:
    """Somebody whom everybody sees. What they do is told after whatever was to be told before it."""

    def __init__(self, live, team):
        self.user = live.people.user("Marker", team.organization)
        self._api = live.sign_in(self.user)
        self._words = 0
        self._api.put(SETTINGS, {"visibility": "everyone"})

    def wait_for(self, socket):
        self._words += 1
        mark = socket.mark()
        # Both by themselves: one is told at once, the other when the settings have been read anew.
        for shown in (True, False):
            said = {"customStatus": f"{self._words} {shown}", "showCurrentPage": shown}
            assert self._api.put(SETTINGS, said).status == 200
            wait_to_hear(socket, self.user, mark, customStatus=said["customStatus"])


@pytest.fixture
def marker(live, team):
    return Marker(live, team)


def told_of(socket, user, since):
    updates = socket.events("presence_update", since=since)
    return [one for update in updates for one in update["users"] if one["userId"] == str(user.id)]


def test_watcher_is_told_of_all_and_then_of_each_change(live, team, maya, head):
    first = watch(head, team.maya, team.head, uuid4())
    assert first.keys() == {str(team.maya.id), str(team.head.id)}
    assert list(first.values()) == head_reads(live, team, team.maya, team.head, like=first)
    mark = head.mark()
    assert maya.put(SETTINGS, {"status": "busy", "customStatus": "Deep work"}).status == 200
    told = wait_to_hear(head, team.maya, mark, status="busy")
    assert told["customStatus"] == "Deep work"
    assert told == head_reads(live, team, team.maya, like={told["userId"]: told})[0]
    mark = head.mark()
    tab = live.open_tab(maya)
    join(tab, team.board)
    tab.emit("typing", on(team.board))
    wait_to_hear(head, team.maya, mark, isTyping=True)
    wait_to_hear(head, team.maya, mark, isTyping=False, timeout=within(5))


def head_reads(live, team, *users, like):
    """By REST. Of who is there the last moment goes on; everything else is the same."""
    api = live.sign_in(team.head)
    read = api.get(USERS + "?" + "&".join(f"userIds[]={user.id}" for user in users)).json["users"]
    for user in read:
        if user["status"] != "offline":
            user["lastSeen"] = like[user["userId"]]["lastSeen"]
    return read


def test_signing_out_is_told_at_once(live, team, maya, head):
    assert watch(head, team.maya)[str(team.maya.id)]["status"] == "online"
    mark, began = head.mark(), time.monotonic()
    maya.delete("/api/session")
    gone = wait_to_hear(head, team.maya, mark, status="offline")
    assert time.monotonic() - began < within(1)
    assert gone["lastSeen"]
    assert (gone["device"], gone["currentPage"]) == (None, None)


@pytest.mark.parametrize("hiding", [{"appearOffline": True}, {"visibility": "nobody"}])
def test_who_hides_has_left_and_nothing_follows(live, team, maya, head, marker, hiding):
    watch(head, team.maya, marker.user)
    mark = head.mark()
    assert maya.put(SETTINGS, hiding).status == 200
    gone = wait_to_hear(head, team.maya, mark, status="offline")
    mark = head.mark()
    tab = live.open_tab(maya)
    join(tab, team.board)
    tab.emit("typing", on(team.board))
    maya.put(SETTINGS, {"status": "busy", "customStatus": "Hidden", "showCurrentPage": True})
    maya.post(TRACK, {"status": "busy", "isTyping": True, "currentPage": "/people"})
    tab.close()
    marker.wait_for(head)
    assert told_of(head, team.maya, mark) == []
    assert head_reads(live, team, team.maya, like={}) == [gone]
    assert maya.put(SETTINGS, {"appearOffline": False, "visibility": "contacts"}).status == 200
    assert wait_to_hear(head, team.maya, mark, status="busy")["currentPage"] == "People"


def test_activity_that_is_not_shown_is_not_told(live, team, maya, head, marker):
    maya.put(SETTINGS, {"showActivity": False})
    seen = watch(head, team.maya, marker.user)[str(team.maya.id)]
    assert (seen["status"], seen["lastSeen"], seen["device"]) == ("online", None, None)
    mark = head.mark()
    maya.post(TRACK, {"status": "online", "isTyping": True, "device": "tablet", "currentPage": "/people"})
    marker.wait_for(head)
    assert told_of(head, team.maya, mark) == []


def test_who_is_removed_from_the_only_board_hears_no_more_than_that(live, team, maya, marker):
    """A guest: without the board they share nothing. Nobody stays online on their page, whatever they do."""
    guest = live.people.user("Guest")
    live.backstage.add_member(team.board, guest)
    socket = live.connect(guest)
    assert watch(socket, team.maya, marker.user)[str(team.maya.id)]["status"] == "online"
    head, mark = live.sign_in(team.head), socket.mark()
    assert head.delete(f"/api/boards/{team.board.id}/members/{guest.id}").status == 204
    last = wait_to_hear(socket, team.maya, mark, status="offline")
    assert {key for key, value in last.items() if value} == {"userId", "status"}
    mark = socket.mark()
    maya.put(SETTINGS, {"status": "busy", "showCurrentPage": True})
    maya.delete("/api/session")
    marker.wait_for(socket)
    assert told_of(socket, team.maya, mark) == []
    assert live.sign_in(guest).get(f"{USERS}?userIds={team.maya.id}").json["users"] == []


def test_who_is_added_to_a_board_sees_its_people_from_then_on(live, team, maya):
    guest = live.people.user("Guest")
    live.people.board(team.organization, [team.head], [guest])  # so that the head knows them
    socket = live.connect(guest)
    assert watch(socket, team.maya) == {}
    mark, added = socket.mark(), {"email": guest.email, "role": "member"}
    assert live.sign_in(team.head).post(f"/api/boards/{team.board.id}/members", added).status == 201
    wait_to_hear(socket, team.maya, mark, status="online")


def test_policy_of_the_organization_shows_who_hides_to_their_heads(live, team, maya, head):
    maya.put(SETTINGS, {"appearOffline": True})
    assert watch(head, team.maya)[str(team.maya.id)]["status"] == "offline"
    owner = live.sign_in(live.people.user("Owner", team.organization, "owner"))
    policy = f"/api/organizations/{team.organization.id}/presence-policy"
    for on_or_off, status in ((True, "online"), (False, "offline")):
        mark = head.mark()
        assert owner.put(policy, {"headsAlwaysSeePresence": on_or_off}).status == 200
        wait_to_hear(head, team.maya, mark, status=status)


def test_second_watch_replaces_the_first_and_an_empty_one_ends_it(live, team, maya, head, marker):
    watch(head, team.maya, marker.user)
    assert watch(head, team.head, marker.user).keys() == {str(team.head.id), str(marker.user.id)}
    mark = head.mark()
    maya.put(SETTINGS, {"status": "busy"})
    marker.wait_for(head)
    assert told_of(head, team.maya, mark) == []
    assert head.emit("watch_users", {"userIds": []}) == {"ok": True}
    mark, other = head.mark(), live.connect(team.head)
    watch(other, marker.user)
    marker.wait_for(other)
    head.emit("unheard_of", {})
    assert head.events("presence_update", since=mark) == []


BAD = [None, {}, {"userIds": None}, {"userIds": "all"}, {"userIds": ["x"]}, {"userIds": [7]}, {"userIds": {}}]


def test_bad_lists_are_refused_and_change_nothing(live, team, maya, head):
    watch(head, team.maya)
    for payload in [*BAD, {"userIds": [str(uuid4())] * 201}, {"userIds": [], "as": str(team.maya.id)}]:
        answer = head.emit("watch_users", payload)
        assert (answer["ok"], answer["error"]["code"]) == (False, "invalid_input"), payload
    mark = head.mark()
    maya.put(SETTINGS, {"status": "busy"})
    wait_to_hear(head, team.maya, mark, status="busy")


def test_many_watchers_of_one_person_are_told_together(server, database):
    """Their sights are read anew by one query, and most are told by one message."""
    address = database.admin_url.replace("+psycopg2", "")
    watched, *watchers = seed(address, SECRET_KEY, count=101, board_size=101)
    sockets = [BoardSocket(server.url, who.cookie, csrf_of(who)) for who in watchers]
    for socket in sockets:
        socket.emit("watch_users", {"userIds": [watched.user_id]})
    for socket in sockets:
        socket.wait_for("presence_update")
    marks = [socket.mark() for socket in sockets]
    headers = {"Cookie": watched.cookie, "X-CSRF-Token": csrf_of(watched)}
    said = {"visibility": "everyone", "status": "busy"}
    assert (
        requests.put(server.url + SETTINGS, json=said, headers=headers, timeout=GENEROUS).status_code == 200
    )
    answered = time.monotonic()
    for socket, mark in zip(sockets, marks, strict=True):
        socket.wait_for("presence_update", lambda told: told["users"][0]["status"] == "busy", since=mark)
    assert time.monotonic() - answered < SOON
    for socket in sockets:
        socket.close()


def test_live_changes_go_on_while_the_database_is_away_and_newcomers_wait(start_server, own_postgres):
    database = own_postgres.create()
    people = People(database.admin_url)
    organization = people.organization()
    head, maya = people.user("Head", organization), people.user("Maya", organization)
    board = people.board(organization, [head], [maya])
    people.close()
    server = start_server(database)
    watcher, newcomer, tab = (connect(server.url, user.email) for user in (head, head, maya))
    join(tab, board)
    watch(watcher, maya)
    own_postgres.stop()
    mark = watcher.mark()
    tab.emit("typing", on(board))
    wait_to_hear(watcher, maya, mark, isTyping=True)
    assert newcomer.emit("watch_users", {"userIds": [str(maya.id), str(head.id)]}) == {"ok": True}
    wait_to_hear(watcher, maya, mark, isTyping=False, timeout=within(8))
    assert newcomer.events("presence_update") == [], "of whom it cannot be asked now, nothing is told"
    own_postgres.start()
    first = newcomer.wait_for("presence_update", timeout=GENEROUS)
    assert {user["userId"] for user in first["users"]} == {str(maya.id), str(head.id)}
    for socket in (watcher, newcomer, tab):
        socket.close()


def csrf_of(person):
    return json.loads(person.auth)["csrf"]
