"""Ends the sockets of logins that have ended by themselves or elsewhere (expired, disabled, by hand).

A socket knows its person from the moment it connected; signing out on this site evicts at once, this is
for everything else.
"""

import logging
import time

from ..clock import clock
from ..db import service_work
from ..errors import Unavailable
from ..realtime import publish
from .policy import SessionLimits
from .queries import living_sessions

log = logging.getLogger(__name__)


def watch_sessions(limits: SessionLimits, every_seconds: float) -> None:
    while True:
        time.sleep(every_seconds)
        try:
            end_sockets_of_dead_sessions(limits)
        except Unavailable:
            pass  # nobody is thrown out because PostgreSQL is away
        except Exception:
            log.exception("session_watch_failed")


def end_sockets_of_dead_sessions(limits: SessionLimits) -> None:
    connected = publish.sessions_connected()
    if not connected:
        return
    with service_work() as session:
        alive = living_sessions(session, connected, clock.now(), limits)
    for session_id in connected - alive:
        publish.evict(publish.sids_of_session(session_id), "session_ended", {"reason": "expired"})
