"""Patches first, then makes the app and serves it. The only file that knows which event loop runs.

`python wsgi.py` prepares the database (embedded unless DATABASE_URL is set), serves until it is
interrupted, and stops gracefully. `flask --app wsgi ...` uses the same app for commands.
"""

import os
import warnings

from dotenv import dotenv_values

ASYNC_MODE = os.environ.get("ASYNC_MODE") or dotenv_values(".env").get("ASYNC_MODE") or "eventlet"
SERVES = __name__ == "__main__"
if SERVES and ASYNC_MODE == "eventlet":
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # known: docs/decisions say why it is used all the same
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


settings = load_settings()
if SERVES:
    use_threads_for_blocking_work()
    serving.serve(settings)
else:
    if settings.database_url is None:
        embedded_url = embedded.start(settings.workhub_data_dir).url
        settings = settings.model_copy(update={"database_url": embedded_url})
    app = create_app(settings)
