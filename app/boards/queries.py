"""Reading boards through the person who asks.

Every look-up joins the asker's own membership, besides row level security: what they may not see is
NotFound, exactly like what does not exist. Every answer has one order only. Changes nothing.
"""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization, User
from ..errors import Forbidden, NotFound
from ..paging import name_cursor, read_name_cursor
from .models import Board, BoardMember, List, Task
from .rules import HEAD, may_manage_members
from .schemas import BoardFrame, BoardSummary, BoardView, ListView, MemberView, TaskView
from .store import tasks_and_labels

_SHOWN = Task.archived_at.is_(None), Task.deleted_at.is_(None)


class Standing(NamedTuple):
    """A board, and what the asker is to it; `role` is None for who runs its organization only."""

    board: Board
    role: str | None
    organization_role: str | None
    organization_name: str | None

    @property
    def manages_members(self) -> bool:
        return may_manage_members(self.role, self.organization_role)


def standing_of(session: Session, actor_id: UUID, board_id: UUID) -> Standing:
    """For the members of a board: who is on it, or manages those who are."""
    found = session.execute(
        select(Board, BoardMember.role, Membership.role, Organization.name)
        .outerjoin(BoardMember, and_(BoardMember.board_id == Board.id, BoardMember.user_id == actor_id))
        .outerjoin(
            Membership,
            and_(Membership.organization_id == Board.organization_id, Membership.user_id == actor_id),
        )
        .outerjoin(Organization, Organization.id == Board.organization_id)
        .where(Board.id == board_id, Board.deleted_at.is_(None))
    ).one_or_none()
    standing = Standing(*found) if found else None
    if standing is None or not (standing.role or standing.manages_members):
        raise NotFound()
    return standing


def board_for(session: Session, actor_id: UUID, board_id: UUID) -> tuple[Board, str]:
    """The board and the person's role on it; NotFound unless they are on it, whoever else they are."""
    standing = _on_board(session, actor_id, board_id)
    return standing.board, str(standing.role)


def _on_board(session: Session, actor_id: UUID, board_id: UUID) -> Standing:
    standing = standing_of(session, actor_id, board_id)
    if standing.role is None:
        raise NotFound()
    return standing


def headed_board_for(session: Session, actor_id: UUID, board_id: UUID) -> Board:
    """As board_for, for what only heads may do: Forbidden for the other people on the board."""
    board, role = board_for(session, actor_id, board_id)
    if role != HEAD:
        raise Forbidden("Only heads of this board may do that.")
    return board


def manageable_board_for(session: Session, actor_id: UUID, board_id: UUID) -> tuple[Board, str | None]:
    """As board_for, for changing members: also admins and owners of its organization (role None)."""
    standing = standing_of(session, actor_id, board_id)
    if not standing.manages_members:
        raise Forbidden("Only heads of this board and admins may do that.")
    return standing.board, standing.role


def boards_of(
    session: Session,
    actor_id: UUID,
    *,
    limit: int,
    cursor: str | None = None,
    archived: bool = False,
    organization_id: UUID | None = None,
) -> tuple[list[BoardSummary], str | None]:
    """One page of the person's boards by name, and the cursor of the next page."""
    sort_key = (func.lower(Board.name), Board.id)
    counted = (BoardMember.board_id == Board.id,), (Task.board_id == Board.id, *_SHOWN)
    members, tasks = (
        select(func.count()).where(*which).correlate(Board).scalar_subquery() for which in counted
    )
    mine = and_(BoardMember.board_id == Board.id, BoardMember.user_id == actor_id)
    page = (
        select(Board, BoardMember.role, Organization.name, members, tasks, sort_key[0])
        .join(BoardMember, mine)
        .join(Organization, Organization.id == Board.organization_id)
        .where(
            Board.deleted_at.is_(None),
            Board.archived_at.is_not(None) if archived else Board.archived_at.is_(None),
        )
        .order_by(*sort_key)
        .limit(limit + 1)
    )
    if organization_id is not None:
        page = page.where(Board.organization_id == organization_id)
    if cursor is not None:
        page = page.where(tuple_(*sort_key) > tuple_(*read_name_cursor(cursor)))
    rows = session.execute(page).all()
    more = len(rows) > limit
    rows = rows[:limit]
    items = [_summary(*row[:-1]) for row in rows]
    return items, name_cursor(rows[-1][-1], items[-1].id) if more else None


def _summary(board: Board, role: str, organization: str, members: int, tasks: int) -> BoardSummary:
    return BoardSummary(
        id=board.id,
        name=board.name,
        color=board.color,
        organization_id=board.organization_id,
        organization_name=organization,
        role=role,
        member_count=members,
        task_count=tasks,
        archived_at=board.archived_at,
        version=board.version,
        updated_at=board.updated_at,
    )


def board_frame(session: Session, actor_id: UUID, board_id: UUID) -> dict[str, Any]:
    """The board without what hangs on it."""
    return _frame(_on_board(session, actor_id, board_id)).to_json()


def full_board(session: Session, actor_id: UUID, board_id: UUID) -> dict[str, Any]:
    """Everything a board's page shows, in five statements whatever its size."""
    standing = _on_board(session, actor_id, board_id)
    tasks, labels = tasks_and_labels(session, board_id)
    return BoardView(
        **_frame(standing).model_dump(),
        lists=lists_of(session, board_id),
        tasks=tasks,
        members=members_of(session, standing.board),
        labels=labels,
    ).to_json()


def lists_of(session: Session, board_id: UUID, *, archived: bool = False) -> list[ListView]:
    """In their order. Only for a board that was found through the person."""
    which = List.archived_at.is_not(None) if archived else List.archived_at.is_(None)
    there = List.board_id == board_id, List.deleted_at.is_(None), which
    rows = session.scalars(select(List).where(*there).order_by(List.position, List.id))
    return [ListView.model_validate(row) for row in rows]


def tasks_of(session: Session, board_id: UUID) -> list[TaskView]:
    """By position; the tasks of one list stand in their order. Only for a board found through the person."""
    return tasks_and_labels(session, board_id)[0]


def task_on(session: Session, board_id: UUID, task_id: UUID) -> Task:
    """Archived or not; only for a board that was found through the person."""
    here = Task.id == task_id, Task.board_id == board_id, Task.deleted_at.is_(None)
    task = session.scalar(select(Task).where(*here))
    if task is None:
        raise NotFound()
    return task


def members_of(session: Session, board: Board) -> list[MemberView]:
    """Heads first, then by name. A guest does not belong to the board's organization."""
    found = session.execute(
        select(User, BoardMember.role, Membership.id.is_(None))
        .join(BoardMember, BoardMember.user_id == User.id)
        .outerjoin(
            Membership,
            and_(Membership.organization_id == board.organization_id, Membership.user_id == User.id),
        )
        .where(BoardMember.board_id == board.id)
        .order_by(BoardMember.role != HEAD, func.lower(User.name), User.id)
    )
    return [
        MemberView(
            user_id=user.id,
            name=user.name,
            email=user.email,
            avatar_url=user.avatar_url,
            role=role,
            is_guest=is_guest,
        )
        for user, role, is_guest in found
    ]


def roles_of(session: Session, board_id: UUID) -> dict[UUID, str]:
    rows = select(BoardMember.user_id, BoardMember.role).where(BoardMember.board_id == board_id)
    return dict(session.execute(rows).all())


def _frame(standing: Standing) -> BoardFrame:
    board = standing.board
    return BoardFrame(
        id=board.id,
        name=board.name,
        color=board.color,
        organization_id=board.organization_id,
        organization_name=standing.organization_name or "",
        role=standing.role,
        seq=board.seq,
        version=board.version,
        archived_at=board.archived_at,
    )
