"""Team presence: who is there, live for the heads of a board and recorded in PostgreSQL."""

from flask import Flask

from config import Settings

from ..realtime import publish
from . import events, listeners, log_sources, people_listeners, requests
from .routes import blueprint
from .runtime import PresenceRuntime


def init_app(app: Flask, settings: Settings) -> None:
    runtime = PresenceRuntime(settings, publish)
    app.extensions["presence_runtime"] = runtime
    app.extensions["presence"] = runtime.presence
    events.use(runtime, settings)
    listeners.connect(runtime.presence)
    people_listeners.connect(runtime.people)
    requests.connect(app, runtime.people)
    log_sources.connect(app, runtime.journal)
    app.register_blueprint(blueprint)
