"""A real server around app.realtime and nothing else: started by the tests in a process of its own.

    python -m tests.realtime.server        reads the settings from the environment, prints "ready PORT"

Clients sign in with auth {"user": UUID}. /departures, /stats and /garbage show what a client cannot see.
"""

# ruff: noqa: E402
import os

MODE = os.environ.get("ASYNC_MODE", "eventlet")
if MODE == "eventlet":
    import eventlet

    eventlet.monkey_patch()
elif MODE == "gevent":
    from gevent import monkey

    monkey.patch_all()

import gc
import signal
import socket
import sys
import time
from typing import Any
from uuid import UUID, uuid5

import psutil
from flask import Flask, jsonify, request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from app import realtime
from app.errors import Conflict, NotSignedIn
from app.realtime import Connection, Identity, namespace, publish, socketio
from config import Settings
from tests.support.ports import free_port

SPACE = UUID("6f1f8f4e-54a1-4d3f-9d6e-0d3c6b0a4b10")
departures: list[dict[str, Any]] = []
app = Flask(__name__)

# The features of WorkHub registered theirs when the package was imported; here they would have no database.
namespace._handlers.clear()
namespace._disconnect_listeners.clear()


class Payload(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Nothing(Payload):
    pass


class Text(Payload):
    text: str


class Board(Payload):
    board_id: UUID
    text: str = ""


class Flood(Payload):
    count: int
    size: int


class Target(Payload):
    user: UUID
    reason: str = "test"


def authenticate(auth: dict[str, Any] | None) -> Identity | None:
    auth = auth or {}
    if auth.get("fail") == "type":
        raise TypeError("as a handler with a mistake would")
    if auth.get("fail") == "refuse":
        raise NotSignedIn("Not today.")
    if auth.get("slow"):
        socketio.sleep(auth["slow"])
    if "user" not in auth:
        return None
    user = UUID(auth["user"])
    assert request.path == "/socket.io/"
    return Identity(user_id=user, session_id=uuid5(SPACE, auth["user"]), name="Somebody")


@namespace.on("echo", Text)
def echo(connection: Connection, payload: Text) -> dict[str, Any]:
    return {"text": payload.text, "userId": connection.user_id}


@namespace.on("nap", Nothing)
def nap(connection: Connection, payload: Nothing) -> None:
    socketio.sleep(0.3)


@namespace.on("enter", Board)
def enter(connection: Connection, payload: Board) -> None:
    publish.enter_board(connection.sid, payload.board_id)
    connection.after_ack(lambda: connection.emit("snapshot", {"boardId": payload.board_id}))


@namespace.on("say", Board)
def say(connection: Connection, payload: Board) -> None:
    publish.to_board(payload.board_id, "said", {"text": payload.text}, skip=connection.sid)


@namespace.on("crash", Nothing)
def crash(connection: Connection, payload: Nothing) -> None:
    connection.after_ack(lambda: connection.emit("never", {}))
    raise RuntimeError("a secret of the server")


@namespace.on("unspeakable", Nothing)
def unspeakable(connection: Connection, payload: Nothing) -> dict[str, Any]:
    return {"thing": object()}


@namespace.on("clash", Nothing)
def clash(connection: Connection, payload: Nothing) -> None:
    raise Conflict("Somebody was faster.", current={"version": 2})


@namespace.on("flood_me", Flood)
def flood_me(connection: Connection, payload: Flood) -> None:
    for number in range(payload.count):
        connection.emit("drop", {"number": number, "fill": "x" * payload.size})


@namespace.on("evict", Target)
def evict(connection: Connection, payload: Target) -> None:
    publish.evict(publish.sids_of_user(payload.user), "session_ended", {"reason": payload.reason})
    publish.to_user(payload.user, "too_late", {})


@namespace.on("leave", Board)
def leave(connection: Connection, payload: Board) -> None:
    publish.enter_heads(connection.sid, payload.board_id)
    publish.leave_board(connection.sid, payload.board_id)
    publish.to_head(payload.board_id, connection.user_id, "too_late", {})
    publish.to_board(payload.board_id, "too_late", {})


@namespace.on_disconnect
def fails_first(connection: Connection, clean: bool, reason: str, lost_at: Any) -> None:
    raise RuntimeError("a listener with a mistake must not stop the others")


@namespace.on_disconnect
def note(connection: Connection, clean: bool, reason: str, lost_at: Any) -> None:
    departures.append(
        {
            "user": str(connection.user_id),
            "clean": clean,
            "reason": reason,
            "lostAt": lost_at.timestamp(),
            "at": time.time(),
        }
    )


@app.get("/departures")
def get_departures() -> Any:
    """Answers when `user` has gone `count` times (or after 25 s): waiting without polling."""
    user, count = request.args["user"], int(request.args.get("count", 1))
    deadline = time.monotonic() + 25
    while True:
        found = [d for d in departures if user in ("*", d["user"])]
        if len(found) >= count or time.monotonic() > deadline:
            return jsonify(found)
        socketio.sleep(0.005)


@app.get("/stats")
def get_stats() -> Any:
    manager = socketio.server.manager
    heartbeat = socketio.server.eio.transport.heartbeat
    index = namespace.connections
    return jsonify(
        realtime.stats(app)
        | {
            "environs": len(socketio.server.environ),
            "rooms": len(manager._rooms),
            "managed": len(manager._sids) + len(manager._members),
            "index": len(index._by_sid) + len(index._by_user) + len(index._by_session),
            "wheel": len(heartbeat.sockets()),
            "rss": psutil.Process().memory_info().rss,
            "cpu": time.process_time(),
        }
    )


@app.get("/garbage")
def get_garbage() -> Any:
    """How much only the collector can free."""
    return jsonify(gc.collect())


def stop(_signal: int, _frame: Any) -> None:
    def drain_and_exit() -> None:
        gone = realtime.drain(app, seconds=5)
        sys.stdout.write(f"drained {gone} {len(departures)}\n")
        sys.stdout.flush()
        os._exit(0)

    socketio.start_background_task(drain_and_exit)


def main() -> None:
    settings = Settings()
    realtime.init_app(app, settings, authenticate, join_seconds=float(os.environ.get("JOIN_SECONDS", "10")))
    signal.signal(signal.SIGTERM, stop)
    realtime.start()
    port = free_port()
    options: dict[str, Any] = {}
    if MODE == "eventlet":
        options = {"max_size": realtime.pool_size(settings), "log_output": False}
    if MODE == "threading":
        options = {"allow_unsafe_werkzeug": True}

    def tell_when_listening() -> None:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            socketio.sleep(0.01)
        sys.stdout.write(f"ready {port}\n")
        sys.stdout.flush()

    socketio.start_background_task(tell_when_listening)
    socketio.run(app, port=port, debug=False, **options)


if __name__ == "__main__":
    main()
