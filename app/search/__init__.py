"""Finding tasks by their words, across all boards somebody is on."""

from flask import Flask

from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
