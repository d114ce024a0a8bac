"""What may be read from a foreign file: text, moments and addresses, cut to what a board can hold. Pure."""

from datetime import UTC, datetime
from typing import Any

from ..boards.rules import LONGEST_ADDRESS, web_address

FIRST_YEAR, LAST_YEAR = 1970, 2200


class Clipper:
    """Cuts to length and remembers what it cut, in words for the report."""

    def __init__(self) -> None:
        self.changes: list[str] = []

    def __call__(self, what: str, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self.changes.append(f"{what} shortened to {most} characters")
        return text[: most - 1] + "…"

    def first(self, what: str, things: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
        if len(things) > most:
            self.changes.append(f"only the first {most} {what} kept")
        return things[:most]


def dates(start: datetime | None, due: datetime | None, clip: Clipper) -> dict[str, datetime | None]:
    """Both, unless the task would be due before it starts: then only when it is due."""
    if start and due and due < start:
        clip.changes.append("start date left out: it lies behind the due date")
        start = None
    return {"start_at": start, "due_at": due}


def text_in(data: object, key: str, *, strip: bool = True) -> str:
    """The text at `key`, or "" for whatever else stands there."""
    value = data.get(key) if isinstance(data, dict) else None
    return clean(value, strip=strip) if isinstance(value, str) else ""


def clean(text: str, *, strip: bool = True) -> str:
    """Without what PostgreSQL cannot keep: NUL, and halves of characters."""
    kept = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    return kept.strip() if strip else kept


def moment_in(data: object, key: str) -> datetime | None:
    """An ISO 8601 moment with its offset; None for whatever else stands there."""
    try:
        moment = datetime.fromisoformat(text_in(data, key))
    except ValueError:
        return None
    return in_calendar(moment if moment.tzinfo else None)


def in_calendar(moment: datetime | None) -> datetime | None:
    """In UTC; None for years that a board does not take."""
    if moment is None or not FIRST_YEAR < moment.year < LAST_YEAR:
        return None
    return moment.astimezone(UTC)


def followable(text: str) -> str | None:
    """The address when a link may have it, otherwise None."""
    try:
        return web_address(text) if len(text) <= LONGEST_ADDRESS else None
    except ValueError:
        return None
