"""From settings to a serving process and back: database, loops, serving, and a graceful stop."""

import logging
import signal
import socket
import sys
import time
from types import FrameType

from flask import Flask

from config import Settings

from . import create_app, demo, embedded, migrate, realtime
from .clock import clock
from .db import database, service_work, wait_green

log = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
READY_POLL_SECONDS = 0.05
HOW_TO_STOP = "Stop with Ctrl+C. `make reset` forgets everything and begins again with fresh demo data."


def serve(settings: Settings) -> None:
    """Returns after SIGTERM or SIGINT, once the sockets are closed and everything is written."""
    own_database = None
    if settings.database_url is None:
        own_database = embedded.start(settings.workhub_data_dir)
        migrate.upgrade(own_database.admin_url)
        settings = settings.model_copy(update={"database_url": own_database.url})
    elif not migrate.is_current(settings.database_url):
        sys.exit("The database has not the newest shape. Run: flask --app wsgi migrate")
    app = create_app(settings)
    welcome = ""
    if own_database and not settings.is_production:
        with service_work() as session:
            demo.seed(session, clock.now())
        welcome = f"{demo.LOGINS}\n{HOW_TO_STOP}"
    _serve_until_told(app, settings, welcome)
    if own_database:
        own_database.stop()


def _serve_until_told(app: Flask, settings: Settings, welcome: str) -> None:
    if settings.async_mode != "threading":
        _bound_database_waits()
    stop = _StopSignal()
    runtime = app.extensions["presence_runtime"]
    runtime.start(realtime.socketio.start_background_task)
    realtime.start()
    realtime.socketio.start_background_task(_listen, app, settings)
    _announce(settings, stop)
    print(welcome, flush=True)
    while not stop.requested:
        time.sleep(0.1)
    log.info("stopping")
    runtime.is_stopping = True
    realtime.drain(app, DRAIN_SECONDS)
    runtime.stop()
    database.close()


def _listen(app: Flask, settings: Settings) -> None:
    options = {}
    if settings.server_bounds_requests:
        # Its own limit is 1,024 requests at once, sockets included, and its debug answers show tracebacks.
        options = {"max_size": realtime.pool_size(settings), "debug": False, "log_output": False}
    realtime.socketio.run(app, host=settings.host, port=settings.port, **options)


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


def _bound_database_waits() -> None:
    from psycopg2.extensions import set_wait_callback

    set_wait_callback(wait_green)


class _StopSignal:
    """A flag and no more: a signal may arrive in the middle of the event loop, where nothing may wait."""

    def __init__(self) -> None:
        self.requested = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._request)

    def _request(self, _number: int, _frame: FrameType | None) -> None:
        self.requested = True
