"""The API reference: one OpenAPI document made from the routes themselves, and the page that shows it."""

from flask import Flask

from .routes import blueprint


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
