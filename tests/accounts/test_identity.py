"""A login that ends while its socket is being let in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import session as cookie
from flask_wtf.csrf import generate_csrf

from app.accounts import identity, service
from app.accounts.identity import Identifier
from app.clock import clock
from app.db import service_work
from app.errors import NotSignedIn


def test_session_that_ends_while_its_socket_connects_opens_none(app, people, monkeypatch):
    """The eviction finds no socket yet, and what was read of the session is from before its end."""
    maya, identifier = people.user(), app.extensions["identifier"]
    with service_work() as session:
        token = service.open_session(
            session,
            user=maya,
            now=clock.now(),
            limits=identifier.limits,
            device="desktop",
            client=None,
            address=None,
        )
    with app.test_request_context(headers={"Origin": "http://localhost"}):
        cookie["_user_id"] = token
        auth = {"csrf": generate_csrf()}
        actor = identifier.of_socket(auth)
        assert actor.id == maya.id
        with service_work() as session:
            service.end_session(session, session_id=actor.session_id, now=clock.now(), reason="signed_out")
        monkeypatch.setattr(identifier._batcher, "load", lambda _key: actor)
        with pytest.raises(NotSignedIn):
            identifier.of_socket(auth)


def test_ended_sessions_are_remembered_for_a_while_only(monkeypatch):
    identifier, now = Identifier(None, frozenset()), [0.0]
    monkeypatch.setattr(identity.clock, "monotonic", lambda: now[0])
    first, second = uuid4(), uuid4()
    for session_id in (first, second):
        identifier.login_ended(session_id)
        now[0] += timedelta(seconds=identity.ENDED_REMEMBERED_SECONDS).total_seconds()
    assert set(identifier._ended) == {first, second}
    now[0] += 1
    identifier.login_ended(second)
    assert first not in identifier._ended
