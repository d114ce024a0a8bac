"""Boards as files over the API: what goes out comes in again equal, all of it or nothing."""

import csv
import io
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.db import service_work
from app.transfer import writing
from app.transfer.routes import LARGEST_FILE

from .test_table import TABLE
from .test_trello import BOARD as TRELLO

AT = "2026-03-02T09:00:00.000Z"
LATER = "2026-03-03T17:30:00.000Z"


@pytest.fixture
def acme(people):
    organization = people.organization("Acme")
    hana, maya = people.user("Hana Brandt", organization), people.user("Maya Lindt", organization)
    return SimpleNamespace(organization=organization, hana=hana, maya=maya)


def document(hana, maya):
    """One of everything, and two of what may have the same name."""
    task = {
        "title": "=cmd|' /C calc'!A0", "description": "Say **why**\n", "priority": "urgent",
        "startAt": AT, "dueAt": LATER, "timeZone": "Europe/Berlin",
        "completedAt": LATER, "archivedAt": LATER, "createdAt": AT,
        "labels": [0, 1], "assignees": [1], "watchers": [0, 1],
        "checklist": [{"text": "one", "done": True}, {"text": "two", "done": False}],
        "links": [
            {"url": "https://example.com/b", "title": "Site"},
            {"url": "https://example.com/a", "title": ""},
        ],
        "comments": [
            {"author": "Maya Lindt", "body": "First", "createdAt": AT, "editedAt": LATER},
            {"author": "Somebody else", "body": "Second", "createdAt": LATER, "editedAt": None},
        ],
    }  # fmt: skip
    bare = {
        "title": "Bare", "description": "", "priority": "none", "startAt": None, "dueAt": None,
        "timeZone": None, "completedAt": None, "archivedAt": None, "createdAt": AT, "labels": [],
        "assignees": [], "watchers": [], "checklist": [], "links": [], "comments": [],
    }  # fmt: skip
    return {
        "format": "workhub-board", "formatVersion": 1, "name": "Launch", "color": "purple",
        "labels": [{"name": "Press", "color": "red"}, {"name": "Press", "color": "blue"}],
        "people": [
            {"name": hana.name, "email": hana.email, "role": "head"},
            {"name": maya.name, "email": maya.email, "role": "member"},
        ],
        "lists": [
            {"name": "To do", "archivedAt": None, "tasks": [task, bare]},
            {"name": "Empty", "archivedAt": None, "tasks": []},
            {"name": "Old", "archivedAt": LATER, "tasks": [bare]},
        ],
    }  # fmt: skip


def imported(api, board, **more):
    answer = api.post("/api/imports/board", {"board": board, **more})
    assert answer.status == 200, answer.json
    return answer.json


def exported(api, board_id):
    answer = api.get(f"/api/boards/{board_id}/export.json")
    assert answer.status == 200
    return {key: value for key, value in answer.json.items() if key != "exportedAt"}


def told(answer, kind):
    return [(line["name"], line["outcome"]) for line in answer["lines"] if line["kind"] == kind]


def test_exported_board_makes_an_equal_board(client, acme):
    api = client(acme.hana.email)
    first = imported(api, document(acme.hana, acme.maya))
    assert (first["lists"], first["tasks"]) == (3, 3)
    export = exported(api, first["boardId"])
    assert export == document(acme.hana, acme.maya)
    second = imported(api, {**export, "exportedAt": AT})
    assert exported(api, second["boardId"]) == export
    board = api.get(f"/api/boards/{second['boardId']}").json
    assert [(task["title"], task["commentCount"]) for task in board["tasks"]] == [("Bare", 0)]


def test_whoever_imports_is_head_and_people_of_elsewhere_are_left_out(client, people, acme):
    birch = people.organization("Birch")
    omar = people.user("Omar Haddad", birch)
    api = client(omar.email)
    answer = imported(api, document(acme.hana, acme.maya), name="Mine")
    assert told(answer, "person") == [("Hana Brandt", "left_out"), ("Maya Lindt", "left_out")]
    export = exported(api, answer["boardId"])
    assert (export["name"], export["people"]) == (
        "Mine", [{"name": "Omar Haddad", "email": omar.email, "role": "head"}],
    )  # fmt: skip
    assert [task["assignees"] for row in export["lists"] for task in row["tasks"]] == [[], [], []]
    assert client(acme.maya.email).get(f"/api/boards/{answer['boardId']}").status == 404


def test_comments_of_a_file_bear_a_name_and_are_nobodys(client, acme):
    api = client(acme.hana.email)
    board_id = imported(api, document(acme.hana, acme.maya))["boardId"]
    archived = api.get(f"/api/boards/{board_id}/export.json").json["lists"][0]["tasks"][0]
    assert archived["comments"][0]["author"] == "Maya Lindt"
    open_one = document(acme.hana, acme.maya)
    open_one["lists"][0]["tasks"][0]["archivedAt"] = None
    board_id = imported(api, open_one)["boardId"]
    task = api.get(f"/api/boards/{board_id}").json["tasks"][0]
    path = f"/api/boards/{board_id}/tasks/{task['id']}/comments"
    found = api.get(path).json["items"]
    assert [each["author"]["name"] for each in found] == ["Somebody else", "Maya Lindt"]
    assert {each["author"]["userId"] for each in found} == {None}
    maya = client(acme.maya.email)
    assert maya.patch(f"{path}/{found[1]['id']}", {"body": "Not me", "version": 1}).status == 403


def test_preview_tells_the_same_and_makes_nothing(client, acme):
    api = client(acme.hana.email)
    board = document(acme.hana, acme.maya)
    preview = imported(api, board, preview=True)
    assert api.get("/api/boards").json["items"] == []
    made = imported(api, board)
    assert {**made, "boardId": None} == preview


def test_nothing_is_half_imported(client, acme, monkeypatch, app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    api = client(acme.hana.email)
    fail_late = lambda *_args, **_more: 1 / 0  # noqa: E731
    monkeypatch.setattr(writing, "record", fail_late)
    assert api.post("/api/imports/board", {"board": document(acme.hana, acme.maya)}).status == 500
    assert api.get("/api/boards").json["items"] == []


def test_trello_board_and_table_are_imported_with_their_reports(client, acme):
    api = client(acme.hana.email)
    board = api.post("/api/imports/trello", {"board": TRELLO, "name": "From there"}).json
    assert (board["name"], board["lists"], board["tasks"]) == ("From there", 3, 2)
    assert told(board, "person") == [("Maya Lindt", "taken"), ("omar", "left_out")]
    assert board["counts"]["leftOut"] == 3
    members = api.get(f"/api/boards/{board['boardId']}/members").json["items"]
    assert [(each["name"], each["role"]) for each in members] == [
        ("Hana Brandt", "head"),
        ("Maya Lindt", "member"),
    ]
    table = api.post("/api/imports/csv", {"text": TABLE, "name": "Plan", "timeZone": "Europe/Berlin"}).json
    assert (table["mapping"]["title"], table["dateOrder"], table["tasks"]) == (0, "dmy", 3)
    assert table["columns"][:2] == ["Task Name", "Section/Column"]
    assert table["samples"][0][0] == "Write"


def test_csv_is_inert_and_can_be_imported_again(client, acme):
    api = client(acme.hana.email)
    board = document(acme.hana, acme.maya)
    board["labels"][1]["name"] = "Web"
    board_id = imported(api, board)["boardId"]
    text = api.get(f"/api/boards/{board_id}/export.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert (rows[0]["title"], rows[0]["list"]) == ("'=cmd|' /C calc'!A0", "To do")
    assert (rows[0]["labels"], rows[0]["assignees"]) == ("Press, Web", acme.maya.email)
    again = api.post("/api/imports/csv", {"text": text, "name": "Again"}).json
    task = exported(api, again["boardId"])["lists"][0]["tasks"][0]
    for same in ("title", "priority", "startAt", "dueAt", "completedAt", "archivedAt", "checklist"):
        assert task[same] == board["lists"][0]["tasks"][0][same]
    assert [told(again, "column")] == [[("comments", "left_out")]]


def test_what_is_wrong_is_told_with_its_place(client, acme):
    api = client(acme.hana.email)

    def errors(path, **body):
        answer = api.post(f"/api/imports/{path}", body)
        assert answer.status == 422
        return [(each["field"], each["message"]) for each in answer.json["errors"]]

    board = document(acme.hana, acme.maya)
    board["lists"][0]["tasks"][0] |= {"title": "", "links": [{"url": "javascript:alert(1)"}]}
    assert [field for field, _ in errors("board", board=board)] == [
        "board.lists.0.tasks.0.title", "board.lists.0.tasks.0.links.0.url",
    ]  # fmt: skip
    board = document(acme.hana, acme.maya)
    board["lists"][0]["tasks"][0]["assignees"] = [7]
    assert "not in the list of people" in errors("board", board=board)[0][1]
    assert errors("trello", board={"lists": []})[0][0] == "board"
    assert errors("csv", text="title", name="x")[0][0] == "text"
    assert errors("csv", text="a,b\n1,2", name="x") == [
        ("mapping", "Say which column holds the titles of tasks")
    ]
    assert (
        errors("csv", text="a,b\n1,2", name="x", mapping={"title": 2})[0][1] == "The table has only 2 columns"
    )
    assert errors("board", board=board, organizationId="018f0000-0000-7000-8000-000000000000")[0][0] != ""


def test_larger_files_than_other_requests_are_taken_up_to_a_limit(client, acme):
    api = client(acme.hana.email)
    text = "title,notes\n" + "".join(f"T{n},{'x' * 4_000}\n" for n in range(400))
    assert len(text) > 1024 * 1024
    assert api.post("/api/imports/csv", {"text": text, "name": "Large", "preview": True}).json["tasks"] == 400
    too_large = {"board": {"x": "y" * LARGEST_FILE}}
    assert api.post("/api/imports/board", too_large).status == 413
    assert api.post("/api/boards", {"name": "x" * 1024 * 1024}).status == 413


def test_trail_tells_of_imports_and_exports(client, acme, app):
    api = client(acme.hana.email)
    board_id = imported(api, document(acme.hana, acme.maya))["boardId"]
    exported(api, board_id)
    with service_work() as session:
        rows = session.execute(select(AuditEvent).order_by(AuditEvent.seq)).scalars().all()
    assert [(row.action, row.details["board"]) for row in rows] == [
        ("board.created", "Launch"), ("board.imported", "Launch"), ("board.exported", "Launch"),
    ]  # fmt: skip


def test_deleted_things_are_in_no_file(client, acme, people):
    board = people.board(acme.organization, [acme.hana])
    gone = datetime(2026, 3, 2, tzinfo=UTC)
    there = people.list_on(board)
    people.task_on(there, "Here")
    people.task_on(there, "Gone", deleted_at=gone)
    export = exported(client(acme.hana.email), board.id)
    assert [task["title"] for task in export["lists"][0]["tasks"]] == ["Here"]
