"""What requests about sessions, access tokens and organizations may contain, and how they look in answers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StringConstraints

from ..api import Scope
from ..schema import Moment, Schema, Storable
from .passwords import MAX_LENGTH
from .policy import DEFAULT_TOKEN_DAYS, MAX_TOKEN_DAYS


class Credentials(Schema):
    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254), Storable]
    password: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH)]


class Heartbeat(Schema):
    active: bool
    visible: bool
    page: Annotated[str, StringConstraints(max_length=200), Storable] | None = None


class SessionView(Schema):
    """A login. `client` is what signed in, in words; `isCurrent` marks the one that asks."""

    id: UUID
    device: Literal["desktop", "mobile", "tablet"]
    client: str | None
    address: str | None
    created_at: Moment
    last_activity: Moment
    expires_at: Moment
    is_current: bool = False


class EndedSessions(Schema):
    ended: int


class Account(Schema):
    id: UUID
    email: str
    name: str
    avatar_url: str | None
    time_zone: str


class OwnOrganization(Schema):
    id: UUID
    name: str
    role: Literal["owner", "admin", "member"]
    plan: Literal["free", "team", "enterprise"]
    time_zone: str


class Visitor(Schema):
    authenticated: Literal[False]
    csrf_token: str


class SignedIn(Schema):
    authenticated: Literal[True]
    csrf_token: str
    user: Account
    organizations: list[OwnOrganization]


class NewToken(Schema):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Storable]
    scopes: Annotated[set[Scope], Field(min_length=1)]
    expires_in_days: Annotated[int, Field(strict=True, ge=1, le=MAX_TOKEN_DAYS)] = DEFAULT_TOKEN_DAYS


class TokenView(Schema):
    """`prefix` is how the token begins, to tell it from the others."""

    id: UUID
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None


class MadeToken(TokenView):
    """`token` itself is shown this once; nobody can read it again."""

    token: str


class PresencePolicy(Schema):
    heads_always_see_presence: StrictBool
