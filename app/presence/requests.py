"""Ordinary requests as signs of life: whoever asks for a page or calls the API is there.

Hears of logins by accounts' signals and tells the live people. A request costs no row and, but for a
person's first, no query.
"""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from flask import Flask, Response, after_this_request, request
from sqlalchemy.orm import Session

from ..accounts import service as accounts
from ..accounts.devices import device_of_request
from ..accounts.queries import Actor
from ..accounts.tokens import revoked
from ..db import after_commit
from . import pages
from .people_runtime import PeopleRuntime

# They say themselves who is there, or that nobody is any more.
OUTSPOKEN = {"accounts.heartbeat", "accounts.logout", "accounts.delete_session", "presence.track"}
# Asked by pages by themselves: when a socket comes back, or its person has become idle. It must wake nobody.
UNTOUCHED = {"presence.show_settings", "presence.show_preview"}

# Asked by pages again and again: a sign of life of whoever is there, but not that somebody has come back.
POLLED = {"presence.show_users"}


def connect(app: Flask, runtime: PeopleRuntime) -> None:
    hearing = Hearing(runtime)
    accounts.recognized.connect(hearing.recognized, sender=app, weak=False)
    accounts.reported.connect(hearing.reported, sender=app, weak=False)
    accounts.found_ended.connect(hearing.found_ended, weak=False)
    accounts.signed_out.connect(_after_commit(hearing.signed_out), weak=False)
    revoked.connect(_after_commit(hearing.revoked), weak=False)


class Hearing:
    def __init__(self, runtime: PeopleRuntime) -> None:
        self._runtime = runtime

    def recognized(self, _app: Flask, actor: Actor) -> None:
        if request.endpoint not in OUTSPOKEN | UNTOUCHED:
            login = actor.id, actor.session_id
            asleep = request.endpoint in POLLED and self._runtime.people.is_idle(*login)
            self._runtime.mark(*login, active=not asleep, device=device_of_request(request.headers))
            page = pages.canonical(request.path) if request.method == "GET" else None
            if page:
                after_this_request(lambda response: self._arrived(login, page, response))

    def _arrived(self, login: tuple[UUID, UUID], page: str, response: Response) -> Response:
        """Nobody is on a page that does not exist for them, such as another team's board."""
        if response.status_code == 200:
            self._runtime.mark(*login, page=page)
        return response

    def reported(self, _app: Flask, actor: Actor, active: bool, page: str | None) -> None:
        said = {"device": device_of_request(request.headers), "page": pages.canonical(page)}
        self._runtime.mark(actor.id, actor.session_id, active=active, **said)

    def found_ended(self, _sender: object, session_ids: Collection[UUID], **_news: Any) -> None:
        for session_id, user_id in self._runtime.sessions().items():
            if session_id in session_ids:
                self._runtime.people.signed_out(user_id, session_id)

    def signed_out(self, user_id: UUID, session_id: UUID, **_news: Any) -> None:
        self._runtime.people.signed_out(user_id, session_id)

    def revoked(self, user_id: UUID, token_id: UUID, **_news: Any) -> None:
        self._runtime.people.signed_out(user_id, token_id)


def _after_commit(react: Callable[..., None]) -> Callable[..., None]:
    def receive(_sender: object, session: Session, **news: Any) -> None:
        after_commit(session, lambda: react(**news))

    return receive
