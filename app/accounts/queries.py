"""Who is behind a session, and which organizations are theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import Row, ScalarSelect, Select, func, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session, undefer

from .models import AccessToken, Membership, Organization, User, UserSession
from .policy import MANAGERS, SessionLimits

NEVER = datetime.min.replace(tzinfo=UTC)


class OwnPlace(NamedTuple):
    """An organization of somebody's, and what they are in it."""

    id: UUID
    name: str
    role: str

    @property
    def is_run(self) -> bool:
        return self.role in MANAGERS


@dataclass(frozen=True, eq=False)
class Actor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A person as seen through one login: a browser's session, or an access token, which has scopes.

    `session_id` is the id of either. `get_id` is the session, not the person.
    """

    id: UUID
    session_id: UUID
    email: str
    name: str
    avatar_url: str | None
    time_zone: str
    token: str = field(repr=False)
    last_activity: datetime
    expires_at: datetime
    scopes: frozenset[str] | None = None
    organizations: tuple[OwnPlace, ...] = ()
    """By name; known of browsers, whose pages lead to what they may do."""

    def get_id(self) -> str:
        return self.token

    def to_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "email": self.email,
            "name": self.name,
            "avatarUrl": self.avatar_url,
            "timeZone": self.time_zone,
        }


def actors_by_token_hash(session: Session, hashes: Collection[bytes]) -> dict[bytes, Actor]:
    """Needs the service role: it is asked before anybody is known. Ended sessions are left out."""
    rows = session.execute(
        select(UserSession, User, _organizations_by_name())
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.session_token.in_(hashes), UserSession.is_active, User.disabled_at.is_(None))
    )
    return {
        row.session_token: replace(_actor(row, user, row.last_activity), organizations=_own_places(found))
        for row, user, found in rows
    }


def living_sessions(
    session: Session, session_ids: Collection[UUID], now: datetime, limits: SessionLimits
) -> set[UUID]:
    """Which of these logins still count; needs the service role."""
    sessions = living_logins(now, limits).where(UserSession.id.in_(session_ids))
    tokens = _living_tokens(now).with_only_columns(AccessToken.id).where(AccessToken.id.in_(session_ids))
    return set(session.scalars(union_all(sessions, tokens)))


def living_logins(now: datetime, limits: SessionLimits) -> Select[UUID]:
    """The rule is policy.is_alive, in SQL; needs the service role."""
    return (
        select(UserSession.id)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.is_active,
            UserSession.expires_at > now,
            UserSession.last_activity > now - limits.idle,
            User.disabled_at.is_(None),
        )
    )


def sessions_of(session: Session, user_id: UUID, now: datetime, limits: SessionLimits) -> Sequence[Row[Any]]:
    """The person's logins that still count, the one used last first. Nobody reads the hashes."""
    columns = ("id", "device", "client", "address", "created_at", "last_activity", "expires_at")
    mine = (
        select(*(getattr(UserSession, name) for name in columns))
        .where(
            UserSession.user_id == user_id,
            UserSession.is_active,
            UserSession.expires_at > now,
            UserSession.last_activity > now - limits.idle,
        )
        .order_by(UserSession.last_activity.desc(), UserSession.id.desc())
    )
    return session.execute(mine).all()


def actor_by_access_token(session: Session, hashed: bytes, now: datetime) -> Actor | None:
    """Needs the service role: it is asked before anybody is known."""
    found = session.execute(_living_tokens(now).where(AccessToken.token_hash == hashed)).one_or_none()
    if found is None:
        return None
    token, user = found
    return _actor(token, user, token.last_used_at or NEVER, frozenset(token.scopes))


def tokens_of(session: Session, user_id: UUID) -> list[AccessToken]:
    """Newest first; expired ones stay until their person takes note and revokes them."""
    theirs = select(AccessToken).where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
    return list(session.scalars(theirs.order_by(AccessToken.created_at.desc(), AccessToken.id.desc())))


def _living_tokens(now: datetime) -> Select[AccessToken, User]:
    return (
        select(AccessToken, User)
        .join(User, User.id == AccessToken.user_id)
        .where(AccessToken.revoked_at.is_(None), AccessToken.expires_at > now, User.disabled_at.is_(None))
    )


def user_by_email(session: Session, email: str) -> User | None:
    """With the password hash; needs the service role."""
    by_email = select(User).where(func.lower(User.email) == email.strip().lower())
    return session.scalars(by_email.options(undefer(User.password_hash))).one_or_none()


def organizations_of(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    found = session.execute(
        select(Organization, Membership.role)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == user_id)
        .order_by(func.lower(Organization.name), Organization.id)
    )
    return [
        {"id": str(o.id), "name": o.name, "role": role, "plan": o.plan, "timeZone": o.time_zone}
        for o, role in found
    ]


def _organizations_by_name() -> ScalarSelect[Any]:
    """Of a user, in the same statement that finds their login: every page shows them."""
    each = func.jsonb_build_array(Organization.id, Organization.name, Membership.role)
    in_order = aggregate_order_by(each, func.lower(Organization.name), Organization.id)
    return (
        select(func.jsonb_agg(in_order))
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == User.id)
        .correlate(User)
        .scalar_subquery()
    )


def _own_places(found: list[list[str]] | None) -> tuple[OwnPlace, ...]:
    return tuple(OwnPlace(UUID(id_), name, role) for id_, name, role in found or ())


def _actor(
    login: UserSession | AccessToken,
    user: User,
    last_activity: datetime,
    scopes: frozenset[str] | None = None,
) -> Actor:
    return Actor(
        id=user.id,
        session_id=login.id,
        email=user.email,
        name=user.name,
        avatar_url=user.avatar_url,
        time_zone=user.time_zone,
        token="",
        last_activity=last_activity,
        expires_at=login.expires_at,
        scopes=scopes,
    )
