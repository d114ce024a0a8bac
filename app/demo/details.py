"""What hangs on the demo's tasks: labels, checklists, links, descriptions. Everything is made up."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..boards.models import ChecklistItem, Label, Task, TaskEvent, TaskLabel, TaskLink
from ..boards.rules import fresh_positions
from ..db import new_id


class About(NamedTuple):
    labels: str = ""  # names, separated by commas
    checklist: tuple[tuple[str, bool], ...] = ()
    description: str = ""
    link: tuple[str, str] | None = None


LABELS = {"Bug": "red", "Content": "blue", "Design": "purple", "Customers": "amber", "Soon": "teal"}
TASKS = {
    "Collect testimonials for the pricing page": About("Content, Customers"),
    "Choose photos for the team page": About("Design"),
    "Rewrite onboarding copy for the new plan": About(
        "Content, Soon",
        (("Collect what support hears most", True), ("First draft", True), ("Read it aloud", False)),
        "The new plan starts **next month**. What has to be clear:\n\n"
        "- what changes for *existing* customers\n- where to ask\n\n> Short sentences. No exclamation marks.",
        ("https://example.com/style-guide", "Style guide"),
    ),
    "Navigation on small screens": About(
        "Bug, Design",
        (("Menu closes with Escape", True), ("Nothing cut off at 360 px", True), ("Try with a thumb", False)),
        "Below 400 px the third entry is cut off.\n\n"
        "1. Open any page\n2. Turn the phone\n3. `nav` keeps its width",
    ),
    "Cookie notice without dark patterns": About("Content"),
    "Checkout: errors say how to mend them": About(
        "Bug, Customers",
        (("Card refused", True), ("Address incomplete", False)),
        "Each message says **which field**, **why** and **how to mend it**.",
    ),
    "Performance budget in CI": About("Soon", link=("https://example.com/budget", "")),
    "Accessibility pass with a screen reader": About("Design", (("NVDA", True), ("VoiceOver", True))),
    "Landing page text": About("Content", (("Headline", True), ("Three reasons", False))),
    "November newsletter": About("Customers, Soon"),
    "Book the photographer": About("Design"),
    "Renew the fire safety certificate": About("Soon"),
}


def description_of(title: str) -> str:
    return TASKS.get(title, About()).description


def add(session: Session, board_id: UUID, maker_id: UUID, now: datetime) -> None:
    """Labels of the board and what its tasks have; every feed begins six days ago."""
    labels = {
        name: Label(id=new_id(), board_id=board_id, name=name, color=color) for name, color in LABELS.items()
    }
    session.add_all(labels.values())
    session.flush()
    begun = now - timedelta(days=6)
    for task in session.scalars(select(Task).where(Task.board_id == board_id)):
        about, whose = TASKS.get(task.title, About()), {"board_id": board_id, "task_id": task.id}
        session.add(TaskEvent(**whose, kind="created", actor_id=maker_id, created_at=begun))
        names = [name.strip() for name in about.labels.split(",") if name]
        session.add_all(TaskLabel(**whose, label_id=labels[name].id) for name in names)
        for (text, done), position in zip(
            about.checklist, fresh_positions(len(about.checklist)), strict=True
        ):
            session.add(ChecklistItem(**whose, text=text, done=done, position=position))
        if about.link:
            url, title = about.link
            session.add(TaskLink(**whose, url=url, title=title or url, created_by=maker_id))
    session.flush()
