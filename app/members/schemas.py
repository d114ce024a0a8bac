"""What may be asked of the people of an organization, and how they look in answers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StringConstraints, field_validator

from ..accounts.passwords import MAX_LENGTH
from ..paging import LONGEST_CURSOR
from ..schema import Moment, Name, Schema, Storable
from .rules import Role

MOST_AT_ONCE = 200
Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Storable]
State = Literal["active", "inactive", "disabled"]
Sort = Literal["name", "role", "lastActivity", "sessions", "joined"]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"), Storable
]
Password = Annotated[str, StringConstraints(max_length=MAX_LENGTH)]


class Wanted(Schema):
    search: Search = ""
    role: Role | None = None
    state: State | None = None
    sort: Sort = "name"
    descending: bool = False

    @field_validator("role", "state", mode="before")
    @classmethod
    def _any(cls, value: object) -> object:
        return value or None


class MembersQuery(Wanted):
    organization_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 50
    cursor: Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)] | None = None


class ExportQuery(Wanted):
    pass


class PageQuery(Wanted):
    """The address of the page: made by its form."""

    model_config = ConfigDict(extra="ignore")

    organization: UUID | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

    @field_validator("organization", mode="before")
    @classmethod
    def _first(cls, value: object) -> object:
        return value or None


class StatusQuery(Schema):
    """`organization` is the first that one runs unless it is named."""

    organization: UUID | None = None
    user_ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)


class WatchMembers(Schema):
    organization_id: UUID
    user_ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE)]


class MemberActivity(Schema):
    """`isActive`: a login of theirs was used within the organization's threshold. Who hides is not active;
    `lastActivity` is then the last moment that could be seen. It is null for those who do not show it."""

    user_id: UUID
    is_active: bool
    last_activity: Moment | None
    open_sessions: int


class MembersUpdate(Schema):
    organization_id: UUID
    server_time: Moment
    users: list[MemberActivity]


class ManagingRevoked(Schema):
    organization_id: UUID
    reason: Literal["demoted"]


class MemberView(MemberActivity):
    """`mayManage`: whether whoever asks may disable this person and make a link to set a new password."""

    name: str
    email: str
    avatar_url: str | None
    role: Role
    is_disabled: bool
    joined_at: Moment
    may_manage: bool


class MembersPage(Schema):
    """`total` is of how many people the page is a part."""

    items: list[MemberView]
    next_cursor: str | None
    total: int


class MemberPatch(Schema):
    role: Role | None = None
    disabled: StrictBool | None = None


class BulkChange(MemberPatch):
    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]


class Refused(Schema):
    user_id: UUID
    code: str
    detail: str


class BulkAnswer(Schema):
    changed: list[MemberView]
    refused: list[Refused]


class NewInvitation(Schema):
    email: Email
    role: Role = "member"


class InvitationView(Schema):
    id: UUID
    email: str
    role: Role
    invited_by_name: str
    created_at: Moment
    expires_at: Moment


class MadeInvitation(InvitationView):
    """`url` is shown this once; a new one is made by sending it again."""

    url: str


class NewGuest(Schema):
    email: Email


class GuestInvitationView(Schema):
    """Of somebody who is to come to one board, and to nothing else of its organization."""

    id: UUID
    email: str
    invited_by_name: str
    created_at: Moment
    expires_at: Moment


class MadeGuestInvitation(GuestInvitationView):
    """`url` is shown this once; a new one is made by sending it again."""

    url: str


class MadeReset(Schema):
    """`url` is shown this once, and works once."""

    url: str
    expires_at: Moment


class Thresholds(Schema):
    """Seconds without activity after which somebody counts as inactive; null takes the line above."""

    everybody: int | None = None
    owner: int | None = None
    admin: int | None = None
    member: int | None = None


class ThresholdsAnswer(Thresholds):
    default: int
    least: int
    most: int


class NewPerson(Schema):
    name: Name
    password: Password


class NewPassword(Schema):
    password: Password
