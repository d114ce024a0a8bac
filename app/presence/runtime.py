"""Puts presence to work in a process: recorder, sequencer, their loops, and the news of other features.

Composition only; what happens is decided in core and service.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config import Settings

from ..batching import Batcher
from ..clock import clock
from ..db import new_id, service_work
from ..errors import Unavailable
from . import settings as person_settings
from . import store
from .core import Limits
from .journal import Journal, write_entries
from .people_runtime import PeopleRuntime
from .ports import Publish
from .recorder import Recorder
from .service import Presence
from .store import Roster, Transition

log = logging.getLogger(__name__)

LIFE_SIGN_SECONDS = 2.0
SETTLING_SLACK = timedelta(seconds=1)  # ticks and flushes of the last who are believed gone


def limits_of(settings: Settings) -> Limits:
    def seconds(value: float) -> timedelta:
        return timedelta(seconds=value)

    return Limits(
        idle=seconds(settings.presence_idle_seconds),
        offline_after_idle=seconds(settings.presence_offline_after_idle_seconds),
        leave_grace=seconds(settings.presence_leave_grace_seconds),
        disconnect_grace=seconds(settings.presence_disconnect_grace_seconds),
        typing=seconds(settings.presence_typing_seconds),
    )


class PresenceRuntime:
    """`start` after the database is ready and before the first socket; `stop` writes what is left."""

    def __init__(self, settings: Settings, publish: Publish) -> None:
        self._settings = settings
        self._process_id = new_id()
        self._grace_ends_at = clock.now()  # for those whom the process before left behind
        self.is_started = self.is_stopping = False
        self.recorder = Recorder(_write, _touch, settings.presence_flush_milliseconds / 1000, time.sleep)
        self.journal = Journal(write_entries, time.sleep)
        rosters: Batcher[UUID, Roster] = Batcher(_load_rosters)
        self.presence = Presence(
            clock=clock,
            limits=limits_of(settings),
            recorder=self.recorder,
            publish=publish,
            load_roster=rosters.load,
        )
        self.people = PeopleRuntime(settings, self.presence, publish.to_sids)

    def start(self, start_task: Callable[[Callable[[], None]], Any]) -> None:
        self.is_started = True
        with service_work() as session:
            store.ensure_partitions(session, clock.now())
            store.end_presence_of_former_members(session, clock.now())
            rosters, signs = store.rosters_with_people_present(session), store.life_signs(session)
            self._grace_ends_at = self.presence.restore(rosters, signs) or clock.now()
            store.give_life_sign(session, self._process_id, clock.now())
        for loop in (self.recorder.run, self.journal.run, self._tick_forever, self._live_forever):
            start_task(loop)
        self.people.start(start_task)

    def stop(self) -> None:
        """Writes what waits. Call `is_stopping = True` before closing sockets: who is present stays so in
        PostgreSQL, comes back to the next process, or is found gone by it. A restart must not flicker."""
        self.recorder.flush()
        self.people.stop()
        self.journal.flush()
        self._give_life_sign()

    def _tick_forever(self) -> None:
        while True:
            time.sleep(self._settings.presence_tick_milliseconds / 1000)
            try:
                self.presence.tick()
            except Exception:
                log.exception("presence_tick_failed")

    def _live_forever(self) -> None:
        while True:
            time.sleep(LIFE_SIGN_SECONDS)
            self._give_life_sign()
            _clear_expired_choices()

    def _give_life_sign(self) -> None:
        try:
            self.recorder.flush_touches()
            is_settled = self._is_settled()
            with service_work() as session:
                store.give_life_sign(session, self._process_id, clock.now())
                if is_settled:
                    store.forget_other_processes(session, self._process_id)
        except Unavailable:
            log.warning("life_sign_not_written")
        except Exception:
            log.exception("life_sign_failed")

    def _is_settled(self) -> bool:
        """Whoever did not come back after the restart is recorded as gone."""
        return clock.now() > self._grace_ends_at + SETTLING_SLACK and self.recorder.waiting == 0


def _clear_expired_choices() -> None:
    """In a transaction of its own: nothing that is wrong with a choice may cost the life sign."""
    try:
        with service_work() as session:
            person_settings.clear_expired(session, now=clock.now())
    except Unavailable:
        log.warning("expired_choices_not_cleared")
    except Exception:
        log.exception("clearing_choices_failed")


def _load_rosters(board_ids: set[UUID]) -> Mapping[UUID, Roster]:
    with service_work() as session:
        return store.rosters(session, board_ids)


def _write(transitions: Sequence[Transition]) -> None:
    with service_work() as session:
        store.write(session, transitions)


def _touch(touches: Mapping[UUID, datetime]) -> None:
    with service_work() as session:
        store.touch_sessions(session, touches)
