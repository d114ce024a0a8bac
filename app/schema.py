"""The base of everything that crosses the edge: camelCase outside, snake_case inside, nothing unknown."""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from .clock import isoformat
from .errors import InvalidInput

Item = TypeVar("Item", bound=BaseModel)
FIRST_YEAR, LAST_YEAR = 1970, 2200


def _storable(value: str) -> str:
    """PostgreSQL keeps every character but this one."""
    if "\x00" in value:
        raise ValueError("must not contain the NUL character")
    return value


def _from_iso(value: object) -> object:
    """ISO 8601 only: pydantic alone would read numbers as seconds since 1970."""
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value)  # type: ignore[arg-type]  # what is no text is refused below
    except (TypeError, ValueError):
        raise ValueError("must be a date and time such as 2025-08-10T12:34:00Z") from None


def _in_calendar(value: datetime) -> datetime:
    """At the ends of the calendar a change of time zone overflows."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return value


Moment = Annotated[
    datetime,
    PlainSerializer(isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
NamedMoment = Annotated[AwareDatetime, BeforeValidator(_from_iso), AfterValidator(_in_calendar)]
Storable = AfterValidator(_storable)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable]


class Schema(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
    )

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True)


class Page(Schema, Generic[Item]):
    """One page of a list; `nextCursor` asks for the next one, null ends it."""

    items: list[Item]
    next_cursor: str | None = None


def without_defaults(schema: dict[str, Any]) -> None:
    """For the reference, of requests that change only what they name: what is left out stays as it is."""
    for field in schema["properties"].values():
        field.pop("default", None)


def invalid_input(error: ValidationError) -> InvalidInput:
    """What is wrong where, without repeating the value (it may be a password)."""
    return InvalidInput(
        errors=[
            {"field": ".".join(str(part) for part in problem["loc"]), "message": problem["msg"]}
            for problem in error.errors(include_url=False, include_input=False, include_context=False)
        ]
    )
