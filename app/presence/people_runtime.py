"""Puts the live people and their watchers to work in a process: what is read, written and told, and when.

Composition only; what is true of a person is decided in person and people, what is shown of it in watching.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from config import Settings

from ..batching import Batcher
from ..clock import clock
from ..db import as_service, service_work
from ..errors import Unavailable
from . import people_store, sightings
from .people import People
from .person import Life
from .privacy import Privacy
from .service import Presence
from .settings import PersonSettings
from .watching import Watching

log = logging.getLogger(__name__)

# Of those who are there the last sign of life is written so often, for the case that the process dies.
WRITE_PRESENT_SECONDS = 60.0
# What viewers may see is loaded for so many pairs at once; gathered so long; tried again after so long; and
# looked at again now and then, for rights that ended without a word.
PAIRS_AT_ONCE = 5_000
GATHER_SECONDS = 0.02
RETRY_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 60.0

Tell = Callable[[Iterable[str], str, Any], None]  # sids, event, payload


class PeopleRuntime:
    def __init__(self, settings: Settings, presence: Presence, tell: Tell) -> None:
        self._tick_seconds = settings.presence_tick_milliseconds / 1000
        life = Life(
            mark=timedelta(seconds=settings.presence_online_seconds),
            typing=timedelta(seconds=settings.presence_typing_seconds),
        )
        self._life = life
        self._settings: Batcher[UUID, PersonSettings] = Batcher(_load_settings, 0, 0)
        self._tell = tell
        self._presence = presence
        self.people = People(clock=clock, life=life, views_of=presence.views_of)
        self.watching = Watching(self.people.view)
        self._wake = threading.Event()
        presence.on_person_changed = self.people.changed

    def start(self, start_task: Callable[[Callable[[], None]], Any]) -> None:
        self._restore()
        for loop in (self._tick_forever, self._write_forever, self._load_forever):
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

    @property
    def mark_life(self) -> timedelta:
        """So long an ordinary request makes somebody online."""
        return self._life.mark

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

    def about_to_hide(self, session: Session, user_id: UUID, after: Privacy) -> None:
        """Committed with the change of privacy: from then on this is all that some can see."""
        row = self.people.last_sight(user_id, after, self._presence.last_life(user_id))
        if row:
            with as_service(session):
                people_store.write_last_seen(session, [row])

    def watch(self, sid: str, viewer: UUID, targets: Iterable[UUID]) -> None:
        self.watching.watch(sid, viewer, targets)
        self._wake.set()

    def outdated(self) -> None:
        """Something became stale."""
        self._wake.set()

    def tick(self) -> None:
        """Lets time pass, then tells watchers what has changed for them."""
        self.people.tick()
        for sids, users in self.watching.news(self.people.take_changed()):
            self._tell(sids, "presence_update", {"users": users})
        if self.watching.has_stale:
            self._wake.set()

    def load_stale(self) -> bool:
        """One portion; False when the database is away: nothing is told of whom it could not be asked."""
        pairs = self.watching.take_stale(PAIRS_AT_ONCE)
        if not pairs:
            return True
        boards = self.watching.boards_of(pairs)
        try:
            with service_work() as session:
                found = sightings.of_pairs(session, pairs)
                names = sightings.board_names(session, {viewer for viewer, _ in pairs}, boards)
        except Unavailable:
            self.watching.give_back(pairs)
            return False
        except Exception:
            self.watching.give_back(pairs)
            raise
        self.watching.settle(pairs, found, boards, names)
        return True

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
                self.tick()
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

    def _load_forever(self) -> None:
        looked_at = clock.monotonic()
        while True:
            self._wake.wait(LOOK_AGAIN_SECONDS)
            self._wake.clear()
            if clock.monotonic() - looked_at >= LOOK_AGAIN_SECONDS:
                looked_at = clock.monotonic()
                self.watching.look_again()
            time.sleep(GATHER_SECONDS)
            try:
                while self.watching.has_stale and self.load_stale():
                    self.tick()
                    time.sleep(0)
            except Exception:
                log.exception("sights_not_loaded")
            if self.watching.has_stale:
                time.sleep(RETRY_SECONDS)
                self._wake.set()


def _load_settings(user_ids: set[UUID]) -> Mapping[UUID, PersonSettings]:
    with service_work() as session:
        return people_store.settings_of(session, user_ids)
