"""What people of the demo said about its tasks, and what they were told. Never in production."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..boards.markdown import mentioned_ids
from ..boards.models import Comment, CommentVersion, Task
from ..db import new_id
from ..notifications.models import Notification

# task -> (who, hours ago, what); {name} mentions somebody
SAID: dict[str, tuple[tuple[str, int, str], ...]] = {
    "Rewrite onboarding copy for the new plan": (
        ("lena", 30, "First draft is in the shared folder. {maya}, is the tone right?"),
        (
            "maya",
            27,
            "Much better. Two things:\n\n- *Upgrade*, not *go premium*\n- the second step is too long",
        ),
        ("head", 4, "{lena} can we have it by tomorrow? {omar} needs it for the screens."),
    ),
    "Checkout: errors say how to mend them": (
        (
            "kenji",
            22,
            "Card errors come as codes from the provider. I mapped the **twelve** most frequent ones.",
        ),
        ("head", 3, "Nice. {maya}, please read through the words once before it goes out."),
    ),
    "November newsletter": (("aisha", 6, "Pictures are chosen, text comes at noon. {head}"),),
}
EDITED = "Much better. Two things:\n\n- the second step is too long"


def add(session: Session, people: dict[str, UUID], names: dict[str, str], now: datetime) -> None:
    """`names` of `people`, by the same keys."""
    syntax = {key: f"@[{names[key]}](user:{people[key]})" for key in names}
    for title, said in SAID.items():
        task = session.scalars(select(Task).where(Task.title == title)).one()
        for key, hours, text in said:
            _say(session, task, people[key], text.format(**syntax), now - timedelta(hours=hours))
        if task.due_at is not None:
            _remind(session, task, people["head"], now - timedelta(hours=5))
    session.flush()


def _say(session: Session, task: Task, author_id: UUID, body: str, at: datetime) -> None:
    mentioned = [UUID(user_id) for user_id in mentioned_ids(body)]
    is_edited = body.endswith("the second step is too long")
    comment = Comment(
        id=new_id(),
        board_id=task.board_id,
        task_id=task.id,
        author_id=author_id,
        body=body,
        mention_ids=mentioned,
        version=2 if is_edited else 1,
        created_at=at,
        edited_at=at + timedelta(minutes=4) if is_edited else None,
    )
    session.add(comment)
    session.flush()
    if is_edited:
        before = {"version": 1, "board_id": task.board_id, "body": EDITED, "written_at": at}
        session.add(CommentVersion(comment_id=comment.id, **before))
    for user_id in mentioned:
        session.add(
            Notification(
                user_id=user_id,
                kind="mention",
                board_id=task.board_id,
                task_id=task.id,
                comment_id=comment.id,
                actor_id=author_id,
                created_at=at,
            )
        )


def _remind(session: Session, task: Task, user_id: UUID, at: datetime) -> None:
    about = {"board_id": task.board_id, "task_id": task.id}
    details = {"dueAt": task.due_at.isoformat() if task.due_at else None}
    session.add(Notification(user_id=user_id, kind="due_soon", details=details, created_at=at, **about))
