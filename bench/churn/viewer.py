"""What one page that looks at others knows: fed by messages alone, as static/js/presence/state.js is.

Keeps when it knew what, for the judge. A message that breaks the rules of numbering is told, not mended.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Shown = Mapping[str, Any]


class News(NamedTuple):
    """What a viewer was told of one person; `shown` is None for somebody removed."""

    at: float
    by: Literal["snapshot", "delta", "rest", "typing"]
    shown: Shown | None


@dataclass(frozen=True)
class Look:
    """What one answer of GET /api/presence/users said."""

    who: int
    sent_at: float
    at: float
    asked: Sequence[int]
    shown: dict[str, Any]


@dataclass
class Viewer:
    """`scope` is a board for its head, "" for a watcher of people as a whole."""

    who: int
    scope: str
    told: dict[str, list[News]] = field(default_factory=dict)  # by person, in the order of time
    knows_since: float | None = None  # the first message of this connection
    deaf: list[tuple[float, float]] = field(default_factory=list)  # spans without a connection
    gaps: int = 0
    _deaf_since: float | None = 0.0
    _seq: int | None = None

    def connection_ended(self, at: float) -> None:
        self._deaf_since, self._seq = at, None

    def dashboard(self, at: float, message: Mapping[str, Any], ask_again: Callable[[], None]) -> None:
        if message["kind"] == "snapshot":
            present = {member["userId"] for member in message["members"]}
            for user_id in self.told.keys() - present:
                self.told[user_id].append(News(at, "snapshot", None))
            self._take(at, "snapshot", message["members"])
            self._seq = message["seq"]
        elif self._seq is not None and message["seq"] == self._seq + 1:
            self._seq += 1
            self._take(at, "delta", message["members"])
            for user_id in message["removed"]:
                self.told.setdefault(user_id, []).append(News(at, "delta", None))
        elif self._seq is None or message["seq"] > self._seq:
            self.gaps += self._seq is not None
            self._seq = None
            ask_again()

    def update(self, at: float, users: list[Shown]) -> None:
        """The first one after watch_users is in full."""
        self._take(at, "delta" if self._deaf_since is None else "snapshot", users)

    def _take(self, at: float, by: Literal["snapshot", "delta"], members: list[Shown]) -> None:
        if self._deaf_since is not None:
            self.deaf.append((self._deaf_since, at))
            self._deaf_since = None
        for member in members:
            self.told.setdefault(member["userId"], []).append(News(at, by, member))

    def finish(self, at: float) -> None:
        if self._deaf_since is not None:
            self.deaf.append((self._deaf_since, at))
