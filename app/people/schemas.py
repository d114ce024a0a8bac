"""What may be asked of the directory, and what it says of a person. Presence is told elsewhere."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from ..paging import LONGEST_CURSOR
from ..schema import Schema, Storable

Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Storable]
Cursor = Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)]


class PeopleQuery(Schema):
    search: Search = ""
    organization_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None


class AddressQuery(Schema):
    """The address of the page: made by its form, so that a choice of nothing is an empty text."""

    model_config = ConfigDict(extra="ignore")

    q: Search = ""
    organization: UUID | None = None
    cursor: Cursor | None = None

    @field_validator("organization", mode="before")
    @classmethod
    def _any(cls, value: object) -> object:
        return value or None


class SharedBoard(Schema):
    id: UUID
    name: str


class PersonView(Schema):
    """`organizations` are those the viewer may know of, `roles` the person's role in each of them.

    `email` is told to team mates only. A guest is on a board of the viewer's, but in no such organization.
    """

    user_id: UUID
    name: str
    avatar_url: str | None
    email: str | None
    organizations: list[str]
    roles: list[str]
    shared_boards: list[SharedBoard]
    time_zone: str
    is_guest: bool
