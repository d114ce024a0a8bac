"""What requests about organizations may contain, and how these look in answers."""

from typing import Annotated, Literal

from pydantic import StringConstraints, model_validator

from ..accounts.schemas import OwnOrganization
from ..boards.schemas import TimeZone
from ..members.schemas import Email
from ..schema import Moment, Name, Schema, Storable


class NewOrganization(Schema):
    name: Name
    time_zone: TimeZone = "UTC"


class OrganizationPatch(Schema):
    """What is null stays as it is."""

    name: Name | None = None
    time_zone: TimeZone | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> "OrganizationPatch":
        if self.name is None and self.time_zone is None:
            raise ValueError("Name at least one field to change")
        return self


class OrganizationView(OwnOrganization):
    """`role` is that of whoever asks."""

    member_count: int
    owner_names: list[str]
    heads_always_see_presence: bool
    created_at: Moment


class Transfer(Schema):
    """`confirmation` is the organization's name, typed: this cannot be taken back alone."""

    email: Email
    confirmation: Annotated[str, StringConstraints(max_length=200), Storable]


class TransferAnswer(Schema):
    new_owner: str
    role: Literal["admin"] = "admin"
