"""REST for what hangs on tasks: labels, people, watchers, checklists, links. Holds no rules, as routes.py."""

from uuid import UUID

from flask import Blueprint

from ..accounts.queries import Actor
from ..api import api
from ..clock import clock
from ..db import unit_of_work
from ..errors import Conflict, Forbidden
from ..schema import Page
from . import assignees, checklist, labels, links, queries, store
from .detail_schemas import (
    ItemMove,
    ItemPatch,
    Items,
    ItemView,
    LabelPatch,
    LinkView,
    NewItems,
    NewLabel,
    NewLink,
)
from .schemas import LabelView, TaskView

blueprint = Blueprint("details", __name__)

BOARD = "/api/boards/<uuid:board_id>"
LABELS, TASK = f"{BOARD}/labels", f"{BOARD}/tasks/<uuid:task_id>"
LABEL, TASK_LABEL = f"{LABELS}/<uuid:label_id>", f"{TASK}/labels/<uuid:label_id>"
ASSIGNEE, ITEM = f"{TASK}/assignees/<uuid:user_id>", f"{TASK}/checklist/<uuid:item_id>"


@blueprint.get(LABELS)
@api("boards:read")
def list_labels(actor: Actor, board_id: UUID) -> Page[LabelView]:
    """The labels of a board, by name."""
    with unit_of_work(actor.id) as session:
        queries.board_for(session, actor.id, board_id)
        return Page(items=store.labels_of(session, board_id))


@blueprint.post(LABELS)
@api("boards:write", status=201, errors=[Forbidden])
def add_label(actor: Actor, board_id: UUID, body: NewLabel) -> LabelView:
    """Add a label to a board."""
    with unit_of_work(actor.id) as session:
        return labels.add_label(
            board_id, body.name, body.color, session=session, actor=actor, now=clock.now()
        )


@blueprint.patch(LABEL)
@api("boards:write", errors=[Forbidden, Conflict])
def edit_label(actor: Actor, board_id: UUID, label_id: UUID, body: LabelPatch) -> LabelView:
    """Give a label another name or colour."""
    with unit_of_work(actor.id) as session:
        return labels.edit_label(
            board_id, label_id, body.version, body.changes(), session=session, actor=actor
        )


@blueprint.delete(LABEL)
@api("boards:write", errors=[Forbidden])
def delete_label(actor: Actor, board_id: UUID, label_id: UUID) -> None:
    """Delete a label, from all tasks too."""
    with unit_of_work(actor.id) as session:
        labels.delete_label(board_id, label_id, session=session, actor=actor)


@blueprint.put(TASK_LABEL)
@api("boards:write", errors=[Forbidden])
def put_label(actor: Actor, board_id: UUID, task_id: UUID, label_id: UUID) -> TaskView:
    """Put a label on a task."""
    with unit_of_work(actor.id) as session:
        return labels.put_label(board_id, task_id, label_id, session=session, actor=actor, now=clock.now())


@blueprint.delete(TASK_LABEL)
@api("boards:write", errors=[Forbidden])
def take_label(actor: Actor, board_id: UUID, task_id: UUID, label_id: UUID) -> TaskView:
    """Take a label off a task."""
    with unit_of_work(actor.id) as session:
        return labels.take_label(board_id, task_id, label_id, session=session, actor=actor, now=clock.now())


@blueprint.put(ASSIGNEE)
@api("boards:write", errors=[Forbidden])
def assign(actor: Actor, board_id: UUID, task_id: UUID, user_id: UUID) -> TaskView:
    """Assign somebody on the board to a task; they watch it from then on."""
    with unit_of_work(actor.id) as session:
        return assignees.assign(board_id, task_id, user_id, session=session, actor=actor, now=clock.now())


@blueprint.delete(ASSIGNEE)
@api("boards:write", errors=[Forbidden])
def unassign(actor: Actor, board_id: UUID, task_id: UUID, user_id: UUID) -> TaskView:
    """Take somebody off a task."""
    with unit_of_work(actor.id) as session:
        return assignees.unassign(board_id, task_id, user_id, session=session, actor=actor, now=clock.now())


@blueprint.put(f"{TASK}/watch")
@api("boards:write")
def watch(actor: Actor, board_id: UUID, task_id: UUID) -> None:
    """Watch a task: hear of what happens to it."""
    with unit_of_work(actor.id) as session:
        assignees.watch(board_id, task_id, session=session, actor=actor, now=clock.now())


@blueprint.delete(f"{TASK}/watch")
@api("boards:write")
def unwatch(actor: Actor, board_id: UUID, task_id: UUID) -> None:
    """Stop watching a task."""
    with unit_of_work(actor.id) as session:
        assignees.unwatch(board_id, task_id, session=session, actor=actor)


@blueprint.post(f"{TASK}/checklist")
@api("boards:write", status=201, errors=[Forbidden])
def add_items(actor: Actor, board_id: UUID, task_id: UUID, body: NewItems) -> Items:
    """Add one item (`text`) or several (`texts`) to the checklist of a task."""
    with unit_of_work(actor.id) as session:
        items = checklist.add_items(
            board_id, task_id, body.all(), session=session, actor=actor, now=clock.now()
        )
    return Items(items=items)


@blueprint.patch(ITEM)
@api("boards:write", errors=[Forbidden])
def edit_item(actor: Actor, board_id: UUID, task_id: UUID, item_id: UUID, body: ItemPatch) -> ItemView:
    """Tick an item off, take that back, or word it anew."""
    with unit_of_work(actor.id) as session:
        return checklist.edit_item(
            board_id, task_id, item_id, body.changes(), session=session, actor=actor, now=clock.now()
        )


@blueprint.post(f"{ITEM}/move")
@api("boards:write", errors=[Forbidden])
def move_item(actor: Actor, board_id: UUID, task_id: UUID, item_id: UUID, body: ItemMove) -> ItemView:
    """Put an item after another one; null for the first place."""
    with unit_of_work(actor.id) as session:
        return checklist.move_item(
            board_id, task_id, item_id, body.after_item_id, session=session, actor=actor, now=clock.now()
        )


@blueprint.delete(ITEM)
@api("boards:write", errors=[Forbidden])
def delete_item(actor: Actor, board_id: UUID, task_id: UUID, item_id: UUID) -> None:
    """Delete an item of a checklist."""
    with unit_of_work(actor.id) as session:
        checklist.delete_item(board_id, task_id, item_id, session=session, actor=actor, now=clock.now())


@blueprint.post(f"{TASK}/links")
@api("boards:write", status=201, errors=[Forbidden])
def add_link(actor: Actor, board_id: UUID, task_id: UUID, body: NewLink) -> LinkView:
    """Add a web address to a task."""
    with unit_of_work(actor.id) as session:
        return links.add_link(
            board_id, task_id, body.url, body.title, session=session, actor=actor, now=clock.now()
        )


@blueprint.delete(f"{TASK}/links/<uuid:link_id>")
@api("boards:write", errors=[Forbidden])
def delete_link(actor: Actor, board_id: UUID, task_id: UUID, link_id: UUID) -> None:
    """Take a web address off a task."""
    with unit_of_work(actor.id) as session:
        links.delete_link(board_id, task_id, link_id, session=session, actor=actor, now=clock.now())
