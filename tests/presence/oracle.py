"""The presence rule once more, slowly: keeps all that ever happened and answers by the words of the rule.

Shares nothing with app.presence.core but limits and the shape of the answer, so that one can judge the other.
"""

from dataclasses import dataclass, field
from datetime import datetime

from app.presence.core import Limits, View


@dataclass
class Tab:
    """One connection from its joining to its end, and forever after."""

    sid: str
    device: str
    inputs: list[datetime]
    claims_active: bool
    gone_at: datetime | None = None
    believed_at: datetime | None = None
    ended: bool = False  # replaced, or taken up by the next page: nothing more follows from it


@dataclass
class Oracle:
    limits: Limits
    tabs: list[Tab] = field(default_factory=list)
    lives: list[datetime] = field(default_factory=list)  # every moment at which the person was there
    typing: tuple[str, str, datetime] | None = None  # sid, task, until
    chosen: tuple[str, datetime | None] | None = None  # away or busy, until
    words: tuple[str, str, datetime | None] | None = None  # status, emoji, until

    def join(self, sid: str, device: str, active: bool, now: datetime) -> None:
        present = self._present(now)
        earlier = max((tab.inputs[-1] for tab in present), default=self.last_seen(now) or now)
        for tab in present:
            if tab.gone_at or tab.sid == sid:
                tab.ended = True
        self.tabs.append(Tab(sid, device, [now if active else earlier], active))
        if active:
            self.lives.append(now)

    def report(self, sid: str, active: bool, now: datetime) -> None:
        for tab in self._connected(sid, now):
            tab.claims_active = active
            if active:
                tab.inputs.append(now)
                self.lives.append(now)
            elif self.typing and self.typing[0] == sid:
                self.typing = None

    def type_(self, sid: str, task: str, now: datetime) -> None:
        if self._connected(sid, now):
            self.report(sid, True, now)
            self.typing = (sid, task, now + self.limits.typing)

    def stop_typing(self, sid: str) -> None:
        if self.typing and self.typing[0] == sid:
            self.typing = None

    def go(self, sid: str, moment: datetime, clean: bool, now: datetime) -> None:
        for tab in self._connected(sid, now):
            grace = self.limits.leave_grace if clean else self.limits.disconnect_grace
            tab.gone_at, tab.believed_at = moment, moment + grace
            self.stop_typing(sid)

    def drop(self, sid: str, now: datetime) -> None:
        for tab in self._present(now):
            if tab.sid == sid:
                tab.gone_at = tab.gone_at or now
                tab.believed_at = now
                self.stop_typing(sid)

    def say(
        self, chosen: tuple[str, datetime | None] | None, words: tuple[str, str, datetime | None] | None
    ) -> None:
        self.chosen, self.words = chosen, words

    # Answers

    def status(self, now: datetime) -> str:
        if self._present(now) and self.chosen and lasts(self.chosen[1], now):
            return self.chosen[0]
        return self._automatic(now)

    def _automatic(self, now: datetime) -> str:
        return min((self._status(tab, now) for tab in self._present(now)), key=RANK.index, default="offline")

    def last_seen(self, now: datetime) -> datetime | None:
        farewells = [
            tab.gone_at if self._status(tab, tab.gone_at) == "online" else tab.inputs[-1]
            for tab in self.tabs
            if not tab.ended and tab.gone_at and tab.believed_at and tab.believed_at <= now
        ]
        return max(self.lives + farewells, default=None)

    def view(self, now: datetime) -> View:
        present, status = self._present(now), self.status(now)
        typing = self.typing if self.typing and now < self.typing[2] and status != "offline" else None
        best = [tab for tab in present if self._status(tab, now) == self._automatic(now)]
        chosen = self.chosen if status in ("away", "busy") else None
        words = self.words if self.words and lasts(self.words[2], now) and status != "offline" else None
        return View(
            status=status,  # type: ignore[arg-type]
            last_seen=self.last_seen(now),
            typing=bool(typing),
            task_id=typing[1] if typing else None,
            reconnecting=status != "offline" and all(tab.gone_at for tab in present),
            device=max(best, key=lambda tab: tab.inputs[-1]).device if best else None,
            page=None,
            connections=sum(tab.gone_at is None for tab in present),
            status_until=chosen[1] if chosen else None,
            custom_status=words[0] if words else None,
            custom_emoji=words[1] if words else None,
        )

    def _present(self, now: datetime) -> list[Tab]:
        return [t for t in self.tabs if not t.ended and (t.believed_at is None or t.believed_at > now)]

    def _connected(self, sid: str, now: datetime) -> list[Tab]:
        return [tab for tab in self._present(now) if tab.sid == sid and tab.gone_at is None]

    def _status(self, tab: Tab, now: datetime) -> str:
        quiet = (tab.gone_at or now) - tab.inputs[-1]
        if quiet >= self.limits.offline_after_idle:
            return "offline"
        return "online" if tab.claims_active and quiet < self.limits.idle else "idle"


def lasts(until: datetime | None, now: datetime) -> bool:
    return until is None or now < until


RANK = ["online", "idle", "offline"]
