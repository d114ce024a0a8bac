"""Organizations as such: making one, its settings, leaving it, removing people, handing it on.

Who is in one, with which role, and how people come is app/members.
"""

from flask import Flask

from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
