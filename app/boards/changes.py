"""One change of a board: its number, who makes it, and the news of it once it is committed.

Every change takes the board's next number first. That locks the board's row, so the changes of one board
happen one after another: positions cannot collide, numbers have no gaps, and rights are read only
after whatever was under way has been committed. Knows nothing of lists or tasks in particular.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from ..db import after_commit
from ..errors import Conflict, Forbidden, NotFound
from ..realtime import publish
from ..schema import Schema
from .models import Board, Label, List, Task
from .queries import board_for, headed_board_for, manageable_board_for
from .schemas import BoardNews, MemberView
from .signals import board_changed

Thing = TypeVar("Thing", List, Task)


class Actor(Protocol):
    """Whoever makes a change."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...


@dataclass
class Change:
    session: Session
    actor: Actor
    board: Board
    seq: int

    def tell(self, event: str, **things: Any) -> None:
        """Tell the rooms above now, and everybody on the board after the commit."""
        board_id = self.board.id
        board_changed.send(
            None,
            session=self.session,
            event=event,
            board_id=board_id,
            seq=self.seq,
            name=self.board.name,
            actor_id=self.actor.id,
        )
        actor = {"userId": str(self.actor.id), "name": self.actor.name}
        payload = {"boardId": str(board_id), "seq": self.seq, "actor": actor, **things}
        after_commit(self.session, lambda: publish.to_board(board_id, event, payload))

    def tell_members(self, members: list[MemberView]) -> None:
        board = BoardNews.model_validate(self.board).to_json()
        self.tell("board_updated", board=board, members=[member.to_json() for member in members])

    def take_numbers(self, count: int) -> range:
        """The change's own number and `count` more, for as many more pieces of news: each has its own."""
        first = self.seq
        if count:
            taken = select(func.max(func.next_board_seq(self.board.id)))
            last = self.session.scalar(taken.select_from(func.generate_series(1, count)))
            if last is None:
                raise NotFound()
            self.seq = last
        return range(first, self.seq + 1)

    def leave_gap(self) -> None:
        """Skips a number ahead of this change's news: whoever hears them misses one and loads the board."""
        self.take_numbers(1)

    def find(self, kind: type[Thing], thing_id: UUID) -> Thing:
        """The list or task, if it is on this board; else NotFound."""
        here = kind.id == thing_id, kind.board_id == self.board.id, kind.deleted_at.is_(None)
        thing = self.session.scalar(select(kind).where(*here))
        if thing is None:
            raise NotFound()
        return thing


def change_content(session: Session, actor: Actor, board_id: UUID) -> Change:
    """A change of lists or tasks, by anybody on the board."""
    seq = next_seq(session, board_id)
    board, _ = board_for(session, actor.id, board_id)
    if board.archived_at is not None:
        raise Forbidden("This board is archived. A head can restore it.")
    return Change(session, actor, board, seq)


def change_board(session: Session, actor: Actor, board_id: UUID) -> Change:
    """A change of the board itself, by its heads."""
    seq = next_seq(session, board_id)
    return Change(session, actor, headed_board_for(session, actor.id, board_id), seq)


def change_members(session: Session, actor: Actor, board_id: UUID) -> Change:
    """A change of who is on the board, by its heads and whoever runs its organization."""
    seq = next_seq(session, board_id)
    board, _ = manageable_board_for(session, actor.id, board_id)
    return Change(session, actor, board, seq)


def change_own_membership(session: Session, actor: Actor, board_id: UUID) -> Change:
    """Leaving, by anybody on the board, archived or not."""
    seq = next_seq(session, board_id)
    board, _ = board_for(session, actor.id, board_id)
    return Change(session, actor, board, seq)


def change_by_site(session: Session, actor: Actor, board_id: UUID) -> Change:
    """As workhub_service: of somebody who has no right on the board yet, because they are just coming."""
    there = update(Board).where(Board.id == board_id, Board.deleted_at.is_(None))
    counted = there.values(seq=Board.seq + 1, updated_at=func.now()).returning(Board)
    board = session.scalars(counted.execution_options(populate_existing=True)).one_or_none()
    if board is None:
        raise NotFound()
    return Change(session, actor, board, board.seq)


def next_seq(session: Session, board_id: UUID) -> int:
    """The number of the next change; NotFound unless the person may change something on the board."""
    seq: int | None = session.scalar(select(func.next_board_seq(board_id)))
    if seq is None:
        raise NotFound()
    return seq


def write_version(
    session: Session,
    thing: Board | List | Task | Label,
    version: int,
    view: Callable[[], Schema],
    **values: Any,
) -> None:
    """Writes `values` over the version the person was looking at; otherwise Conflict with the current one,
    which `view` shows."""
    kind = type(thing)
    written = session.execute(
        update(kind)
        .where(kind.id == thing.id, kind.version == version)
        .values(version=kind.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", written).rowcount != 1:
        raise Conflict(current=view().to_json())
    session.refresh(thing)
