"""What became of each thing in a file that was imported: taken, changed, or left out and why. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["taken", "changed", "left_out"]
Kind = Literal[
    "board", "list", "task", "label", "person", "checklist item", "comment", "link", "column", "row"
]


@dataclass(frozen=True)
class Line:
    """`where` is the place in the file as a person finds it: "row 12", or the list it stands in."""

    kind: Kind
    name: str
    where: str
    outcome: Outcome
    reason: str = ""


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)

    def took(self, kind: Kind, name: str, where: str = "", changes: list[str] | None = None) -> None:
        """Taken as it stands, or with the changes that are named."""
        outcome: Outcome = "changed" if changes else "taken"
        self.lines.append(Line(kind, name, where, outcome, "; ".join(changes or [])))

    def left(self, kind: Kind, name: str, where: str, reason: str) -> None:
        self.lines.append(Line(kind, name, where, "left_out", reason))

    def counts(self) -> dict[Outcome, int]:
        found = Counter(line.outcome for line in self.lines)
        return {"taken": found["taken"], "changed": found["changed"], "left_out": found["left_out"]}
