"""The chain of an audit trail, pure: how an event is written down, what its hash is, what breaks a chain.

PostgreSQL computes the hashes of new events (append_audit_event); this computes them again from what is
stored, without its help.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

START = bytes(32)
"""The hash before the first event of a chain."""


class Event(NamedTuple):
    """As stored; `details` and `occurred_at` (seconds since 1970) as text: an owner may store anything."""

    organization_id: str
    seq: int
    occurred_at: str | None
    actor_id: str | None
    actor_name: str | None
    action: str
    target_type: str
    target_id: str
    details: str
    previous_hash: bytes
    hash: bytes


class Tip(NamedTuple):
    seq: int
    hash: bytes


def canonical(value: Any) -> str:
    """The one way to write a value as JSON: as PostgreSQL prints jsonb. Keys go by length, then by bytes.

    Raises TypeError for fractions, which have many ways to be written.
    """
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{_text(key)}: {canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(canonical, value)) + "]"
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    return _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"an audit event holds texts, whole numbers, yes and no; not {type(value).__name__}")
    return json.dumps(value, ensure_ascii=False)


def hash_of(event: Event) -> bytes:
    """Raises ValueError, TypeError or RecursionError for what was never written by record()."""
    written = {
        "organizationId": event.organization_id,
        "seq": event.seq,
        "occurredAt": event.occurred_at,
        "actorId": event.actor_id,
        "actorName": event.actor_name,
        "action": event.action,
        "targetType": event.target_type,
        "targetId": event.target_id,
        "details": json.loads(event.details),
    }
    return hashlib.sha256(event.previous_hash + canonical(written).encode()).digest()


class Chain:
    """Walks the events of one organization in their order and remembers the first thing that is wrong."""

    def __init__(self, tip: Tip, anchor: Tip | None = None) -> None:
        self._tip, self._anchor = tip, anchor
        self.seq, self.hash = 0, START
        self.problem: str | None = None

    def follow(self, events: Iterable[Event]) -> None:
        for event in events:
            self.problem = self.problem or self._wrong_with(event)
            if self.problem is None:
                self.seq, self.hash = event.seq, event.hash

    def close(self) -> str | None:
        """What is wrong with the chain, or None."""
        if self.problem is None and self._tip != (self.seq, self.hash):
            first = min(self._tip.seq, self.seq) + 1
            self.problem = f"event {first}: the trail ends at {self.seq}, and its tip says {self._tip.seq}"
        if self.problem is None and self._anchor and self._anchor.seq > self.seq:
            self.problem = f"event {self.seq + 1}: the anchor knows {self._anchor.seq} events"
        return self.problem

    def _wrong_with(self, event: Event) -> str | None:
        here = f"event {self.seq + 1}"
        if event.seq != self.seq + 1:
            return f"{here}: event {event.seq} stands in its place"
        if event.previous_hash != self.hash:
            return f"{here}: it does not follow from the event before"
        if not _is_genuine(event):
            return f"{here}: it was changed after it was written"
        if self._anchor and self._anchor.seq == event.seq and self._anchor.hash != event.hash:
            return f"{here}: it is not the one that the anchor knows"
        return None


def _is_genuine(event: Event) -> bool:
    try:
        return hash_of(event) == event.hash
    except (ValueError, TypeError, RecursionError):
        return False
