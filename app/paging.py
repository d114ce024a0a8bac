"""Cursors of lists that stand in the order of names: where a page ended, opaque for whoever hands it back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

import orjson

from .errors import InvalidInput

LONGEST_CURSOR = 2000


def name_cursor(name: str, row_id: UUID) -> str:
    """`name` as PostgreSQL sorts by it, which is not always what Python makes of lower()."""
    return urlsafe_b64encode(orjson.dumps([name, row_id])).decode()


def read_name_cursor(cursor: str) -> tuple[str, UUID]:
    try:
        name, row_id = orjson.loads(urlsafe_b64decode(cursor))
        if not isinstance(name, str) or "\x00" in name:
            raise ValueError
        return name, UUID(row_id)
    except (ValueError, TypeError, AttributeError):
        raise InvalidInput.at("cursor", "This is not a cursor that this list gave out") from None


def moment_cursor(moment: datetime, row_id: UUID) -> str:
    """For lists in the order of time."""
    return name_cursor(moment.isoformat(), row_id)


def read_moment_cursor(cursor: str) -> tuple[datetime, UUID]:
    moment, row_id = read_name_cursor(cursor)
    try:
        return datetime.fromisoformat(moment), row_id
    except ValueError:
        raise InvalidInput.at("cursor", "This is not a cursor that this list gave out") from None
