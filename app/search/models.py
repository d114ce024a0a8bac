"""The words of tasks, which PostgreSQL keeps by triggers; only search_tasks() reads them (migration 0016)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base

_GIN: dict[str, Any] = {"postgresql_using": "gin", "postgresql_with": {"fastupdate": "off"}}


class TaskWords(Base):
    __tablename__ = "task_words"
    __table_args__ = (
        Index(None, "board_id", "changed_at", "task_id"),
        Index(None, "changed_at", "task_id"),
        Index(None, "title", **_GIN),
        Index(None, "everything", **_GIN),
    )

    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)
    board_id: Mapped[UUID] = mapped_column(ForeignKey("boards.id", ondelete="CASCADE"))
    changed_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(TSVECTOR)
    everything: Mapped[str] = mapped_column(TSVECTOR)
