"""People as a whole, live: what their boards and their ordinary requests amount to, and who has changed.

In memory, without I/O: a request costs a look-up and no row. What must be written (when somebody was last
seen) and who must be told (the dirty ones) is collected for those who do it. Sees everything of everybody;
what may be shown to whom is decided elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ..clock import Clock
from . import core, person
from .deadlines import Deadlines
from .marks import Marks
from .person import Life, Mark, PersonView
from .privacy import Audience, Privacy, audience
from .settings import PersonSettings

ENDED_REMEMBERED = timedelta(minutes=1)  # much longer than any request may be on its way


@dataclass(frozen=True, slots=True)
class LastSeen:
    """A moment of life for `user_last_seen`, and who could see it."""

    user_id: UUID
    at: datetime
    page: str | None
    device: str | None
    seen_by: Audience


class People:
    def __init__(self, *, clock: Clock, life: Life, views_of: Callable[[UUID], list[core.View]]) -> None:
        self._clock = clock
        self._life = life
        self._views_of = views_of
        self._marks = Marks()
        self._settings: dict[UUID, PersonSettings] = {}
        self._deadlines: Deadlines[UUID] = Deadlines()
        self._ended: dict[UUID, datetime] = {}  # logins, oldest first
        self._dirty: set[UUID] = set()
        self._unwritten: list[LastSeen] = []
        self._last_seen: dict[UUID, datetime] = {}  # boards and marks go, and with them what they knew

    # What they have set

    def knows(self, user_id: UUID) -> bool:
        """Whether the person's settings are known here; needed before their first mark."""
        return user_id in self._settings

    def learn(self, user_id: UUID, settings: PersonSettings) -> None:
        """As they were read; what was set meanwhile is newer."""
        self._settings.setdefault(user_id, settings)

    def settings_changed(self, user_id: UUID, after: PersonSettings) -> None:
        self._settings[user_id] = after
        self.changed(user_id)
        self._schedule(user_id)

    def last_sight(self, user_id: UUID, after: Privacy, last_life: datetime | None) -> LastSeen | None:
        """What is to be written of somebody who is about to hide: whoever can see them now sees them leave.

        `last_life` is what a board would say if they left now.
        """
        settings = self._settings.get(user_id)
        if settings is None or audience(settings.privacy) == audience(after):
            return None
        seen = self.view(user_id)
        if seen.status == "offline":
            return None
        at = max(filter(None, (seen.last_seen, last_life)), default=None)
        return LastSeen(user_id, at, seen.page, seen.device, audience(settings.privacy)) if at else None

    def settings_of(self, user_id: UUID) -> PersonSettings | None:
        return self._settings.get(user_id)

    # What they do

    def mark(
        self,
        user_id: UUID,
        session_id: UUID,
        *,
        active: bool = True,
        device: str | None = None,
        page: str | None = None,
        typing: bool | None = None,
    ) -> None:
        """A request of this login. One that was on its way while the login ended is no sign of life."""
        if session_id in self._ended:
            return
        now, former = self._clock.now(), self._marks.get(user_id, session_id)
        mark = person.renewed(former, now, self._life, active=active, device=device, page=page, typing=typing)
        self._marks.put(user_id, session_id, mark)
        if former is None or not person.looks_alike(former, mark, now, self._life):
            self.changed(user_id)
        self._schedule(user_id)

    def restore(self, user_id: UUID, session_id: UUID, at: datetime, device: str) -> None:
        """As the process before left it."""
        self._marks.put(user_id, session_id, Mark(at, True, at, device))
        self._schedule(user_id)

    def leave(self, user_id: UUID, session_id: UUID) -> None:
        """The client says that nobody is there any more; the login goes on."""
        mark = self._marks.pop(user_id, session_id)
        if mark is not None:
            self._write(user_id, mark.active_at, mark.page, mark.device)
            self.changed(user_id)

    def signed_out(self, user_id: UUID, session_id: UUID) -> None:
        now = self._clock.now()
        self._ended.pop(session_id, None)
        self._ended[session_id] = now
        while now - self._ended[oldest := next(iter(self._ended))] > ENDED_REMEMBERED:
            del self._ended[oldest]
        self.leave(user_id, session_id)

    def changed(self, user_id: UUID) -> None:
        """Something about this person may look different now."""
        self._dirty.add(user_id)

    # What is true

    def view(self, user_id: UUID) -> PersonView:
        marks, choice = self._marks.of(user_id).values(), self._choice(user_id)
        seen = person.merge(self._views_of(user_id), marks, choice, self._clock.now(), self._life)
        return seen._replace(last_seen=self._remember(user_id, seen.last_seen))

    def is_idle(self, user_id: UUID, session_id: UUID) -> bool:
        """Whether the client has said that nobody is there."""
        mark = self._marks.get(user_id, session_id)
        return mark is not None and not mark.active

    def sessions(self) -> dict[UUID, UUID]:
        """The logins with a mark, and whose they are."""
        return self._marks.sessions()

    def tick(self) -> None:
        """Lets time pass: what is over is forgotten."""
        now = self._clock.now()
        for user_id in list(self._deadlines.due(now)):
            for session_id, mark in list(self._marks.of(user_id).items()):
                if not person.is_alive(mark, now, self._life):
                    self.leave(user_id, session_id)
            self.changed(user_id)
            self._schedule(user_id)

    def take_changed(self) -> set[UUID]:
        changed, self._dirty = self._dirty, set()
        return changed

    # What is written

    def take_unwritten(self, *, with_present: bool = False) -> list[LastSeen]:
        """Of those who have gone since the last time; of those who are there as well, now and then."""
        if with_present:
            for user_id, mark in self._marks:
                self._write(user_id, mark.active_at, mark.page, mark.device)
        rows, self._unwritten = self._unwritten, []
        return rows

    def give_back(self, rows: list[LastSeen]) -> None:
        """They could not be written."""
        self._unwritten = rows + self._unwritten

    # Inside

    def _write(self, user_id: UUID, at: datetime | None, page: str | None, device: str | None) -> None:
        settings = self._settings.get(user_id)
        if at is not None:
            self._remember(user_id, at)
            seen_by = audience(settings.privacy) if settings else Audience.NOBODY
            self._unwritten.append(LastSeen(user_id, at, page, device, seen_by))

    def _remember(self, user_id: UUID, at: datetime | None) -> datetime | None:
        known = self._last_seen.get(user_id)
        if at and (known is None or at > known):
            self._last_seen[user_id] = known = at
        return known

    def _choice(self, user_id: UUID) -> core.Choice | None:
        settings = self._settings.get(user_id)
        return settings.choice if settings else None

    def _schedule(self, user_id: UUID) -> None:
        marks, choice = self._marks.of(user_id).values(), self._choice(user_id)
        moment = person.next_change_at(marks, choice, self._clock.now(), self._life)
        self._deadlines.schedule(user_id, moment)
