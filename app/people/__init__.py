"""The directory: everybody the viewer works with, in their organizations and on their boards."""

from flask import Flask

from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
