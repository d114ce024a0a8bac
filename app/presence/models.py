"""What PostgreSQL keeps of presence: transitions, the last state per board, and the last sign of life.

Written by the recorder alone, in one transaction per group of transitions, but for what people choose and
for activity logs, which the journal writes.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id

STATUSES = ("online", "idle", "away", "busy", "offline")
DEVICES = ("desktop", "mobile", "tablet")
_STATUS_KNOWN = "status in ('online', 'idle', 'away', 'busy', 'offline')"


class Activity(Base):
    """One presence transition. Partitioned by month, so that old months can be dropped as a whole."""

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint(_STATUS_KNOWN, name="status_known"),
        Index("ix_activity_board_id_updated_at", "board_id", desc("updated_at"), desc("id")),
        Index("ix_activity_user_id_updated_at", "user_id", desc("updated_at")),
        {"postgresql_partition_by": "RANGE (updated_at)"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    updated_at: Mapped[datetime] = mapped_column(primary_key=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    status: Mapped[str]
    last_seen: Mapped[datetime]
    device: Mapped[str | None]
    visible: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    team_only: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class BoardPresence(Base):
    """The last recorded state of a person on a board; where a restart begins.

    `team_seen_at` and `contacts_seen_at`: the last moment of life on this board that heads of the person's
    organization, and heads from elsewhere, could see.
    """

    __tablename__ = "board_presence"
    __table_args__ = (
        CheckConstraint(_STATUS_KNOWN, name="status_known"),
        Index(None, "user_id"),
        Index("ix_board_presence_present", "board_id", postgresql_where=text("status <> 'offline'")),
    )

    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str]
    last_seen: Mapped[datetime]
    updated_at: Mapped[datetime]
    team_seen_at: Mapped[datetime | None]
    contacts_seen_at: Mapped[datetime | None]


class UserLastSeen(Base):
    """The last sign of life of a person, and of those the last one that each audience could see."""

    __tablename__ = "user_last_seen"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    last_seen_at: Mapped[datetime]
    last_page: Mapped[str | None]
    last_device: Mapped[str | None]
    last_activity_type: Mapped[str | None]
    session_duration_minutes: Mapped[int | None]
    public_seen_at: Mapped[datetime | None]
    team_seen_at: Mapped[datetime | None]
    contacts_seen_at: Mapped[datetime | None]


class PresenceSettings(Base):
    """What a person says of themselves, and to whom they show what.

    `status` stands over the automatic one; None leaves it alone.
    """

    __tablename__ = "presence_settings"
    __table_args__ = (
        CheckConstraint("visibility in ('everyone', 'team', 'contacts', 'nobody')", name="visibility_known"),
        CheckConstraint("status in ('away', 'busy')", name="status_chosen"),
        CheckConstraint("status_until is null or status is not null", name="status_ends"),
        CheckConstraint(
            "custom_status_until is null or custom_status is not null or custom_emoji is not null",
            name="words_end",
        ),
        Index("ix_presence_settings_public", "user_id", postgresql_where=text("visibility = 'everyone'")),
        Index(None, "status_until", postgresql_where=text("status_until is not null")),
        Index(None, "custom_status_until", postgresql_where=text("custom_status_until is not null")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str | None]
    status_until: Mapped[datetime | None]
    custom_status: Mapped[str | None] = mapped_column(String(100))
    custom_emoji: Mapped[str | None] = mapped_column(String(10))
    custom_status_until: Mapped[datetime | None]
    visibility: Mapped[str] = mapped_column(default="contacts", server_default="contacts")
    show_activity: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    show_current_page: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    appear_offline: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    updated_at: Mapped[datetime]


class PresenceActivityLog(Base):
    """Something a person did, for the owners and admins of an organization. Partitioned by month."""

    __tablename__ = "presence_activity_logs"
    __table_args__ = (
        CheckConstraint(
            "activity_type in ('page_view', 'interaction', 'session_start', 'session_end')",
            name="activity_type_known",
        ),
        CheckConstraint("device_type in ('desktop', 'mobile', 'tablet')", name="device_type_known"),
        CheckConstraint("jsonb_typeof(metadata) = 'object'", name="metadata_is_object"),
        Index(
            "ix_presence_activity_logs_organization_id_created_at",
            "organization_id",
            desc("created_at"),
            desc("id"),
        ),
        Index("ix_presence_activity_logs_user_id_created_at", "user_id", desc("created_at"), desc("id")),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    activity_type: Mapped[str]
    page_viewed: Mapped[str | None]
    device_type: Mapped[str | None]
    session_id: Mapped[UUID | None]
    # SQLAlchemy keeps `metadata` for itself.
    details: Mapped[dict[str, Any]] = mapped_column(
        "metadata", JSONB, default=dict, server_default=text("'{}'")
    )


class ServerProcess(Base):
    """A life sign of each server process: after a kill, its last one is the moment everybody was lost."""

    __tablename__ = "server_processes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
