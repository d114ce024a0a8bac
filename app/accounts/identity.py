"""From a cookie or an access token to a person, for requests and for sockets.

Every look-up asks PostgreSQL, so that an ended session is refused at once. Those that come while another is
under way share the next one: a crowd of requests needs few connections, one alone does not wait.
"""

import logging
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import request
from flask import session as cookie
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from ..batching import Batcher
from ..clock import clock
from ..db import service_work
from ..errors import CsrfFailed, InsufficientScope, InvalidToken, NotSignedIn, OriginNotAllowed
from .policy import SessionLimits, is_alive, needs_touch
from .queries import Actor, actor_by_access_token, actors_by_token_hash
from .service import token_hash, touch_sessions
from .tokens import touch_token

log = logging.getLogger(__name__)

ENDED_REMEMBERED_SECONDS = 60  # much longer than any look-up may take
# A socket hears and says all that a board's page does.
SOCKET_SCOPES = ("boards:read", "presence:read", "presence:write")


class Identifier:
    """Knows how long sessions live and which origins may open sockets."""

    def __init__(self, limits: SessionLimits, origins: frozenset[str]) -> None:
        self.limits = limits
        self._origins = origins
        self._batcher: Batcher[bytes, Actor] = Batcher(self._load)
        self._requests: Batcher[bytes, Actor] = Batcher(
            self._load_and_touch, window_seconds=0, distance_seconds=0
        )
        self._ended: dict[UUID, float] = {}  # sessions that ended lately, oldest first

    def by_token(self, token: str) -> Actor | None:
        """Flask-Login's user loader; also keeps the session alive."""
        actor = self._requests.load(token_hash(token))
        return replace(actor, token=token) if actor else None

    def by_access_token(self, text: str) -> Actor:
        """In one transaction, which also notes the use."""
        now = clock.now()
        with service_work() as session:
            actor = actor_by_access_token(session, token_hash(text), now)
            if actor and needs_touch(actor.last_activity, now):
                touch_token(session, token_id=actor.session_id, now=now)
        if actor is None or actor.session_id in self._ended:
            raise InvalidToken()
        return actor

    def of_socket(self, auth: object) -> Actor:
        """The person behind a connecting socket; raises what the client is told as connect_error.

        No page of another site knows a token, so with one neither Origin nor CSRF token matter.
        """
        token = auth.get("token") if isinstance(auth, dict) else None
        return self._of_page(auth) if token is None else self._of_program(token)

    def _of_program(self, token: object) -> Actor:
        if not isinstance(token, str):
            raise InvalidToken()
        actor = self.by_access_token(token)
        for scope in SOCKET_SCOPES:
            if scope not in (actor.scopes or ()):
                raise InsufficientScope(scope)
        return actor

    def _of_page(self, auth: object) -> Actor:
        if not self._origin_allowed():
            raise OriginNotAllowed("Open the page from its own address and try again.")
        token = cookie.get("_user_id")
        if not isinstance(token, str):
            raise NotSignedIn()
        self._check_csrf(auth)
        actor = self._if_alive(self._batcher.load(token_hash(token)), token, clock.now())
        if actor is None or actor.session_id in self._ended:
            raise NotSignedIn()
        return actor

    def login_ended(self, session_id: UUID) -> None:
        """A look-up under way may have read the session before: its socket would miss the eviction."""
        now = clock.monotonic()
        self._ended.pop(session_id, None)
        self._ended[session_id] = now
        while now - self._ended[oldest := next(iter(self._ended))] > ENDED_REMEMBERED_SECONDS:
            del self._ended[oldest]

    def _origin_allowed(self) -> bool:
        """A missing Origin is refused too: every browser sends one with a WebSocket."""
        allowed = self._origins or {f"{request.scheme}://{request.host}"}
        # Some WebSocket libraries repeat the header, which arrives as a list: each must be allowed.
        given = request.headers.get("Origin", "").split(",")
        return all(origin.strip().rstrip("/") in allowed for origin in given)

    @staticmethod
    def _check_csrf(auth: object) -> None:
        token = auth.get("csrf") if isinstance(auth, dict) else None
        try:
            validate_csrf(token if isinstance(token, str) else None)
        except ValidationError:
            raise CsrfFailed() from None

    def _load(self, hashes: set[bytes]) -> dict[bytes, Actor]:
        with service_work() as session:
            return actors_by_token_hash(session, hashes)

    def _load_and_touch(self, hashes: set[bytes]) -> dict[bytes, Actor]:
        now = clock.now()
        with service_work() as session:
            found = actors_by_token_hash(session, hashes)
            alive = {key: actor for key, actor in found.items() if self._if_alive(actor, "", now)}
            touched = [a.session_id for a in alive.values() if needs_touch(a.last_activity, now)]
            if touched:
                touch_sessions(session, session_ids=touched, now=now)
        return alive

    def _if_alive(self, actor: Actor | None, token: str, now: datetime) -> Actor | None:
        if actor and is_alive(actor.last_activity, actor.expires_at, now, self.limits):
            return replace(actor, token=token)
        return None
