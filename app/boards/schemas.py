"""What requests about boards may contain, and how boards look in answers and events.

Unknown fields are refused, so no request can name a column that is not listed here.
"""

from functools import cache
from typing import Annotated, Any, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from ..paging import LONGEST_CURSOR
from ..schema import Moment, Name, NamedMoment, Schema, Storable, without_defaults
from .rules import MEMBER, Color, Priority, Role
from .templates import TemplateName

MAX_VERSION = 2**31 - 1

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Storable]
Description = Annotated[str, StringConstraints(max_length=20_000), Storable]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254), Storable]
CommentText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), Storable
]
Version = Annotated[int, Field(strict=True, ge=1, le=MAX_VERSION)]


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("must be the name of a time zone such as Europe/Berlin")
    return name


TimeZone = Annotated[str, StringConstraints(max_length=100), AfterValidator(_known_zone)]


class Patch(Schema):
    """Only the fields a request names are changed; `version` is the one the person was looking at."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    version: Version

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.changes():
            raise ValueError("Name at least one field to change")
        return self

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"version"})


class NewBoard(Schema):
    """Of several organizations one is named. A template gives it its first lists and labels."""

    name: Name
    organization_id: UUID | None = None
    template: TemplateName = "blank"
    color: Color = "teal"


class BoardPatch(Patch):
    name: Name = ""
    color: Color = "teal"
    archived: Annotated[bool, Field(strict=True)] = False


class BoardsQuery(Schema):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)] | None = None
    archived: bool = False


class NewList(Schema):
    name: Name


class ListPatch(Patch):
    name: Name = ""
    archived: Annotated[bool, Field(strict=True)] = False


class ListMove(Schema):
    after_list_id: UUID | None


class NewTask(Schema):
    list_id: UUID
    title: Title
    description: Description = ""
    priority: Priority = "none"
    start_at: NamedMoment | None = None
    due_at: NamedMoment | None = None
    time_zone: TimeZone | None = None


class TaskPatch(Patch):
    title: Title = ""
    description: Description = ""
    priority: Priority = "none"
    start_at: NamedMoment | None = None
    due_at: NamedMoment | None = None
    time_zone: TimeZone | None = None
    completed: Annotated[bool, Field(strict=True)] = False
    archived: Annotated[bool, Field(strict=True)] = False


class TaskMove(Schema):
    list_id: UUID
    after_task_id: UUID | None


class NewComment(Schema):
    """Markdown; `@[Name](user:id)` mentions somebody on the board."""

    body: CommentText


class CommentPatch(Schema):
    body: CommentText
    version: Version


class CommentsQuery(Schema):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)] | None = None


class NewMember(Schema):
    email: Email
    role: Role = MEMBER


class RoleChange(Schema):
    role: Role


class LabelView(Schema):
    id: UUID
    board_id: UUID
    name: str
    color: Color
    version: int


class ListView(Schema):
    id: UUID
    board_id: UUID
    name: str
    position: str
    archived_at: Moment | None
    version: int


class TaskView(Schema):
    id: UUID
    board_id: UUID
    list_id: UUID
    title: str
    description: str
    position: str
    priority: Priority
    start_at: Moment | None
    due_at: Moment | None
    time_zone: str | None
    completed_at: Moment | None
    archived_at: Moment | None
    label_ids: list[UUID]
    assignee_ids: list[UUID]
    checklist_done: int
    checklist_total: int
    comment_count: int
    link_count: int
    version: int
    created_by: UUID | None
    created_at: Moment
    updated_at: Moment


class Author(Schema):
    """`userId` is null for a name that an imported file gave."""

    user_id: UUID | None
    name: str
    avatar_url: str | None


class CommentView(Schema):
    """`author` is null when they are nobody you know any more; `bodyHtml` is sanitized."""

    id: UUID
    task_id: UUID
    author: Author | None
    body: str
    body_html: str
    created_at: Moment
    edited_at: Moment | None
    version: int
    mention_ids: list[UUID]


class CommentVersionView(Schema):
    version: int
    body: str
    body_html: str
    written_at: Moment


class MemberView(Schema):
    user_id: UUID
    name: str
    email: str
    avatar_url: str | None
    role: Role
    is_guest: bool


class BoardNews(Schema):
    """What everybody on the board is told when the board itself changed."""

    id: UUID
    name: str
    color: Color
    archived_at: Moment | None
    version: int


class By(Schema):
    user_id: UUID
    name: str


class Change(Schema):
    """`seq` counts the changes of the board; a gap in it means that some were missed: load the board."""

    board_id: UUID
    seq: int
    actor: By


class BoardChange(Change):
    board: BoardNews


class MembersChange(BoardChange):
    members: list[MemberView]


class ListChange(Change):
    list: ListView


class TaskChange(Change):
    task: TaskView


class CommentChange(TaskChange):
    comment: CommentView


class Gone(Schema):
    id: UUID


class ListGone(Change):
    list: Gone


class TaskGone(Change):
    task: Gone


class CommentGone(TaskChange):
    comment: Gone


class BoardSummary(Schema):
    """One line of the list of boards."""

    id: UUID
    name: str
    color: Color
    organization_id: UUID
    organization_name: str
    role: Role
    member_count: int
    task_count: int
    archived_at: Moment | None
    version: int
    updated_at: Moment


class BoardFrame(Schema):
    """A board without what hangs on it."""

    id: UUID
    name: str
    color: Color
    organization_id: UUID
    organization_name: str
    role: Role
    seq: int
    version: int
    archived_at: Moment | None


class BoardView(BoardFrame):
    lists: list[ListView]
    tasks: list[TaskView]
    members: list[MemberView]
    labels: list[LabelView]
