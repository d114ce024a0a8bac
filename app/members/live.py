"""Tells open pages of user management who becomes active or inactive.

Asks the database as the person who looks, again and again, so that it tells what they may see at that moment
and nothing once they may see nothing. Logins that begin or end are looked at within a second, the rest of
what changes every few seconds. Only differences are sent.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from ..accounts.service import signed_in, signed_out
from ..clock import clock, isoformat
from ..db import after_commit, unit_of_work
from ..errors import NotFound, WorkHubError
from ..realtime import publish
from . import queries
from .queries import Rule
from .schemas import MemberActivity

log = logging.getLogger(__name__)

TICK_SECONDS, AGAIN_SECONDS = 0.5, 5.0


class _Watch:
    def __init__(self, viewer_id: UUID, organization_id: UUID, user_ids: Sequence[UUID]) -> None:
        self.viewer_id, self.organization_id, self.user_ids = viewer_id, organization_id, user_ids
        self.told: dict[UUID, MemberActivity] = {}
        self.asked_at = -AGAIN_SECONDS


class LiveMembers:
    def __init__(self, app: Flask) -> None:
        self._limits = app.extensions["identifier"].limits
        self._seconds = app.config["ACTIVE_SECONDS"]
        self._watches: dict[str, _Watch] = {}
        self._dirty: set[UUID] = set()
        for signal in (signed_in, signed_out):
            signal.connect(self._login_changed, weak=False)

    def watch(self, sid: str, viewer_id: UUID, organization_id: UUID, user_ids: Sequence[UUID]) -> None:
        """Takes the place of what this page watched before. Raises NotFound for who runs no such
        organization."""
        watch = _Watch(viewer_id, organization_id, user_ids)
        news = self._ask(watch)
        if user_ids:
            self._watches[sid] = watch
        else:
            self._watches.pop(sid, None)
        self._tell(sid, watch, news)

    def forget(self, sid: str) -> None:
        self._watches.pop(sid, None)

    def run(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            try:
                self.tick()
            except Exception:
                log.exception("members_tick_failed")

    def tick(self) -> None:
        dirty, self._dirty = self._dirty, set()
        now = clock.monotonic()
        for sid, watch in list(self._watches.items()):
            if now - watch.asked_at >= AGAIN_SECONDS or not dirty.isdisjoint(watch.user_ids):
                self._look_again(sid, watch)

    def _look_again(self, sid: str, watch: _Watch) -> None:
        try:
            news = self._ask(watch)
        except NotFound:  # no owner or admin any more
            self.forget(sid)
            revoked = {"organizationId": str(watch.organization_id), "reason": "demoted"}
            publish.to_sid(sid, "access_revoked", revoked)
        except WorkHubError:
            return  # the database is away: the next round asks again
        else:
            if self._watches.get(sid) is watch:
                self._tell(sid, watch, news)

    def _ask(self, watch: _Watch) -> list[MemberActivity]:
        """What has changed since it was told last."""
        watch.asked_at = clock.monotonic()
        rule = Rule(clock.now(), self._limits.idle, self._seconds)
        with unit_of_work(watch.viewer_id) as session:
            queries.organization_run_by(session, watch.viewer_id, watch.organization_id)
            known = queries.activity_of(session, watch.organization_id, watch.user_ids, rule)
        news = [each for user_id, each in known.items() if watch.told.get(user_id) != each]
        watch.told = known
        return news

    def _tell(self, sid: str, watch: _Watch, news: Sequence[MemberActivity]) -> None:
        if news:
            told: dict[str, Any] = {
                "organizationId": str(watch.organization_id),
                "serverTime": isoformat(clock.now()),
                "users": [each.to_json() for each in news],
            }
            publish.to_sid(sid, "members_update", told)

    def _login_changed(
        self, _sender: object, session: Session, user_id: UUID, now: datetime, **_news: Any
    ) -> None:
        after_commit(session, lambda: self._dirty.add(user_id))
