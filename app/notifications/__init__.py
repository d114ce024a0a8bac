"""What concerns a person: mentions, assignments, comments, deadlines, boards; in the app and by mail."""

from flask import Flask

from . import listeners
from .routes import blueprint


def init_app(app: Flask) -> None:
    listeners.connect()
    app.register_blueprint(blueprint)
