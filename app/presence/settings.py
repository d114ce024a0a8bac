"""What a person says of themselves and shows to whom: kept in their row, told to their pages and to presence.

Must not decide who sees what (privacy) nor what it does to live presence (service).
"""

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import signal
from pydantic.alias_generators import to_camel
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization
from ..clock import isoformat
from ..errors import InvalidInput
from . import store
from .core import Choice, still_chosen
from .models import PresenceSettings
from .privacy import Privacy
from .schemas import SettingsPatch

settings_changed = signal("presence.settings_changed")  # session, user_id, after: PersonSettings, json

CLEARED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PersonSettings:
    choice: Choice
    privacy: Privacy


def settings_of(session: Session, *, user_id: UUID, now: datetime) -> PersonSettings:
    row = session.get(PresenceSettings, user_id)
    if row is None:
        return PersonSettings(Choice(), Privacy())
    kept = _settings(row)
    return replace(kept, choice=still_chosen(kept.choice, now))


def change_settings(
    session: Session, *, actor_id: UUID, patch: SettingsPatch, now: datetime
) -> PersonSettings:
    """Raises InvalidInput for a moment that has passed, or an end without what it ends.

    What changes nothing is not written and told to nobody.
    """
    row = _locked(session, actor_id, now)
    before = _settings(row)
    after = patched(replace(before, choice=still_chosen(before.choice, now)), patch, now)
    if after != before:
        for name, value in (asdict(after.choice) | asdict(after.privacy)).items():
            setattr(row, name, value)
        row.updated_at = now
        session.flush()
        _tell(session, actor_id, after)
    return after


def patched(settings: PersonSettings, patch: SettingsPatch, now: datetime) -> PersonSettings:
    said = patch.model_dump(exclude_unset=True)
    defaults = Privacy()
    shown = {
        field.name: getattr(defaults, field.name) if said[field.name] is None else said[field.name]
        for field in fields(Privacy)
        if field.name in said
    }
    said = {name: value for name, value in said.items() if name not in shown}
    return PersonSettings(_patched(settings.choice, said, now), replace(settings.privacy, **shown))


def _patched(choice: Choice, said: dict[str, Any], now: datetime) -> Choice:
    """An end goes with what it ends; asked for without it, it is a mistake worth telling."""
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
    cleared = store.clear_expired_choices(session, now, CLEARED_AT_ONCE)
    for row in session.scalars(select(PresenceSettings).where(PresenceSettings.user_id.in_(cleared))):
        _tell(session, row.user_id, _settings(row))


def settings_json(session: Session, *, user_id: UUID, settings: PersonSettings) -> dict[str, Any]:
    """Settings as their owner reads them, with what their organizations decide over them."""
    choice, privacy = settings.choice, settings.privacy
    return {
        "status": choice.status or "online",
        "statusUntil": isoformat(choice.status_until) if choice.status_until else None,
        "customStatus": choice.custom_status,
        "customEmoji": choice.custom_emoji,
        "customStatusUntil": isoformat(choice.custom_status_until) if choice.custom_status_until else None,
        **{to_camel(name): value for name, value in asdict(privacy).items()},
        "policies": _policies_of(session, user_id),
    }


def _policies_of(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """Whose heads see presence whatever is set: every member is to know."""
    rows = session.execute(
        select(Organization.id, Organization.name, Organization.heads_always_see_presence)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.user_id == user_id)
        .order_by(Organization.name, Organization.id)
    )
    return [
        {"organizationId": str(id_), "organizationName": name, "headsAlwaysSeePresence": is_on}
        for id_, name, is_on in rows
    ]


def _tell(session: Session, user_id: UUID, after: PersonSettings) -> None:
    told = settings_json(session, user_id=user_id, settings=after)
    settings_changed.send(None, session=session, user_id=user_id, after=after, json=told)


def _locked(session: Session, user_id: UUID, now: datetime) -> PresenceSettings:
    """Held until the commit: of two changes at once each sees the other's, so that what is told is true."""
    made = insert(PresenceSettings).values(user_id=user_id, updated_at=now)
    session.execute(made.on_conflict_do_nothing())
    return session.get_one(PresenceSettings, user_id, with_for_update=True)


def _settings(row: PresenceSettings) -> PersonSettings:
    return PersonSettings(
        Choice(**{field.name: getattr(row, field.name) for field in fields(Choice)}),
        Privacy(**{field.name: getattr(row, field.name) for field in fields(Privacy)}),
    )
