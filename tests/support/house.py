"""A board with a head, and every route of the application with its places filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

if TYPE_CHECKING:
    from flask import Flask

    from .people import People

SAFE = {"GET", "HEAD", "OPTIONS"}


class Route(NamedTuple):
    method: str
    path: str
    rule: str


class House:
    """One board with a head, and a path for each rule that leads to something real where it can."""

    def __init__(self, people: People) -> None:
        acme = people.organization()
        self.head, self.member = people.user("Hanna", acme), people.user("Maya", acme)
        self.board = people.board(acme, [self.head], [self.member])
        self.list = people.list_on(self.board)
        self.task = people.task_on(self.list)
        self.comment = people.comment_on(self.task, self.head)
        self.parts = people.parts_of(self.task)

    def path(self, rule: str) -> str:
        places = {
            "<uuid:board_id>": self.board.id,
            "<uuid:list_id>": self.list.id,
            "<uuid:task_id>": self.task.id,
            "<uuid:comment_id>": self.comment.id,
            "<uuid:label_id>": self.parts["G"],
            "<uuid:item_id>": self.parts["H"],
            "<uuid:link_id>": self.parts["N"],
            "<uuid:user_id>": self.member.id,
            "<uuid:token_id>": uuid4(),
            "<uuid:session_id>": uuid4(),
            "<uuid:invitation_id>": uuid4(),
            "<token>": "a-link-that-nobody-made",
            "<uuid:attendance_id>": uuid4(),
            "<uuid:deletion_id>": uuid4(),
            "<uuid:organization_id>": self.board.organization_id,
            "<path:filename>": "css/workhub.css",
        }
        for place, value in places.items():
            rule = rule.replace(place, str(value))
        assert "<" not in rule, f"say in House.path what stands for the place in {rule}"
        return rule

    def routes(self, app: Flask) -> list[Route]:
        return [
            Route(method, self.path(rule.rule), rule.rule)
            for rule in app.url_map.iter_rules()
            for method in sorted(rule.methods or ())
            if method not in ("HEAD", "OPTIONS")
        ]
