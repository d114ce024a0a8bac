"""The people of an organization: who is in it, with which role, and how they come and go."""

from flask import Flask

from config import Settings

from . import events
from .entrance import blueprint as entrance
from .guest_routes import blueprint as guests
from .live import LiveMembers
from .routes import blueprint


def init_app(app: Flask, settings: Settings) -> None:
    app.config.update(
        ACTIVE_SECONDS=int(settings.presence_idle_seconds),
        LEAST_ACTIVE_SECONDS=int(2 * settings.presence_heartbeat_seconds),
        MOST_ACTIVE_SECONDS=int(settings.session_idle_hours * 3600),
    )
    live = LiveMembers(app)
    app.extensions["live_members"] = live
    events.use(live)
    app.register_blueprint(blueprint)
    app.register_blueprint(guests)
    app.register_blueprint(entrance)
