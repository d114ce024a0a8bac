"""What clients may say about presence, over sockets and REST."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    field_validator,
    model_validator,
)

from ..schema import NamedMoment, Schema, Storable, without_defaults
from .core import Status
from .pages import canonical
from .privacy import Visibility

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100), Storable]
Emoji = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10), Storable]
# Read as a page of this site; an address that is none counts as no page, not as a mistake.
Address = Annotated[str, StringConstraints(max_length=200), Storable]
_HEX = "[0-9a-fA-F]"
_UUID = f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}"
GROUP = f"^(board:{_UUID}|organization(:{_UUID})?)$"
Page = Annotated[Address | None, AfterValidator(canonical)]


class OnBoard(Schema):
    board_id: UUID


class JoinBoard(OnBoard):
    """`active` is false when a page comes back by itself while nobody touches it."""

    page: Page = None
    device: Literal["desktop", "mobile", "tablet"] | None = None
    active: bool = True


class ReportActivity(OnBoard):
    active: bool
    visible: bool = True
    page: Page = None


class TypeInTask(OnBoard):
    task_id: UUID | None = None


class OpenTask(OnBoard):
    """null: none any more."""

    task_id: UUID | None


class WatchUsers(Schema):
    """Instead of those watched before; nobody, to end it."""

    user_ids: list[UUID] = Field(max_length=200)


class Track(Schema):
    """What a client tells of its person. `idle` and `offline` speak for this client alone."""

    status: Status
    current_page: Page = None
    is_typing: StrictBool | None = None
    device: Literal["desktop", "mobile", "tablet"] | None = None
    custom_status: Words | None = None
    custom_emoji: Emoji | None = None


class Tracked(Schema):
    success: Literal[True]
    broadcast_id: UUID


class SettingsPatch(Schema):
    """What is left out stays as it is; null takes it back, to nothing or to the default. `online` is the
    automatic status."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    status: Literal["online", "away", "busy"] | None = None
    status_until: NamedMoment | None = None
    custom_status: Words | None = None
    custom_emoji: Emoji | None = None
    custom_status_until: NamedMoment | None = None
    visibility: Visibility | None = None
    show_activity: StrictBool | None = None
    show_current_page: StrictBool | None = None
    appear_offline: StrictBool | None = None

    @field_validator("status", "custom_status", "custom_emoji")
    @classmethod
    def _nothing_chosen(cls, value: str | None) -> str | None:
        return None if value in ("online", "") else value

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change")
        return self


class UsersQuery(Schema):
    """Either people by their ids, or all of a group, which is told 200 at a time."""

    user_ids: list[UUID] = Field([], max_length=200)
    context: Annotated[str, StringConstraints(pattern=GROUP)] | None = None
    limit: int = Field(200, ge=1, le=200)
    cursor: UUID | None = None

    def ids(self) -> list[UUID]:
        """Each once, in the order given."""
        return list(dict.fromkeys(self.user_ids))


class HistoryQuery(Schema):
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=200)
    user_id: UUID | None = None
    status: Status | None = None
    from_: AwareDatetime | None = Field(None, alias="from")
    to: AwareDatetime | None = None

    @field_validator("*")
    @classmethod
    def _within_reach(cls, value: object) -> object:
        """PostgreSQL's calendar is wide enough; Python's arithmetic at its very ends is not."""
        if isinstance(value, datetime) and not 1900 < value.year < 9000:
            raise ValueError("this moment is out of range")
        return value
