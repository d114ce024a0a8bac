"""Makes organizations, people, boards and their content straight in the database, past every rule.

Everybody has the same password, hashed once and cheaply: what a test is about is never the hash.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app import audit
from app.accounts.models import Membership, Organization, User
from app.boards.models import Board, BoardMember, ChecklistItem, Comment, Label, List, Task, TaskLink
from app.boards.rules import fresh_positions
from app.db import Base

PASSWORD = "workhub-test"
T = TypeVar("T")
_numbers = count(1)


@cache
def password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


class People:
    """`maya = people.user("Maya", acme)`; what is made is committed and can be read without a session."""

    def __init__(self, admin_url: str) -> None:
        self._engine = create_engine(admin_url, poolclass=NullPool)

    def organization(self, name: str = "Acme", **columns: object) -> Organization:
        return self._add(Organization(name=name, **columns))

    def user(
        self,
        name: str = "Maya",
        organization: Organization | None = None,
        role: str = "member",
        **columns: object,
    ) -> User:
        """With an organization the person is in it, else in none."""
        columns.setdefault("email", f"{name.lower().replace(' ', '.')}.{next(_numbers)}@test.example")
        user = self._add(User(name=name, password_hash=password_hash(), **columns))
        if organization is not None:
            self.membership(user, organization, role)
        return user

    def users(self, how_many: int, organization: Organization) -> list[User]:
        """Many at once, in one transaction."""
        users = [
            User(
                name=f"Person {number}", email=f"person.{number}@test.example", password_hash=password_hash()
            )
            for number in (next(_numbers) for _ in range(how_many))
        ]
        self._add_all(users)
        self._add_all([Membership(organization_id=organization.id, user_id=user.id) for user in users])
        return users

    def membership(self, user: User, organization: Organization, role: str = "member") -> Membership:
        return self._add(Membership(organization_id=organization.id, user_id=user.id, role=role))

    def dismiss(self, organization_id: UUID) -> None:
        """Everybody of an organization."""
        with Session(self._engine) as session:
            session.query(Membership).filter_by(organization_id=organization_id).delete()
            session.commit()

    def board(
        self,
        organization: Organization,
        heads: Sequence[User] = (),
        members: Sequence[User] = (),
        name: str = "Launch",
        **columns: object,
    ) -> Board:
        board = self._add(Board(organization_id=organization.id, name=name, **columns))
        roles = [(user, "head") for user in heads] + [(user, "member") for user in members]
        self._add_all([BoardMember(board_id=board.id, user_id=user.id, role=role) for user, role in roles])
        return board

    def list_on(self, board: Board, name: str = "To do", **columns: object) -> List:
        """At the end of the board's row."""
        position = self._last_position(List, board_id=board.id)
        return self._add(List(board_id=board.id, name=name, position=position, **columns))

    def task_on(self, row: List, title: str = "Write the plan", **columns: object) -> Task:
        """At the end of the list."""
        position = self._last_position(Task, list_id=row.id)
        return self._add(
            Task(board_id=row.board_id, list_id=row.id, title=title, position=position, **columns)
        )

    def comment_on(self, task: Task, author: User, body: str = "Looks good", **columns: object) -> Comment:
        about = {"board_id": task.board_id, "task_id": task.id, "author_id": author.id}
        return self._add(Comment(body=body, **about, **columns))

    def parts_of(self, task: Task) -> dict[str, UUID]:
        """A label of its board, an item of its checklist and a link, by the letters that stand for them in
        the tables of routes."""
        whose = {"board_id": task.board_id, "task_id": task.id}
        parts = {
            "G": self._add(Label(board_id=task.board_id, name="Urgent", color="red")),
            "H": self._add(ChecklistItem(**whose, text="Ask", position="a0")),
            "N": self._add(TaskLink(**whose, url="https://test.example", title="Test")),
        }
        return {letter: part.id for letter, part in parts.items()}

    def change(self, thing: Base, **columns: object) -> None:
        """Past every rule."""
        kind: Any = type(thing)
        with Session(self._engine) as session:
            session.execute(update(kind).where(kind.id == thing.id).values(**columns))  # type: ignore[attr-defined]
            session.commit()

    def add(self, *things: object) -> None:
        """Rows of any other table, in one transaction."""
        self._add_all(things)

    def record(self, actor: User, action: str, now: datetime, **details: object) -> None:
        """In the trail of each of the actor's organizations, as the site does it."""
        with Session(self._engine) as session:
            audit.record(
                session,
                action=action,
                actor_id=actor.id,
                organization_ids=None,
                target_type="user",
                target_id=str(actor.id),
                details=details,
                now=now,
            )
            session.commit()

    def close(self) -> None:
        self._engine.dispose()

    def _last_position(self, model: type[Base], **where: object) -> str:
        with Session(self._engine) as session:
            return fresh_positions(session.query(model).filter_by(**where).count() + 1)[-1]

    def _add(self, thing: T) -> T:
        self._add_all([thing])
        return thing

    def _add_all(self, things: Sequence[object]) -> None:
        with Session(self._engine, expire_on_commit=False) as session:
            session.add_all(things)
            session.commit()
