"""Organizations, people and their login sessions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, g
from sqlalchemy.orm import Session

from config import Settings

from ..db import after_commit
from ..errors import Unavailable
from ..realtime import Identity
from ..web import login_manager
from .identity import Identifier
from .policy import SessionLimits
from .queries import Actor
from .routes import blueprint
from .service import recognized, signed_out


def init_app(app: Flask, settings: Settings) -> None:
    limits = SessionLimits(
        idle=timedelta(hours=settings.session_idle_hours),
        absolute=timedelta(days=settings.session_absolute_days),
    )
    identifier = Identifier(limits, settings.origins)
    app.extensions["identifier"] = identifier
    app.config.update(LOGIN_TRIES=settings.login_tries, LOGIN_WINDOW_SECONDS=settings.login_window_seconds)
    signed_out.connect(_after_commit(identifier.session_ended), weak=False)
    login_manager.user_loader(lambda token: _person_of_request(app, token))
    app.register_blueprint(blueprint)


def identity_of_socket(app: Flask) -> Callable[[dict[str, Any] | None], Identity]:
    def authenticate(auth: dict[str, Any] | None) -> Identity:
        actor = app.extensions["identifier"].of_socket(auth)
        return Identity(user_id=actor.id, session_id=actor.session_id, name=actor.name)

    return authenticate


def _after_commit(react: Callable[[UUID], None]) -> Callable[..., None]:
    def receive(_sender: object, session: Session, session_id: UUID, **_news: Any) -> None:
        after_commit(session, lambda: react(session_id))

    return receive


def _person_of_request(app: Flask, token: str) -> Actor | None:
    """While the database is away the request fails once; its error page is drawn for nobody in particular."""
    if g.get("identity_unavailable"):
        return None
    try:
        actor: Actor | None = app.extensions["identifier"].by_token(token)
    except Unavailable:
        g.identity_unavailable = True
        raise
    if actor:
        recognized.send(app, actor=actor)
    return actor
