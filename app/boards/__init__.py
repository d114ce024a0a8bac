"""Boards with their lists, tasks and members."""

from flask import Flask

from .comment_routes import blueprint as of_comments
from .detail_routes import blueprint as of_details
from .routes import blueprint
from .task_routes import blueprint as of_tasks


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    for part in (of_tasks, of_details, of_comments):
        app.register_blueprint(part)
