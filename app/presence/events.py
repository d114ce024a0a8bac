"""Presence over the socket: join_board, leave_board, activity, typing, stop_typing, and the end of a socket.

Handlers parse (by schema), authorize through membership, call the sequencer and answer.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated
from uuid import UUID

from config import Settings

from ..accounts.devices import device_of
from ..api import Json
from ..clock import clock, isoformat
from ..errors import NotFound, TooManyRequests, WorkHubError
from ..realtime import Connection, namespace, publish
from ..realtime.buckets import Buckets
from .answers import Acted, Ignored, JoinedBoard
from .runtime import PresenceRuntime
from .schemas import JoinBoard, OnBoard, OpenTask, ReportActivity, TypeInTask, WatchUsers

ACK_WAIT_SECONDS = 2.0  # for the row's commit; longer, and the page is told that it is not written yet


class TooManyBoards(WorkHubError):
    code, title, status = "too_many_boards", "This page is on too many boards", 409


@dataclass(frozen=True, slots=True)
class Desk:
    """What the handlers of this process work with. Both limits are of one person, over all their sockets."""

    runtime: PresenceRuntime
    settings: Settings
    thresholds: dict[str, float]
    changes: Buckets[UUID] = field(default_factory=lambda: Buckets(rate=1, burst=5))
    watches: Buckets[UUID] = field(default_factory=lambda: Buckets(rate=4, burst=20))


_desk: Desk


def use(runtime: PresenceRuntime, settings: Settings) -> None:
    global _desk
    names = (
        "idle_seconds",
        "offline_after_idle_seconds",
        "heartbeat_seconds",
        "leave_grace_seconds",
        "disconnect_grace_seconds",
        "typing_seconds",
    )
    thresholds = {_camel(name): getattr(settings, f"presence_{name}") for name in names}
    _desk = Desk(runtime, settings, thresholds)


@namespace.on("join_board", JoinBoard)
def join_board(connection: Connection, payload: JoinBoard) -> Annotated[Json, JoinedBoard]:
    """Open a board: hear its changes; its heads then get a snapshot of presence."""
    presence, board_id = _desk.runtime.presence, payload.board_id
    presence.membership(board_id, connection.user_id)
    if connection.is_ending:
        raise NotFound()  # signed out while the board was loaded: must not appear once more
    boards = presence.boards_of(connection.sid)
    if board_id not in boards and len(boards) >= _desk.settings.socket_max_boards:
        raise TooManyBoards(f"At most {_desk.settings.socket_max_boards}; leave one first.")
    joined = presence.join(
        board_id,
        connection.user_id,
        connection.sid,
        device=payload.device or device_of(connection.user_agent),
        page=payload.page,
        active=payload.active,
    )
    publish.enter_board(connection.sid, board_id)
    if joined.role == "head":
        publish.enter_heads(connection.sid, board_id)
        connection.after_ack(lambda: presence.send_snapshot(board_id, connection.sid))
    return {
        "role": joined.role,
        "status": joined.status,
        "serverTime": isoformat(clock.now()),
        "persisted": joined.receipt is None or joined.receipt.wait(ACK_WAIT_SECONDS),
        "boardSeq": presence.board_seq(board_id),
        "thresholds": _desk.thresholds,
        "typing": joined.typing,
    }


@namespace.on("leave_board", OnBoard)
def leave_board(connection: Connection, payload: OnBoard) -> None:
    """Leave a board, cleanly."""
    _desk.runtime.presence.leave(payload.board_id, connection.sid)
    publish.leave_board(connection.sid, payload.board_id)


@namespace.on("activity", ReportActivity)
def activity(connection: Connection, payload: ReportActivity) -> Annotated[Json, Acted | Ignored]:
    """Repeat that somebody is there, and tell at once when they become idle or active.

    Of changes that come too fast the excess is ignored: tell what is true then after `retryAfter` seconds.
    """
    runtime, place = _desk.runtime, (payload.board_id, connection.sid)
    said = payload.model_dump(exclude={"board_id"})
    if runtime.presence.is_news(*place, **said):
        wait = _desk.changes.wait(connection.user_id, clock.monotonic())
        if wait:
            return {"status": runtime.presence.status(*place), "ignored": True, "retryAfter": math.ceil(wait)}
    status = runtime.presence.act(*place, **said)
    if payload.active:
        runtime.recorder.touch(connection.session_id, clock.now())
    return {"status": status}


@namespace.on("typing", TypeInTask)
def typing(connection: Connection, payload: TypeInTask) -> None:
    """Tell the board that one types, and in which task; repeat it while it lasts."""
    _desk.runtime.presence.type_(payload.board_id, connection.sid, _text(payload.task_id))


@namespace.on("stop_typing", TypeInTask)
def stop_typing(connection: Connection, payload: TypeInTask) -> None:
    """Tell the board that one has stopped."""
    _desk.runtime.presence.stop_typing(payload.board_id, connection.sid)


@namespace.on("open_task", OpenTask)
def open_task(connection: Connection, payload: OpenTask) -> None:
    """Say which task this page shows. Who else has it open comes as task_company, as far as each shows it."""
    _desk.runtime.presence.open_task(payload.board_id, connection.sid, payload.task_id)


@namespace.on("watch_users", WatchUsers)
def watch_users(connection: Connection, payload: WatchUsers) -> None:
    """Their presence, as far as each allows, comes as presence_update: all at first, then what changes."""
    wait = _desk.watches.wait(connection.user_id, clock.monotonic())
    if wait:
        raise TooManyRequests(math.ceil(wait))
    if not connection.is_ending:
        _desk.runtime.people.watch(connection.sid, connection.user_id, payload.user_ids)


@namespace.on_disconnect
def socket_ended(connection: Connection, clean: bool, _reason: str, lost_at: datetime) -> None:
    _desk.runtime.people.watching.forget(connection.sid)
    if not _desk.runtime.is_stopping:
        _desk.runtime.presence.disconnected(connection.sid, clean=clean, lost_at=lost_at)


def _text(task_id: UUID | None) -> str | None:
    return str(task_id) if task_id else None


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
