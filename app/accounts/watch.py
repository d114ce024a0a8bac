"""Ends logins in use that are over (expired, idle, disabled), and what is left of those ended elsewhere.

A socket knows its person from the moment it connected; signing out on this site evicts at once, this is
for everything else. Others who keep something of a login hear of its end by a signal. Logins that nobody uses
are the sweep's matter.
"""

import logging
import time
from collections.abc import Callable, Collection
from uuid import UUID

from ..clock import clock
from ..db import service_work
from ..errors import Unavailable
from ..realtime import publish
from .policy import SessionLimits
from .queries import living_sessions
from .service import found_ended
from .sweep import end_dead_logins

SessionsInUse = Callable[[], Collection[UUID]]  # besides those with a socket

log = logging.getLogger(__name__)


def watch_sessions(limits: SessionLimits, every_seconds: float, in_use: SessionsInUse) -> None:
    while True:
        time.sleep(every_seconds)
        try:
            end_dead_sessions(limits, in_use)
        except Unavailable:
            pass  # nobody is thrown out because PostgreSQL is away
        except Exception:
            log.exception("session_watch_failed")


def end_dead_sessions(limits: SessionLimits, in_use: SessionsInUse) -> None:
    watched = publish.sessions_connected() | set(in_use())
    if not watched:
        return
    with service_work() as session:
        now = clock.now()
        dead = watched - living_sessions(session, watched, now, limits)
        ended = end_dead_logins(session, now=now, limits=limits, among=dead) if dead else set()
    for session_id in dead - ended:
        publish.evict(publish.sids_of_session(session_id), "session_ended", {"reason": "expired"})
    if dead:
        found_ended.send(None, session_ids=dead)
