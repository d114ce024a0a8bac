"""A person as a whole: the best of their boards and of their ordinary requests. Pure; time is an argument.

A request leaves a mark that lives for a while and needs no goodbye: one mark for each login, so that signing
out on one machine says nothing of another.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from . import core
from .privacy import Sight


@dataclass(frozen=True, slots=True)
class Life:
    """How long a mark holds without another request, and typing without another key."""

    mark: timedelta
    typing: timedelta


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest ordinary request of one login, and when somebody was there (None: not since it began)."""

    at: datetime
    active: bool
    active_at: datetime | None
    device: str | None = None
    page: str | None = None
    typing_until: datetime | None = None


class PersonView(NamedTuple):
    """What those may see who may see everything of a person."""

    status: core.Status
    last_seen: datetime | None
    page: str | None = None
    typing: bool = False
    device: str | None = None
    custom_status: str | None = None
    custom_emoji: str | None = None


class _Trace(NamedTuple):
    """Where somebody is: a board or a login."""

    status: core.Status
    seen_at: datetime | None
    device: str | None
    page: str | None


def renewed(
    mark: Mark | None,
    now: datetime,
    life: Life,
    *,
    active: bool = True,
    device: str | None = None,
    page: str | None = None,
    typing: bool | None = None,
) -> Mark:
    """Another request. `active` is false when the client says that nobody is there; None changes nothing, the
    empty page is none."""
    former = mark or Mark(now, active, None)
    until = {None: former.typing_until, True: now + life.typing, False: None}[typing]
    return Mark(
        at=now,
        active=active,
        active_at=now if active else former.active_at,
        device=device or former.device,
        page=former.page if page is None else page or None,
        typing_until=until if active else None,
    )


def looks_alike(former: Mark, mark: Mark, now: datetime, life: Life) -> bool:
    """Whether one followed the other without anybody needing to be told."""

    def looks(of: Mark) -> tuple[object, ...]:
        return of.active, of.device, of.page, _is_typing(of, now)

    return is_alive(former, now, life) and looks(former) == looks(mark)


def is_alive(mark: Mark, now: datetime, life: Life) -> bool:
    return now < mark.at + life.mark


def merge(
    views: Collection[core.View],
    marks: Collection[Mark],
    choice: core.Choice | None,
    now: datetime,
    life: Life,
) -> PersonView:
    """What is true of the person at `now`. `choice` is None when only their boards know what they chose."""
    marks_alive = [mark for mark in marks if is_alive(mark, now, life)]
    traces = [_Trace(v.status, v.last_seen, v.device, v.page) for v in views]
    traces += [_Trace("online" if m.active else "idle", m.active_at, m.device, m.page) for m in marks_alive]
    last_seen = max(_moments(views, marks), default=None)
    status = core.best_status(trace.status for trace in traces)
    if status == "offline":
        return PersonView(status, last_seen)
    chosen = _chosen_on_boards(views) if choice is None else core.still_chosen(choice, now)
    best = [t for t in traces if t.status == status or (chosen.status and t.status != "offline")]
    newest = max(best, key=lambda trace: (trace.seen_at is not None, trace.seen_at))
    return PersonView(
        status=chosen.status or status,
        last_seen=last_seen,
        page=newest.page,
        typing=any(view.typing for view in views) or any(_is_typing(mark, now) for mark in marks_alive),
        device=newest.device,
        custom_status=chosen.custom_status,
        custom_emoji=chosen.custom_emoji,
    )


def masked(view: PersonView, sight: Sight, recorded: datetime | None) -> PersonView:
    """The person as a viewer with this sight may have them: whoever is hidden has left.

    `recorded` is the last seen that is kept for this viewer, which knows no moment of those who are there.
    """
    if not sight.activity:
        view = view._replace(last_seen=None, typing=False, device=None)
    last_seen = max(filter(None, (view.last_seen, recorded)), default=None)
    if not sight.status or view.status == "offline":
        return PersonView("offline", last_seen)
    return view._replace(last_seen=last_seen, page=view.page if sight.page else None)


def next_change_at(
    marks: Iterable[Mark], choice: core.Choice | None, now: datetime, life: Life
) -> datetime | None:
    """The next moment after `now` at which `merge` answers something new by itself, boards apart."""
    moments = [moment for mark in marks for moment in (mark.at + life.mark, mark.typing_until)]
    if moments and choice:  # of nobody else is a choice shown
        moments += [choice.status_until, choice.custom_status_until]
    return min((moment for moment in moments if moment and moment > now), default=None)


def _moments(views: Iterable[core.View], marks: Iterable[Mark]) -> list[datetime]:
    moments = [*(view.last_seen for view in views), *(mark.active_at for mark in marks)]
    return [moment for moment in moments if moment]


def _is_typing(mark: Mark, now: datetime) -> bool:
    return mark.typing_until is not None and now < mark.typing_until


def _chosen_on_boards(views: Iterable[core.View]) -> core.Choice:
    """Everybody's views of one person say the same words, but for those who are offline: they say none."""
    for view in views:
        if view.status != "offline":
            status: core.ChosenStatus | None = view.status if view.status in ("away", "busy") else None
            return core.Choice(status, view.status_until, view.custom_status, view.custom_emoji)
    return core.Choice()
