"""Logins in use that are over: what is to be forgotten of them here, whoever ended them and wherever.

A socket knows its person from the moment it connected. The process in which a login or an access token ends
closes its sockets itself and tells all others through PostgreSQL, which they hear at once. What nobody tells
(expired, idle, ended by hand, said while the database was away) is found by asking every few seconds. Logins
that nobody uses are the sweep's matter.
"""

import logging
import time
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ..clock import clock
from ..db import hear, say, service_work
from ..errors import Unavailable
from ..realtime import publish
from .policy import SessionLimits
from .queries import living_sessions
from .service import found_ended, signed_out
from .sweep import OVER, end_dead_logins
from .tokens import revoked

SessionsInUse = Callable[[], Collection[UUID]]  # besides those with a socket

CHANNEL = "workhub_login_ended"
LISTEN_AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)


def init() -> None:
    signed_out.connect(_say_signed_out)
    revoked.connect(_say_revoked)


def watch_sessions(limits: SessionLimits, every_seconds: float, in_use: SessionsInUse) -> None:
    while True:
        time.sleep(every_seconds)
        try:
            end_dead_sessions(limits, in_use)
        except Unavailable:
            pass  # nobody is thrown out because PostgreSQL is away
        except Exception:
            log.exception("session_watch_failed")


def hear_of_ends(limits: SessionLimits, in_use: SessionsInUse) -> None:
    while True:
        try:
            for news in hear(CHANNEL):
                if news is None:
                    end_dead_sessions(limits, in_use)  # what was said before this listened
                else:
                    session_id, _, reason = news.partition(" ")
                    found_ended.send(None, session_ids={UUID(session_id)}, reason=reason)
        except Unavailable:
            pass
        except Exception:
            log.exception("hearing_of_ends_failed")
        time.sleep(LISTEN_AGAIN_SECONDS)


def end_dead_sessions(limits: SessionLimits, in_use: SessionsInUse) -> None:
    watched = publish.sessions_connected() | set(in_use())
    if not watched:
        return
    with service_work() as session:
        now = clock.now()
        dead = watched - living_sessions(session, watched, now, limits)
        if dead:
            end_dead_logins(session, now=now, limits=limits, among=dead)
    if dead:
        found_ended.send(None, session_ids=dead, reason=OVER)


def _say_signed_out(_sender: object, session: Session, session_id: UUID, reason: str, **_news: Any) -> None:
    say(session, CHANNEL, f"{session_id} {reason}")


def _say_revoked(_sender: object, session: Session, token_id: UUID, **_news: Any) -> None:
    say(session, CHANNEL, f"{token_id} revoked")
