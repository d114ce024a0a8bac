"""The yardstick: a Flask-SocketIO server that does the same talking and none of the work.

No login, no database, no rules. Options are those a careful person would set before blaming the library:
WebSocket only, ordered handlers, no server-side session, room for more sockets than eventlet's 1,024.
Must stay free of cleverness, otherwise the ratios mean nothing.
"""

import eventlet

eventlet.monkey_patch()

# ruff: noqa: E402 - the patch has to come before anything that opens a socket
import os

import eventlet.wsgi
from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room

NAMESPACE = "/board"
app = Flask(__name__)
socketio = SocketIO(
    app,
    async_mode="eventlet",
    transports=["websocket"],
    async_handlers=False,
    manage_session=False,
    http_compression=False,
    ping_interval=10,
    ping_timeout=8,
    max_http_buffer_size=16 * 1024,
)


people: dict[str, dict] = {}  # sid -> what the client said about itself when it connected


def _tell_heads(board_id: str, status: str) -> None:
    """One member of a board changed: the same object the real server sends, with constants in it."""
    member = {
        "userId": people[request.sid]["userId"],
        "name": "Somebody Benchmarked",
        "avatarUrl": None,
        "role": "member",
        "status": status,
        "typing": False,
        "taskId": None,
        "reconnecting": False,
        "lastSeen": "2025-08-10T12:34:56.789Z",
        "device": "desktop",
        "currentPage": None,
        "statusUntil": None,
        "customStatus": None,
        "customEmoji": None,
        "connections": 1,
    }
    delta = {
        "boardId": board_id,
        "kind": "delta",
        "seq": 1,
        "serverTime": "2025-08-10T12:34:56.789Z",
        "members": [member],
        "removed": [],
    }
    emit("presence_dashboard", delta, to=f"board:{board_id}:heads")


def _tell_board(event: str, payload: dict) -> dict:
    board_id = payload["boardId"]
    news = {
        "boardId": board_id,
        "userId": people[request.sid]["userId"],
        "name": "Somebody Benchmarked",
        "taskId": payload["taskId"],
    }
    emit(event, news, to=f"board:{board_id}", include_self=False)
    return {"ok": True}


@socketio.on("connect", namespace=NAMESPACE)
def connect(auth: dict) -> None:
    people[request.sid] = auth


@socketio.on("disconnect", namespace=NAMESPACE)
def disconnect(_reason: str) -> None:
    del people[request.sid]


@socketio.on("join_board", namespace=NAMESPACE)
def join_board(payload: dict) -> dict:
    board_id = payload["boardId"]
    join_room(f"board:{board_id}")
    if people[request.sid]["head"]:
        join_room(f"board:{board_id}:heads")
    _tell_heads(board_id, "online")
    return {"ok": True}


@socketio.on("activity", namespace=NAMESPACE)
def activity(payload: dict) -> dict:
    _tell_heads(payload["boardId"], "online" if payload["active"] else "idle")
    return {"ok": True}


@socketio.on("typing", namespace=NAMESPACE)
def typing(payload: dict) -> dict:
    return _tell_board("typing", payload)


@socketio.on("stop_typing", namespace=NAMESPACE)
def stop_typing(payload: dict) -> dict:
    return _tell_board("stop_typing", payload)


def main() -> None:
    host, port = os.environ["HOST"], int(os.environ["PORT"])
    # A backlog of its own: 200 handshakes at once overflow the default of 50 and then wait a second each.
    listener = eventlet.listen((host, port), backlog=1024)
    print(f"bare server is ready on http://{host}:{port}", flush=True)
    eventlet.wsgi.server(listener, app, max_size=20_000, log_output=False, debug=False)


if __name__ == "__main__":
    main()
