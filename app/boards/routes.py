"""Pages of boards, and REST for boards, lists, tasks and members under /api/boards.

Holds no rules: reads the request, calls one service or query as the signed-in person, writes the answer.
"""

from functools import partial
from typing import Annotated
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..accounts import choice
from ..accounts.queries import Actor
from ..api import Json, api
from ..clock import clock
from ..db import unit_of_work
from ..errors import Conflict, Forbidden, LastHead, NotFound
from ..schema import Page
from ..web import signed_in
from . import lists, members, overview, queries, service, tasks
from .rules import COLORS
from .schemas import (
    BoardFrame,
    BoardPatch,
    BoardsQuery,
    BoardSummary,
    BoardView,
    ListMove,
    ListPatch,
    ListView,
    MemberView,
    NewBoard,
    NewList,
    NewMember,
    NewTask,
    RoleChange,
    TaskMove,
    TaskPatch,
    TaskView,
)
from .templates import TEMPLATES

blueprint = Blueprint("boards", __name__)

BOARDS = "/api/boards"
BOARD = f"{BOARDS}/<uuid:board_id>"
LISTS, TASKS, MEMBERS = f"{BOARD}/lists", f"{BOARD}/tasks", f"{BOARD}/members"
LIST, TASK, MEMBER = f"{LISTS}/<uuid:list_id>", f"{TASKS}/<uuid:task_id>", f"{MEMBERS}/<uuid:user_id>"
PAGE_LIMIT = 200  # boards on the page of boards


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("boards.index"))


@blueprint.get("/boards")
def index() -> ResponseReturnValue:
    """Of the organization that is chosen at this browser, or of all."""
    actor = signed_in()
    place = choice.id_of(actor)
    with unit_of_work(actor.id) as session:
        mine = partial(queries.boards_of, session, actor.id, limit=PAGE_LIMIT, organization_id=place)
        boards, archived = mine()[0], mine(archived=True)[0]
        values = {
            "faces": overview.faces_of(session, [board.id for board in (*boards, *archived)]),
            "deleted": overview.deleted_lately(session, actor.id, clock.now()),
        }
    return render_template(
        "boards.html",
        boards=[board.to_json() for board in boards],
        archived=[board.to_json() for board in archived],
        templates=TEMPLATES,
        colors=COLORS,
        **values,
    )


@blueprint.get("/boards/<uuid:board_id>")
def show(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        board = queries.full_board(session, actor.id, board_id)
    return render_template("board.html", board=board)


@blueprint.get(BOARDS)
@api("boards:read")
def list_boards(actor: Actor, query: BoardsQuery) -> Page[BoardSummary]:
    """The boards one is on, by name."""
    with unit_of_work(actor.id) as session:
        boards, cursor = queries.boards_of(session, actor.id, **query.model_dump())
    return Page(items=boards, next_cursor=cursor)


@blueprint.post(BOARDS)
@api("boards:write", status=201)
def create_board(actor: Actor, body: NewBoard) -> Annotated[Json, BoardView]:
    """Make a board and become its head.

    `organizationId` is needed by people who belong to several organizations.
    """
    with unit_of_work(actor.id) as session:
        board = service.create_board(
            session=session,
            actor=actor,
            now=clock.now(),
            name=body.name,
            organization_id=body.organization_id,
            template=body.template,
            color=body.color,
        )
        return queries.full_board(session, actor.id, board.id)


@blueprint.get(BOARD)
@api("boards:read")
def read_board(actor: Actor, board_id: UUID) -> Annotated[Json, BoardView]:
    """A board with all that is on it."""
    with unit_of_work(actor.id) as session:
        return queries.full_board(session, actor.id, board_id)


@blueprint.patch(BOARD)
@api("boards:write", errors=[Forbidden, Conflict])
def update_board(actor: Actor, board_id: UUID, body: BoardPatch) -> Annotated[Json, BoardFrame]:
    """Rename a board, give it another colour, archive it or take it out of the archive; for its heads."""
    with unit_of_work(actor.id) as session:
        service.update_board(
            board_id, body.version, body.changes(), session=session, actor=actor, now=clock.now()
        )
        return queries.board_frame(session, actor.id, board_id)


@blueprint.delete(BOARD)
@api("boards:write", errors=[Forbidden])
def delete_board(actor: Actor, board_id: UUID) -> None:
    """Delete a board with all that is on it; for its heads, who can undo it for ten minutes."""
    with unit_of_work(actor.id) as session:
        service.delete_board(board_id, session=session, actor=actor, now=clock.now())


@blueprint.post(f"{BOARD}/restore")
@api("boards:write", errors=[NotFound])
def restore_board(actor: Actor, board_id: UUID) -> Annotated[Json, BoardFrame]:
    """Undo the deletion of a board within ten minutes; for its heads."""
    with unit_of_work(actor.id) as session:
        service.restore_board(board_id, session=session, actor=actor, now=clock.now())
        return queries.board_frame(session, actor.id, board_id)


@blueprint.get(LISTS)
@api("boards:read")
def list_lists(actor: Actor, board_id: UUID) -> Page[ListView]:
    """The lists of a board, in their order."""
    with unit_of_work(actor.id) as session:
        queries.board_for(session, actor.id, board_id)
        return Page(items=queries.lists_of(session, board_id))


@blueprint.post(LISTS)
@api("boards:write", status=201, errors=[Forbidden])
def add_list(actor: Actor, board_id: UUID, body: NewList) -> ListView:
    """Add a list at the end."""
    with unit_of_work(actor.id) as session:
        return lists.add_list(board_id, body.name, session=session, actor=actor, now=clock.now())


@blueprint.patch(LIST)
@api("boards:write", errors=[Forbidden, Conflict])
def edit_list(actor: Actor, board_id: UUID, list_id: UUID, body: ListPatch) -> ListView:
    """Rename a list, archive it with its tasks, or bring it back."""
    with unit_of_work(actor.id) as session:
        return lists.edit_list(
            board_id, list_id, body.version, body.changes(), session=session, actor=actor, now=clock.now()
        )


@blueprint.post(f"{LIST}/move")
@api("boards:write", errors=[Forbidden])
def move_list(actor: Actor, board_id: UUID, list_id: UUID, body: ListMove) -> ListView:
    """Put a list after another one; null for the first place."""
    with unit_of_work(actor.id) as session:
        return lists.move_list(
            board_id, list_id, body.after_list_id, session=session, actor=actor, now=clock.now()
        )


@blueprint.get(TASKS)
@api("boards:read")
def list_tasks(actor: Actor, board_id: UUID) -> Page[TaskView]:
    """The tasks of a board; those of one list stand in their order."""
    with unit_of_work(actor.id) as session:
        queries.board_for(session, actor.id, board_id)
        return Page(items=queries.tasks_of(session, board_id))


@blueprint.post(TASKS)
@api("boards:write", status=201, errors=[Forbidden])
def add_task(actor: Actor, board_id: UUID, body: NewTask) -> TaskView:
    """Add a task at the end of a list."""
    with unit_of_work(actor.id) as session:
        return tasks.add_task(board_id, **body.model_dump(), session=session, actor=actor, now=clock.now())


@blueprint.patch(TASK)
@api("boards:write", errors=[Forbidden, Conflict])
def edit_task(actor: Actor, board_id: UUID, task_id: UUID, body: TaskPatch) -> TaskView:
    """Change what a task says, its priority and dates; complete it, archive it, or take that back.

    `version` is the one you have read; when somebody was faster the answer is 409 with the current task.
    """
    with unit_of_work(actor.id) as session:
        return tasks.edit_task(
            board_id, task_id, body.version, body.changes(), session=session, actor=actor, now=clock.now()
        )


@blueprint.post(f"{TASK}/move")
@api("boards:write", errors=[Forbidden])
def move_task(actor: Actor, board_id: UUID, task_id: UUID, body: TaskMove) -> TaskView:
    """Put a task into a list, after another task there; null for the first place."""
    with unit_of_work(actor.id) as session:
        return tasks.move_task(
            board_id,
            task_id,
            body.list_id,
            body.after_task_id,
            session=session,
            actor=actor,
            now=clock.now(),
        )


@blueprint.get(MEMBERS)
@api("boards:read")
def list_members(actor: Actor, board_id: UUID) -> Page[MemberView]:
    """Who is on a board, heads first; also for admins of its organization."""
    with unit_of_work(actor.id) as session:
        board = queries.standing_of(session, actor.id, board_id).board
        return Page(items=queries.members_of(session, board))


@blueprint.post(MEMBERS)
@api("boards:write", status=201, errors=[Forbidden])
def add_member(actor: Actor, board_id: UUID, body: NewMember) -> MemberView:
    """Put somebody you know on a board; for its heads and admins of its organization."""
    with unit_of_work(actor.id) as session:
        return members.add_member(
            board_id, body.email, body.role, session=session, actor=actor, now=clock.now()
        )


@blueprint.patch(MEMBER)
@api("boards:write", errors=[Forbidden, LastHead])
def change_role(actor: Actor, board_id: UUID, user_id: UUID, body: RoleChange) -> MemberView:
    """Make a member head, or a head member."""
    with unit_of_work(actor.id) as session:
        return members.change_role(
            board_id, user_id, body.role, session=session, actor=actor, now=clock.now()
        )


@blueprint.delete(MEMBER)
@api("boards:write", errors=[Forbidden, LastHead])
def remove_member(actor: Actor, board_id: UUID, user_id: UUID) -> None:
    """Take somebody off a board, or leave it oneself."""
    with unit_of_work(actor.id) as session:
        members.remove_member(board_id, user_id, session=session, actor=actor, now=clock.now())
