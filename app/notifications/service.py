"""Telling people what concerns them, marking it as read, and what they want to be told of.

`notify` runs inside whatever transaction made the news: nothing is told of what was rolled back. Nobody is
told of what they did themselves, nor of boards they are not on.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .. import mail
from ..accounts.models import User
from ..boards.models import BoardMember
from ..db import after_commit, as_service, new_id
from ..realtime import publish
from . import queries
from .models import Notification, NotificationPreference
from .rules import Kind, Preferences, preferences_of
from .schemas import NotificationNews, NotificationView, PreferencesBody, PreferencesView

KEPT = timedelta(days=90)
DELETED_AT_ONCE = 1000


@dataclass(frozen=True)
class News:
    kind: Kind
    board_id: UUID
    now: datetime
    task_id: UUID | None = None
    comment_id: UUID | None = None
    actor_id: UUID | None = None
    details: dict[str, Any] = field(default_factory=dict)


def notify(session: Session, user_ids: Collection[UUID], news: News) -> int:
    """Tells those of them who are on the board and want it; says how many."""
    wanted = [user_id for user_id in user_ids if user_id != news.actor_id]
    if not wanted:
        return 0
    with as_service(session):
        made = _insert(session, _recipients(session, wanted, news.board_id), news)
        rows = session.execute(queries.select_views().where(Notification.id.in_(made))).all()
        shown = {row[0].user_id: queries.view_of(row) for row in rows if row[0].in_app}
        counts = queries.unread_counts(session, list(shown))
    for user_id, view in shown.items():
        _tell(session, user_id, counts[user_id], view)
    return len(made)


def mark_read(session: Session, actor_id: UUID, *, ids: Collection[UUID] | None, now: datetime) -> int:
    """Some, or with None all; what is none of theirs is passed over. Says how many are left unread."""
    mine = update(Notification).where(Notification.user_id == actor_id, Notification.read_at.is_(None))
    if ids is not None:
        mine = mine.where(Notification.id.in_(ids))
    session.execute(mine.values(read_at=now).execution_options(synchronize_session=False))
    count = queries.unread_counts(session, [actor_id])[actor_id]
    _tell(session, actor_id, count, None)
    return count


def preferences_for(session: Session, actor_id: UUID) -> PreferencesView:
    row = session.get(NotificationPreference, actor_id, populate_existing=True)
    said = preferences_of(row.kinds, row.digest_minutes) if row else preferences_of(None, None)
    return _preferences_view(said)


def set_preferences(
    session: Session, actor_id: UUID, wanted: PreferencesBody, *, now: datetime
) -> PreferencesView:
    values = {
        "kinds": {kind: [ways.in_app, ways.email] for kind, ways in wanted.kinds.items()},
        "digest_minutes": wanted.digest_minutes,
        "updated_at": now,
    }
    row = insert(NotificationPreference).values(user_id=actor_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))
    return preferences_for(session, actor_id)


def delete_old(session: Session, now: datetime) -> int:
    """Runs as workhub_service."""
    old = select(Notification.id).where(Notification.created_at < now - KEPT).limit(DELETED_AT_ONCE)
    gone = delete(Notification).where(Notification.id.in_(old)).returning(Notification.id)
    return len(session.scalars(gone).all())


def _recipients(session: Session, user_ids: Collection[UUID], board_id: UUID) -> dict[UUID, Preferences]:
    said = NotificationPreference
    on_board = (
        select(User.id, said.kinds, said.digest_minutes)
        .join(BoardMember, BoardMember.user_id == User.id)
        .outerjoin(said, said.user_id == User.id)
        .where(User.id.in_(user_ids), User.disabled_at.is_(None), BoardMember.board_id == board_id)
        .order_by(User.id)  # of two who tell the same people none waits for the other in a circle
    )
    return {user_id: preferences_of(kinds, minutes) for user_id, kinds, minutes in session.execute(on_board)}


def _insert(session: Session, recipients: dict[UUID, Preferences], news: News) -> list[UUID]:
    """A task is due once for each person: a new date takes the place of the one before."""
    rows = []
    for user_id, wants in recipients.items():
        ways = wants.kinds[news.kind]
        by_mail = ways.email and mail.is_on()
        if not (ways.in_app or by_mail):
            continue
        mail_at = news.now + timedelta(minutes=wants.digest_minutes) if by_mail else None
        rows.append(
            {
                "id": new_id(),
                "user_id": user_id,
                "kind": news.kind,
                "board_id": news.board_id,
                "task_id": news.task_id,
                "comment_id": news.comment_id,
                "actor_id": news.actor_id,
                "details": news.details,
                "in_app": ways.in_app,
                "mail_at": mail_at,
                "created_at": news.now,
            }
        )
    if not rows:
        return []
    row = insert(Notification)
    if news.kind == "due_soon":
        new = {name: row.excluded[name] for name in ("details", "in_app", "mail_at", "created_at")}
        row = row.on_conflict_do_update(
            index_elements=["user_id", "task_id"],
            index_where=Notification.kind == "due_soon",
            set_={**new, "read_at": None},
        )
    return list(session.scalars(row.returning(Notification.id), rows))


def _tell(session: Session, user_id: UUID, unread: int, view: NotificationView | None) -> None:
    news = NotificationNews(notification=view, unread_count=unread).to_json()
    after_commit(session, lambda: publish.to_user(user_id, "notification", news))


def _preferences_view(said: Preferences) -> PreferencesView:
    kinds = {kind: {"in_app": ways.in_app, "email": ways.email} for kind, ways in said.kinds.items()}
    return PreferencesView(
        kinds=kinds,
        digest_minutes=said.digest_minutes,
        email_works=mail.is_on(),
    )
