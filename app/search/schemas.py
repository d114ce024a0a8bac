"""What may be asked of the search, and what it tells of the tasks it finds."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from ..paging import LONGEST_CURSOR
from ..schema import Moment, Schema, Storable

Asked = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Storable]
Cursor = Annotated[str, StringConstraints(max_length=LONGEST_CURSOR)]


class SearchQuery(Schema):
    q: Asked = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 20
    cursor: Cursor | None = None


class AddressQuery(Schema):
    """The address of the page: made by its form and its links."""

    model_config = ConfigDict(extra="ignore")

    q: Asked = ""
    cursor: Cursor | None = None


class FoundTask(Schema):
    """What a line of results needs of a task; `isArchived` also when its list or board is."""

    id: UUID
    board_id: UUID
    list_id: UUID
    title: str
    due_at: Moment | None
    completed_at: Moment | None
    is_archived: bool


class ExcerptPart(Schema):
    text: str
    hit: bool


class Found(Schema):
    """`title` and `excerpt` are cut where the words that were asked for stand; text, never markup."""

    task: FoundTask
    board_name: str
    list_name: str
    title: list[ExcerptPart]
    excerpt: list[ExcerptPart]
