"""Deadlines: how near a due date is, what somebody has to do, and a feed of it for calendar programs."""

from flask import Flask

from . import live
from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    live.listen()
