"""Web addresses on a task. Nothing is fetched from them: the server would tell who it works for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..errors import InvalidInput, NotFound
from .changes import Actor, Change, change_content
from .detail_schemas import LinkView
from .feed import note, tell_task
from .models import Task, TaskLink
from .rules import MOST_LINKS


def links_of(session: Session, task_id: UUID) -> list[LinkView]:
    """The oldest first. Only for a task that was found through the person."""
    in_order = select(TaskLink).where(TaskLink.task_id == task_id).order_by(TaskLink.created_at, TaskLink.id)
    return [LinkView.model_validate(row) for row in session.scalars(in_order)]


def add_link(
    board_id: UUID, task_id: UUID, url: str, title: str, *, session: Session, actor: Actor, now: datetime
) -> LinkView:
    """Without a title it is called by its address."""
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    there = session.scalar(select(func.count()).where(TaskLink.task_id == task.id)) or 0
    if there >= MOST_LINKS:
        raise InvalidInput.at("url", f"A task has at most {MOST_LINKS} links; remove one first")
    link = TaskLink(
        board_id=board_id,
        task_id=task_id,
        url=url,
        title=title or url,
        created_by=actor.id,
        created_at=now,
    )
    session.add(link)
    session.flush()
    _tell(change, "linked", link, now)
    return LinkView.model_validate(link)


def delete_link(
    board_id: UUID, task_id: UUID, link_id: UUID, *, session: Session, actor: Actor, now: datetime
) -> None:
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    here = TaskLink.id == link_id, TaskLink.task_id == task.id
    link = session.scalar(select(TaskLink).where(*here))
    if link is None:
        raise NotFound()
    session.execute(delete(TaskLink).where(*here))
    _tell(change, "unlinked", link, now)


def _tell(change: Change, kind: str, link: TaskLink, now: datetime) -> None:
    note(change, [(link.task_id, kind, {"url": link.url, "title": link.title})], now)
    links = [each.to_json() for each in links_of(change.session, link.task_id)]
    tell_task(change, "task_updated", link.task_id, links=links)
