"""watch_members: who of an organization is active, live, for those who run it."""

from ..realtime import Connection, namespace
from .live import LiveMembers
from .schemas import WatchMembers

_live: LiveMembers


def use(live: LiveMembers) -> None:
    global _live
    _live = live


@namespace.on("watch_members", WatchMembers)
def watch_members(connection: Connection, payload: WatchMembers) -> None:
    """members_update follows: what is known now, then what changes."""
    if not connection.is_ending:
        _live.watch(connection.sid, connection.user_id, payload.organization_id, payload.user_ids)


@namespace.on_disconnect
def socket_ended(connection: Connection, *_how: object) -> None:
    _live.forget(connection.sid)
