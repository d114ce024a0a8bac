"""What a person says of themselves and shows to whom: kept in their row, told to their pages and to presence.

Must not decide who sees what (privacy) nor what it does to live presence (service).
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from blinker import signal
from pydantic.alias_generators import to_camel
from sqlalchemy import func, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .. import audit
from ..accounts.models import Membership, Organization
from ..boards.models import Board, BoardMember
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
    return _still_said(_settings(row), now)


def change_settings(
    session: Session, *, actor_id: UUID, patch: SettingsPatch, now: datetime
) -> PersonSettings:
    """Raises InvalidInput for a moment that has passed, or an end without what it ends.

    What changes nothing is not written and told to nobody.
    """
    row = _locked(session, actor_id, now)
    before = _settings(row)
    after = patched(_still_said(before, now), patch, now)
    if after != before:
        for name, value in (asdict(after.choice) | asdict(after.privacy)).items():
            setattr(row, name, value)
        row.updated_at = now
        session.flush()
        _tell(session, actor_id, after)
        _audit(session, actor_id, before.privacy, after.privacy, now)
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


def clear_expired(session: Session, *, now: datetime) -> int:
    """Forgets what has expired and tells, as if the people concerned had done it; of how many people."""
    cleared = store.clear_expired_choices(session, now, CLEARED_AT_ONCE)
    for row in session.scalars(select(PresenceSettings).where(PresenceSettings.user_id.in_(cleared))):
        _tell(session, row.user_id, _settings(row))
    return len(cleared)


def settings_json(session: Session, *, user_id: UUID, settings: PersonSettings) -> dict[str, Any]:
    """Settings as their owner reads them, with what is decided over them."""
    return _json(settings, policies_of(session, [user_id])[user_id])


def all_settings_json(
    session: Session, *, user_ids: Collection[UUID], now: datetime
) -> dict[UUID, dict[str, Any]]:
    """The same for many people, in two queries. Until the commit nobody changes what was read: who tells it
    before is not overtaken by what somebody says meanwhile."""
    theirs = select(PresenceSettings).where(PresenceSettings.user_id.in_(user_ids))
    kept = {row.user_id: _settings(row) for row in session.scalars(theirs.with_for_update(read=True))}
    policies, nothing = policies_of(session, user_ids), PersonSettings(Choice(), Privacy())
    return {
        user_id: _json(_still_said(kept.get(user_id, nothing), now), policies[user_id])
        for user_id in user_ids
    }


def policies_of(session: Session, user_ids: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Of the organizations people are in, or on a board of: their heads may see them whatever is set."""
    belonging = union(
        select(Membership.user_id, Membership.organization_id),
        select(BoardMember.user_id, Board.organization_id).join(Board, Board.id == BoardMember.board_id),
    ).subquery()
    rows = session.execute(
        select(belonging.c.user_id, Organization)
        .join(Organization, Organization.id == belonging.c.organization_id)
        .where(belonging.c.user_id.in_(user_ids))
        .order_by(func.lower(Organization.name), Organization.id)
    )
    found: dict[UUID, list[dict[str, Any]]] = {user_id: [] for user_id in user_ids}
    for user_id, organization in rows:
        found[user_id].append(
            {
                "organizationId": str(organization.id),
                "organizationName": organization.name,
                "headsAlwaysSeePresence": organization.heads_always_see_presence,
            }
        )
    return found


def _json(settings: PersonSettings, policies: list[dict[str, Any]]) -> dict[str, Any]:
    choice, privacy = settings.choice, settings.privacy
    return {
        "status": choice.status or "online",
        "statusUntil": isoformat(choice.status_until) if choice.status_until else None,
        "customStatus": choice.custom_status,
        "customEmoji": choice.custom_emoji,
        "customStatusUntil": isoformat(choice.custom_status_until) if choice.custom_status_until else None,
        **{to_camel(name): value for name, value in asdict(privacy).items()},
        "policies": policies,
    }


def _audit(session: Session, actor_id: UUID, before: Privacy, after: Privacy, now: datetime) -> None:
    """Which settings were changed, and never to what: that would tell who hides.

    To appear offline is called visibility too: it has two values, and everybody begins with the same one.
    """
    was, is_ = asdict(before), asdict(after)
    names = ("visibility" if name == "appear_offline" else name for name in was if was[name] != is_[name])
    changed = [to_camel(name) for name in dict.fromkeys(names)]
    if changed:
        audit.record(
            session,
            action="presence.settings_changed",
            actor_id=actor_id,
            organization_ids=None,
            target_type="person",
            target_id=str(actor_id),
            details={"fields": changed},
            now=now,
        )


def _tell(session: Session, user_id: UUID, after: PersonSettings) -> None:
    told = settings_json(session, user_id=user_id, settings=after)
    settings_changed.send(None, session=session, user_id=user_id, after=after, json=told)


def _locked(session: Session, user_id: UUID, now: datetime) -> PresenceSettings:
    """Held until the commit: of two changes at once each sees the other's, so that what is told is true."""
    made = insert(PresenceSettings).values(user_id=user_id, updated_at=now)
    session.execute(made.on_conflict_do_nothing())
    return session.get_one(PresenceSettings, user_id, with_for_update=True)


def _still_said(settings: PersonSettings, now: datetime) -> PersonSettings:
    return replace(settings, choice=still_chosen(settings.choice, now))


def _settings(row: PresenceSettings) -> PersonSettings:
    return PersonSettings(
        Choice(**{field.name: getattr(row, field.name) for field in fields(Choice)}),
        Privacy(**{field.name: getattr(row, field.name) for field in fields(Privacy)}),
    )
