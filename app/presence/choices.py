"""What a person says of themselves: kept in their settings, told to their own pages and to presence."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import signal
from pydantic.alias_generators import to_camel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..clock import isoformat
from ..errors import InvalidInput
from . import store
from .core import Choice, still_chosen
from .models import PresenceSettings
from .schemas import ChoicePatch

chose = signal("presence.chose")  # session, user_id, choice

CLEARED_AT_ONCE = 500


def choice_of(session: Session, *, user_id: UUID, now: datetime) -> Choice:
    row = session.get(PresenceSettings, user_id)
    return still_chosen(_choice(row), now) if row else Choice()


def choose(session: Session, *, actor_id: UUID, patch: ChoicePatch, now: datetime) -> Choice:
    """Raises InvalidInput for a moment that has passed, or an end without what it ends.

    What changes nothing is not written and told to nobody.
    """
    row = _locked(session, actor_id, now)
    before = _choice(row)
    choice = patched(still_chosen(before, now), patch, now)
    if choice != before:
        for name, value in asdict(choice).items():
            setattr(row, name, value)
        row.updated_at = now
        session.flush()
        chose.send(None, session=session, user_id=actor_id, choice=choice)
    return choice


def patched(choice: Choice, patch: ChoicePatch, now: datetime) -> Choice:
    """An end goes with what it ends; asked for without it, it is a mistake worth telling."""
    said = patch.model_dump(exclude_unset=True)
    choice = replace(choice, **said)
    for name, ended, hint in (
        ("status_until", choice.status, "needs a status, away or busy, that it ends"),
        ("custom_status_until", choice.custom_status or choice.custom_emoji, "needs words that it ends"),
    ):
        if said.get(name) and (not ended or said[name] <= now):
            raise InvalidInput.at(to_camel(name), "must be in the future" if ended else hint)
        if not ended:
            choice = replace(choice, **{name: None})
    return choice


def clear_expired(session: Session, *, now: datetime) -> None:
    """Forgets what has expired and tells, as if the people concerned had done it."""
    for user_id, choice in store.clear_expired_choices(session, now, CLEARED_AT_ONCE).items():
        chose.send(None, session=session, user_id=user_id, choice=choice)


def choice_json(choice: Choice) -> dict[str, Any]:
    return {
        "status": choice.status or "online",
        "statusUntil": isoformat(choice.status_until) if choice.status_until else None,
        "customStatus": choice.custom_status,
        "customEmoji": choice.custom_emoji,
        "customStatusUntil": isoformat(choice.custom_status_until) if choice.custom_status_until else None,
    }


def _locked(session: Session, user_id: UUID, now: datetime) -> PresenceSettings:
    """Held until the commit: of two changes at once each sees the other's, so that what is told is true."""
    made = insert(PresenceSettings).values(user_id=user_id, updated_at=now)
    session.execute(made.on_conflict_do_nothing())
    return session.get_one(PresenceSettings, user_id, with_for_update=True)


def _choice(row: PresenceSettings) -> Choice:
    return Choice(
        row.status,  # type: ignore[arg-type]  # the table allows no other
        row.status_until,
        row.custom_status,
        row.custom_emoji,
        row.custom_status_until,
    )
