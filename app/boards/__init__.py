"""Boards with their lists, tasks and members."""

from flask import Flask

from .comment_routes import blueprint as of_comments
from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(of_comments)
