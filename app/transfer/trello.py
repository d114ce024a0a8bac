"""Reads the JSON that Trello exports as a board of ours. Pure: data in, document and report out.

Nothing in such a file is trusted to be there or to have the type it should have: what cannot be read is
left out and told, never a reason to fail. What is too long for us is shortened and told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from .foreign import Clipper, dates, followable, moment_in, text_in
from .report import Report

Data = dict[str, Any]

COLORS = {
    "green": "green", "lime": "green", "yellow": "amber", "orange": "orange", "red": "red",
    "purple": "purple", "blue": "blue", "sky": "blue", "pink": "pink", "black": "slate",
}  # fmt: skip
NO_COLOR = "slate"
LONGEST_LABEL = 50  # characters
# Said once for each card that has them: nobody should find out later.
NOT_KEPT = {
    "stickers": "stickers",
    "idMembersVoted": "votes",
    "customFieldItems": "custom fields",
    "cover": "its cover",
}


class NotTrello(ValueError):
    """The message says what is missing."""


def read_trello(data: object, now: datetime) -> tuple[Data, Report]:
    """The document, not yet validated, and what became of each thing. Raises NotTrello.

    `now` stands for the moments that the file does not tell: when something was finished or archived.
    """
    if not isinstance(data, dict) or not all(isinstance(data.get(key), list) for key in ("lists", "cards")):
        raise NotTrello("This is no board exported from Trello: it has no “lists” and “cards”")
    return _Reading(data, now).board()


class _Reading:
    def __init__(self, data: Data, now: datetime) -> None:
        self.data, self.now, self.report = data, now, Report()
        self.labels = self._places("labels")
        self.people = self._places("members")
        self.checklists = _grouped(_things(data, "checklists"), "idCard")
        self.comments = _grouped(
            (act for act in _things(data, "actions") if act.get("type") == "commentCard"), _card_of
        )

    def board(self) -> tuple[Data, Report]:
        clip = Clipper()
        name = clip("name", text_in(self.data, "name") or "Imported board", 200)
        labels = [self._label(label) for label in self.labels]
        people = [self._person(person) for person in self.people]
        cards = _grouped(_things(self.data, "cards"), "idList")
        rows = sorted(_things(self.data, "lists"), key=_position)
        self.report.took("board", name, "", clip.changes)
        lists = [self._list(row, cards.pop(text_in(row, "id"), [])) for row in rows]
        for orphans in cards.values():
            for card in orphans:
                self.report.left("task", text_in(card, "name"), "", "its list is not in the file")
        document = {"name": name, "labels": labels, "people": people, "lists": lists}
        return document, self.report

    def _places(self, key: str) -> list[Data]:
        return [thing for thing in _things(self.data, key) if text_in(thing, "id")]

    def _label(self, label: Data) -> Data:
        clip = Clipper()
        color = text_in(label, "color").partition("_")[0]
        name = clip("name", text_in(label, "name") or color.capitalize() or "Label", LONGEST_LABEL)
        self.report.took("label", name, "", clip.changes)
        return {"name": name, "color": COLORS.get(color, NO_COLOR)}

    def _person(self, person: Data) -> Data:
        name = text_in(person, "fullName") or text_in(person, "username") or "Somebody"
        return {"name": name[:200], "email": text_in(person, "email")[:254] or None}

    def _list(self, row: Data, cards: list[Data]) -> Data:
        clip = Clipper()
        name = clip("name", text_in(row, "name") or "List", 200)
        self.report.took("list", name, "", clip.changes)
        archived = moment_in(row, "dateLastActivity") or moment_in(self.data, "dateLastActivity")
        return {
            "name": name,
            "archived_at": (archived or self.now) if row.get("closed") is True else None,
            "tasks": [self._task(card, name) for card in sorted(cards, key=_position)],
        }

    def _task(self, card: Data, where: str) -> Data:
        clip = Clipper()
        title = clip("title", text_in(card, "name") or "Untitled", 500)
        last = moment_in(card, "dateLastActivity") or self.now
        due = moment_in(card, "due")
        task = {
            "title": title,
            "description": clip("description", text_in(card, "desc", strip=False), 20_000),
            **dates(moment_in(card, "start"), due, clip),
            "completed_at": last if card.get("dueComplete") is True else None,
            "archived_at": last if card.get("closed") is True else None,
            "labels": _chosen(card, "idLabels", self.labels),
            "assignees": _chosen(card, "idMembers", self.people),
            "checklist": self._checklist(card, clip),
            "links": self._links(card, where),
            "comments": self._comments(card, where),
        }
        for key, word in NOT_KEPT.items():
            if _is_used(card.get(key)):
                clip.changes.append(f"{word} left out")
        if card.get("due") and due is None:
            clip.changes.append("due date left out: it is no date")
        self.report.took("task", title, where, clip.changes)
        return task

    def _checklist(self, card: Data, clip: Clipper) -> list[Data]:
        """All lists of a card as one; of several the name stands before each item."""
        lists = sorted(self.checklists.get(text_in(card, "id"), []), key=_position)
        items = []
        for row in lists:
            name = f"{text_in(row, 'name')}: " if len(lists) > 1 else ""
            for item in sorted(_things(row, "checkItems"), key=_position):
                text = clip("checklist item", name + (text_in(item, "name") or "Item"), 500)
                items.append({"text": text, "done": item.get("state") == "complete"})
        if len(lists) > 1:
            clip.changes.append(f"{len(lists)} checklists became one")
        return clip.first("checklist items", items, 500)

    def _links(self, card: Data, where: str) -> list[Data]:
        links = []
        for attachment in _things(card, "attachments"):
            url, name = followable(text_in(attachment, "url")), text_in(attachment, "name")
            if url is None:
                self.report.left("link", name, where, "its address is not http or https")
                continue
            if attachment.get("isUpload") is True:
                reason = ["the file itself stays at Trello; this is a link to it"]
                self.report.took("link", name or url, where, reason)
            links.append({"url": url, "title": "" if name == url else name[:200]})
        return links[:500]

    def _comments(self, card: Data, where: str) -> list[Data]:
        comments = []
        for act in reversed(self.comments.get(text_in(card, "id"), [])):
            body, at = text_in(act.get("data"), "text"), moment_in(act, "date")
            if not body or at is None:
                self.report.left("comment", body[:60], where, "it has no text or no time")
                continue
            clip = Clipper()
            author = text_in(act.get("memberCreator"), "fullName") or "Somebody"
            comments.append({"author": author[:200], "body": clip("text", body, 10_000), "created_at": at})
            self.report.took("comment", body[:60], where, clip.changes)
        return comments[-500:]


def _things(data: Any, key: str) -> list[Data]:
    found = data.get(key) if isinstance(data, dict) else None
    return [thing for thing in found if isinstance(thing, dict)] if isinstance(found, list) else []


def _grouped(things: Iterable[Data], key: Any) -> dict[str, list[Data]]:
    groups: dict[str, list[Data]] = {}
    for thing in things:
        owner = key(thing) if callable(key) else text_in(thing, key)
        groups.setdefault(owner, []).append(thing)
    return groups


def _card_of(act: Data) -> str:
    data = act.get("data")
    return text_in(data.get("card"), "id") if isinstance(data, dict) else ""


def _position(thing: Data) -> float:
    place = thing.get("pos")
    return float(place) if isinstance(place, int | float) and place == place else 0.0


def _chosen(card: Data, key: str, things: list[Data]) -> list[int]:
    """Places of the things whose ids the card names, each once."""
    ids = card.get(key)
    wanted = {each for each in ids if isinstance(each, str)} if isinstance(ids, list) else set()
    return [place for place, thing in enumerate(things) if thing["id"] in wanted]


def _is_used(value: object) -> bool:
    if isinstance(value, dict):  # a cover is always there, mostly with nothing in it
        return any(value.get(key) for key in ("color", "idAttachment", "idUploadedBackground"))
    return bool(value)
