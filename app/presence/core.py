"""The rule of presence: what one person's connections to one board amount to. Pure; time is an argument.

A member is an immutable value. Functions take a member and what happened and answer the new member;
`view` derives what others see, `next_change_at` when that changes by itself. Statuses are never stored
as truth: only moments are (Zulip's lesson), so nothing can disagree with them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Status = Literal["online", "idle", "away", "busy", "offline"]
ChosenStatus = Literal["away", "busy"]
_BETTER: dict[Status, int] = {"busy": 4, "online": 3, "away": 2, "idle": 1, "offline": 0}


@dataclass(frozen=True, slots=True)
class Limits:
    """`offline_after_idle` counts from the last input, like `idle`."""

    idle: timedelta
    offline_after_idle: timedelta
    leave_grace: timedelta
    disconnect_grace: timedelta
    typing: timedelta


@dataclass(frozen=True, slots=True)
class Departure:
    """A connection is gone since `at`, which is believed at `believed_at` unless the person comes back."""

    at: datetime
    believed_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    sid: str
    active_at: datetime
    active: bool = True
    visible: bool = True
    device: str | None = None
    page: str | None = None
    departure: Departure | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    sid: str
    task_id: str | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person says of themselves: a status over the automatic one, and a few words. Both may expire."""

    status: ChosenStatus | None = None
    status_until: datetime | None = None
    custom_status: str | None = None
    custom_emoji: str | None = None
    custom_status_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One person on one board: a set of connections by sid, and the last moment of life before them."""

    connections: tuple[Connection, ...] = ()
    last_seen: datetime | None = None
    typing: Typing | None = None
    choice: Choice = Choice()


class View(NamedTuple):
    """What heads see of a member, apart from the name."""

    status: Status
    last_seen: datetime | None
    typing: bool
    task_id: str | None
    reconnecting: bool
    device: str | None
    page: str | None
    connections: int
    status_until: datetime | None = None
    custom_status: str | None = None
    custom_emoji: str | None = None


def connect(member: Member, connection: Connection) -> Member:
    """A connection joins. Departing ones are this person on the way back (a reload), so they are dropped.

    A page that comes back by itself says `active=False`: it must not make an idle person look busy.
    """
    staying = tuple(c for c in member.connections if c.departure is None and c.sid != connection.sid)
    if connection.active:
        return _seen(replace(member, connections=(*staying, connection)), connection.active_at)
    moments = [c.active_at for c in member.connections] or [member.last_seen or connection.active_at]
    connection = replace(connection, active_at=max(moments))
    return replace(member, connections=(*staying, connection))


def lost(status: Status, last_seen: datetime, departure: Departure) -> Member:
    """A member as a dead server left it: on the way back until the departure is believed.

    A chosen status hides whether there was input: who was busy is taken to have been there, who was away not.
    """
    if status == "offline":
        return Member(last_seen=last_seen)
    active = status in ("online", "busy")
    active_at = departure.at if active else last_seen
    return Member((Connection("lost", active_at, active, departure=departure),), last_seen)


def act(
    member: Member, sid: str, now: datetime, *, active: bool, visible: bool, page: str | None = None
) -> Member:
    """The page reports input (`active`), or that there has been none for too long."""

    def report(c: Connection) -> Connection:
        return replace(
            c,
            active=active,
            visible=visible,
            active_at=now if active else c.active_at,
            page=c.page if page is None else page,
        )

    member = _change(member, sid, report)
    if not active:
        return stop_typing(member, sid)
    return _seen(member, now) if _connection(member, sid) else member


def is_news(
    member: Member, sid: str, now: datetime, limits: Limits, *, active: bool, visible: bool, page: str | None
) -> bool:
    """Whether `act` with the same arguments changes more than a moment."""
    c = _connection(member, sid)
    return c is not None and (
        (c.active, c.visible) != (active, visible)
        or page not in (None, c.page)
        or (active and _status(c, now, limits) != "online")
    )


def type_(member: Member, sid: str, task_id: str | None, now: datetime, limits: Limits) -> Member:
    """Typing is input too."""
    connection = _connection(member, sid)
    if connection is None:
        return member
    member = act(member, sid, now, active=True, visible=connection.visible)
    return replace(member, typing=Typing(sid, task_id, now + limits.typing))


def stop_typing(member: Member, sid: str) -> Member:
    return replace(member, typing=None) if member.typing and member.typing.sid == sid else member


def leave(member: Member, sid: str, at: datetime, *, clean: bool, limits: Limits) -> Member:
    """A connection goes: said so by the page (`clean`), or lost at `at`. Believed after its grace."""
    grace = limits.leave_grace if clean else limits.disconnect_grace
    gone = Departure(at, at + grace)
    member = _change(member, sid, lambda c: c if c.departure else replace(c, departure=gone))
    return stop_typing(member, sid)


def drop(member: Member, sid: str, at: datetime, limits: Limits) -> Member:
    """A connection is ended by the site (signed out, removed): nothing to wait for."""
    connection = _connection(member, sid)
    if connection is None:
        return member
    staying = tuple(c for c in member.connections if c.sid != sid)
    return stop_typing(_seen(replace(member, connections=staying), _last_life(connection, at, limits)), sid)


def expire(member: Member, now: datetime, limits: Limits) -> Member:
    """Believes departures whose grace is over and forgets typing whose refresh did not come."""
    for connection in member.connections:
        if connection.departure and connection.departure.believed_at <= now:
            member = drop(member, connection.sid, connection.departure.at, limits)
    if member.typing and member.typing.until <= now:
        member = replace(member, typing=None)
    return choose(member, still_chosen(member.choice, now))


def choose(member: Member, choice: Choice) -> Member:
    return member if member.choice == choice else replace(member, choice=choice)


def still_chosen(choice: Choice, now: datetime) -> Choice:
    """Without what has expired."""
    if choice.status_until and choice.status_until <= now:
        choice = replace(choice, status=None, status_until=None)
    if choice.custom_status_until and choice.custom_status_until <= now:
        choice = replace(choice, custom_status=None, custom_emoji=None, custom_status_until=None)
    return choice


def view(member: Member, now: datetime, limits: Limits) -> View:
    """What is true at `now`; call `expire` first."""
    if not member.connections:
        return absent(member.last_seen)
    best = max(member.connections, key=lambda c: (_BETTER[_status(c, now, limits)], c.active_at))
    choice = member.choice
    status = choice.status or _status(best, now, limits)
    if status == "offline":
        choice = Choice()  # nobody who is offline says anything: hidden people must read the same
    typing = member.typing if status != "offline" else None
    return View(
        status=status,
        last_seen=member.last_seen,
        typing=typing is not None,
        task_id=typing.task_id if typing else None,
        reconnecting=status != "offline" and all(c.departure for c in member.connections),
        device=best.device,
        page=best.page,
        connections=sum(c.departure is None for c in member.connections),
        status_until=choice.status_until,
        custom_status=choice.custom_status,
        custom_emoji=choice.custom_emoji,
    )


def absent(last_seen: datetime | None) -> View:
    """Somebody without any connection."""
    return View("offline", last_seen, False, None, False, None, None, 0)


def last_life(member: Member, now: datetime, limits: Limits) -> datetime | None:
    """What "last seen" would say if the person left all at once."""
    lives = [_last_life(connection, now, limits) for connection in member.connections]
    return max(filter(None, (member.last_seen, *lives)), default=None)


def next_change_at(member: Member, now: datetime, limits: Limits) -> datetime | None:
    """The next moment after `now` at which `expire` or `view` answers something new by itself."""
    moments = [c.departure.believed_at for c in member.connections if c.departure]
    for c in member.connections:
        if c.departure is None:
            moments += [c.active_at + limits.offline_after_idle]
            moments += [c.active_at + limits.idle] if c.active else []
    if member.typing:
        moments.append(member.typing.until)
    if member.connections:  # of nobody else is a choice shown
        moments += filter(None, (member.choice.status_until, member.choice.custom_status_until))
    return min((m for m in moments if m > now), default=None)


def best_status(statuses: Iterable[Status]) -> Status:
    """A person's own status: the best of their boards."""
    return max(statuses, key=lambda s: _BETTER[s], default="offline")


def _status(connection: Connection, now: datetime, limits: Limits) -> Status:
    """Of one connection. A departing one keeps the status it had when it went: no flicker on reload."""
    at = connection.departure.at if connection.departure else now
    quiet = at - connection.active_at
    if quiet >= limits.offline_after_idle:
        return "offline"
    return "online" if connection.active and quiet < limits.idle else "idle"


def _last_life(connection: Connection, at: datetime, limits: Limits) -> datetime:
    """Who leaves while active was there until then; who leaves while idle, until the last input."""
    gone = connection.departure.at if connection.departure else at
    return gone if _status(connection, gone, limits) == "online" else connection.active_at


def _seen(member: Member, at: datetime) -> Member:
    """last_seen never steps back, whatever the order of events."""
    return replace(member, last_seen=max(member.last_seen or at, at))


def _connection(member: Member, sid: str) -> Connection | None:
    return next((c for c in member.connections if c.sid == sid), None)


def _change(member: Member, sid: str, change: Callable[[Connection], Connection]) -> Member:
    connections = tuple(change(c) if c.sid == sid else c for c in member.connections)
    return replace(member, connections=connections)
