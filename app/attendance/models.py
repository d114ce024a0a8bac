"""Attendance as PostgreSQL keeps it: segments, what they were before a correction, and what was deleted.

A row with a `deletion_id` counts as gone; for ten minutes it can come back.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id


class AttendancePerson(Base):
    """Whoever has clocked in at an organization, by the name of the last time; they may have left since."""

    __tablename__ = "attendance_people"
    __table_args__ = (
        Index(
            "ix_attendance_people_organization_id_lower_name",
            "organization_id",
            text("lower(name)"),
            "user_id",
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    name: Mapped[str]
    email: Mapped[str]
    avatar_url: Mapped[str | None]


class AttendanceLog(Base):
    """From clocking in to clocking out; at most one is open for each person and organization."""

    __tablename__ = "attendance_logs"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "user_id"],
            ["attendance_people.organization_id", "attendance_people.user_id"],
            name="fk_attendance_logs_organization_id_user_id_attendance_people",
            ondelete="CASCADE",
        ),
        CheckConstraint("clock_out_at >= clock_in_at", name="ends_after_it_begins"),
        CheckConstraint("deletion_id is null or clock_out_at is not null", name="closed_to_be_deleted"),
        Index(
            "uq_attendance_logs_open",
            "organization_id",
            "user_id",
            unique=True,
            postgresql_where=text("clock_out_at is null"),
        ),
        Index(None, "organization_id", "user_id", "clock_in_at"),
        Index(None, "deletion_id", postgresql_where=text("deletion_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID]
    user_id: Mapped[UUID] = mapped_column(index=True)
    clock_in_at: Mapped[datetime]
    clock_out_at: Mapped[datetime | None]
    closed_automatically: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    corrected_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    deletion_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance_deletions.id"))


class AttendanceCorrection(Base):
    """What a segment was before somebody corrected it, and why they did."""

    __tablename__ = "attendance_corrections"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
        Index(None, "attendance_id", "corrected_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance_logs.id", ondelete="CASCADE"))
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    clock_in_before: Mapped[datetime]
    clock_out_before: Mapped[datetime | None]
    automatic_before: Mapped[bool]
    reason: Mapped[str]
    corrected_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    corrected_by_name: Mapped[str]
    corrected_at: Mapped[datetime]


class AttendanceDeletion(Base):
    """Segments deleted together, by the filters that found them.

    Many are marked, or brought back, bit by bit: `done` of them so far, up to those of `reached_user_id`.
    `selection` says which: `begin` and `end` of when they begin, `userIds` if not everybody's, and what was
    `goingOn` then, which is not among them. One such work goes on at a time in an organization.
    """

    __tablename__ = "attendance_deletions"
    __table_args__ = (
        CheckConstraint("state in ('deleting', 'deleted', 'restoring', 'undone')", name="state_known"),
        Index(None, "organization_id", "deleted_at"),
        Index(
            "uq_attendance_deletions_unfinished",
            "organization_id",
            unique=True,
            postgresql_where=text("state in ('deleting', 'restoring')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    deleted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sessions: Mapped[int]
    deleted_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="deleted", server_default="deleted")
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    reached_user_id: Mapped[UUID | None]
    selection: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class AttendanceLock(Base):
    """Days before `locked_before` are paid: nothing in them changes any more."""

    __tablename__ = "attendance_locks"

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    locked_before: Mapped[date | None]
    changed_at: Mapped[datetime]
