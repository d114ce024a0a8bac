"""What other features' news mean for people as a whole and for those who watch them.

Rights that may have changed are taken away first, after the commit that changes them, and loaded anew.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ..accounts.organizations import policy_changed
from ..boards import signals
from ..db import after_commit
from .people_runtime import PeopleRuntime
from .settings import PersonSettings, settings_changed


def connect(runtime: PeopleRuntime) -> None:
    listeners = PeopleListeners(runtime)
    settings_changed.connect(listeners.settings_change, weak=False)
    settings_changed.connect(_after_commit(listeners.settings_changed), weak=False)
    policy_changed.connect(_after_commit(listeners.everything_changed), weak=False)
    for news in (signals.member_added, signals.member_removed, signals.role_changed):
        news.connect(_after_commit(listeners.relations_changed), weak=False)
    for news in (signals.board_deleted, signals.board_restored):
        news.connect(_after_commit(listeners.everything_changed), weak=False)
    signals.board_changed.connect(_after_commit(listeners.board_changed), weak=False)


class PeopleListeners:
    def __init__(self, runtime: PeopleRuntime) -> None:
        self._runtime = runtime
        self._watching = runtime.watching

    def settings_change(
        self, _sender: object, session: Session, user_id: UUID, after: PersonSettings, **_news: Any
    ) -> None:
        """In the transaction: whoever hides must be seen leaving by the time that it is committed."""
        self._runtime.about_to_hide(session, user_id, after.privacy)

    def settings_changed(self, user_id: UUID, after: PersonSettings, **_news: Any) -> None:
        before = self._runtime.people.settings_of(user_id)
        if before is None or before.privacy != after.privacy:
            self._watching.privacy_changed(user_id)
        self._runtime.people.settings_changed(user_id, after)
        self._runtime.outdated()

    def relations_changed(self, user_id: UUID, **_news: Any) -> None:
        self._watching.relations_changed(user_id)
        self._runtime.outdated()

    def everything_changed(self, **_news: Any) -> None:
        """Rare: a board is gone, or an organization's policy is another."""
        self._watching.everything_changed()
        self._runtime.outdated()

    def board_changed(self, board_id: UUID, **_news: Any) -> None:
        self._watching.board_changed(board_id)


def _after_commit(react: Callable[..., None]) -> Callable[..., None]:
    def receive(_sender: object, session: Session, **news: Any) -> None:
        after_commit(session, lambda: react(**news))

    return receive
