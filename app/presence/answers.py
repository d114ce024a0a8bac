"""How presence looks in answers and events.

Where many are made at once they are made by hand, as dictionaries; these models say what they look like, for
the reference and for the tests that hold every answer against it.
"""

from typing import Literal
from uuid import UUID

from ..boards.rules import Role
from ..schema import Moment, Schema
from .core import Status
from .privacy import Visibility

Device = Literal["desktop", "mobile", "tablet"]


class BoardMemberPresence(Schema):
    """`taskId` is where they type; `reconnecting` while a loss is not believed yet."""

    user_id: UUID
    name: str
    avatar_url: str | None
    role: Role
    is_guest: bool
    status: Status
    typing: bool
    task_id: UUID | None
    reconnecting: bool
    last_seen: Moment | None
    device: Device | None
    current_page: str | None
    status_until: Moment | None
    custom_status: str | None
    custom_emoji: str | None
    connections: int


class BoardPresenceView(Schema):
    board_id: UUID
    seq: int
    server_time: Moment
    members: list[BoardMemberPresence]


class PresenceUser(Schema):
    """What the one who asks may see; a hidden person reads like one who has left."""

    user_id: UUID
    status: Status
    last_seen: Moment | None
    current_page: str | None
    is_typing: bool
    device: Device | None
    custom_status: str | None
    custom_emoji: str | None


class PresenceUsers(Schema):
    users: list[PresenceUser]


class PresenceGroup(PresenceUsers):
    next_cursor: UUID | None


class Dashboard(BoardPresenceView):
    """All members (`snapshot`), then those that changed (`delta`), as far as this head may see them."""

    kind: Literal["snapshot", "delta"]
    removed: list[UUID]


class TypingNews(Schema):
    board_id: UUID
    user_id: UUID
    name: str
    task_id: UUID | None


class Companion(Schema):
    user_id: UUID
    name: str
    avatar_url: str | None


class TaskCompany(Schema):
    """Who else has the task open that this page shows: all of them, at every change."""

    board_id: UUID
    task_id: UUID
    users: list[Companion]


class JoinedBoard(Schema):
    """`persisted` is false while the database is away; `boardSeq` is the number of the board's last change.

    `thresholds` are seconds.
    """

    role: Role
    status: Status
    server_time: Moment
    persisted: bool
    board_seq: int
    thresholds: dict[str, float]
    typing: list[TypingNews]


class Acted(Schema):
    status: Status


class Ignored(Acted):
    """Of changes that came too fast. After so many seconds tell what is true then."""

    ignored: Literal[True]
    retry_after: int


class AccessRevoked(Schema):
    board_id: UUID
    reason: Literal["removed", "demoted", "deleted"]


class SessionEnded(Schema):
    """`replaced` by a new login of that browser, `ended` from another login, `revoked` (an access token)."""

    reason: Literal[
        "signed_out", "replaced", "ended", "revoked", "expired", "role_changed", "disabled", "password_reset"
    ]


class Transition(Schema):
    """One line of a board's history."""

    id: UUID
    user_id: UUID
    name: str
    status: Status
    last_seen: Moment
    updated_at: Moment
    device: Device | None


class Policy(Schema):
    organization_id: UUID
    organization_name: str
    heads_always_see_presence: bool


class SettingsView(Schema):
    status: Literal["online", "away", "busy"]
    status_until: Moment | None
    custom_status: str | None
    custom_emoji: str | None
    custom_status_until: Moment | None
    visibility: Visibility
    show_activity: bool
    show_current_page: bool
    appear_offline: bool
    policies: list[Policy]


class Preview(Schema):
    """None for whom one does not exist."""

    teammate: PresenceUser | None
    collaborator: PresenceUser | None
    stranger: PresenceUser | None


class PreviewWithHead(Preview):
    """Where team heads see more than others on their boards do."""

    head: PresenceUser
