"""Boards as files: import from Trello, from tables and from our own export; export as JSON and CSV."""

from flask import Flask

from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
