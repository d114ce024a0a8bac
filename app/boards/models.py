"""Boards with their members, lists and tasks, as PostgreSQL keeps them.

`version` counts the writes of one thing (stale writes are refused); `Board.seq` numbers every change
of a board, so that a page knows when it missed one.
"""

from datetime import datetime
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
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id


class Board(Base):
    __tablename__ = "boards"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    seq: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    archived_at: Mapped[datetime | None]
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
    __table_args__ = (Index(None, "board_id", "position"), UniqueConstraint("id", "board_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    name: Mapped[str]
    position: Mapped[str] = mapped_column(Text(collation="C"))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Task(Base):
    __tablename__ = "tasks"
    # The pair keeps a task and its list on one board, whatever ids a request names.
    __table_args__ = (
        ForeignKeyConstraint(["list_id", "board_id"], ["lists.id", "lists.board_id"], ondelete="CASCADE"),
        Index(None, "board_id"),
        Index(None, "list_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    list_id: Mapped[UUID]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[str] = mapped_column(Text(collation="C"))
    due_at: Mapped[datetime | None]
    comment_count: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    """Kept by a trigger of the table of comments."""
    version: Mapped[int] = mapped_column(Integer, default=1, server_default=text("1"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Comment(Base):
    """`mention_ids` are those people on the board whom `body` mentioned when it was written."""

    __tablename__ = "comments"
    __table_args__ = (Index(None, "task_id", "created_at", "id"), Index(None, "board_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
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
