"""The one shape of everything that goes wrong (RFC 9457), as described; errors.py makes it."""

from typing import Annotated, Any, NotRequired

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict


class FieldError(TypedDict):
    field: str
    message: str


class Problem(TypedDict):
    """`code` is stable and for programs; `detail` is for people and may change."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]  # as pydantic wants it

    type: str
    code: str
    title: str
    status: int
    detail: str
    errors: NotRequired[Annotated[list[FieldError], Field(description="With `invalid_input`: what and why.")]]
    current: NotRequired[Annotated[dict[str, Any], Field(description="With `conflict`: what is stored.")]]
    retryAfter: NotRequired[Annotated[int, Field(description="With `too_many_requests`: seconds to wait.")]]
    scope: NotRequired[Annotated[str, Field(description="With `insufficient_scope`: which one is missing.")]]
    reference: NotRequired[Annotated[str, Field(description="With `internal_error`: what to ask about.")]]
