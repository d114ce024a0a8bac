"""What requests about sessions may contain."""

from typing import Annotated

from pydantic import StringConstraints

from ..schema import Schema, Storable
from .passwords import MAX_LENGTH


class Credentials(Schema):
    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254), Storable]
    password: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH)]


class Heartbeat(Schema):
    active: bool
    visible: bool
    page: Annotated[str, StringConstraints(max_length=200), Storable] | None = None
