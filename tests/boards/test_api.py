"""The REST contract of boards, as a person's client meets it."""

from uuid import uuid4

import pytest

BOARDS = "/api/boards"


@pytest.fixture
def head(client, acme, told):
    return client(acme.head.email)


@pytest.fixture
def path(acme):
    return f"{BOARDS}/{acme.board.id}"


def test_board_is_made_listed_read_renamed_and_deleted(head, acme):
    made = head.post(BOARDS, {"name": "  New board "})
    assert (made.status, made.json["name"], made.json["role"]) == (201, "New board", "head")
    path = f"{BOARDS}/{made.json['id']}"
    listed = head.get(f"{BOARDS}?limit=1").json
    assert [board["name"] for board in listed["items"]] == ["Acme board"]
    listed = head.get(f"{BOARDS}?limit=1&cursor={listed['nextCursor']}").json
    assert ([board["name"] for board in listed["items"]], listed["nextCursor"]) == (["New board"], None)
    assert set(listed["items"][0]) == {
        "id", "name", "color", "organizationId", "organizationName", "role", "memberCount", "taskCount",
        "archivedAt", "version", "updatedAt",
    }  # fmt: skip
    renamed = head.patch(path, {"name": "Renamed", "version": 1})
    assert (renamed.status, renamed.json["name"], renamed.json["version"]) == (200, "Renamed", 2)
    assert head.delete(path).status == 204
    assert head.get(path).status == 404


def test_lists_and_tasks_are_made_moved_edited_and_deleted(head, path, acme):
    row = head.post(f"{path}/lists", {"name": "Doing"})
    assert row.status == 201 and row.json.keys() == {
        "id",
        "boardId",
        "name",
        "position",
        "archivedAt",
        "version",
    }
    moved = head.post(f"{path}/lists/{row.json['id']}/move", {"afterListId": None})
    assert moved.status == 200
    assert [item["name"] for item in head.get(f"{path}/lists").json["items"]] == ["Doing", "To do", "Done"]
    assert head.patch(f"{path}/lists/{row.json['id']}", {"name": "Now", "version": 1}).json["version"] == 2

    made = head.post(
        f"{path}/tasks", {"listId": row.json["id"], "title": "T", "dueAt": "2025-08-10T14:00:00+02:00"}
    )
    assert (made.status, made.json["dueAt"]) == (201, "2025-08-10T12:00:00.000Z")
    task = f"{path}/tasks/{made.json['id']}"
    edited = head.patch(task, {"description": "*x*", "dueAt": None, "version": 1})
    assert (edited.json["description"], edited.json["dueAt"], edited.json["title"]) == ("*x*", None, "T")
    there = {"listId": str(acme.todo.id), "afterTaskId": str(acme.tasks[0].id)}
    assert head.post(f"{task}/move", there).json["listId"] == str(acme.todo.id)
    listed = head.get(f"{path}/tasks").json
    assert [item["title"] for item in listed["items"]] == ["One", "T", "Two", "Three"]
    assert listed["nextCursor"] is None
    assert head.delete(task).status == 204 and head.delete(task).status == 404
    assert head.delete(f"{path}/lists/{acme.todo.id}").status == 204
    assert head.get(path).json["tasks"] == []


def test_members_are_added_changed_and_removed(head, path, acme):
    made = head.post(f"{path}/members", {"email": acme.colleague.email, "role": "member"})
    assert (made.status, made.json["userId"]) == (201, str(acme.colleague.id))
    assert set(made.json) == {"userId", "name", "email", "avatarUrl", "role", "isGuest"}
    member = f"{path}/members/{acme.colleague.id}"
    assert head.patch(member, {"role": "head"}).json["role"] == "head"
    assert len(head.get(f"{path}/members").json["items"]) == 3
    assert head.delete(member).status == 204
    unknown = head.post(f"{path}/members", {"email": "no.one@test.example"})
    assert (unknown.status, unknown.json["errors"][0]["field"]) == (422, "email")


def test_stale_write_answers_409_with_the_current_task(head, path, acme):
    task = f"{path}/tasks/{acme.tasks[0].id}"
    current = head.patch(task, {"title": "Theirs", "version": 1}).json
    stale = head.patch(task, {"title": "Mine", "version": 1})
    assert (stale.status, stale.json["code"], stale.json["current"]) == (409, "conflict", current)
    assert stale.headers["Content-Type"] == "application/problem+json"


def test_last_head_answers_409(head, path, acme):
    for answer in (
        head.patch(f"{path}/members/{acme.head.id}", {"role": "member"}),
        head.delete(f"{path}/members/{acme.head.id}"),
    ):
        assert (answer.status, answer.json["code"]) == (409, "last_head")


def test_ex_member_is_told_the_same_as_a_stranger(client, head, path, acme, birch):
    member, stranger = client(acme.member.email), client(birch.head.email)
    assert member.get(path).status == 200
    head.delete(f"{path}/members/{acme.member.id}")
    assert member.get(path).status == 404
    assert member.get(path).json == stranger.get(path).json == stranger.get(f"{BOARDS}/{uuid4()}").json
    assert [board["id"] for board in member.get(BOARDS).json["items"]] == []


def test_owner_who_is_not_on_the_board_has_its_members_only(client, path, acme, told):
    owner = client(acme.owner.email)
    assert [m["name"] for m in owner.get(f"{path}/members").json["items"]] == ["Acme head", "Acme member"]
    assert owner.post(f"{path}/members", {"email": acme.colleague.email}).status == 201
    for part in ("", "/lists", "/tasks"):
        assert owner.get(path + part).status == 404
    assert owner.patch(path, {"name": "x", "version": 1}).status == 404
    assert owner.get(BOARDS).json["items"] == []


def test_plain_member_works_on_the_board_and_does_not_run_it(client, path, acme, told):
    member = client(acme.member.email)
    assert member.post(f"{path}/lists", {"name": "Mine"}).status == 201
    for answer in (
        member.patch(path, {"name": "x", "version": 1}),
        member.delete(path),
        member.post(f"{path}/members", {"email": acme.colleague.email}),
        member.patch(f"{path}/members/{acme.member.id}", {"role": "head"}),
        member.delete(f"{path}/members/{acme.head.id}"),
    ):
        assert (answer.status, answer.json["code"]) == (403, "forbidden")


def test_visitor_is_asked_to_sign_in(client, path, told):
    visitor = client()
    assert visitor.get(path).status == visitor.get(BOARDS).status == 401
    assert visitor.get("/boards").status in (302, 401)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1.5", "", "9" * 30])
def test_limit_outside_its_bounds_is_refused(head, limit):
    refused = head.get(f"{BOARDS}?limit={limit}")
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "limit")


@pytest.mark.parametrize("board_id", ["x", "1", "0198c000", "..%2f..", "%00", "null", "9" * 300])
def test_id_that_is_no_uuid_is_not_found_like_an_unknown_one(head, board_id):
    answer = head.get(f"{BOARDS}/{board_id}")
    assert (answer.status, answer.json) == (404, head.get(f"{BOARDS}/{uuid4()}").json)


def test_pages_show_boards_to_their_people_only(client, head, acme, birch):
    assert head.http.get("/").headers["Location"] == "/boards"
    page = head.http.get("/boards")
    assert page.status_code == 200 and "Acme board" in page.text
    page = head.http.get(f"/boards/{acme.board.id}")
    assert page.status_code == 200 and "Three" in page.text
    stranger = client(birch.head.email)
    assert stranger.http.get(f"/boards/{acme.board.id}").status_code == 404
    assert "Acme board" not in stranger.http.get("/boards").text
