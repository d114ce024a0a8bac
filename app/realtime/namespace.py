"""The namespace /board: lets clients in, hands their events to registered handlers, tells when they leave.

Handlers register by decorator and get a validated payload; what they return is acknowledged, what they
raise becomes the same problem object that HTTP answers. Only `connect` runs inside a Flask request (1.5 us
for each event saved, and no handler can lean on a frozen one). Must not know any particular event.
"""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import flask_socketio
from pydantic import BaseModel, ValidationError
from socketio.exceptions import ConnectionRefusedError as Refused

from app.clock import clock
from app.errors import InvalidInput, NotSignedIn, TooManyRequests, WorkHubError
from app.realtime import wire
from app.realtime.connections import Connection, ConnectionIndex, Identity
from app.realtime.transport import CLIENT_DISCONNECT, PING_TIMEOUT, SERVER_DISCONNECT, BoardSocket

logger = logging.getLogger(__name__)

Payload = TypeVar("Payload", bound=BaseModel)
Answer = dict[str, Any] | None
Handler = Callable[[Connection, Payload], Answer]
Authenticate = Callable[[dict[str, Any] | None], Identity | None]
DisconnectListener = Callable[[Connection, bool, str, datetime], None]

_USER_AGENT_CHARACTERS = 256
# A socket unheard for so much longer than the ping interval is probably one its owner has lost.
_STALE_FACTOR = 1.3


class UnknownEvent(WorkHubError):
    code, title, status = "unknown_event", "There is no such event", 400


class InternalError(WorkHubError):
    """`reference` finds the log entry."""


class BoardNamespace(flask_socketio.Namespace):  # type: ignore[misc]  # the library is untyped
    def __init__(self, namespace: str = wire.NAMESPACE) -> None:
        super().__init__(namespace)
        self.connections = ConnectionIndex()
        self._handlers: dict[str, tuple[type[BaseModel], Handler[Any]]] = {}
        self._disconnect_listeners: list[DisconnectListener] = []
        self._authenticate: Authenticate = _refuse
        self._max_per_user = 1

    def configure(self, authenticate: Authenticate, max_per_user: int) -> None:
        """Begin anew for another app; handlers and listeners stay registered."""
        self.connections = ConnectionIndex()
        self._authenticate = authenticate
        self._max_per_user = max_per_user

    # --- registration --------------------------------------------------------------------------------

    def on(self, event: str, model: type[Payload]) -> Callable[[Handler[Payload]], Handler[Payload]]:
        """Register `handler(connection, payload)` for a client event; it returns what the ack adds to ok."""

        def register(handler: Handler[Payload]) -> Handler[Payload]:
            if event in self._handlers:
                raise ValueError(f"{event} has a handler already")
            self._handlers[event] = (model, handler)
            return handler

        return register

    @property
    def handlers(self) -> Mapping[str, tuple[type[BaseModel], Handler[Any]]]:
        """For the reference: event -> what it takes and who handles it."""
        return self._handlers

    def on_disconnect(self, listener: DisconnectListener) -> DisconnectListener:
        """Register `listener(connection, clean, reason, lost_at)`.

        `clean`: the client or the server ended it on purpose; otherwise the connection was lost. `lost_at`
        is the last sign of life when the pings went unanswered, else now.
        """
        self._disconnect_listeners.append(listener)
        return listener

    # --- events --------------------------------------------------------------------------------------

    def handle(self, connection: Connection, event: str, arguments: list[Any]) -> dict[str, Any]:
        """The acknowledgement of an ordinary event; never raises."""
        try:
            model, handler = self._find(event)
            answer = handler(connection, _validated(model, arguments))
            return {"ok": True, **(answer or {})}
        except WorkHubError as error:
            return failure(error)
        except Exception:  # noqa: BLE001  # logged with a reference
            return failure(unexpected(f"event {event[:64]!r}"))

    def _find(self, event: str) -> tuple[type[BaseModel], Handler[Any]]:
        try:
            return self._handlers[event]
        except KeyError:
            raise UnknownEvent(f"No event is called {event[:64]!r}.") from None

    # --- coming and going ----------------------------------------------------------------------------

    def trigger_event(self, event: str, *args: Any) -> Any:
        """Called by the library for connect and disconnect; ordinary events come through `handle`."""
        if event == "connect":
            return self._connect(*args)
        if event == "disconnect":
            return self._disconnect(*args)
        raise NotImplementedError(event)

    def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        """Lets in or raises Refused, nothing else: after a TypeError the library calls again without auth."""
        try:
            sock = self._socket(sid)
            user_agent = environ.get("HTTP_USER_AGENT", "")[:_USER_AGENT_CHARACTERS]
            identity = self._identify(environ, auth)
            self._make_room_for(identity, sock)
        except WorkHubError as error:
            raise _refusal(error) from None
        except Exception:  # noqa: BLE001  # logged with a reference
            raise _refusal(unexpected("connect")) from None
        sock.connection = Connection(sid, sock, identity, user_agent)
        self.connections.add(sock.connection)
        return True

    def _identify(self, environ: dict[str, Any], auth: Any) -> Identity:
        context = environ["flask.app"].request_context(environ)
        try:
            with context:
                identity = self._authenticate(auth if isinstance(auth, dict) else None)
        finally:
            # No page has this address; the "not found" remembered here would keep this stack: 27 KB.
            context.request.routing_exception = None
            environ.clear()  # nobody asks for it again
        if identity is None:
            raise NotSignedIn
        return identity

    def _make_room_for(self, identity: Identity, newcomer: BoardSocket) -> None:
        """At the cap the stalest socket gives way if it seems lost: a laptop wakes up with all its tabs."""
        others = [c.sock for c in self.connections.of_user(identity.user_id) if not c.is_ending]
        if len(others) < self._max_per_user:
            return
        stalest = min(others, key=lambda sock: sock.heard_at)
        interval = newcomer.server.ping_interval
        if newcomer.heard_at - stalest.heard_at < interval * _STALE_FACTOR:
            raise TooManyRequests(
                math.ceil(interval), f"At most {self._max_per_user} pages can be open at once."
            )
        stalest.end(PING_TIMEOUT)

    def _disconnect(self, sid: str, reason: str) -> None:
        connection = self.connections.pop(sid)
        if connection is None:
            return
        connection.sock.end(reason)  # for a caller that left the namespace only; there is no other
        clean = reason in (CLIENT_DISCONNECT, SERVER_DISCONNECT)
        lost_at = connection.heard_at if reason == PING_TIMEOUT else clock.now()
        for listener in self._disconnect_listeners:
            try:
                listener(connection, clean, reason, lost_at)
            except Exception:
                logger.exception("a disconnect listener failed")

    def _socket(self, sid: str) -> BoardSocket:
        manager = self.server.manager
        sock: BoardSocket = self.server.eio.sockets[manager.eio_sid_from_sid(sid, self.namespace)]
        return sock


def failure(error: WorkHubError) -> dict[str, Any]:
    return {"ok": False, "error": error.to_problem()}


def _validated(model: type[BaseModel], arguments: list[Any]) -> BaseModel:
    if len(arguments) > 1:
        raise InvalidInput("An event takes one object.")
    try:
        return model.model_validate(arguments[0] if arguments else {})
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise InvalidInput(
            errors=[{"field": ".".join(map(str, p["loc"])), "message": p["msg"]} for p in problems]
        ) from None


def unexpected(what: str) -> WorkHubError:
    """Log the exception being handled under a reference that the client is told."""
    reference = secrets.token_hex(6)
    logger.exception("%s failed, reference %s", what, reference)
    return InternalError("It has been logged.", reference=reference)


def _refusal(error: WorkHubError) -> Exception:
    """What the client's connect_error carries as `data`."""
    refused: Exception = Refused(error.title, error.to_problem())
    return refused


def _refuse(_auth: dict[str, Any] | None) -> Identity | None:
    """Until accounts say who may come in, nobody may."""
    return None
