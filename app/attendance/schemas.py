"""What may be asked of attendance, and how it looks in answers."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator

from ..errors import WorkHubError
from ..paging import LONGEST_CURSOR
from ..schema import FIRST_YEAR, LAST_YEAR, Moment, NamedMoment, Schema, Storable

Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Storable]
Cursor = Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500), Storable]
State = Literal["all", "active", "completed"]


class PeriodLocked(WorkHubError):
    """`current` says which is the first day that may still change."""

    code, title, status = "period_locked", "That period is closed for payroll; nothing was changed", 409


class CountChanged(WorkHubError):
    """`current` says how many there are now."""

    code, title, status = "count_changed", "Other sessions match than were shown; nothing was deleted", 409


class DeletionRunning(WorkHubError):
    code, title, status = (
        "deletion_running",
        "Sessions are being deleted or brought back; try again soon",
        409,
    )


class SessionChanged(WorkHubError):
    code, title, status = "session_changed", "This session has changed meanwhile; look at it again", 409


def in_calendar(day: date | None) -> date | None:
    """Its midnight and the next one, anywhere on Earth, are moments that WorkHub knows."""
    if day is not None and not FIRST_YEAR < day.year < LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


class OfOrganization(Schema):
    """Without an id: the first organization, by name, that one runs, or else is in."""

    organization_id: UUID | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _left_empty(cls, value: object) -> object:
        return None if value == "" else value


class RangeQuery(OfOrganization):
    """Days in the organization's time zone, both included; without them the last seven."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    status: State | None = None

    _days_in_calendar = field_validator("from_", "to")(in_calendar)

    @model_validator(mode="after")
    def _in_order(self) -> "RangeQuery":
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("the range ends before it begins")
        return self


class AttendanceFilter(RangeQuery):
    """`search` finds parts of names and e-mail addresses; `userId` is one person."""

    search: Search | None = None
    user_id: UUID | None = None


class PeopleLevel(AttendanceFilter):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class DaysLevel(RangeQuery):
    """`userId`: oneself when it is left out. `cursor` is the nextCursor of an earlier answer."""

    user_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=400)] = 100
    cursor: date | None = None

    _cursor_in_calendar = field_validator("cursor")(in_calendar)


class SessionsLevel(OfOrganization):
    user_id: UUID | None = None
    day: date
    status: State | None = None

    _day_in_calendar = field_validator("day")(in_calendar)


class Deletion(AttendanceFilter):
    """`sessions` is how many were shown before: exactly those are deleted, or none."""

    sessions: Annotated[int, Field(ge=1)]


class ExportQuery(AttendanceFilter):
    """`decimal`: how hours are written, and with the comma cells are divided by semicolons.

    `overnight`: work over midnight as one row, on the day it began, or split at midnight.
    """

    decimal: Literal["point", "comma"] = "point"
    overnight: Literal["whole", "split"] = "whole"


class CsvQuery(ExportQuery):
    sheet: Literal["sessions", "payroll"] = "sessions"


class CorrectionPatch(Schema):
    """What is left out stays as it is. A session that goes on ends by signing out."""

    clock_in_at: NamedMoment | None = None
    clock_out_at: NamedMoment | None = None
    reason: Reason
    version: Annotated[int, Field(ge=1)]


class LockChange(Schema):
    """Nothing of the days before `lockedBefore` changes any more; null opens them again."""

    locked_before: date | None

    _day_in_calendar = field_validator("locked_before")(in_calendar)


class LockView(Schema):
    locked_before: date | None


class Sums(Schema):
    """`seconds` includes sessions that go on, up to `countedAt` of the answer."""

    seconds: int
    sessions: int
    active: int
    closed_automatically: int
    corrected: int


class PersonRow(Sums):
    user_id: UUID
    name: str
    email: str
    avatar_url: str | None


class DayRow(Sums):
    day: date


class CorrectionView(Schema):
    """What the session was before."""

    clock_in_at: Moment
    clock_out_at: Moment | None
    closed_automatically: bool
    reason: str
    corrected_by: str
    corrected_at: Moment


class SessionRow(Schema):
    """`corrections` with the newest first; the last one holds the original."""

    id: UUID
    clock_in_at: Moment
    clock_out_at: Moment | None
    seconds: int
    status: Literal["ACTIVE", "COMPLETED"]
    closed_automatically: bool
    is_locked: bool
    version: int
    corrections: list[CorrectionView]


class Level(Schema):
    """Of which organization and days the answer speaks."""

    organization_id: UUID
    time_zone: str
    counted_at: Moment


class PeoplePage(Level):
    from_: date = Field(alias="from")
    to: date
    items: list[PersonRow]
    next_cursor: str | None


class DaysPage(Level):
    items: list[DayRow]
    next_cursor: date | None


class SessionsPage(Level):
    items: list[SessionRow]


class OnlinePerson(Schema):
    user_id: UUID
    name: str
    email: str
    avatar_url: str | None
    clock_in_at: Moment


class OnlinePage(Schema):
    """The first of those who are clocked in, by name, and how many there are."""

    items: list[OnlinePerson]
    total: int


class AttendanceNews(Schema):
    organization_id: UUID


class DeletionCount(Schema):
    """`locked` of the `sessions` lie in a closed period, `active` ones go on and are never deleted."""

    sessions: int
    locked: int
    active: int


class DeletionView(Schema):
    """While it is `deleting` or `restoring`, `done` of the `sessions` are through."""

    deletion_id: UUID
    sessions: int
    undo_until: Moment
    state: Literal["deleting", "deleted", "restoring", "undone"]
    done: int
