"""Pages for whoever runs an organization."""

from flask import Flask

from . import refusals
from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    refusals.init_app(app)
