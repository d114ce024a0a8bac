"""Pages of boards, and REST for boards, lists, tasks and members under /api/boards.

Holds no rules: reads the request, calls one service or query as the signed-in person, writes the answer.
"""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..accounts.queries import organizations_of
from ..clock import clock
from ..db import unit_of_work
from ..schema import Schema
from ..web import json_response, read_json, read_query, signed_in
from . import lists, members, queries, service, tasks
from .schemas import (
    BoardPatch,
    BoardsQuery,
    ListMove,
    ListPatch,
    ListView,
    NewBoard,
    NewList,
    NewMember,
    NewTask,
    RoleChange,
    TaskMove,
    TaskPatch,
    TaskView,
)

blueprint = Blueprint("boards", __name__)

BOARDS = "/api/boards"
BOARD = f"{BOARDS}/<uuid:board_id>"
LISTS, TASKS, MEMBERS = f"{BOARD}/lists", f"{BOARD}/tasks", f"{BOARD}/members"
LIST, TASK, MEMBER = f"{LISTS}/<uuid:list_id>", f"{TASKS}/<uuid:task_id>", f"{MEMBERS}/<uuid:user_id>"
NOTHING: ResponseReturnValue = ("", 204)
PAGE_LIMIT = 200  # boards on the page of boards


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("boards.index"))


@blueprint.get("/boards")
def index() -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        boards, _ = queries.boards_of(session, actor.id, limit=PAGE_LIMIT)
        organizations = organizations_of(session, actor.id)
    return render_template(
        "boards.html", boards=[board.to_json() for board in boards], organizations=organizations
    )


@blueprint.get("/boards/<uuid:board_id>")
def show(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        board = queries.full_board(session, actor.id, board_id)
    return render_template("board.html", board=board)


@blueprint.get(BOARDS)
def list_boards() -> ResponseReturnValue:
    actor, query = signed_in(), read_query(BoardsQuery)
    with unit_of_work(actor.id) as session:
        boards, cursor = queries.boards_of(session, actor.id, **query.model_dump())
    return _items(boards, cursor)


@blueprint.post(BOARDS)
def create_board() -> ResponseReturnValue:
    actor, body = signed_in(), read_json(NewBoard)
    with unit_of_work(actor.id) as session:
        board = service.create_board(
            session=session,
            actor=actor,
            now=clock.now(),
            name=body.name,
            organization_id=body.organization_id,
        )
        answer = queries.full_board(session, actor.id, board.id)
    return json_response(answer, 201)


@blueprint.get(BOARD)
def read_board(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        return json_response(queries.full_board(session, actor.id, board_id))


@blueprint.patch(BOARD)
def update_board(board_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(BoardPatch)
    with unit_of_work(actor.id) as session:
        service.update_board(
            board_id, body.version, body.changes(), session=session, actor=actor, now=clock.now()
        )
        answer = queries.board_frame(session, actor.id, board_id)
    return json_response(answer)


@blueprint.delete(BOARD)
def delete_board(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        service.delete_board(board_id, session=session, actor=actor, now=clock.now())
    return NOTHING


@blueprint.get(LISTS)
def list_lists(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        queries.board_for(session, actor.id, board_id)
        return _items([ListView.model_validate(row) for row in queries.lists_of(session, board_id)])


@blueprint.post(LISTS)
def add_list(board_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(NewList)
    with unit_of_work(actor.id) as session:
        row = lists.add_list(board_id, body.name, session=session, actor=actor, now=clock.now())
    return json_response(ListView.model_validate(row).to_json(), 201)


@blueprint.patch(LIST)
def rename_list(board_id: UUID, list_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(ListPatch)
    with unit_of_work(actor.id) as session:
        row = lists.rename_list(
            board_id, list_id, body.version, body.name, session=session, actor=actor, now=clock.now()
        )
    return json_response(ListView.model_validate(row).to_json())


@blueprint.post(f"{LIST}/move")
def move_list(board_id: UUID, list_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(ListMove)
    with unit_of_work(actor.id) as session:
        row = lists.move_list(
            board_id, list_id, body.after_list_id, session=session, actor=actor, now=clock.now()
        )
    return json_response(ListView.model_validate(row).to_json())


@blueprint.delete(LIST)
def delete_list(board_id: UUID, list_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        lists.delete_list(board_id, list_id, session=session, actor=actor)
    return NOTHING


@blueprint.get(TASKS)
def list_tasks(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        queries.board_for(session, actor.id, board_id)
        return _items([TaskView.model_validate(task) for task in queries.tasks_of(session, board_id)])


@blueprint.post(TASKS)
def add_task(board_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(NewTask)
    with unit_of_work(actor.id) as session:
        task = tasks.add_task(
            board_id,
            body.list_id,
            body.title,
            description=body.description,
            due_at=body.due_at,
            session=session,
            actor=actor,
            now=clock.now(),
        )
    return json_response(TaskView.model_validate(task).to_json(), 201)


@blueprint.patch(TASK)
def edit_task(board_id: UUID, task_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(TaskPatch)
    with unit_of_work(actor.id) as session:
        task = tasks.edit_task(
            board_id, task_id, body.version, body.changes(), session=session, actor=actor, now=clock.now()
        )
    return json_response(TaskView.model_validate(task).to_json())


@blueprint.post(f"{TASK}/move")
def move_task(board_id: UUID, task_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(TaskMove)
    with unit_of_work(actor.id) as session:
        task = tasks.move_task(
            board_id,
            task_id,
            body.list_id,
            body.after_task_id,
            session=session,
            actor=actor,
            now=clock.now(),
        )
    return json_response(TaskView.model_validate(task).to_json())


@blueprint.delete(TASK)
def delete_task(board_id: UUID, task_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        tasks.delete_task(board_id, task_id, session=session, actor=actor)
    return NOTHING


@blueprint.get(MEMBERS)
def list_members(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        board = queries.standing_of(session, actor.id, board_id).board
        return _items(queries.members_of(session, board))


@blueprint.post(MEMBERS)
def add_member(board_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(NewMember)
    with unit_of_work(actor.id) as session:
        member = members.add_member(
            board_id, body.email, body.role, session=session, actor=actor, now=clock.now()
        )
    return json_response(member.to_json(), 201)


@blueprint.patch(MEMBER)
def change_role(board_id: UUID, user_id: UUID) -> ResponseReturnValue:
    actor, body = signed_in(), read_json(RoleChange)
    with unit_of_work(actor.id) as session:
        member = members.change_role(
            board_id, user_id, body.role, session=session, actor=actor, now=clock.now()
        )
    return json_response(member.to_json())


@blueprint.delete(MEMBER)
def remove_member(board_id: UUID, user_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        members.remove_member(board_id, user_id, session=session, actor=actor, now=clock.now())
    return NOTHING


def _items(things: Sequence[Schema], cursor: str | None = None) -> ResponseReturnValue:
    return json_response({"items": [thing.to_json() for thing in things], "nextCursor": cursor})
