"""The only source of time. Tests put a fake in its place; rules get the time as an argument instead."""

import time
from datetime import UTC, datetime


class Clock:
    """Wall time for people and rows, monotonic time for intervals."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds; never steps back when the wall clock is set."""
        return time.monotonic()


clock = Clock()


def isoformat(moment: datetime) -> str:
    """UTC with milliseconds and a Z, as every answer of WorkHub writes it."""
    if moment.tzinfo is not UTC:  # the database's are, and a board has thousands
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat(timespec='milliseconds')[:-6]}Z"
