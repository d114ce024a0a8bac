"""What requests about deadlines may contain, and how My work and the feed look in answers."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from ..boards.rules import Color, Priority
from ..schema import Moment, Schema

MOST_OF_A_BUCKET = 5_000


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be the name of a time zone such as Europe/Berlin") from None
    return name


ZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]


class WorkQuery(Schema):
    """Days are those of `timeZone` (one's own without it); `weekStart` is 1 for Monday to 7 for Sunday."""

    time_zone: ZoneName | None = None
    week_start: Annotated[int, Field(ge=1, le=7)] = 1
    watching: bool = False
    limit: Annotated[int, Field(ge=1, le=MOST_OF_A_BUCKET)] = 100


class WorkTask(Schema):
    """A task as somebody sees it who has to do it; `isAssigned` is false for what one only watches."""

    id: UUID
    board_id: UUID
    board_name: str
    board_color: Color
    list_id: UUID
    list_name: str
    title: str
    priority: Priority
    start_at: Moment | None
    due_at: Moment | None
    time_zone: str | None
    completed_at: Moment | None
    version: int
    is_assigned: bool


class WorkCounts(Schema):
    """How many there are, also beyond `limit`."""

    overdue: int = 0
    today: int = 0
    this_week: int = 0
    later: int = 0
    no_date: int = 0


class WorkView(Schema):
    """Open tasks by how soon they are due, each list by due date, then by priority."""

    overdue: list[WorkTask]
    today: list[WorkTask]
    this_week: list[WorkTask]
    later: list[WorkTask]
    no_date: list[WorkTask]
    counts: WorkCounts
    server_time: Moment


class WorkChanged(Schema):
    """Says nothing by itself: whoever lost a board in the same moment learns nothing by it."""


class FeedView(Schema):
    """The feed one has; its address is shown once only, when it is made."""

    created_at: Moment
    last_read_at: Moment | None


class FeedAnswer(Schema):
    feed: FeedView | None


class MadeFeed(Schema):
    """The address is a secret: whoever has it can read one's dates."""

    url: str
    feed: FeedView
