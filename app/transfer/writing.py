"""Makes a board of a document: everything of it or nothing, in the caller's transaction.

Rows are inserted in bulk, past the services that make one thing at a time: nobody is on the board yet who
could be told of each. Row level security holds for them as for any other row.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from ..boards.changes import Actor
from ..boards.models import (
    Board,
    BoardMember,
    ChecklistItem,
    Comment,
    Label,
    List,
    Task,
    TaskAssignee,
    TaskEvent,
    TaskLabel,
    TaskLink,
    TaskWatcher,
)
from ..boards.rules import MEMBER, fresh_positions
from ..boards.service import create_board
from ..boards.signals import member_added
from ..boards.trail import record
from ..db import as_service, new_id
from .document import BoardDocument, WrittenTask

Rows = list[dict[str, Any]]
People = Mapping[int, UUID]
"""Who of the document's people is whom; whoever is missing is not on the board."""


def write(
    document: BoardDocument,
    people: People,
    *,
    session: Session,
    actor: Actor,
    now: datetime,
    organization_id: UUID | None,
) -> Board:
    """The actor becomes a head, whoever else is one."""
    board = create_board(
        session=session, actor=actor, now=now, name=document.name, organization_id=organization_id
    )
    session.execute(update(Board).where(Board.id == board.id).values(color=document.color))
    _add_members(session, document, people, board, actor, now)
    _Writing(session, board.id, actor.id, people, now).write(document)
    record(session, actor.id, board, "imported", now, tasks=len(document.tasks()))
    return board


def _add_members(
    session: Session, document: BoardDocument, people: People, board: Board, actor: Actor, now: datetime
) -> None:
    for place, user_id in sorted(people.items()):
        if user_id == actor.id:
            continue
        role = document.people[place].role or MEMBER
        session.execute(
            insert(BoardMember).values(board_id=board.id, user_id=user_id, role=role, created_at=now)
        )
        member_added.send(
            None,
            session=session,
            board_id=board.id,
            user_id=user_id,
            role=role,
            actor_id=actor.id,
            now=now,
        )


class _Writing:
    def __init__(
        self, session: Session, board_id: UUID, actor_id: UUID, people: People, now: datetime
    ) -> None:
        self.session, self.board_id, self.actor_id = session, board_id, actor_id
        self.people, self.now = people, now
        self.labels: list[UUID] = []
        self.rows: dict[Any, Rows] = {
            kind: []
            for kind in (List, Label, Task, TaskLabel, TaskAssignee, TaskWatcher, ChecklistItem, TaskLink,
                         Comment, TaskEvent)
        }  # fmt: skip

    def write(self, document: BoardDocument) -> None:
        for label in document.labels:
            self.labels.append(self._add(Label, name=label.name, color=label.color, created_at=self.now))
        for row, position in zip(document.lists, fresh_positions(len(document.lists)), strict=True):
            list_id = self._add(
                List, name=row.name, position=position, archived_at=row.archived_at, **self._times()
            )
            for task, place in zip(row.tasks, fresh_positions(len(row.tasks)), strict=True):
                self._task(task, list_id, place)
        for kind, rows in self.rows.items():
            if rows and kind is not Comment:
                self.session.execute(insert(kind), rows)
        if self.rows[Comment]:
            with as_service(self.session):  # a person writes comments only in their own name
                self.session.execute(insert(Comment), self.rows[Comment])

    def _task(self, task: WrittenTask, list_id: UUID, position: str) -> None:
        plain = task.model_dump(
            exclude={"labels", "assignees", "watchers", "checklist", "links", "comments", "created_at"}
        )
        made = task.created_at or self.now
        times = {"created_at": made, "updated_at": self.now}
        task_id = self._add(
            Task, list_id=list_id, position=position, created_by=self.actor_id, **plain, **times
        )
        here = {"task_id": task_id}
        for place in dict.fromkeys(task.labels):
            self._hang(TaskLabel, label_id=self.labels[place], **here)
        for user_id in self._known(task.assignees):
            self._hang(TaskAssignee, user_id=user_id, created_at=self.now, **here)
        for user_id in self._known(task.watchers):
            self._hang(TaskWatcher, user_id=user_id, created_at=self.now, **here)
        for item, place_of in zip(task.checklist, fresh_positions(len(task.checklist)), strict=True):
            self._add(
                ChecklistItem, text=item.text, done=item.done, position=place_of, created_at=self.now, **here
            )
        for link in task.links:
            self._add(
                TaskLink,
                url=link.url, title=link.title, created_by=self.actor_id, created_at=self.now, **here,
            )  # fmt: skip
        for note in task.comments:
            self._add(
                Comment,
                body=note.body, author_name=note.author, created_at=note.created_at,
                edited_at=note.edited_at, **here,
            )  # fmt: skip
        about = {"kind": "created", "actor_id": self.actor_id, "details": {"imported": True}}
        self._add(TaskEvent, created_at=self.now, **about, **here)

    def _known(self, places: Iterable[int]) -> list[UUID]:
        """Each once: two people of a file may be one person here."""
        return list(dict.fromkeys(self.people[place] for place in places if place in self.people))

    def _times(self) -> dict[str, datetime]:
        return {"created_at": self.now, "updated_at": self.now}

    def _add(self, table: Any, /, **columns: Any) -> UUID:
        thing_id = new_id()
        self._hang(table, id=thing_id, **columns)
        return thing_id

    def _hang(self, table: Any, /, **columns: Any) -> None:
        self.rows[table].append({"board_id": self.board_id, **columns})
