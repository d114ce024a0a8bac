"""REST for one task whole, for many at once, for what was put away or deleted, and for Markdown.

Holds no rules, as routes.py.
"""

from uuid import UUID

from flask import Blueprint

from ..accounts.queries import Actor
from ..api import api
from ..clock import clock
from ..db import unit_of_work
from ..errors import Forbidden
from ..ratelimit import per_window
from ..schema import Page
from . import details, quick, trash
from .detail_schemas import (
    ArchivedItem,
    Bulk,
    EventsQuery,
    Html,
    MarkdownText,
    NewTasks,
    TaskCopy,
    TaskDetail,
    TaskEventView,
    TaskItems,
)
from .markdown import render
from .schemas import ListView, TaskView

blueprint = Blueprint("tasks", __name__)

BOARD = "/api/boards/<uuid:board_id>"
TASKS = f"{BOARD}/tasks"
TASK, LIST = f"{TASKS}/<uuid:task_id>", f"{BOARD}/lists/<uuid:list_id>"
PREVIEWS = per_window(120, seconds=60)


@blueprint.get(TASK)
@api("boards:read")
def read_task(actor: Actor, board_id: UUID, task_id: UUID) -> TaskDetail:
    """A task with its checklist, links and watchers."""
    with unit_of_work(actor.id) as session:
        return details.task_detail(session, actor.id, board_id, task_id)


@blueprint.get(f"{TASK}/events")
@api("boards:read")
def list_task_events(actor: Actor, board_id: UUID, task_id: UUID, query: EventsQuery) -> Page[TaskEventView]:
    """What happened to a task, the newest first."""
    with unit_of_work(actor.id) as session:
        items, cursor = details.feed_of(session, actor.id, board_id, task_id, **query.model_dump())
    return Page(items=items, next_cursor=cursor)


@blueprint.get(f"{BOARD}/archive")
@api("boards:read")
def list_archive(actor: Actor, board_id: UUID) -> Page[ArchivedItem]:
    """The archived lists and tasks of a board, the last one first; tasks of an archived list come with it."""
    with unit_of_work(actor.id) as session:
        return Page(items=details.archive_of(session, actor.id, board_id))


@blueprint.post(f"{TASK}/copy")
@api("boards:write", status=201, errors=[Forbidden])
def copy_task(actor: Actor, board_id: UUID, task_id: UUID, body: TaskCopy) -> TaskView:
    """Copy a task, without its comments."""
    with unit_of_work(actor.id) as session:
        return quick.copy_task(
            board_id,
            task_id,
            **body.model_dump(exclude_unset=True),
            session=session,
            actor=actor,
            now=clock.now(),
        )


@blueprint.post(f"{TASKS}/batch")
@api("boards:write", status=201, errors=[Forbidden])
def add_tasks(actor: Actor, board_id: UUID, body: NewTasks) -> TaskItems:
    """Add several tasks at the end of a list."""
    with unit_of_work(actor.id) as session:
        added = quick.add_tasks(
            board_id, body.list_id, body.titles, session=session, actor=actor, now=clock.now()
        )
    return TaskItems(items=added)


@blueprint.post(f"{TASKS}/bulk")
@api("boards:write", errors=[Forbidden])
def edit_tasks(actor: Actor, board_id: UUID, body: Bulk) -> TaskItems:
    """Change up to 200 tasks alike: all, or with an error none. Deleted ones are not in the answer."""
    with unit_of_work(actor.id) as session:
        edited = quick.edit_tasks(
            board_id, body.task_ids, body.changes(), session=session, actor=actor, now=clock.now()
        )
    return TaskItems(items=edited)


@blueprint.delete(TASK)
@api("boards:write", errors=[Forbidden])
def delete_task(actor: Actor, board_id: UUID, task_id: UUID) -> None:
    """Delete a task. It can be restored for ten minutes."""
    with unit_of_work(actor.id) as session:
        trash.delete_task(board_id, task_id, session=session, actor=actor, now=clock.now())


@blueprint.post(f"{TASK}/restore")
@api("boards:write", errors=[Forbidden])
def restore_task(actor: Actor, board_id: UUID, task_id: UUID) -> TaskView:
    """Undo the deletion of a task; 404 when it is too late."""
    with unit_of_work(actor.id) as session:
        return trash.restore_task(board_id, task_id, session=session, actor=actor, now=clock.now())


@blueprint.delete(LIST)
@api("boards:write", errors=[Forbidden])
def delete_list(actor: Actor, board_id: UUID, list_id: UUID) -> None:
    """Delete a list with its tasks. It can be restored for ten minutes."""
    with unit_of_work(actor.id) as session:
        trash.delete_list(board_id, list_id, session=session, actor=actor, now=clock.now())


@blueprint.post(f"{LIST}/restore")
@api("boards:write", errors=[Forbidden])
def restore_list(actor: Actor, board_id: UUID, list_id: UUID) -> ListView:
    """Undo the deletion of a list, with its tasks; 404 when it is too late."""
    with unit_of_work(actor.id) as session:
        return trash.restore_list(board_id, list_id, session=session, actor=actor, now=clock.now())


@blueprint.post("/api/markdown")
@api("boards:read", limit=PREVIEWS)
def preview_markdown(actor: Actor, body: MarkdownText) -> Html:
    """What a text will look like: safe HTML. People whom one does not know are no mention."""
    with unit_of_work(actor.id) as session:
        names = details.mentionable(session, None, body.text)
    return Html(html=render(body.text, names))
