"""What a client tells of its person: the chosen status and words are kept, the rest lives in memory.

Most of it repeats what is known, and then nothing is written.
"""

import threading
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ..db import new_id, unit_of_work
from .core import still_chosen
from .people_runtime import PeopleRuntime
from .schemas import SettingsPatch, Track
from .settings import PersonSettings, change_settings, patched

# A crowd that changes status at once (the stand-up begins) waits here, not for a connection until it fails.
WRITERS = 8
_turns = threading.BoundedSemaphore(WRITERS)
CHOSEN = ("online", "away", "busy")  # the others are told of this client alone


def track(
    runtime: PeopleRuntime, *, user_id: UUID, session_id: UUID, said: Track, device: str, now: datetime
) -> UUID:
    """Answers the id of what is told to those who may see it."""
    patch = _patch(said)
    if patch and _says_something_new(runtime.settings_of(user_id), patch, now):
        with _turns, unit_of_work(user_id) as session:
            change_settings(session, actor_id=user_id, patch=patch, now=now)
    if said.status == "offline":
        runtime.people.leave(user_id, session_id)
    else:
        page = None if "current_page" not in said.model_fields_set else said.current_page or ""
        runtime.mark(
            user_id,
            session_id,
            active=said.status != "idle",
            device=said.device or device,
            page=page,
            typing=said.is_typing,
        )
    return new_id()


def _patch(said: Track) -> SettingsPatch | None:
    fields = said.model_fields_set & {"custom_status", "custom_emoji"}
    fields |= {"status"} if said.status in CHOSEN else set()
    return SettingsPatch(**said.model_dump(include=fields)) if fields else None


def _says_something_new(known: PersonSettings | None, patch: SettingsPatch, now: datetime) -> bool:
    if known is None:
        return True
    known = replace(known, choice=still_chosen(known.choice, now))
    return patched(known, patch, now) != known
