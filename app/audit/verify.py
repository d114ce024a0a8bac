"""Walks every chain of the trail and says where one is broken. Reads as the site itself, one event at a time.

An owner of the database who computes all hashes anew leaves no trace in it: only an anchor shows that, tips
written down at an earlier time and kept where that owner cannot write.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, groupby
from typing import Any, NamedTuple

from sqlalchemy import text

from ..db import service_work
from .core import Chain, Event, Tip

EVENTS_AT_ONCE = 1000
# One statement sees one moment: what is appended meanwhile is in neither the events nor the tips.
_CHAINS = text(
    """
    select cast(organization_id as text) as organization_id, o.name, t.seq as tip_seq, t.hash as tip_hash,
        e.organization_id is not null as is_event, e.seq,
        cast(extract(epoch from e.occurred_at) as text) as occurred_at,
        cast(e.actor_id as text) as actor_id, e.actor_name, e.action, e.target_type, e.target_id,
        cast(e.details as text) as details, e.previous_hash, e.hash
    from audit_events e full join audit_tips t using (organization_id)
    left join organizations o on o.id = organization_id
    order by organization_id, e.seq
    """
)


class Verdict(NamedTuple):
    organization_id: str
    name: str
    tip: Tip
    problem: str | None


def verdicts(anchor: Mapping[str, Tip] | None = None) -> Iterator[Verdict]:
    """One for each organization with a trail, and for each that only the anchor knows."""
    missing = dict(anchor or {})
    with service_work() as session:
        session.execute(text("set local statement_timeout = 0"))
        rows = session.execute(_CHAINS, execution_options={"yield_per": EVENTS_AT_ONCE})
        for organization_id, events in groupby(rows, key=lambda row: str(row.organization_id)):
            yield _verdict(organization_id, events, missing.pop(organization_id, None))
    for organization_id, tip in missing.items():
        problem = f"event 1: the anchor knows {tip.seq} events, and there are none"
        yield Verdict(organization_id, "", Tip(0, b""), problem)


def _verdict(organization_id: str, rows: Iterator[Any], anchor: Tip | None) -> Verdict:
    first = next(rows)
    walk = Chain(Tip(first.tip_seq or 0, _bytes(first.tip_hash)), anchor)
    walk.follow(_event(row) for row in chain([first], rows) if row.is_event)
    problem = walk.close()
    return Verdict(organization_id, first.name or "", Tip(walk.seq, walk.hash), problem)


def _event(row: Any) -> Event:
    """Anything may be missing: whoever owns the database may have dropped its constraints too."""
    return Event(
        organization_id=row.organization_id,
        seq=row.seq,
        occurred_at=row.occurred_at,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        action=row.action,
        target_type=row.target_type,
        target_id=row.target_id,
        details=row.details or "",
        previous_hash=_bytes(row.previous_hash),
        hash=_bytes(row.hash),
    )


def _bytes(value: memoryview | None) -> bytes:
    return bytes(value or b"")
