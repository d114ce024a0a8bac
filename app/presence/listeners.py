"""What presence and its sockets do when other features have news: evict, demote, refresh the roster.

Everything runs after the commit that makes the news true, and first takes rights away, then does I/O.
"""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ..accounts.organizations import policy_changed
from ..accounts.service import found_ended, signed_out
from ..accounts.tokens import revoked
from ..boards import signals
from ..db import after_commit
from ..realtime import publish
from .policy_news import tell_people_of
from .service import Presence
from .settings import PersonSettings, settings_changed


def connect(presence: Presence) -> None:
    listeners = Listeners(presence)
    signed_out.connect(_after_commit(listeners.signed_out), weak=False)
    found_ended.connect(listeners.found_ended, weak=False)
    settings_changed.connect(_after_commit(listeners.settings_changed), weak=False)
    revoked.connect(_after_commit(listeners.token_revoked), weak=False)
    policy_changed.connect(_after_commit(listeners.policy_changed), weak=False)
    signals.member_added.connect(_after_commit(listeners.member_added), weak=False)
    signals.member_removed.connect(_after_commit(listeners.member_removed), weak=False)
    signals.role_changed.connect(_after_commit(listeners.role_changed), weak=False)
    signals.board_deleted.connect(_after_commit(listeners.board_deleted), weak=False)
    signals.board_changed.connect(_after_commit(listeners.board_changed), weak=False)


class Listeners:
    def __init__(self, presence: Presence) -> None:
        self._presence = presence

    def signed_out(self, session_id: UUID, reason: str, **_news: Any) -> None:
        sids = publish.sids_of_session(session_id)
        self._presence.evicted(sids)
        publish.evict(sids, "session_ended", {"reason": reason})

    def found_ended(self, _sender: object, session_ids: Collection[UUID], reason: str) -> None:
        for session_id in session_ids:
            self.signed_out(session_id, reason)

    def settings_changed(self, user_id: UUID, after: PersonSettings, json: dict[str, Any], **_: Any) -> None:
        self._presence.settings_changed(user_id, after.choice, after.privacy)
        publish.to_user(user_id, "settings_changed", json)

    def token_revoked(self, token_id: UUID, **_news: Any) -> None:
        self.signed_out(token_id, "revoked")

    def policy_changed(self, organization_id: UUID, **_news: Any) -> None:
        self._presence.policy_changed(organization_id)
        tell_people_of(organization_id)

    def member_added(self, board_id: UUID, **_news: Any) -> None:
        self._presence.roster_changed(board_id)

    def member_removed(self, board_id: UUID, user_id: UUID, **_news: Any) -> None:
        _revoke(_sids_on_board(board_id, user_id), board_id, "removed")
        self._presence.roster_changed(board_id)

    def role_changed(self, board_id: UUID, user_id: UUID, role: str, **_news: Any) -> None:
        sids = _sids_on_board(board_id, user_id)
        if role != "head":
            _revoke(sids, board_id, "demoted", leave=publish.leave_heads)
        self._presence.roster_changed(board_id)
        if role == "head":
            for sid in sids:
                if self._presence.is_head(board_id, sid):  # and not demoted again meanwhile
                    publish.enter_heads(sid, board_id)
                    self._presence.send_snapshot(board_id, sid)

    def board_deleted(self, board_id: UUID, **_news: Any) -> None:
        _revoke(publish.sids_on_board(board_id), board_id, "deleted")
        self._presence.roster_changed(board_id)

    def board_changed(self, board_id: UUID, seq: int, name: str, **_news: Any) -> None:
        self._presence.board_changed(board_id, seq)
        self._presence.board_named(board_id, name)


def _sids_on_board(board_id: UUID, user_id: UUID) -> list[str]:
    """By the rooms, which are who hears: a roster read since the commit may have told presence already."""
    theirs = set(publish.sids_of_user(user_id))
    return [sid for sid in publish.sids_on_board(board_id) if sid in theirs]


def _revoke(
    sids: list[str], board_id: UUID, reason: str, leave: Callable[[str, UUID], None] = publish.leave_board
) -> None:
    for sid in sids:
        leave(sid, board_id)
    publish.to_sids(sids, "access_revoked", {"boardId": str(board_id), "reason": reason})


def _after_commit(react: Callable[..., None]) -> Callable[..., None]:
    def receive(_sender: object, session: Session, **news: Any) -> None:
        after_commit(session, lambda: react(**news))

    return receive
