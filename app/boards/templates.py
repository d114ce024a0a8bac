"""What a new board begins with. Data only."""

from typing import Literal, NamedTuple

from .rules import Color

TemplateName = Literal["kanban", "sprint", "blank"]


class Template(NamedTuple):
    title: str
    text: str
    lists: tuple[str, ...] = ()
    labels: tuple[tuple[str, Color], ...] = ()


TEMPLATES: dict[TemplateName, Template] = {
    "kanban": Template(
        "Kanban",
        "Work that comes in as it comes, and is pulled from left to right.",
        ("To do", "In progress", "Done"),
    ),
    "sprint": Template(
        "Sprint",
        "A backlog, and what the team takes on for the next two weeks.",
        ("Backlog", "This sprint", "In progress", "Review", "Done"),
        (("Bug", "red"), ("Chore", "slate"), ("Feature", "blue")),
    ),
    "blank": Template("Blank", "No lists yet: make your own."),
}
