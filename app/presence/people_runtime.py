"""Puts the live people to work in a process: what is read before a first mark, what is written, and when.

Composition only; what is true of a person is decided in person and people.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from config import Settings

from ..batching import Batcher
from ..clock import clock
from ..db import service_work
from ..errors import Unavailable
from . import people_store
from .people import People
from .person import Life
from .service import Presence
from .settings import PersonSettings

log = logging.getLogger(__name__)

# Of those who are there the last sign of life is written so often, for the case that the process dies.
WRITE_PRESENT_SECONDS = 60.0


class PeopleRuntime:
    def __init__(self, settings: Settings, presence: Presence) -> None:
        self._tick_seconds = settings.presence_tick_milliseconds / 1000
        life = Life(
            mark=timedelta(seconds=settings.presence_online_seconds),
            typing=timedelta(seconds=settings.presence_typing_seconds),
        )
        self._life = life
        self._settings: Batcher[UUID, PersonSettings] = Batcher(_load_settings, 0, 0)
        self.people = People(clock=clock, life=life, views_of=presence.views_of)
        presence.on_person_changed = self.people.changed

    def start(self, start_task: Callable[[Callable[[], None]], Any]) -> None:
        self._restore()
        for loop in (self._tick_forever, self._write_forever):
            start_task(loop)

    def stop(self) -> None:
        self.write(with_present=True)

    def mark(self, user_id: UUID, session_id: UUID, **said: Any) -> None:
        """As `People.mark`; before the first one it reads the person's settings."""
        self.settings_of(user_id)
        self.people.mark(user_id, session_id, **said)

    def settings_of(self, user_id: UUID) -> PersonSettings | None:
        """Read once, and known from then on; None while the database is away."""
        if not self.people.knows(user_id):
            self._learn(user_id)
        return self.people.settings_of(user_id)

    def sessions(self) -> dict[UUID, UUID]:
        return self.people.sessions()

    def write(self, *, with_present: bool = False) -> None:
        rows = self.people.take_unwritten(with_present=with_present)
        try:
            if rows:
                with service_work() as session:
                    people_store.write_last_seen(session, rows)
        except Unavailable:
            self.people.give_back(rows)

    def _restore(self) -> None:
        """Who was there before a restart is there after it: their pages would not ask anew for minutes."""
        with service_work() as session:
            logins = people_store.logins_since(session, clock.now() - self._life.mark)
            settings = people_store.settings_of(session, {login.user_id for login in logins})
        for user_id, kept in settings.items():
            self.people.learn(user_id, kept)
        for login in logins:
            self.people.restore(login.user_id, login.session_id, login.at, login.device)

    def _learn(self, user_id: UUID) -> None:
        try:
            settings = self._settings.load(user_id)
        except Unavailable:
            log.warning("settings_not_read")  # the next request tries again
        else:
            if settings:
                self.people.learn(user_id, settings)

    def _tick_forever(self) -> None:
        while True:
            time.sleep(self._tick_seconds)
            try:
                self.people.tick()
            except Exception:
                log.exception("people_tick_failed")

    def _write_forever(self) -> None:
        written_at = clock.monotonic()
        while True:
            time.sleep(self._tick_seconds)
            is_due = clock.monotonic() - written_at >= WRITE_PRESENT_SECONDS
            written_at = clock.monotonic() if is_due else written_at
            try:
                self.write(with_present=is_due)
            except Exception:
                log.exception("last_seen_not_written")


def _load_settings(user_ids: set[UUID]) -> Mapping[UUID, PersonSettings]:
    with service_work() as session:
        return people_store.settings_of(session, user_ids)
