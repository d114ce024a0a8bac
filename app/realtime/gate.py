"""The gate before Engine.IO: refuses, as plain HTTP, whatever cannot or should not become a WebSocket.

A full or stopping house says so (503, Retry-After) instead of letting people hang; other transports,
resumed sessions and malformed handshakes are refused before any state exists for them. Also fits the
connection cap to the descriptors the system grants. Must not know who is asking: connect decides that.
"""

from __future__ import annotations

import logging
import random
import resource
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from app.errors import WorkHubError
from app.realtime import wire

logger = logging.getLogger(__name__)

PATH = "/socket.io/"
# Descriptors that are not sockets: ordinary requests, the database, files.
RESERVED_DESCRIPTORS = 1024
_RETRY_AFTER_SECONDS = (5, 15)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class HouseFull(WorkHubError):
    code, title, status = "unavailable", "WorkHub is full at the moment", 503


class HouseClosing(WorkHubError):
    code, title, status = "unavailable", "WorkHub is restarting", 503


class NotAWebSocket(WorkHubError):
    code, title, status = "websocket_required", "This address speaks WebSocket only", 400


class Gate:
    """WSGI middleware; `count_sockets` says how many sockets there are."""

    def __init__(self, app: WsgiApp, count_sockets: Callable[[], int], max_sockets: int) -> None:
        self._app = app
        self._count_sockets = count_sockets
        self._max_sockets = max_sockets
        self.draining = False
        self.refused = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._app(environ, start_response)
        error = self._refusal(environ)
        if error is not None:
            return _answer(error, start_response)
        try:
            return self._app(environ, start_response)
        finally:
            _untie(environ)

    def _refusal(self, environ: dict[str, Any]) -> WorkHubError | None:
        if not _is_handshake(environ):
            return NotAWebSocket()
        if self.draining:
            return self._later(HouseClosing)
        if self._count_sockets() >= self._max_sockets:
            return self._later(HouseFull)
        return None

    def _later(self, error: type[WorkHubError]) -> WorkHubError:
        """Each client gets another moment, so that they do not come back as one."""
        self.refused += 1
        seconds = random.randint(*_RETRY_AFTER_SECONDS)  # noqa: S311  # spreads load, keeps no secret
        return error(f"Please try again in {seconds} s.", retryAfter=seconds)


@cache  # warns once
def fit_to_descriptors(wanted: int) -> int:
    """How many sockets the process may hold: `wanted`, or what the system's limit on open files allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED_DESCRIPTORS
    limit = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        soft = limit
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    fitting = max(1, soft - min(RESERVED_DESCRIPTORS, soft // 2))
    logger.warning(
        "only %d sockets instead of SOCKET_MAX_CONNECTIONS=%d: the limit on open files is %d (ulimit -Hn)",
        fitting, wanted, soft,
    )  # fmt: skip
    return fitting


def _is_handshake(environ: dict[str, Any]) -> bool:
    """A first request for a WebSocket of the current version; older drafts have no frames we could read."""
    query = parse_qs(environ.get("QUERY_STRING", ""))
    return (
        environ.get("REQUEST_METHOD") == "GET"
        and query.get("transport") == ["websocket"]
        and query.get("EIO") == ["4"]
        and "sid" not in query
        and "j" not in query
        and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in environ.get("HTTP_CONNECTION", "").lower()
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and bool(environ.get("HTTP_SEC_WEBSOCKET_KEY"))
    )


def _answer(error: WorkHubError, start_response: Callable[..., Any]) -> list[bytes]:
    body = wire.dumps(error.to_problem())
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Connection", "close"),
    ]
    if "retryAfter" in error.extra:
        headers.append(("Retry-After", str(error.extra["retryAfter"])))
    start_response(f"{error.status} {error.title}", headers)
    return [body]


def _untie(environ: dict[str, Any]) -> None:
    """Drop the web server's callbacks: each one ties environ and connection into a knot of 8 KB that
    only the garbage collector could undo, and that is kept from running often (memory.py)."""
    for key in [key for key, value in environ.items() if callable(value)]:
        del environ[key]
