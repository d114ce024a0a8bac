"""Organizations, people and their login sessions."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask, g
from sqlalchemy.orm import Session

from config import Settings

from ..db import after_commit
from ..errors import Unavailable
from ..realtime import Identity
from ..web import bearer_token, login_manager
from . import choice, watch
from .identity import Identifier
from .policy import SessionLimits
from .queries import Actor
from .routes import blueprint
from .service import found_ended, recognized, signed_out
from .tokens import revoked


def init_app(app: Flask, settings: Settings) -> None:
    limits = SessionLimits(
        idle=timedelta(hours=settings.session_idle_hours),
        absolute=timedelta(days=settings.session_absolute_days),
    )
    identifier = Identifier(limits, settings.origins)
    app.extensions["identifier"] = identifier
    thresholds = (settings.presence_idle_seconds, settings.presence_heartbeat_seconds)
    app.config.update(PAGE_HEARTBEAT=" ".join(f"{seconds:g}" for seconds in thresholds))
    app.config.update(LOGIN_TRIES=settings.login_tries, LOGIN_WINDOW_SECONDS=settings.login_window_seconds)
    signed_out.connect(_after_commit("session_id", identifier.login_ended), weak=False)
    revoked.connect(_after_commit("token_id", identifier.login_ended), weak=False)
    found_ended.connect(_for_each(identifier.login_ended), weak=False)
    watch.init()
    login_manager.user_loader(lambda cookie: _person_of_request(app, cookie))
    login_manager.request_loader(lambda _request: _person_of_request(app, None))
    choice.init_app(app)
    app.register_blueprint(blueprint)


def identity_of_socket(app: Flask) -> Callable[[dict[str, Any] | None], Identity]:
    def authenticate(auth: dict[str, Any] | None) -> Identity:
        actor = app.extensions["identifier"].of_socket(auth)
        return Identity(user_id=actor.id, session_id=actor.session_id, name=actor.name)

    return authenticate


def _after_commit(login: str, react: Callable[[UUID], None]) -> Callable[..., None]:
    def receive(_sender: object, session: Session, **news: Any) -> None:
        after_commit(session, lambda: react(news[login]))

    return receive


def _for_each(react: Callable[[UUID], None]) -> Callable[..., None]:
    def receive(_sender: object, session_ids: Collection[UUID], **_news: Any) -> None:
        for session_id in session_ids:
            react(session_id)

    return receive


def _person_of_request(app: Flask, cookie: str | None) -> Actor | None:
    """By the access token if one is sent, whatever the cookie says; raises InvalidToken for a bad one.

    A program is no sign of its person. While the database is away the request fails once; its error page is
    drawn for nobody in particular.
    """
    if g.get("identity_unavailable"):
        return None
    identifier: Identifier = app.extensions["identifier"]
    try:
        if (token := bearer_token()) is not None:
            return identifier.by_access_token(token)
        actor = identifier.by_token(cookie) if cookie else None
    except Unavailable:
        g.identity_unavailable = True
        raise
    if actor:
        recognized.send(app, actor=actor)
    return actor
