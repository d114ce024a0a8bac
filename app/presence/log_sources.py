"""Where the journal hears of what people do: pages they read, logins that begin and end, boards they change.

Runs inside others' requests, so it only ever notes: no query, no error, no waiting.
"""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.orm import Session

from ..accounts import service as accounts
from ..accounts.devices import device_of_request
from ..accounts.queries import Actor
from ..boards import signals
from ..clock import clock
from ..db import after_commit
from . import pages
from .journal import Journal
from .log_rules import ActivityType


def connect(app: Flask, journal: Journal) -> None:
    sources = Sources(journal)
    app.after_request(sources.answered)
    accounts.signed_in.connect(sources.signed_in, weak=False)
    accounts.signed_out.connect(sources.signed_out, weak=False)
    signals.board_changed.connect(sources.board_changed, weak=False)


class Sources:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def answered(self, response: Response) -> Response:
        """A page that was read: asked for by a person, and shown. What a browser fetches ahead was not."""
        page = pages.canonical(request.path) if request.method == "GET" else None
        if page and response.status_code == 200 and "Sec-Purpose" not in request.headers:
            reader = _at_a_browser()
            if reader:
                said = {"session_id": reader.session_id, "device": _device(), "page": page}
                self._journal.note("page_view", user_id=reader.id, at=clock.now(), **said)
        return response

    def signed_in(self, _sender: object, session: Session, **news: Any) -> None:
        self._after(session, "session_start", device=_device(), **news)

    def signed_out(
        self, _sender: object, session: Session, session_id: UUID, reason: str, **news: Any
    ) -> None:
        """A login may be ended from another one; its device is then not that of the request."""
        asking = _at_a_browser()
        device = _device() if asking and asking.session_id == session_id else None
        more: dict[str, Any] = {"session_id": session_id, "device": device, "details": {"reason": reason}}
        self._after(session, "session_end", **more, **news)

    def board_changed(
        self, _sender: object, session: Session, board_id: UUID, actor_id: UUID, **_news: Any
    ) -> None:
        person = _at_a_browser()
        login = person.session_id if person and person.id == actor_id else None
        page, device = f"/boards/{board_id}", _device()
        note = partial(
            self._journal.note_change, user_id=actor_id, session_id=login, page=page, device=device
        )
        after_commit(session, lambda: note(at=clock.now()))

    def _after(self, session: Session, what: ActivityType, *, now: datetime, **more: Any) -> None:
        after_commit(session, partial(self._journal.note, what, at=now, **more))


def _at_a_browser() -> Actor | None:
    """Whom the request has been recognized as already: to ask would read the database once more.

    A program with an access token reads no pages and has no session.
    """
    person = g.get("_login_user") if has_request_context() else None
    return person if isinstance(person, Actor) and person.scopes is None else None


def _device() -> str | None:
    return device_of_request(request.headers) if has_request_context() else None
