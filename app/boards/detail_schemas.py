"""What requests about the details of tasks may contain, and how those details look in answers and events."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from ..paging import LONGEST_CURSOR
from ..schema import Moment, NamedMoment, Schema, Storable, without_defaults
from .rules import LONGEST_ADDRESS, Color, Priority, web_address
from .schemas import BoardChange, By, Description, LabelView, ListView, Patch, TaskChange, TaskView, Title

MOST_AT_ONCE, MOST_TITLES, MOST_ITEMS_AT_ONCE = 200, 100, 100
MOST_OF_EACH = 20  # labels or people that one bulk edit adds or takes

LabelName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), Storable]
ItemText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), Storable]
LinkTitle = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Storable]
Flag = Annotated[bool, Field(strict=True)]
Ids = Annotated[list[UUID], Field(default_factory=list, min_length=1, max_length=MOST_OF_EACH)]
NOWHERE = UUID(int=0)  # stands for a field that was left out


Url = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ADDRESS),
    Storable,
    AfterValidator(web_address),
]


class NewLabel(Schema):
    name: LabelName
    color: Color


class LabelPatch(Patch):
    name: LabelName = ""
    color: Color = "teal"


class LabelsChange(BoardChange):
    labels: list[LabelView]


class NewItems(Schema):
    """Either `text`, or `texts` for several in their order."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    text: ItemText = ""
    texts: Annotated[list[ItemText], Field(default_factory=list, min_length=1, max_length=MOST_ITEMS_AT_ONCE)]

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if bool(self.text) == bool(self.texts):
            raise ValueError("Send either `text` or `texts`")
        return self

    def all(self) -> list[str]:
        return self.texts or [self.text]


class ItemPatch(Schema):
    model_config = ConfigDict(json_schema_extra=without_defaults)

    text: ItemText = ""
    done: Flag = False

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("Name at least one field to change")
        return self

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class ItemMove(Schema):
    after_item_id: UUID | None


class ItemView(Schema):
    id: UUID
    task_id: UUID
    text: str
    done: bool
    position: str


class Items(Schema):
    items: list[ItemView]


class ChecklistChange(TaskChange):
    checklist: list[ItemView]


class NewLink(Schema):
    url: Url
    title: LinkTitle = ""


class LinkView(Schema):
    id: UUID
    task_id: UUID
    url: str
    title: str


class LinksChange(TaskChange):
    links: list[LinkView]


class TaskDetail(Schema):
    """A task with what only its own panel shows."""

    task: TaskView
    description_html: str
    checklist: list[ItemView]
    links: list[LinkView]
    watcher_ids: list[UUID]
    is_watching: bool


class EventsQuery(Schema):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)] | None = None


class TaskEventView(Schema):
    """`actor` is null when one cannot see them any more."""

    id: UUID
    kind: str
    actor: By | None
    at: Moment
    details: dict[str, Any]


class ArchivedItem(Schema):
    """A list or a task that was put away; the other one is null."""

    kind: Literal["list", "task"]
    archived_at: Moment
    list: ListView | None
    task: TaskView | None


class TaskCopy(Schema):
    """Left out: the same list, behind the original, with its title."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    list_id: UUID = NOWHERE
    after_task_id: UUID | None = None
    title: Title = ""


class NewTasks(Schema):
    list_id: UUID
    titles: Annotated[list[Title], Field(min_length=1, max_length=MOST_TITLES)]


class TaskItems(Schema):
    items: list[TaskView]


class Bulk(Schema):
    """What all of these tasks become. What is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra=without_defaults)

    task_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    list_id: UUID = NOWHERE
    add_label_ids: Ids
    remove_label_ids: Ids
    add_assignee_ids: Ids
    remove_assignee_ids: Ids
    priority: Priority = "none"
    due_at: NamedMoment | None = None
    completed: Flag = False
    archived: Flag = False
    deleted: Flag = False

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        wanted = self.changes()
        if not wanted:
            raise ValueError("Name at least one field to change")
        if wanted.get("deleted") is False:
            raise ValueError("`deleted` is true or left out; what was deleted is restored one by one")
        if "deleted" in wanted and len(wanted) > 1:
            raise ValueError("Tasks are either deleted or changed, not both")
        return self

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude={"task_ids"})


class MarkdownText(Schema):
    text: Description


class Html(Schema):
    html: str
