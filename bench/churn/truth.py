"""What is true of one person, from what they and their machines did: a model of docs/presence.md.

Nothing of the application is imported here. A timeline says from when on what was true; beside it stand the
spans in which nobody can be blamed: a change is on its way, or a grace runs that may end either way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

SLACK = 2.0  # every viewer knows within
EARLY = 0.2
PROMPT = 0.5  # an acknowledgement that took longer means that the server was late
WHOLE = ""  # the person as a whole; every other scope is a board
_RANK = {"offline": 0, "idle": 1, "away": 2, "online": 3, "busy": 4}
Kind = Literal[
    "join",
    "leave",
    "active",
    "idle",
    "typing",
    "stop_typing",
    "closed",
    "lost",
    "silent",
    "request",
    "settings",
]


@dataclass(frozen=True)
class Thresholds:
    """Seconds, as the server was told."""

    idle: float = 6
    offline_after_idle: float = 14
    heartbeat: float = 2
    leave_grace: float = 1.5
    disconnect_grace: float = 4
    typing: float = 2
    online: float = 5  # after an ordinary request
    ping_interval: float = 2
    ping_timeout: float = 2

    @property
    def found(self) -> float:
        """Until a machine that fell silent is noticed."""
        return self.ping_interval + self.ping_timeout + 1


@dataclass(frozen=True)
class Settings:
    visibility: str = "contacts"
    shows_activity: bool = True
    shows_page: bool = False
    appears_offline: bool = False
    status: str | None = None  # away or busy
    status_until: float | None = None
    words: str | None = None


@dataclass
class Event:
    """`at` is when it was sent; `until` when the server had acknowledged it."""

    at: float
    kind: Kind
    sid: str = ""
    board: str = ""
    active: bool = True
    settings: Settings | None = None
    until: float = 0.0


class Seen(NamedTuple):
    """When somebody was last seen: not before, not after."""

    low: float
    high: float


class Facet(NamedTuple):
    status: str
    typing: bool = False
    words: str | None = None
    seen: Seen | None = None


@dataclass(frozen=True)
class Truth:
    at: float
    facets: Mapping[str, Facet]
    settings: Settings


class Span(NamedTuple):
    begin: float
    end: float


@dataclass
class _Connection:
    active: bool
    active_at: float
    gone_at: float | None = None
    believed_at: float = 0.0
    noticed_before: float = 0.0  # its end lay at most so long before `gone_at`
    is_borderline: bool = False  # it turned idle or offline at about the moment it went

    def status(self, now: float, limits: Thresholds) -> str:
        quiet = (now if self.gone_at is None else self.gone_at) - self.active_at
        if quiet >= limits.offline_after_idle:
            return "offline"
        return "online" if self.active and quiet < limits.idle else "idle"


@dataclass
class _Place:
    """One board of the person."""

    connections: dict[str, _Connection] = field(default_factory=dict)
    seen: Seen | None = None
    typing: tuple[str, float] | None = None  # sid, until


@dataclass
class PersonTruth:
    """Tell events in the order of their time; then `finish`."""

    limits: Thresholds
    boards: Iterable[str]
    timeline: list[Truth] = field(default_factory=list)
    unsure: dict[str, list[Span]] = field(default_factory=dict)
    settings: Settings = Settings()
    now: float = 0.0

    def __post_init__(self) -> None:
        self._places = {board: _Place() for board in self.boards}
        self._mark: float | None = None
        self._mark_seen: Seen | None = None
        self.unsure = {scope: [] for scope in (*self._places, WHOLE)}
        self._write(self.now)

    def tell(self, event: Event) -> None:
        self._pass_time(event.at)
        known_at = max(event.until, event.at)
        before = self.timeline[-1]
        getattr(self, f"_{event.kind}")(event)
        self._write(event.at)
        if self.timeline[-1].facets != before.facets or event.kind == "settings":
            scopes = self.unsure if event.kind == "settings" else self._changed(before)
            self._doubt(scopes, event.at - EARLY, known_at + SLACK)

    def finish(self, at: float) -> None:
        self._pass_time(at)

    # What happens

    def _join(self, event: Event) -> None:
        place = self._places[event.board]
        former = [c.active_at for c in place.connections.values()]
        staying = {sid: c for sid, c in place.connections.items() if c.gone_at is None}
        active_at = (
            event.at if event.active else max(former, default=place.seen.low if place.seen else event.at)
        )
        staying[event.sid] = _Connection(event.active, active_at)
        place.connections = staying
        if event.active:
            _see(place, event.at, event.at + SLACK)
        if event.until > event.at + PROMPT or not event.until:  # it may have come after a grace was over
            self._doubt((event.board, WHOLE), event.at - EARLY, max(event.until, event.at) + SLACK)

    def _active(self, event: Event) -> None:
        place = self._places[event.board]
        if connection := _here(place, event.sid):
            connection.active, connection.active_at = True, event.at
            _see(place, event.at, event.at + SLACK)

    def _idle(self, event: Event) -> None:
        place = self._places[event.board]
        if connection := _here(place, event.sid):
            connection.active = False
            _stop(place, event.sid)

    def _typing(self, event: Event) -> None:
        self._active(event)
        place = self._places[event.board]
        if _here(place, event.sid):
            place.typing = (event.sid, event.at + self.limits.typing)

    def _stop_typing(self, event: Event) -> None:
        _stop(self._places[event.board], event.sid)

    def _leave(self, event: Event) -> None:
        self._go(self._places[event.board], event, self.limits.leave_grace)

    def _closed(self, event: Event) -> None:
        for place in self._places.values():
            self._go(place, event, self.limits.leave_grace)

    def _lost(self, event: Event) -> None:
        for place in self._places.values():
            self._go(place, event, self.limits.disconnect_grace)

    def _silent(self, event: Event) -> None:
        """The server notices some time later, and believes it at the latest then."""
        grace = max(self.limits.disconnect_grace, self.limits.found)
        for board, place in self._places.items():
            if connection := _here(place, event.sid):
                connection.noticed_before = 2 * self.limits.ping_interval
                self._go(place, event, grace)
                self._doubt((board, WHOLE), event.at - EARLY, event.at + grace + SLACK)

    def _go(self, place: _Place, event: Event, grace: float) -> None:
        if connection := _here(place, event.sid):
            early = event.at - max(connection.noticed_before, SLACK)
            status = connection.status(early, self.limits)
            connection.is_borderline = status != connection.status(event.at + SLACK, self.limits)
            connection.gone_at, connection.believed_at = event.at, event.at + grace
            _stop(place, event.sid)
            if connection.is_borderline:
                self._doubt(self.unsure, event.at, connection.believed_at + SLACK)

    def _request(self, event: Event) -> None:
        known_at = max(event.until, event.at)
        self._mark, self._mark_seen = known_at, Seen(event.at, known_at + EARLY)
        self._doubt((WHOLE,), event.at - EARLY, known_at + EARLY)
        if known_at > event.at + EARLY:  # it was late, so the mark may end earlier
            ends = event.at + self.limits.online
            self._doubt((WHOLE,), ends - EARLY, known_at + self.limits.online + SLACK)

    def _settings(self, event: Event) -> None:
        assert event.settings
        self.settings = event.settings

    # What time does

    def _pass_time(self, until: float) -> None:
        while (at := self._next_change()) is not None and at <= until:
            before = self.timeline[-1]
            self._expire(at)
            self._write(at)
            self._doubt(self._changed(before), at - EARLY, at + SLACK)
        self.now = until

    def _next_change(self) -> float | None:
        moments = [at for place in self._places.values() for at in self._moments(place)]
        moments += [self._mark + self.limits.online] if self._mark else []
        moments += [self.settings.status_until] if self.settings.status_until else []
        return min((at for at in moments if at > self.timeline[-1].at), default=None)

    def _moments(self, place: _Place) -> Iterable[float]:
        for connection in place.connections.values():
            if connection.gone_at is not None:
                yield connection.believed_at
            else:
                yield connection.active_at + self.limits.idle
                yield connection.active_at + self.limits.offline_after_idle
        if place.typing:
            yield place.typing[1]

    def _expire(self, now: float) -> None:
        for place in self._places.values():
            for sid, connection in list(place.connections.items()):
                if connection.gone_at is not None and connection.believed_at <= now:
                    del place.connections[sid]
                    self._believe(place, connection)
            if place.typing and place.typing[1] <= now:
                place.typing = None
        if self._mark and self._mark + self.limits.online <= now:
            self._mark = None
        if self.settings.status_until and self.settings.status_until <= now:
            self.settings = replace(self.settings, status=None, status_until=None)

    def _believe(self, place: _Place, connection: _Connection) -> None:
        """Who left while active was there until then; who left while idle, until the last input."""
        assert connection.gone_at is not None
        if connection.is_borderline:
            _see(place, connection.active_at, connection.gone_at + SLACK)
        elif connection.status(connection.gone_at, self.limits) == "online":
            _see(place, connection.gone_at - connection.noticed_before, connection.gone_at + SLACK)
        else:
            _see(place, connection.active_at, connection.active_at + SLACK)

    # What is true

    def _write(self, at: float) -> None:
        facets = {board: self._facet(place, at) for board, place in self._places.items()}
        facets[WHOLE] = self._whole(facets.values(), at)
        self.timeline.append(Truth(at, facets, self.settings))

    def _facet(self, place: _Place, now: float) -> Facet:
        statuses = [c.status(now, self.limits) for c in place.connections.values()]
        if not statuses:
            return Facet("offline", seen=place.seen)
        status = self.settings.status or max(statuses, key=_RANK.__getitem__)
        if status == "offline":
            return Facet("offline", seen=place.seen)
        return Facet(status, place.typing is not None, self.settings.words, place.seen)

    def _whole(self, facets: Iterable[Facet], now: float) -> Facet:
        facets = list(facets)
        is_marked = self._mark is not None and now < self._mark + self.limits.online
        status = max(
            (*(f.status for f in facets), "online" if is_marked else "offline"), key=_RANK.__getitem__
        )
        found = [seen for seen in (*(f.seen for f in facets), self._mark_seen) if seen]
        seen = Seen(max(s.low for s in found), max(s.high for s in found)) if found else None
        if status == "offline":
            return Facet("offline", seen=seen)
        typing = any(facet.typing for facet in facets)
        return Facet(self.settings.status or status, typing, self.settings.words, seen)

    # What nobody can be blamed for

    def _changed(self, before: Truth) -> list[str]:
        after = self.timeline[-1]
        return [
            scope for scope in after.facets if _shown(after.facets[scope]) != _shown(before.facets[scope])
        ]

    def _doubt(self, scopes: Iterable[str], begin: float, end: float) -> None:
        for scope in scopes:
            self.unsure[scope].append(Span(begin, end))


def _shown(facet: Facet) -> Any:
    """A present person's last sign of life moves all the time and is told to nobody."""
    return facet if facet.status == "offline" else facet._replace(seen=None)


def _here(place: _Place, sid: str) -> _Connection | None:
    connection = place.connections.get(sid)
    return connection if connection and connection.gone_at is None else None


def _stop(place: _Place, sid: str) -> None:
    if place.typing and place.typing[0] == sid:
        place.typing = None


def _see(place: _Place, low: float, high: float) -> None:
    """It never steps back."""
    former = place.seen or Seen(low, high)
    place.seen = Seen(max(former.low, low), max(former.high, high))
