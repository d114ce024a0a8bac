"""Organizations, people, memberships, login sessions and access tokens, as PostgreSQL keeps them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, new_id

ROLES = ("owner", "admin", "member")


class Organization(Base):
    __tablename__ = "organizations"
    __table_args__ = (CheckConstraint("plan in ('free', 'team', 'enterprise')", name="plan_known"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    plan: Mapped[str] = mapped_column(default="team", server_default="team")
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    heads_always_see_presence: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    active_seconds: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """By role, or "everybody": so long after their last activity members count as active."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(Base):
    """A person. `password_hash` is argon2id; nobody but the service role can read the column."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_email_lower", text("lower(email)"), unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str] = mapped_column(deferred=True)
    avatar_url: Mapped[str | None]
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(Base):
    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'admin', 'member')", name="role_known"),
        UniqueConstraint("organization_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(default="member", server_default="member")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserSession(Base):
    """One row per login. `session_token` is the SHA-256 of the 256-bit token in the person's cookie."""

    __tablename__ = "user_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    session_token: Mapped[bytes] = mapped_column(unique=True)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    last_activity: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(default="desktop", server_default="desktop")
    client: Mapped[str | None]
    """What signed in, in words: "Firefox on Windows"."""
    address: Mapped[str | None]


class AccessToken(Base):
    """A program's key to what its person may do. `token_hash` is the SHA-256 of the 256-bit token, which is
    shown once; `prefix` is its beginning, to tell tokens apart."""

    __tablename__ = "access_tokens"
    __table_args__ = (
        CheckConstraint(
            "expires_at > created_at and expires_at <= created_at + interval '366 days'",
            name="ends_within_a_year",
        ),
        CheckConstraint("cardinality(scopes) > 0", name="scopes_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True, deferred=True)
    prefix: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
