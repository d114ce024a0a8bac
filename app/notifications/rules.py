"""What people are told of, how, and when a deadline is worth a word. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Kind = Literal["mention", "assigned", "due_soon", "comment", "board_added"]
KINDS: tuple[Kind, ...] = ("mention", "assigned", "due_soon", "comment", "board_added")

DIGEST_MINUTES, MOST_DIGEST_MINUTES = 15, 1440
MORNING = time(8)
LEAST_NOTICE = timedelta(hours=12)
MOST_NOTICE = LEAST_NOTICE + timedelta(hours=25)  # a day may have 25 hours


class Ways(NamedTuple):
    in_app: bool
    email: bool


DEFAULTS: Mapping[Kind, Ways] = {
    "mention": Ways(True, True),
    "assigned": Ways(True, True),
    "due_soon": Ways(True, True),
    "comment": Ways(True, False),
    "board_added": Ways(True, True),
}


@dataclass(frozen=True)
class Preferences:
    kinds: Mapping[Kind, Ways]
    digest_minutes: int = DIGEST_MINUTES


NOTHING_SAID = Preferences(DEFAULTS)


def preferences_of(kinds: Mapping[str, Any] | None, digest_minutes: int | None) -> Preferences:
    """As they are kept. A kind that is newer than what the person said is as everybody begins."""
    if kinds is None or digest_minutes is None:
        return NOTHING_SAID
    said = {kind: Ways(*kinds[kind]) if kind in kinds else DEFAULTS[kind] for kind in KINDS}
    return Preferences(said, digest_minutes)


def reminder_at(due_at: datetime, time_zone: str) -> datetime:
    """When somebody is told that a task is due soon: on the last morning of theirs that leaves half a day.

    Due on Friday at 17:00 or at 9:00: on Thursday at 8. Due on Friday at midnight: on Friday at 8.
    """
    zone = _zone(time_zone)
    latest = (due_at - LEAST_NOTICE).astimezone(zone)
    morning = datetime.combine(latest.date(), MORNING, zone)
    if morning > latest:
        morning = datetime.combine(latest.date() - timedelta(days=1), MORNING, zone)
    return morning


def moment_in(moment: datetime, time_zone: str) -> str:
    """As it stands in a mail: "Fri 21 Nov, 17:00", in the person's own zone."""
    local = moment.astimezone(_zone(time_zone))
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
