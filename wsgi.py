"""Patches first, then makes the app and serves it. The only file that knows which event loop runs.

`python wsgi.py` prepares the database (embedded unless DATABASE_URL is set), serves until it is
interrupted, and stops gracefully. `flask --app wsgi ...` uses the same app for commands.
"""

import os
import socket
import warnings
from typing import TYPE_CHECKING

from dotenv import dotenv_values

if TYPE_CHECKING:
    from flask import Flask

ASYNC_MODE = os.environ.get("ASYNC_MODE") or dotenv_values(".env").get("ASYNC_MODE") or "eventlet"
REQUEST_SECONDS, IDLE_SECONDS = 30, 75  # for a request to arrive, and between two on one connection
SERVES = __name__ == "__main__"
if SERVES and ASYNC_MODE == "eventlet":
    with warnings.catch_warnings(record=True):  # of its deprecation; docs/decisions say why it stays
        import eventlet

    eventlet.monkey_patch()
elif SERVES and ASYNC_MODE == "gevent":
    import gevent.monkey

    gevent.monkey.patch_all()

from app import create_app, embedded, offload, serving  # only after the patch
from config import load_settings


def use_threads_for_blocking_work() -> None:
    if ASYNC_MODE == "eventlet":
        import eventlet.tpool

        offload.use(eventlet.tpool.execute)
    elif ASYNC_MODE == "gevent":
        import gevent

        offload.use(lambda function, *args: gevent.get_hub().threadpool.apply(function, args))


def answer(listener: socket.socket, app: "Flask", max_requests: int) -> None:
    """Serves until the process ends. A socket is a request that lasts."""
    if ASYNC_MODE == "eventlet":
        import eventlet.wsgi

        # Left alone it stops at 1,024 requests at once, and its debug answers show tracebacks.
        bounds = {"max_size": max_requests, "socket_timeout": REQUEST_SECONDS, "keepalive": IDLE_SECONDS}
        eventlet.wsgi.server(listener, app, debug=False, log_output=False, **bounds)
    elif ASYNC_MODE == "gevent":
        from gevent.pywsgi import WSGIServer
        from geventwebsocket.handler import WebSocketHandler

        WSGIServer(
            listener, app, spawn=max_requests, log=None, handler_class=WebSocketHandler
        ).serve_forever()
    else:
        raise SystemExit("ASYNC_MODE=threading is for tests in one process; serve with eventlet")


settings = load_settings()
if SERVES:
    use_threads_for_blocking_work()
    serving.serve(settings, answer)
else:  # for commands: they need no event loop
    url = settings.database_url or embedded.start(settings.workhub_data_dir).url
    app = create_app(settings.model_copy(update={"database_url": url, "async_mode": "threading"}))
