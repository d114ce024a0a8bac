"""From settings to a serving process and back: database, loops, serving, and a graceful stop."""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from flask import Flask
from psycopg2.extensions import set_wait_callback

from config import Settings

from . import create_app, demo, embedded, jobs, migrate, realtime
from .accounts.watch import hear_of_ends, watch_sessions
from .clock import clock
from .db import database, service_work, wait_green

Answer = Callable[[socket.socket, Flask, int], None]  # serves the listener, at most so many requests at once

log = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
READY_POLL_SECONDS = 0.05
BACKLOG = 1024  # handshakes that wait to be accepted: after a restart everybody comes back at once
HOW_TO_STOP = "Stop with Ctrl+C. `make reset` forgets everything and begins again with fresh demo data."


def serve(settings: Settings, answer: Answer) -> None:
    """Returns after SIGTERM or SIGINT, once the sockets are closed and everything is written."""
    stop, listener, has_demo = _StopSignal(), _listen(settings), settings.database_url is None
    with _prepared_database(settings) as settings:
        app = create_app(settings)
        if settings.async_mode != "threading":
            set_wait_callback(wait_green)
        runtime = app.extensions["presence_runtime"]
        runtime.start(realtime.socketio.start_background_task)
        realtime.start()
        limits, in_use = app.extensions["identifier"].limits, runtime.people.sessions
        start_task = realtime.socketio.start_background_task
        start_task(watch_sessions, limits, settings.session_check_seconds, in_use)
        start_task(hear_of_ends, limits, in_use)
        realtime.socketio.start_background_task(app.extensions["live_members"].run)
        jobs.start(app, realtime.socketio.start_background_task)
        realtime.socketio.start_background_task(answer, listener, app, realtime.pool_size(settings))
        _announce(settings, stop)
        if has_demo:
            print(f"{demo.LOGINS}\n{HOW_TO_STOP}", flush=True)
        while not stop.requested:
            time.sleep(0.1)
        log.info("stopping")
        runtime.is_stopping = True
        realtime.drain(app, DRAIN_SECONDS)
        runtime.stop()
        database.close()


@contextmanager
def _prepared_database(settings: Settings) -> Iterator[Settings]:
    """The settings with the address of a database that has the newest shape.

    One's own database is migrated by its admin; the embedded one here, and it gets demo data.
    """
    if settings.database_url is not None:
        if not migrate.is_current(settings.database_url):
            sys.exit("The database has not the newest shape. Run: flask --app wsgi migrate")
        yield settings
        return
    own_database = embedded.start(settings.workhub_data_dir)
    migrate.upgrade(own_database.admin_url)
    database.connect(own_database.url)
    with service_work() as session:
        demo.seed(session, clock.now())
    yield settings.model_copy(update={"database_url": own_database.url})
    own_database.stop()


def _listen(settings: Settings) -> socket.socket:
    """Without SO_REUSEPORT: a second WorkHub on the port must fail, not take half of the connections."""
    try:
        family, _, _, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        sys.exit(f"Cannot serve on {settings.host}:{settings.port} ({error}). Choose another PORT or HOST.")


def _announce(settings: Settings, stop: "_StopSignal") -> None:
    """Says that the site is ready when it answers, not when it hopes to."""
    while not stop.requested:
        try:
            with socket.create_connection((settings.host, settings.port), timeout=1) as connection:
                connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                if b" 200 " in connection.recv(64):
                    break
        except OSError:
            time.sleep(READY_POLL_SECONDS)
    print(f"WorkHub is ready on http://{settings.host}:{settings.port}", flush=True)


class _StopSignal:
    """A flag and no more: a signal may arrive in the middle of the event loop, where nothing may wait."""

    def __init__(self) -> None:
        self.requested = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # the last: its terminal was closed
            signal.signal(number, self._request)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True
