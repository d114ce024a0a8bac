"""What a person says of themselves: kept in their settings, told to their own pages and to presence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import signal
from sqlalchemy.orm import Session

from ..clock import isoformat
from ..errors import InvalidInput
from . import store
from .core import Choice, still_chosen
from .models import PresenceSettings
from .schemas import ChoicePatch

chose = signal("presence.chose")  # session, user_id, choice


def choice_of(session: Session, *, user_id: UUID, now: datetime) -> Choice:
    return still_chosen(_choice(session.get(PresenceSettings, user_id)), now)


def choose(session: Session, *, actor_id: UUID, patch: ChoicePatch, now: datetime) -> Choice:
    """Raises InvalidInput for a moment that has passed, or an end without what it ends."""
    row = session.get(PresenceSettings, actor_id)
    if row is None:
        row = PresenceSettings(user_id=actor_id)
        session.add(row)
    for field in patch.model_fields_set:
        setattr(row, field, getattr(patch, field) or None)
    _make_consistent(row, now)
    row.updated_at = now
    session.flush()
    choice = _choice(row)
    chose.send(None, session=session, user_id=actor_id, choice=choice)
    return choice


def clear_expired(session: Session, *, now: datetime) -> None:
    """Forgets what has expired and tells, as if the people concerned had done it."""
    for user_id in store.clear_expired_choices(session, now):
        choice = choice_of(session, user_id=user_id, now=now)
        chose.send(None, session=session, user_id=user_id, choice=choice)


def choice_json(choice: Choice) -> dict[str, Any]:
    return {
        "status": choice.status or "online",
        "statusUntil": isoformat(choice.status_until) if choice.status_until else None,
        "customStatus": choice.text,
        "customEmoji": choice.emoji,
        "customStatusUntil": isoformat(choice.text_until) if choice.text_until else None,
    }


def _make_consistent(row: PresenceSettings, now: datetime) -> None:
    if row.status == "online":
        row.status = None
    if row.status is None:
        row.status_until = None
    if row.custom_status is None and row.custom_emoji is None:
        row.custom_status_until = None
    for name, until in (("statusUntil", row.status_until), ("customStatusUntil", row.custom_status_until)):
        if until is not None and until <= now:
            raise InvalidInput.at(name, "must be in the future")


def _choice(row: PresenceSettings | None) -> Choice:
    if row is None:
        return Choice()
    return Choice(
        row.status,  # type: ignore[arg-type]  # the table allows no other
        row.status_until,
        row.custom_status,
        row.custom_emoji,
        row.custom_status_until,
    )
