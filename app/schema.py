"""The base of everything that crosses the edge: camelCase outside, snake_case inside, nothing unknown."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from .clock import isoformat
from .errors import InvalidInput


def _storable(value: str) -> str:
    """PostgreSQL keeps every character but this one."""
    if "\x00" in value:
        raise ValueError("must not contain the NUL character")
    return value


Moment = Annotated[datetime, PlainSerializer(isoformat, return_type=str, when_used="json")]
Storable = AfterValidator(_storable)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable]


class Schema(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", from_attributes=True
    )

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


def invalid_input(error: ValidationError) -> InvalidInput:
    """What is wrong where, without repeating the value (it may be a password)."""
    return InvalidInput(
        errors=[
            {"field": ".".join(str(part) for part in problem["loc"]), "message": problem["msg"]}
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    )
