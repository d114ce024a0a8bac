"""What requests about notifications may contain, and how notifications look in answers and events."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from ..boards.schemas import Author
from ..paging import LONGEST_CURSOR
from ..schema import Moment, Schema
from .rules import DIGEST_MINUTES, KINDS, MOST_DIGEST_MINUTES, Kind

MOST_AT_ONCE = 200
Yes = Annotated[bool, Field(strict=True)]


class NotificationsQuery(Schema):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)] | None = None
    unread: bool = False


class ReadBody(Schema):
    """Some, or `all`."""

    ids: Annotated[list[UUID], Field(max_length=MOST_AT_ONCE, default_factory=list)]
    all: Yes = False

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if bool(self.ids) == self.all:
            raise ValueError("Name the ids of notifications, or all")
        return self


class Named(Schema):
    id: UUID
    name: str


class NotificationView(Schema):
    """`excerpt` is what the comment says now; `dueAt` is when the task was due when this was told."""

    id: UUID
    kind: Kind
    board: Named
    task: Named | None
    comment_id: UUID | None
    actor: Author | None
    excerpt: str | None
    due_at: Moment | None
    created_at: Moment
    read_at: Moment | None


class NotificationsPage(Schema):
    items: list[NotificationView]
    next_cursor: str | None
    unread_count: int


class UnreadCount(Schema):
    unread_count: int


class NotificationNews(Schema):
    """`notification` is null when only the count changed."""

    notification: NotificationView | None
    unread_count: int


class WaysView(Schema):
    in_app: Yes
    email: Yes


class PreferencesBody(Schema):
    """Every kind is named."""

    kinds: dict[Kind, WaysView]
    digest_minutes: Annotated[int, Field(strict=True, ge=0, le=MOST_DIGEST_MINUTES)] = DIGEST_MINUTES

    @model_validator(mode="after")
    def _names_every_kind(self) -> Self:
        if missing := [kind for kind in KINDS if kind not in self.kinds]:
            raise ValueError(f"Say of every kind whether it is told; missing: {', '.join(missing)}")
        return self


class PreferencesView(Schema):
    """`emailWorks`: whether this site sends any mail."""

    kinds: dict[Kind, WaysView]
    digest_minutes: int
    email_works: bool
