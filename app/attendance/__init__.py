"""Attendance: clocked in by signing in, clocked out by signing out. Accounts know nothing of it.

Whoever joins or leaves an organization while signed in clocks in or out there at that moment.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from ..accounts.organizations import membership_began, membership_ended
from ..accounts.policy import SessionLimits
from ..accounts.service import signed_in, signed_out
from . import clocking, live, routes, views
from .signals import changed


class _Listener:
    """One for the process, however many applications are made in it: everybody clocks in once."""

    limits: SessionLimits

    def signed_in(
        self, _sender: object, *, session: Session, user_id: UUID, session_id: UUID, now: datetime, **_: Any
    ) -> None:
        clocking.clock_in(session, user_id=user_id, session_id=session_id, now=now, limits=self.limits)

    def signed_out(
        self,
        _sender: object,
        *,
        session: Session,
        user_id: UUID,
        session_id: UUID,
        now: datetime,
        reason: str,
        **_: Any,
    ) -> None:
        clocking.clock_out(
            session, user_id=user_id, session_id=session_id, now=now, reason=reason, limits=self.limits
        )

    def joined(
        self,
        _sender: object,
        *,
        session: Session,
        organization_id: UUID,
        user_id: UUID,
        now: datetime,
        **_: Any,
    ) -> None:
        clocking.clock_in_where_joined(
            session, user_id=user_id, organization_id=organization_id, now=now, limits=self.limits
        )

    def departed(
        self,
        _sender: object,
        *,
        session: Session,
        organization_id: UUID,
        user_id: UUID,
        actor_id: UUID,
        now: datetime,
        **_: Any,
    ) -> None:
        clocking.clock_out_where_left(
            session,
            user_id=user_id,
            organization_id=organization_id,
            now=now,
            is_own_act=actor_id == user_id,
        )


_listener = _Listener()


def init_app(app: Flask) -> None:
    _listener.limits = app.extensions["identifier"].limits
    signed_in.connect(_listener.signed_in, weak=False)
    signed_out.connect(_listener.signed_out, weak=False)
    membership_began.connect(_listener.joined, weak=False)
    membership_ended.connect(_listener.departed, weak=False)
    changed.connect(live.tell_managers)
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(views.blueprint)
