"""Boards with their members, lists and tasks and what hangs on those, as PostgreSQL keeps them.

`version` counts the writes of one thing (stale writes are refused); `Board.seq` numbers every change
of a board, so that a page knows when it missed one. What has `deleted_at` is there for an undo only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id
from .rules import COLORS, PRIORITIES


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} in {values}", name=f"{column}_known")


def _deleted() -> Index:
    return Index(None, "deleted_at", postgresql_where=text("deleted_at is not null"))


def _of_task() -> ForeignKeyConstraint:
    """The pair keeps what hangs on a task on the task's own board."""
    return ForeignKeyConstraint(["task_id", "board_id"], ["tasks.id", "tasks.board_id"], ondelete="CASCADE")


def _of_member() -> ForeignKeyConstraint:
    """Whoever leaves the board leaves its tasks."""
    return ForeignKeyConstraint(
        ["board_id", "user_id"], ["board_members.board_id", "board_members.user_id"], ondelete="CASCADE"
    )


class Board(Base):
    __tablename__ = "boards"
    __table_args__ = (_one_of("color", COLORS), _deleted())

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    color: Mapped[str] = mapped_column(default="teal", server_default="teal")
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    seq: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class BoardMember(Base):
    __tablename__ = "board_members"
    __table_args__ = (CheckConstraint("role in ('head', 'member')", name="role_known"),)

    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(default="member", server_default="member")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class List(Base):
    __tablename__ = "lists"
    __table_args__ = (Index(None, "board_id", "position"), UniqueConstraint("id", "board_id"), _deleted())

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    name: Mapped[str]
    position: Mapped[str] = mapped_column(Text(collation="C"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Task(Base):
    __tablename__ = "tasks"
    # The pair keeps a task and its list on one board, whatever ids a request names.
    __table_args__ = (
        ForeignKeyConstraint(["list_id", "board_id"], ["lists.id", "lists.board_id"], ondelete="CASCADE"),
        Index(None, "board_id"),
        Index(None, "list_id", "position"),
        UniqueConstraint("id", "board_id"),
        _one_of("priority", PRIORITIES),
        _deleted(),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    list_id: Mapped[UUID]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[str] = mapped_column(Text(collation="C"))
    priority: Mapped[str] = mapped_column(default="none", server_default="none")
    start_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    time_zone: Mapped[str | None]  # where the dates were set
    completed_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    comment_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """Kept by a trigger of the table of comments."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Comment(Base):
    """`mention_ids` are those people on the board whom `body` mentioned when it was written; `author_name`
    is who wrote it in the file it was imported from, where there is no telling whether that is true."""

    __tablename__ = "comments"
    __table_args__ = (Index(None, "task_id", "created_at", "id"), Index(None, "board_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    author_name: Mapped[str | None]
    body: Mapped[str]
    mention_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default=text("'{}'"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    edited_at: Mapped[datetime | None]


class CommentVersion(Base):
    """What a comment said before an edit."""

    __tablename__ = "comment_versions"

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"), index=True)
    body: Mapped[str]
    written_at: Mapped[datetime]


class Label(Base):
    __tablename__ = "labels"
    __table_args__ = (Index(None, "board_id"), UniqueConstraint("id", "board_id"), _one_of("color", COLORS))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    name: Mapped[str]
    color: Mapped[str]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TaskLabel(Base):
    __tablename__ = "task_labels"
    __table_args__ = (
        _of_task(),
        ForeignKeyConstraint(["label_id", "board_id"], ["labels.id", "labels.board_id"], ondelete="CASCADE"),
        Index(None, "board_id"),
        Index(None, "label_id"),
    )

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    label_id: Mapped[UUID] = mapped_column(primary_key=True)
    board_id: Mapped[UUID]


class TaskAssignee(Base):
    __tablename__ = "task_assignees"
    __table_args__ = (_of_task(), _of_member(), Index(None, "board_id"), Index(None, "user_id"))

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    board_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TaskWatcher(Base):
    __tablename__ = "task_watchers"
    __table_args__ = (_of_task(), _of_member(), Index(None, "board_id", "user_id"))

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    board_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ChecklistItem(Base):
    __tablename__ = "checklist_items"
    __table_args__ = (_of_task(), Index(None, "board_id"), Index(None, "task_id", "position"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID]
    task_id: Mapped[UUID]
    text: Mapped[str]
    done: Mapped[bool] = mapped_column(default=False, server_default=false())
    position: Mapped[str] = mapped_column(Text(collation="C"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TaskLink(Base):
    __tablename__ = "task_links"
    __table_args__ = (_of_task(), Index(None, "board_id"), Index(None, "task_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID]
    task_id: Mapped[UUID]
    url: Mapped[str]
    title: Mapped[str]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TaskEvent(Base):
    """One entry of a task's feed."""

    __tablename__ = "task_events"
    __table_args__ = (_of_task(), Index(None, "task_id", "created_at", "id"), Index(None, "board_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID]
    task_id: Mapped[UUID]
    kind: Mapped[str]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
