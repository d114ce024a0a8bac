"""The shape of what a person downloads of themselves. What is not named here is not in it."""

from typing import Any
from uuid import UUID

from pydantic import ValidationInfo, field_validator

from ..schema import Moment, Schema
from .answers import SettingsView

# Of an audit event its maker is told what they did; whom they did it to is told to nobody else.
OWN_DETAILS = ("board", "fields", "headsAlwaysSeePresence", "prefix", "scopes")
OWN_TARGETS = ("board", "organization", "token")


class ExportedPerson(Schema):
    id: UUID
    name: str
    email: str
    avatar_url: str | None
    time_zone: str
    created_at: Moment


class ExportedLastSeen(Schema):
    last_seen_at: Moment
    last_page: str | None
    last_device: str | None
    last_activity_type: str | None
    session_duration_minutes: int | None


class ExportedBoard(Schema):
    """`boardName` is null for a board one is not on any more."""

    board_id: UUID
    board_name: str | None
    status: str
    last_seen: Moment
    updated_at: Moment


class ExportedSession(Schema):
    id: UUID
    is_active: bool
    device: str
    address: str | None
    created_at: Moment
    last_activity: Moment
    expires_at: Moment


class ExportedToken(Schema):
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None
    revoked_at: Moment | None


class ExportedTransition(Schema):
    """`visible` and `teamOnly` say who else may read it: the board's heads, or only those of one's teams."""

    id: UUID
    board_id: UUID
    status: str
    last_seen: Moment
    updated_at: Moment
    device: str | None
    visible: bool
    team_only: bool


class ExportedLog(Schema):
    id: UUID
    organization_id: UUID
    activity_type: str
    page_viewed: str | None
    device_type: str | None
    session_id: UUID | None
    details: dict[str, Any]
    created_at: Moment


class ExportedAct(Schema):
    """An event of an organization's audit trail that one made oneself."""

    organization_id: UUID
    seq: int
    occurred_at: Moment
    action: str
    target_type: str
    target_id: str | None
    details: dict[str, Any]

    @field_validator("target_id")
    @classmethod
    def _no_other_person(cls, target_id: str | None, info: ValidationInfo) -> str | None:
        return target_id if info.data.get("target_type") in OWN_TARGETS else None

    @field_validator("details")
    @classmethod
    def _of_oneself(cls, details: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in details.items() if name in OWN_DETAILS}


class Exported(Schema):
    exported_at: Moment
    person: ExportedPerson
    settings: SettingsView
    last_seen: ExportedLastSeen | None
    boards: list[ExportedBoard]
    sessions: list[ExportedSession]
    access_tokens: list[ExportedToken]
    activity: list[ExportedTransition]
    activity_logs: list[ExportedLog]
    audit_events: list[ExportedAct]
