"""The checklist of a task: adding, ticking off, wording, moving and deleting items; by all on the board.

Two people ticking at once both have their way: of one item the later one counts, and no version is raised.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ..errors import InvalidInput, NotFound
from .changes import Actor, Change, change_content
from .detail_schemas import ItemView
from .feed import note, tell_task
from .models import ChecklistItem, Task
from .ordering import last_positions, place_after
from .rules import MOST_ITEMS


def items_of(session: Session, task_id: UUID) -> list[ItemView]:
    """In their order. Only for a task that was found through the person."""
    in_order = select(ChecklistItem).where(ChecklistItem.task_id == task_id)
    rows = session.scalars(in_order.order_by(ChecklistItem.position, ChecklistItem.id))
    return [ItemView.model_validate(row) for row in rows]


def add_items(
    board_id: UUID, task_id: UUID, texts: Sequence[str], *, session: Session, actor: Actor, now: datetime
) -> list[ItemView]:
    """Behind the others, in their order."""
    change = change_content(session, actor, board_id)
    task = change.find(Task, task_id)
    mine = ChecklistItem.task_id == task.id
    there = session.scalar(select(func.count()).where(mine)) or 0
    if there + len(texts) > MOST_ITEMS:
        field = "text" if len(texts) == 1 else "texts"
        raise InvalidInput.at(field, f"A checklist has at most {MOST_ITEMS} items; this one has {there}")
    positions = last_positions(change, ChecklistItem, mine, len(texts))
    items = [
        ChecklistItem(board_id=board_id, task_id=task_id, text=text, position=position, created_at=now)
        for text, position in zip(texts, positions, strict=True)
    ]
    session.add_all(items)
    session.flush()
    _tell(change, task_id, [("added", text) for text in texts], now)
    return [ItemView.model_validate(item) for item in items]


def edit_item(
    board_id: UUID,
    task_id: UUID,
    item_id: UUID,
    changes: dict[str, Any],
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> ItemView:
    """`changes`: of `text` and `done`."""
    change = change_content(session, actor, board_id)
    item = _find(change, task_id, item_id)
    done = []
    if changes.get("text", item.text) != item.text:
        item.text = changes["text"]
        done.append(("reworded", item.text))
    if changes.get("done", item.done) != item.done:
        item.done = changes["done"]
        done.append(("done" if item.done else "undone", item.text))
    session.flush()
    _tell(change, task_id, done, now)
    return ItemView.model_validate(item)


def move_item(
    board_id: UUID,
    task_id: UUID,
    item_id: UUID,
    after_item_id: UUID | None,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
) -> ItemView:
    """Behind another item, or to the front."""
    change = change_content(session, actor, board_id)
    item = _find(change, task_id, item_id)
    place_after(change, item, ChecklistItem.task_id == task_id, after_item_id, "afterItemId")
    _tell(change, task_id, [], now)
    return ItemView.model_validate(item)


def delete_item(
    board_id: UUID, task_id: UUID, item_id: UUID, *, session: Session, actor: Actor, now: datetime
) -> None:
    change = change_content(session, actor, board_id)
    item = _find(change, task_id, item_id)
    session.execute(delete(ChecklistItem).where(ChecklistItem.id == item.id))
    _tell(change, task_id, [("removed", item.text)], now)


def _find(change: Change, task_id: UUID, item_id: UUID) -> ChecklistItem:
    task = change.find(Task, task_id)
    here = ChecklistItem.id == item_id, ChecklistItem.task_id == task.id
    item = change.session.scalar(select(ChecklistItem).where(*here))
    if item is None:
        raise NotFound()
    return item


def _tell(change: Change, task_id: UUID, done: Sequence[tuple[str, str]], now: datetime) -> None:
    entries = [(task_id, "checklist", {"what": what, "text": text}) for what, text in done]
    note(change, entries, now)
    items = [item.to_json() for item in items_of(change.session, task_id)]
    tell_task(change, "task_updated", task_id, checklist=items)
