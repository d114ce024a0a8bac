"""Realtime: the Socket.IO transport that every feature speaks through.

Features register handlers on `namespace`, tell clients through `publish`, and hear of departures through
`namespace.on_disconnect`. create_app calls `init_app`, wsgi.py calls `start` and, at the end, `drain`.
Knows accounts only as the `authenticate` it is given; must not import any feature.
"""

from __future__ import annotations

from typing import Any

import engineio.socket
from flask import Flask

from app.clock import clock
from app.realtime import publish
from app.realtime.connections import Connection, Identity
from app.realtime.frames import SERVICE_RESTART
from app.realtime.gate import RESERVED_DESCRIPTORS, Gate, fit_to_descriptors
from app.realtime.guards import MAX_MESSAGE_BYTES, Guard
from app.realtime.heartbeat import JOIN_SECONDS, Heartbeat
from app.realtime.memory import GarbageKeeper
from app.realtime.namespace import Authenticate
from app.realtime.rooms import RoomManager
from app.realtime.server import namespace, socketio
from app.realtime.transport import SERVER_DISCONNECT, BoardSocket, Transport
from app.realtime.wire import NAMESPACE, WireJson
from config import Settings

__all__ = [
    "Authenticate",
    "Connection",
    "Identity",
    "drain",
    "init_app",
    "namespace",
    "pool_size",
    "publish",
    "socketio",
    "start",
    "stats",
]

_EXTENSION = "workhub-realtime"
_DRAIN_BATCH = 100


def init_app(
    app: Flask, settings: Settings, authenticate: Authenticate, *, join_seconds: float = JOIN_SECONDS
) -> None:
    """Serve /socket.io/ of this app. `authenticate(auth)` runs in a request context and says whose socket it
    is; None, or any error, refuses."""
    namespace.configure(authenticate, settings.socket_max_per_user)
    socketio.init_app(
        app,
        async_mode=settings.async_mode,
        client_manager=RoomManager(),
        json=WireJson,
        namespaces=[NAMESPACE],
        # Events of one socket run in its own reader: in order, and a flooder stalls only itself.
        async_handlers=False,
        manage_session=False,
        always_connect=False,
        transports=["websocket"],
        allow_upgrades=False,
        http_compression=False,
        # The library's own check lets a missing Origin pass; authenticate looks at it instead.
        cors_allowed_origins=[],
        cookie=None,
        max_http_buffer_size=MAX_MESSAGE_BYTES,
        ping_interval=settings.socket_ping_interval_seconds,
        ping_timeout=settings.socket_ping_timeout_seconds,
        monitor_clients=False,
        logger=False,
        engineio_logger=False,
    )
    server = socketio.server
    heartbeat = Heartbeat(
        settings.socket_ping_interval_seconds,
        settings.socket_ping_timeout_seconds,
        server.sleep,
        join_seconds,
    )
    server.eio.transport = Transport(
        door=Guard(server, namespace),
        heartbeat=heartbeat,
        messages_per_second=settings.socket_messages_per_second,
        message_burst=settings.socket_message_burst,
        max_message_bytes=MAX_MESSAGE_BYTES,
    )
    # The one place where the library's socket class is exchanged: its server names the class through this
    # module and offers no other way to choose it.
    engineio.socket.Socket = BoardSocket
    most = fit_to_descriptors(settings.socket_max_connections)
    gate = Gate(app.wsgi_app, lambda: len(server.eio.sockets), most)
    app.wsgi_app = gate  # type: ignore[method-assign]  # as Flask documents it
    app.extensions[_EXTENSION] = gate


def start() -> None:
    """Start the background loops; once, when the process is about to serve."""
    eio = socketio.server.eio
    heartbeat = eio.transport.heartbeat
    keeper = GarbageKeeper(lag=lambda: heartbeat.lag, count_sockets=lambda: len(eio.sockets))
    keeper.take_over()
    socketio.start_background_task(heartbeat.run)
    socketio.start_background_task(keeper.run, socketio.sleep)


def pool_size(settings: Settings) -> int:
    """How many requests at once the web server must allow: every socket holds one, and pages need some."""
    return fit_to_descriptors(settings.socket_max_connections) + RESERVED_DESCRIPTORS


def drain(app: Flask, seconds: float) -> bool:
    """Graceful stop: refuse newcomers, close every socket so that its client comes back by itself, and wait
    until their disconnect listeners have run, for at most `seconds`. Says whether all were gone by then."""
    app.extensions[_EXTENSION].draining = True
    deadline = clock.monotonic() + seconds
    sockets = socketio.server.eio.sockets
    for count, sock in enumerate(list(sockets.values()), start=1):
        sock.end(SERVER_DISCONNECT, SERVICE_RESTART, "restarting")
        if count % _DRAIN_BATCH == 0:
            socketio.sleep(0)
    while sockets and clock.monotonic() < deadline:
        socketio.sleep(0.02)
    return not sockets


def stats(app: Flask) -> dict[str, Any]:
    """Counters for health and metrics."""
    transport = socketio.server.eio.transport
    return {
        "sockets": len(socketio.server.eio.sockets),
        "connections": len(namespace.connections),
        "refused": app.extensions[_EXTENSION].refused,
        "loopLagSeconds": transport.heartbeat.lag,
        **transport.counters,
    }
