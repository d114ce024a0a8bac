"""A whole board as one file: what an export writes and every import reads.

Things point at labels and people by their place in the document's own lists, so that two of one name stay
two. Ids are not in it: a board that is read again is a new board.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, PlainSerializer, StringConstraints, model_validator

from ..boards.detail_schemas import ItemText, LabelName, LinkTitle, Url
from ..boards.rules import Color, Priority, Role
from ..boards.schemas import CommentText, Description, TimeZone, Title
from ..clock import isoformat
from ..schema import Moment, Name, NamedMoment, Schema, Storable

FORMAT: Literal["workhub-board"] = "workhub-board"
FORMAT_VERSION: Literal[1] = 1
MOST_TASKS, MOST_LISTS, MOST_LABELS, MOST_PEOPLE = 10_000, 500, 500, 1_000
MOST_PARTS = 500  # checklist items, links or comments of one task


Place = Annotated[int, Field(strict=True, ge=0)]
"""Of a label or a person in the document's own list, counted from 0."""
At = Annotated[NamedMoment, PlainSerializer(isoformat, return_type=str, when_used="json")]
WrittenMoment = At | None


class WrittenLabel(Schema):
    name: LabelName
    color: Color


class WrittenPerson(Schema):
    name: Name
    email: Annotated[str, StringConstraints(max_length=254), Storable] | None = None
    role: Role | None = None
    """On the board; null for whoever is only named in it."""


class WrittenItem(Schema):
    text: ItemText
    done: bool = False


class WrittenLink(Schema):
    url: Url
    title: LinkTitle = ""


class WrittenComment(Schema):
    author: Name
    body: CommentText
    created_at: At
    edited_at: WrittenMoment = None


class WrittenTask(Schema):
    title: Title
    description: Description = ""
    priority: Priority = "none"
    start_at: WrittenMoment = None
    due_at: WrittenMoment = None
    time_zone: TimeZone | None = None
    completed_at: WrittenMoment = None
    archived_at: WrittenMoment = None
    created_at: WrittenMoment = None
    labels: list[Place] = Field(default_factory=list, max_length=MOST_LABELS)
    assignees: list[Place] = Field(default_factory=list, max_length=MOST_PEOPLE)
    watchers: list[Place] = Field(default_factory=list, max_length=MOST_PEOPLE)
    checklist: list[WrittenItem] = Field(default_factory=list, max_length=MOST_PARTS)
    links: list[WrittenLink] = Field(default_factory=list, max_length=MOST_PARTS)
    comments: list[WrittenComment] = Field(default_factory=list, max_length=MOST_PARTS)

    @model_validator(mode="after")
    def _starts_before_it_is_due(self) -> Self:
        if self.start_at and self.due_at and self.due_at < self.start_at:
            raise ValueError(f"“{self.title}” would be due before it starts")
        return self


class WrittenList(Schema):
    name: Name
    archived_at: WrittenMoment = None
    tasks: list[WrittenTask] = Field(default_factory=list, max_length=MOST_TASKS)


class BoardDocument(Schema):
    """Lists and tasks stand in their order."""

    format: Literal["workhub-board"] = FORMAT
    format_version: Literal[1] = FORMAT_VERSION
    exported_at: Moment | None = None
    name: Name
    color: Color = "teal"
    labels: list[WrittenLabel] = Field(default_factory=list, max_length=MOST_LABELS)
    people: list[WrittenPerson] = Field(default_factory=list, max_length=MOST_PEOPLE)
    lists: list[WrittenList] = Field(default_factory=list, max_length=MOST_LISTS)

    @model_validator(mode="after")
    def _points_at_what_is_there(self) -> Self:
        for task in self.tasks():
            if any(place >= len(self.labels) for place in task.labels):
                raise ValueError(f"“{task.title}” has a label that is not in the list of labels")
            if any(place >= len(self.people) for place in (*task.assignees, *task.watchers)):
                raise ValueError(f"“{task.title}” names somebody who is not in the list of people")
        if sum(len(each.tasks) for each in self.lists) > MOST_TASKS:
            raise ValueError(f"More than {MOST_TASKS} tasks are too many for one board")
        return self

    def tasks(self) -> list[WrittenTask]:
        return [task for row in self.lists for task in row.tasks]
