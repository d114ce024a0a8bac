"""Changes of a board as the sockets of its people hear them, over the real server."""

import pytest

from tests.support.api import Api
from tests.support.patience import within
from tests.support.socket_client import open_socket


@pytest.fixture
def database(common_site):
    return common_site.database


@pytest.fixture
def server(common_site):
    return common_site.server


def person_on(server, user, board):
    api = Api(server.url)
    api.sign_in(user.email)
    socket = open_socket(api)
    return api, socket, socket.emit("join_board", {"boardId": str(board.id)})


def test_everybody_on_the_board_hears_changes_in_order_and_others_hear_none(server, acme, birch):
    head, head_socket, joined = person_on(server, acme.head, acme.board)
    _, member_socket, _ = person_on(server, acme.member, acme.board)
    _, stranger_socket, refused = person_on(server, birch.head, acme.board)
    assert joined["ok"] and joined["boardSeq"] == 0
    assert (refused["ok"], refused["error"]["code"]) == (False, "not_found")
    path = f"/api/boards/{acme.board.id}"
    task = head.post(f"{path}/tasks", {"listId": str(acme.todo.id), "title": "Live"}).json
    head.patch(f"{path}/tasks/{task['id']}", {"title": "Livelier", "version": 1})
    head.post(f"{path}/tasks/{task['id']}/move", {"listId": str(acme.done.id), "afterTaskId": None})
    head.delete(f"{path}/tasks/{task['id']}")
    for socket in (head_socket, member_socket):
        socket.wait_for("task_deleted")
        heard = [(name, load["seq"]) for name, load in socket.received if name.startswith("task_")]
        assert heard == [("task_created", 1), ("task_updated", 2), ("task_moved", 3), ("task_deleted", 4)]
    assert member_socket.events("task_updated")[0]["task"]["title"] == "Livelier"
    assert [name for name, _ in stranger_socket.received if name.startswith("task_")] == []


def test_removed_member_is_put_out_and_hears_nothing_more(server, acme):
    head, head_socket, _ = person_on(server, acme.head, acme.board)
    _, member_socket, _ = person_on(server, acme.member, acme.board)
    path = f"/api/boards/{acme.board.id}"
    head.delete(f"{path}/members/{acme.member.id}")
    gone = member_socket.wait_for("access_revoked", timeout=within(1))
    assert gone == {"boardId": str(acme.board.id), "reason": "removed"}
    head.post(f"{path}/tasks", {"listId": str(acme.todo.id), "title": "Secret"})
    head_socket.wait_for("task_created")
    updated = head_socket.wait_for("board_updated")
    assert [member["name"] for member in updated["members"]] == ["Acme head"]
    assert member_socket.events("task_created") == member_socket.events("board_updated") == []
    assert member_socket.emit("join_board", {"boardId": str(acme.board.id)})["error"]["code"] == "not_found"
