"""What may be asked of an audit trail, and how its events look in answers."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from ..schema import FIRST_YEAR, LAST_YEAR, Moment, NamedMoment, Schema, Storable

Short = Annotated[str, StringConstraints(max_length=100), Storable]
Cursor = Annotated[int, Field(ge=1, lt=2**63)]


class _Filters(Schema):
    """Forms send what was left empty too."""

    action: Short | None = None
    cursor: Cursor | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _left_empty(cls, value: object) -> object:
        return None if value == "" else value


class AuditFilter(_Filters):
    """`to` is the moment behind the last one; `cursor` is the nextCursor of an earlier answer."""

    actor_id: UUID | None = None
    from_: NamedMoment | None = Field(None, alias="from")
    to: NamedMoment | None = None


class AuditQuery(AuditFilter):
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class PageQuery(_Filters):
    """The page speaks of days, both ends included, in the time zone of whoever looks at it."""

    organization: UUID | None = None
    person: UUID | None = None
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    zone: Short | None = None

    @field_validator("from_", "to")
    @classmethod
    def _in_calendar(cls, day: date | None) -> date | None:
        """Its midnight and the next one, anywhere on Earth, are moments that WorkHub knows."""
        if day is not None and not FIRST_YEAR < day.year < LAST_YEAR:
            raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
        return day


class AuditEventView(Schema):
    """`summary` tells it in one sentence; `details` depend on the action."""

    seq: int
    occurred_at: Moment
    actor_id: UUID | None
    actor_name: str | None
    action: str
    target_type: str
    target_id: str
    details: dict[str, Any]
    summary: str


class AuditPage(Schema):
    items: list[AuditEventView]
    next_cursor: str | None
