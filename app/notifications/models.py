"""Notifications and what people want to be told of, as PostgreSQL keeps them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id
from .rules import KINDS


class Notification(Base):
    """`mail_at`: when a mail tells of it; null: never. Without `in_app` nothing but that mail does."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint(f"kind in {KINDS}", name="kind_known"),
        Index(None, "user_id", "created_at", "id"),
        Index("ix_notifications_unread", "user_id", postgresql_where=text("read_at is null and in_app")),
        Index("ix_notifications_mail_at", "mail_at", postgresql_where=text("mail_at is not null")),
        Index(
            "uq_notifications_due_soon",
            "user_id",
            "task_id",
            unique=True,
            postgresql_where=text("kind = 'due_soon'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    in_app: Mapped[bool] = mapped_column(default=True, server_default=true())
    mail_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]


class NotificationPreference(Base):
    """Whoever has no row has the preferences of rules.py."""

    __tablename__ = "notification_preferences"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(kinds) = 'object'", name="kinds_is_object"),
        CheckConstraint("digest_minutes between 0 and 1440", name="digest_minutes_possible"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kinds: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest_minutes: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime]
