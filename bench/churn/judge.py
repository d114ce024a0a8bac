"""Compares what viewers knew with what was true and with what they were allowed to know. Pure.

A sample is one viewer, one person, one moment. It counts when no documented grace and no change on its way
lies around that moment. A privacy violation is a message, whatever its moment, that tells what had been
hidden from this viewer for two seconds.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from .truth import SLACK, Facet, PersonTruth, Seen, Settings, Span
from .viewer import News, Shown, Viewer

EVERY = 0.5  # seconds between the moments that are looked at
EXAMPLES = 20


class Relation(NamedTuple):
    team: bool
    contact: bool
    heads: frozenset[int]  # organizations by whose policy the viewer may see through what the person has set


class Sight(NamedTuple):
    exists: bool
    status: bool
    activity: bool
    page: bool

    def __or__(self, other: "Sight") -> "Sight":  # type: ignore[override]
        return Sight(*(mine or theirs for mine, theirs in zip(self, other, strict=True)))


class Expected(NamedTuple):
    sight: Sight
    facet: Facet  # as this viewer should see it


@dataclass
class Verdicts:
    samples: int = 0
    wrong: int = 0
    unsure: int = 0
    violations: int = 0
    messages: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def note(self, kind: str, words: str) -> None:
        self.kinds[kind] += 1
        if self.kinds[kind] <= EXAMPLES:
            self.examples.append(f"{kind}: {words}")


def sight(settings: Settings, relation: Relation, policies: Iterable[int]) -> Sight:
    overrides = not relation.heads.isdisjoint(policies)
    covered = {
        "everyone": True,
        "team": relation.team,
        "contacts": relation.contact,
        "nobody": False,
    }[settings.visibility]
    status = overrides or (covered and not settings.appears_offline)
    return Sight(
        exists=relation.team or relation.contact or overrides or settings.visibility == "everyone",
        status=status,
        activity=status and (overrides or settings.shows_activity),
        page=status and settings.shows_page,
    )


@dataclass(frozen=True)
class Policies:
    """Which organizations let heads always see presence, from when on."""

    changes: Sequence[tuple[float, frozenset[int]]]

    def at(self, moment: float) -> frozenset[int]:
        return self.changes[bisect_right(self.changes, moment, key=lambda change: change[0]) - 1][1]

    @property
    def doubts(self) -> list[Span]:
        return [Span(at - SLACK, at + SLACK) for at, _ in self.changes[1:]]


class Pair:
    """One viewer and one person: what the viewer may see, and should, over the whole time."""

    def __init__(self, truth: PersonTruth, scope: str, relation: Relation, policies: Policies) -> None:
        self._truth, self._scope, self._relation, self._policies = truth, scope, relation, policies
        self._times: list[float] = []
        self._values: list[Expected] = []
        self._doubts = _merged([*truth.unsure[scope], *(policies.doubts if relation.heads else ())])
        self._build()

    def _build(self) -> None:
        moments = {truth.at: truth for truth in self._truth.timeline}
        when = sorted({*moments, *(at for at, _ in self._policies.changes if self._relation.heads)})
        truth = self._truth.timeline[0]
        frozen: Seen | None = None
        is_frozen, ever_seen, by_policy_alone, since = False, False, False, 0.0
        before: Facet = truth.facets[self._scope]
        for at in when:
            truth = moments.get(at, truth)
            seen = sight(truth.settings, self._relation, self._policies.at(at))
            facet = truth.facets[self._scope]
            if seen.status:
                if is_frozen and facet.status == "offline" and facet.seen and frozen:
                    facet = facet._replace(seen=Seen(min(frozen.low, facet.seen.low), facet.seen.high))
                else:
                    is_frozen = False
                ever_seen = True
                by_policy_alone = not sight(truth.settings, self._relation, ()).status
            else:
                if not is_frozen:
                    frozen, since = _as_left(before, at) if ever_seen else None, at
                    if frozen and by_policy_alone:  # contacts, to whom the viewer belongs again, saw less
                        frozen = Seen(0.0, frozen.high)
                elif frozen and at <= since + SLACK and facet.status != "offline":  # it was on its way
                    frozen = Seen(frozen.low, since + SLACK)
                is_frozen = True
                facet = Facet("offline", seen=frozen)
            before = facet
            self._times.append(at)
            self._values.append(Expected(seen, _without_activity(facet, seen, truth.settings)))

    def expected(self, at: float) -> Expected:
        return self._values[max(0, bisect_right(self._times, at) - 1)]

    def is_unsure(self, at: float) -> bool:
        place = bisect_right(self._doubts, at, key=lambda span: span.begin) - 1
        return place >= 0 and at < self._doubts[place].end

    def allowed(self, at: float) -> tuple[Sight, float | None]:
        """All that could be seen within the last two seconds; and the latest life that may be told."""
        sights = [self.expected(at - SLACK), *self._between(at - SLACK, at)]
        union = Sight(False, False, False, False)
        for one in sights:
            union |= one.sight
        lives = [one.facet.seen.high for one in sights if one.facet.seen]
        return union, max(lives, default=None)

    def has_changed(self, at: float) -> bool:
        """Whether this viewer may have been told something new lately."""
        before = self.expected(at - 2 * SLACK)
        return any(one != before for one in self._between(at - 2 * SLACK, at))

    def _between(self, begin: float, end: float) -> list[Expected]:
        return self._values[bisect_right(self._times, begin) : bisect_right(self._times, end)]


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.begin <= merged[-1].end:
            merged[-1] = Span(merged[-1].begin, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _as_left(facet: Facet, at: float) -> Seen | None:
    if facet.status == "offline":
        return facet.seen
    return Seen(facet.seen.low if facet.seen else at - SLACK, at + SLACK)


def _without_activity(facet: Facet, seen: Sight, settings: Settings) -> Facet:
    hidden = not seen.activity if seen.status else not settings.shows_activity
    return facet._replace(typing=False, seen=None) if hidden else facet


def judge_samples(
    pair: Pair, viewer: Viewer, name: str, news: Sequence[News], moments: Iterable[float], out: Verdicts
) -> None:
    at_news = [one.at for one in news]
    for moment in moments:
        if pair.is_unsure(moment) or any(a < moment < b + SLACK for a, b in viewer.deaf):
            out.unsure += 1
            continue
        place = bisect_right(at_news, moment)
        shown = news[place - 1].shown if place else None
        judge_one(pair, moment, shown, f"{viewer.who}>{name} {viewer.scope[:8] or 'whole'}", out)


def judge_one(pair: Pair, at: float, shown: Shown | None, who: str, out: Verdicts) -> None:
    out.samples += 1
    if (wrong := difference(pair.expected(at), shown)) is not None:
        out.wrong += 1
        out.note(f"wrong {wrong.split(' ')[0]}", f"{at:.2f} {who}: {wrong}")


def difference(expected: Expected, shown: Shown | None) -> str | None:
    facet = expected.facet
    if not expected.sight.exists:
        return None if shown is None or shown["status"] == "offline" else f"exists as {shown['status']}"
    if shown is None:
        return f"missing, is {facet.status}"
    if shown["status"] != facet.status:
        return f"status {shown['status']}, is {facet.status}"
    if bool(_typing(shown)) != facet.typing:
        return f"typing {_typing(shown)}, is {facet.typing}"
    if shown["customStatus"] != facet.words:
        return f"words {shown['customStatus']}, are {facet.words}"
    if facet.status != "offline" or facet.seen is None:
        return None
    last_seen = moment_of(shown["lastSeen"]) or 0.0
    if not facet.seen.low - 0.1 <= last_seen <= facet.seen.high:
        return f"lastSeen {last_seen:.2f}, is {facet.seen}"
    return None


def judge_news(pair: Pair, who: str, news: Sequence[News], out: Verdicts) -> None:
    before: Shown | None = None
    for one in news:
        out.messages += 1
        allowed, latest = pair.allowed(one.at)
        told = violation(one, allowed, latest)
        if told is None and not allowed.status and one.by == "delta" and not pair.has_changed(one.at):
            if one.shown == before:
                told = "told at all"
            else:
                out.note("corrected", f"{one.at:.2f} {who}: {before} to {one.shown}")
        before = one.shown
        if told is not None:
            out.violations += 1
            out.note("VIOLATION", f"{one.at:.2f} {who}: {told} by {one.by}: {one.shown}")


def violation(news: News, allowed: Sight, latest: float | None) -> str | None:
    shown = news.shown
    if shown is None:
        return None
    if not allowed.exists:
        return "exists"
    if news.by == "typing":
        return None if allowed.activity else "typing event"
    last_seen = moment_of(shown["lastSeen"])
    if not allowed.status:
        if shown["status"] != "offline":
            return f"is {shown['status']}"
        if shown["customStatus"] or shown["customEmoji"]:
            return "words"
        if last_seen is not None and latest is not None and last_seen > latest:
            return f"last seen {last_seen - latest:.2f} s later than allowed"
    if not allowed.activity and (_typing(shown) or shown["device"]):
        return "typing or device"
    if allowed.status and not allowed.activity and last_seen is not None:
        return "last seen"
    if not allowed.page and shown["currentPage"]:
        return f"page {shown['currentPage']}"
    return None


def _typing(shown: Mapping[str, Any]) -> bool:
    return bool(shown.get("typing", shown.get("isTyping")))


def moment_of(text: str | None) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None
