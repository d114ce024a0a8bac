"""The audit trail as PostgreSQL keeps it. Only append_audit_event() writes these tables; see record()."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base


class AuditEvent(Base):
    """Who did what to what. `seq` counts the events of one organization from 1, without gaps.

    Nobody is referred to by a foreign key: the trail outlives people and boards, with the names they had.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "organization_id", "actor_id", "seq"),
        Index(None, "organization_id", "action", "seq"),
        Index(None, "organization_id", "occurred_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurred_at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_name: Mapped[str | None]
    action: Mapped[str]
    target_type: Mapped[str]
    target_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB)
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]


class AuditTip(Base):
    """The last event of an organization's chain: what shows that nothing was cut off its end."""

    __tablename__ = "audit_tips"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]
