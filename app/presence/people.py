"""People as a whole, live: what their boards and their ordinary requests amount to, and who has changed.

In memory, without I/O: a request costs a look-up and no row. What must be written (when somebody was last
seen) and who must be told (the dirty ones) is collected for those who do it. Sees everything of everybody;
what may be shown to whom is decided elsewhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ..clock import Clock
from . import core, person
from .deadlines import Deadlines
from .marks import Marks
from .person import Life, Mark, PersonView

ENDED_REMEMBERED = timedelta(minutes=1)  # much longer than any request may be on its way


@dataclass(frozen=True, slots=True)
class LastSeen:
    """One row of `user_last_seen`."""

    user_id: UUID
    at: datetime
    page: str | None
    device: str | None


class People:
    def __init__(self, *, clock: Clock, life: Life, views_of: Callable[[UUID], list[core.View]]) -> None:
        self._clock = clock
        self._life = life
        self._views_of = views_of
        self._marks = Marks()
        self._choices: dict[UUID, core.Choice] = {}
        self._deadlines: Deadlines[UUID] = Deadlines()
        self._ended: dict[UUID, datetime] = {}  # logins, oldest first
        self._dirty: set[UUID] = set()
        self._unwritten: dict[UUID, LastSeen] = {}

    # What they chose

    def knows(self, user_id: UUID) -> bool:
        """Whether it is known here what the person chose; needed before their first mark."""
        return user_id in self._choices

    def learn(self, user_id: UUID, choice: core.Choice) -> None:
        """As it was read; what was said meanwhile is newer."""
        self._choices.setdefault(user_id, choice)

    def chose(self, user_id: UUID, choice: core.Choice) -> None:
        self._choices[user_id] = choice
        self.changed(user_id)
        self._schedule(user_id)

    def choice_of(self, user_id: UUID) -> core.Choice | None:
        choice = self._choices.get(user_id)
        return choice and core.still_chosen(choice, self._clock.now())

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

    def leave(self, user_id: UUID, session_id: UUID) -> None:
        """The client says that nobody is there any more; the login goes on."""
        mark = self._marks.pop(user_id, session_id)
        if mark is not None:
            self._departed(user_id, mark)

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
        marks, choice = self._marks.of(user_id).values(), self._choices.get(user_id)
        return person.merge(self._views_of(user_id), marks, choice, self._clock.now(), self._life)

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
        rows, self._unwritten = self._unwritten, {}
        if with_present:
            for user_id, mark in self._marks:
                _keep_newest(rows, _last_seen(user_id, mark))
        return list(rows.values())

    def give_back(self, rows: Iterable[LastSeen]) -> None:
        """They could not be written."""
        for row in rows:
            _keep_newest(self._unwritten, row)

    # Inside

    def _departed(self, user_id: UUID, mark: Mark) -> None:
        _keep_newest(self._unwritten, _last_seen(user_id, mark))
        self.changed(user_id)

    def _schedule(self, user_id: UUID) -> None:
        marks, choice = self._marks.of(user_id).values(), self._choices.get(user_id)
        moment = person.next_change_at(marks, choice, self._clock.now(), self._life)
        self._deadlines.schedule(user_id, moment)


def _last_seen(user_id: UUID, mark: Mark) -> LastSeen | None:
    return LastSeen(user_id, mark.active_at, mark.page, mark.device) if mark.active_at else None


def _keep_newest(rows: dict[UUID, LastSeen], row: LastSeen | None) -> None:
    if row and (row.user_id not in rows or rows[row.user_id].at <= row.at):
        rows[row.user_id] = row
