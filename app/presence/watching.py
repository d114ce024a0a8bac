"""Who watches whom over a socket, and what each has been told: presence_update for what changed for them.

What a viewer may see of somebody is loaded (sightings) and holds until something makes it stale: then nothing
of that person is told to that viewer until it has been loaded anew. What is told is compared with what was
told last, so that of what a viewer may not see not even an empty update comes. In memory, without I/O.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from . import pages, person
from .person import PersonView
from .sightings import Sighting
from .users import user_json

Pair = tuple[UUID, UUID]  # viewer, target
Shown = dict[str, Any]  # a person as a viewer is told
Names = Mapping[UUID, Mapping[UUID, str]]  # viewer -> boards they are on, by name


@dataclass(slots=True)
class Watch:
    """Of whom a socket wants to know, and what it was told; `is_new` until it was told of everybody."""

    viewer: UUID
    targets: tuple[UUID, ...]
    told: dict[UUID, Shown] = field(default_factory=dict)
    is_new: bool = True

    @property
    def pairs(self) -> Iterator[Pair]:
        return ((self.viewer, target) for target in self.targets)


class Watching:
    """`view_of` answers the truth of a person."""

    def __init__(self, view_of: Callable[[UUID], PersonView]) -> None:
        self._view_of = view_of
        self._watches: dict[str, Watch] = {}
        self._new: set[str] = set()
        self._sids: dict[Pair, set[str]] = {}
        self._viewers_of: dict[UUID, set[UUID]] = defaultdict(set)
        self._targets_of: dict[UUID, set[UUID]] = defaultdict(set)
        self._seen: dict[Pair, Sighting | None] = {}  # None: does not exist for the viewer
        self._stale: dict[Pair, None] = {}  # in their order
        self._old: list[Pair] = []  # good, but to be looked at again
        self._names: dict[UUID, dict[UUID, str | None]] = {}  # board -> viewer -> name, None: not on it
        self._renamed: set[UUID] = set()  # boards, since names began to be loaded
        self._loaded: set[Pair] = set()  # since the last news

    # Who watches

    def watch(self, sid: str, viewer: UUID, targets: Iterable[UUID]) -> None:
        """Instead of those whom this socket watched before."""
        former = self._watches.pop(sid, None)
        watch = Watch(viewer, tuple(dict.fromkeys(targets)))
        for pair in watch.pairs:
            self._sids.setdefault(pair, set()).add(sid)
            self._viewers_of[pair[1]].add(viewer)
            self._targets_of[viewer].add(pair[1])
            if pair not in self._seen:
                self._stale[pair] = None
        if former:
            self._release(sid, set(former.pairs) - set(watch.pairs))
        self._new.discard(sid)
        if watch.targets:
            self._watches[sid] = watch
            self._new.add(sid)

    def forget(self, sid: str) -> None:
        watch = self._watches.pop(sid, None)
        self._new.discard(sid)
        if watch:
            self._release(sid, watch.pairs)

    # What makes stale

    def privacy_changed(self, user_id: UUID) -> None:
        self._outdate((viewer, user_id) for viewer in self._viewers_of.get(user_id, ()))

    def relations_changed(self, user_id: UUID) -> None:
        """Of this person to others: both what they see and what is seen of them."""
        self.privacy_changed(user_id)
        self._outdate((user_id, target) for target in self._targets_of.get(user_id, ()))
        for names in self._names.values():
            names.pop(user_id, None)

    def everything_changed(self) -> None:
        self._outdate(list(self._sids))
        self._names.clear()

    def board_changed(self, board_id: UUID) -> None:
        """Perhaps its name."""
        self._names.pop(board_id, None)
        self._renamed.add(board_id)

    def look_again(self) -> None:
        """At everybody, in passing: for changes that nobody tells of."""
        self._old = list(self._seen)

    # Loading, one portion at a time

    @property
    def has_stale(self) -> bool:
        return bool(self._stale or self._old)

    def take_stale(self, limit: int) -> list[Pair]:
        """To be loaded; then `settle` says what was found, or `give_back` that nothing could be."""
        self._renamed.clear()
        taken = list(islice(self._stale, limit))
        for pair in taken:
            del self._stale[pair]
        room = limit - len(taken)
        again, self._old = self._old[:room], self._old[room:]
        return taken + [pair for pair in again if pair in self._seen]

    def boards_of(self, pairs: Iterable[Pair]) -> set[UUID]:
        """On whose pages the people of these pairs are."""
        found = {pages.board_of(self._view_of(target).page) for target in {target for _, target in pairs}}
        return {board_id for board_id in found if board_id}

    def settle(
        self, pairs: Collection[Pair], found: Mapping[Pair, Sighting], boards: Iterable[UUID], names: Names
    ) -> None:
        """What has become stale once more meanwhile stays so."""
        in_doubt = {viewer for viewer, _ in self._stale}
        viewers = {viewer for viewer, _ in pairs} - in_doubt
        for board_id in set(boards) - self._renamed:
            known = self._names.setdefault(board_id, {})
            known.update((viewer, names.get(viewer, {}).get(board_id)) for viewer in viewers)
        for pair in pairs:
            if pair in self._sids and pair not in self._stale:
                self._seen[pair] = found.get(pair)
                self._loaded.add(pair)

    def give_back(self, pairs: Iterable[Pair]) -> None:
        self._stale |= {pair: None for pair in pairs if pair in self._sids and pair not in self._seen}

    # What is told

    def news(self, changed: Iterable[UUID]) -> list[tuple[list[str], list[Shown]]]:
        """Sockets that are told the same, and of whom: of people that have `changed` or have been loaded."""
        pairs, self._loaded = self._loaded, set()
        pairs |= {(viewer, target) for target in changed for viewer in self._viewers_of.get(target, ())}
        moment = _Moment(self._view_of)
        told: dict[str, list[Shown]] = {}
        for pair in pairs:
            shown = self._shown(pair, moment)
            if shown is None:
                self._end(pair, told)
                continue
            for sid in self._sids.get(pair, ()):
                watch = self._watches[sid]
                if not watch.is_new and _differs(shown, watch.told.get(pair[1])):
                    watch.told[pair[1]] = shown
                    told.setdefault(sid, []).append(shown)
        told |= {
            sid: list(first) for sid in list(self._new) if (first := self._first(sid, moment)) is not None
        }
        return _by_content(told)

    def _end(self, pair: Pair, told: dict[str, list[Shown]]) -> None:
        """Who has ceased to exist for a viewer must not stay online on the viewer's page."""
        if pair not in self._seen:
            return  # in doubt: nothing is told until it is loaded anew
        for sid in self._sids.get(pair, ()):
            last = self._watches[sid].told.pop(pair[1], None)
            if last and last["status"] != "offline":
                told.setdefault(sid, []).append(user_json(pair[1], PersonView("offline", None), {}))

    def _first(self, sid: str, moment: "_Moment") -> Collection[Shown] | None:
        """Everybody whom this socket watches, once all of them are loaded."""
        watch = self._watches[sid]
        if not all(pair in self._seen for pair in watch.pairs):
            return None
        shown = {target: self._shown((watch.viewer, target), moment) for target in watch.targets}
        if not all(pair in self._seen for pair in watch.pairs):
            return None
        watch.told, watch.is_new = {target: one for target, one in shown.items() if one}, False
        self._new.discard(sid)
        return watch.told.values()

    def _shown(self, pair: Pair, moment: "_Moment") -> Shown | None:
        """None for who may not be told of just now, or not at all."""
        viewer, target = pair
        sighting = self._seen.get(pair)
        if sighting is None:
            return None
        view = person.masked(moment.view(target), sighting.sight, sighting.last_seen)
        board_id = pages.board_of(view.page)
        if board_id and viewer not in self._names.get(board_id, {}):
            self._outdate([pair])  # they have gone where it is not known yet what the viewer may know
            return None
        return moment.shown(target, view, board_id, self._names[board_id][viewer] if board_id else None)

    # Inside

    def _outdate(self, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            self._seen.pop(pair, None)
            self._stale[pair] = None

    def _release(self, sid: str, pairs: Iterable[Pair]) -> None:
        for pair in pairs:
            sids = self._sids[pair]
            sids.discard(sid)
            if not sids:
                del self._sids[pair]
                self._seen.pop(pair, None)
                self._stale.pop(pair, None)
                _discard(self._viewers_of, pair[1], pair[0])
                _discard(self._targets_of, pair[0], pair[1])


class _Moment:
    """What is true and what is shown at one moment, each made once: most viewers may see the same."""

    def __init__(self, view_of: Callable[[UUID], PersonView]) -> None:
        self._view_of = view_of
        self._views: dict[UUID, PersonView] = {}
        self._made: dict[tuple[UUID, PersonView, str | None], Shown] = {}

    def view(self, user_id: UUID) -> PersonView:
        if user_id not in self._views:
            self._views[user_id] = self._view_of(user_id)
        return self._views[user_id]

    def shown(self, user_id: UUID, view: PersonView, board_id: UUID | None, name: str | None) -> Shown:
        key = user_id, view, name
        if key not in self._made:
            self._made[key] = user_json(user_id, view, {board_id: name} if board_id and name else {})
        return self._made[key]


def _differs(shown: Shown, told: Shown | None) -> bool:
    """The last moment of somebody who is there moves with every key; nobody needs to be told."""
    if told is None or shown["status"] == "offline":
        return shown != told
    return {**shown, "lastSeen": bool(shown["lastSeen"])} != {**told, "lastSeen": bool(told["lastSeen"])}


def _by_content(told: Mapping[str, list[Shown]]) -> list[tuple[list[str], list[Shown]]]:
    """By the very objects: what is shown to many was made once."""
    groups: dict[tuple[int, ...], tuple[list[str], list[Shown]]] = {}
    for sid, users in told.items():
        key = tuple(map(id, users))
        groups.setdefault(key, ([], users))[0].append(sid)
    return list(groups.values())


def _discard(index: dict[UUID, set[UUID]], key: UUID, value: UUID) -> None:
    index[key].discard(value)
    if not index[key]:
        del index[key]
