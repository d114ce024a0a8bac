"""Whoever loses a board, the head role or the login stops hearing of presence within a second, for good."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest

from tests.support.patience import GENEROUS, until_served, within

from .live import join, member_in, on, wait_to_see

WITHIN_SECONDS = 1.0


@pytest.fixture
def team(live):
    return live.team()


@contextmanager
def stream_of_changes(live, team):
    """Maya goes to and fro between typing and idle, ten times a second."""
    tab, over = live.enter(team.maya, team.board), threading.Event()

    def chatter():
        while not over.wait(1 / 10):
            tab.send("typing", on(team.board))
            over.wait(1 / 10)
            tab.send("activity", on(team.board, active=False, visible=True))

    with ThreadPoolExecutor() as pool:
        talk = pool.submit(chatter)
        try:
            yield
        finally:
            over.set()
            talk.result()


def hears(socket, event, timeout=GENEROUS):
    socket.wait_for(event, since=socket.mark(), timeout=timeout)


def is_silent(socket, witness, events, since):
    """`socket` heard none of `events` since then, although `witness` heard of several changes."""
    mark = witness.mark()
    for event in ("presence_dashboard", "typing"):
        for _ in range(3):
            hears(witness, event)
    assert len(witness.received) > mark
    return not any(socket.events(event, since) for event in events)


def revoke(socket, change, reason):
    """Time from the request to the word that something is over; position of that word."""
    started = time.monotonic()
    answer = change()
    assert answer.status in (200, 204), answer
    socket.wait_for("access_revoked")
    assert time.monotonic() - started < within(WITHIN_SECONDS)
    names = [name for name, _ in socket.received]
    assert socket.events("access_revoked")[0]["reason"] == reason
    return names.index("access_revoked")


def test_removed_head_hears_nothing_more(live, team):
    second = live.people.user("Second", team.organization)
    live.backstage.add_member(team.board, second, "head")
    witness, out = live.enter(team.head, team.board), live.enter(second, team.board)
    manager = live.sign_in(team.head)
    with stream_of_changes(live, team):
        hears(out, "presence_dashboard")
        since = revoke(
            out, lambda: manager.delete(f"/api/boards/{team.board.id}/members/{second.id}"), "removed"
        )
        assert is_silent(
            out, witness, ("presence_dashboard", "typing", "stop_typing", "board_updated"), since
        )
    assert witness.wait_for("presence_dashboard", lambda p: str(second.id) in p["removed"])
    assert out.emit("join_board", on(team.board))["error"]["code"] == "not_found"
    assert out.is_open
    assert live.backstage.statuses(team.board, second) == ["online", "offline"]


def test_demoted_head_keeps_the_board_and_loses_presence(live, team):
    second = live.people.user("Second", team.organization)
    live.backstage.add_member(team.board, second, "head")
    witness, out = live.enter(team.head, team.board), live.enter(second, team.board)
    manager = live.sign_in(team.head)
    path = f"/api/boards/{team.board.id}/members/{second.id}"
    with stream_of_changes(live, team):
        hears(out, "presence_dashboard")
        since = revoke(out, lambda: manager.patch(path, {"role": "member"}), "demoted")
        assert is_silent(out, witness, ("presence_dashboard",), since)
        assert out.events("typing", since), "the board itself goes on"
        mark = out.mark()
        assert join(out, team.board)["role"] == "member"
        assert is_silent(out, witness, ("presence_dashboard",), mark)
    assert live.backstage.statuses(team.board, second) == ["online"]


def test_promoted_member_hears_of_presence_at_once(live, team):
    out = live.enter(team.maya, team.board)
    answer = live.sign_in(team.head).patch(
        f"/api/boards/{team.board.id}/members/{team.maya.id}", {"role": "head"}
    )
    assert answer.status == 200
    snapshot = out.wait_for("presence_dashboard")
    assert snapshot["kind"] == "snapshot"
    assert member_in(snapshot, team.maya)["role"] == "head"
    live.enter(team.head, team.board)
    wait_to_see(out, team.head, status="online")


def test_role_that_changes_quickly_ends_as_it_was_set_last(live, team):
    out, witness = live.enter(team.maya, team.board), live.enter(team.head, team.board)
    managers = [live.sign_in(team.head) for _ in range(2)]
    path = f"/api/boards/{team.board.id}/members/{team.maya.id}"
    with ThreadPoolExecutor() as pool:
        for _ in range(8):
            roles = zip(managers, ("head", "member"), strict=True)
            changes = [
                pool.submit(until_served, partial(manager.patch, path, {"role": role}))
                for manager, role in roles
            ]
            assert [change.result().status for change in changes] == [200, 200]
    assert managers[0].patch(path, {"role": "member"}).status == 200
    mark = out.mark()
    for active in (False, True, False):
        seen_until = witness.mark()
        out.emit("activity", on(team.board, active=active, visible=True))
        wait_to_see(witness, team.maya, status="online" if active else "idle", since=seen_until)
    assert out.events("presence_dashboard", mark) == []


def test_many_removed_at_once_are_all_put_out(live):
    team = live.team(members=6)
    everybody = live.backstage.run(
        "select u.id, u.email from users u join board_members m on m.user_id = u.id"
        " where m.board_id = :board and m.role = 'member'",
        board=team.board.id,
    )
    users = [type("Person", (), {"id": user_id, "email": email}) for user_id, email in everybody]
    sockets = [live.enter(user, team.board) for user in users]
    managers = [live.sign_in(team.head) for _ in users]
    with ThreadPoolExecutor(len(users)) as pool:
        paths = [f"/api/boards/{team.board.id}/members/{user.id}" for user in users]
        answers = list(pool.map(lambda *each: until_served(lambda: each[0].delete(each[1])), managers, paths))
    assert {answer.status for answer in answers} == {204}
    for socket in sockets:
        assert socket.wait_for("access_revoked") == {"boardId": str(team.board.id), "reason": "removed"}
    live.enter(team.head, team.board).emit("typing", on(team.board))
    for socket in sockets:
        assert socket.emit("activity", on(team.board, active=True, visible=True))["ok"] is False
        assert socket.events("typing") == []


def test_deleted_board_puts_everybody_out_until_it_is_back(live, team):
    out, head = live.enter(team.maya, team.board), live.sign_in(team.head)
    revoke(out, lambda: head.delete(f"/api/boards/{team.board.id}"), "deleted")
    assert out.emit("join_board", on(team.board))["error"]["code"] == "not_found"
    assert head.post(f"/api/boards/{team.board.id}/restore").status == 200
    assert out.emit("join_board", on(team.board))["ok"]
    assert live.backstage.statuses(team.board, team.maya) == ["online", "offline", "online"]


def test_signing_out_ends_the_sockets_of_that_login_only(live, team):
    api, other = live.sign_in(team.maya), live.sign_in(team.maya)
    tabs, elsewhere = [live.open_tab(api) for _ in range(2)], live.open_tab(other)
    for socket in (*tabs, elsewhere):
        join(socket, team.board)
    head = live.enter(team.head, team.board)
    cookie, started = api.cookie, time.monotonic()
    assert api.delete("/api/session").status == 204
    for tab in tabs:
        assert tab.wait_for("session_ended")["reason"] == "signed_out"
        tab.wait_closed()
    assert time.monotonic() - started < within(WITHIN_SECONDS)
    wait_to_see(head, team.maya, status="online", connections=1, reconnecting=False)
    api.http.cookies.clear()
    api.http.headers["Cookie"] = cookie
    assert api.get("/api/boards").status == 401
    assert elsewhere.emit("activity", on(team.board, active=True, visible=True))["ok"]


def test_signing_out_is_believed_at_once(live, team):
    head, api = live.enter(team.head, team.board), live.sign_in(team.maya)
    join(live.open_tab(api), team.board)
    wait_to_see(head, team.maya, status="online")
    mark = head.mark()
    api.delete("/api/session")
    gone = wait_to_see(head, team.maya, since=mark, connections=0)
    assert (gone["status"], gone["reconnecting"]) == ("offline", False)
