"""The rule of activity logs: what of people's doings is kept, for which organization, in which shape. Pure.

Logs are for owners and admins of organizations on one plan. A person's own settings stand above the plan:
whoever hides or does not show activity leaves nothing here, and pages are kept only of those who show theirs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cache
from typing import Any, Literal, NamedTuple
from uuid import UUID

from .pages import board_of
from .privacy import Audience, Privacy, audience

ActivityType = Literal["page_view", "interaction", "session_start", "session_end"]
LOGGING_PLAN = "enterprise"
SESSION_ENDS = ("signed_out", "replaced")
LONGEST_SESSION_MINUTES = 366 * 24 * 60
MOST_CHANGES = 1_000_000


class Kept(Enum):
    NOTHING = auto()
    WITHOUT_PAGE = auto()
    ALL = auto()


@dataclass(slots=True)
class Entry:
    """Something a person did. `page` is canonical; `details` may hold anything, and little of it is kept."""

    id: UUID
    activity_type: ActivityType
    user_id: UUID
    at: datetime
    session_id: UUID | None = None
    device: str | None = None
    page: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """`plans` of the organizations they belong to. No settings: they never changed any."""

    privacy: Privacy
    settings_changed_at: datetime | None
    plans: Mapping[UUID, str]


class Home(NamedTuple):
    """The organization of a board."""

    organization_id: UUID
    plan: str


class Login(NamedTuple):
    device: str
    began_at: datetime


class Row(NamedTuple):
    """One row of `presence_activity_logs`."""

    id: UUID
    organization_id: UUID
    user_id: UUID
    activity_type: ActivityType
    page_viewed: str | None
    device_type: str | None
    session_id: UUID | None
    metadata: dict[str, int | str]
    created_at: datetime


@cache
def kept(plan: str, privacy: Privacy) -> Kept:
    if plan != LOGGING_PLAN or audience(privacy) is Audience.NOBODY or not privacy.show_activity:
        return Kept.NOTHING
    return Kept.ALL if privacy.show_current_page else Kept.WITHOUT_PAGE


def rows(entry: Entry, person: Person, board: Home | None, login: Login | None) -> Iterator[Row]:
    """A board's page belongs to the board's organization; everything else to each of the person's own."""
    if is_older_than_settings(entry, person):
        return
    plans = person.plans
    if board_of(entry.page):
        plans = {board.organization_id: board.plan} if board else {}
    details = dict(entry.details)
    if (lasted := session_minutes(entry, person, login)) is not None:
        details["durationMinutes"] = lasted
    for organization_id, plan in plans.items():
        extent = kept(plan, person.privacy)
        if extent is not Kept.NOTHING:
            yield Row(
                id=_id_in(organization_id, entry.id),
                organization_id=organization_id,
                user_id=entry.user_id,
                activity_type=entry.activity_type,
                page_viewed=entry.page if extent is Kept.ALL else None,
                device_type=entry.device or (login.device if login else None),
                session_id=entry.session_id,
                metadata=clean(details),
                created_at=entry.at,
            )


def is_older_than_settings(entry: Entry, person: Person) -> bool:
    """Settings are read when rows are written; what was done under earlier ones must not count by these."""
    return person.settings_changed_at is not None and entry.at <= person.settings_changed_at


def session_minutes(entry: Entry, person: Person, login: Login | None) -> int | None:
    """How long a login lasted that ends here; the plan does not matter, what the person shows does."""
    hides = is_older_than_settings(entry, person) or kept(LOGGING_PLAN, person.privacy) is Kept.NOTHING
    if hides or login is None or entry.activity_type != "session_end":
        return None
    return max(0, (entry.at - login.began_at) // timedelta(minutes=1))


def clean(details: Mapping[str, Any]) -> dict[str, int | str]:
    """What metadata may hold: these names with these shapes. No text that anybody typed has a way in."""
    return {name: value for name, value in details.items() if name in _SHAPES and _SHAPES[name](value)}


def _number_up_to(most: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 0 <= value <= most


_SHAPES: dict[str, Callable[[Any], bool]] = {
    "changes": _number_up_to(MOST_CHANGES),
    "durationMinutes": _number_up_to(LONGEST_SESSION_MINUTES),
    "reason": lambda value: type(value) is str and value in SESSION_ENDS,
}


def _id_in(organization_id: UUID, entry_id: UUID) -> UUID:
    """One for each organization, and the same one each time the row is written. Of a UUIDv7 the last 32 bits
    are random; those before keep the order in which entries were made."""
    return UUID(int=entry_id.int ^ (organization_id.int & 0xFFFFFFFF))
