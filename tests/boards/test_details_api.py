"""The details of tasks over HTTP, as programs and pages use them; answers are held against the reference."""

import pytest

BOARDS = "/api/boards"


@pytest.fixture
def head(client, acme):
    return client(acme.head.email)


@pytest.fixture
def path(acme):
    return f"{BOARDS}/{acme.board.id}"


def test_task_gets_all_its_details_is_copied_deleted_and_restored(head, path, acme):
    task = f"{path}/tasks/{acme.tasks[0].id}"
    label = head.post(f"{path}/labels", {"name": "Bug", "color": "red"}).json
    assert [each["name"] for each in head.get(f"{path}/labels").json["items"]] == ["Bug"]
    assert head.patch(f"{path}/labels/{label['id']}", {"name": "Bugs", "version": 1}).json["version"] == 2
    assert head.request("PUT", f"{task}/labels/{label['id']}", None).json["labelIds"] == [label["id"]]
    assert head.request("PUT", f"{task}/assignees/{acme.member.id}", None).json["assigneeIds"] == [
        str(acme.member.id)
    ]
    assert head.request("PUT", f"{task}/watch", None).status == 204
    items = head.post(f"{task}/checklist", {"texts": ["Ask", "Write"]})
    assert items.status == 201
    item = f"{task}/checklist/{items.json['items'][1]['id']}"
    assert head.patch(item, {"done": True}).json["done"] is True
    assert head.post(f"{item}/move", {"afterItemId": None}).status == 200
    link = head.post(f"{task}/links", {"url": "https://test.example/plan"})
    assert (link.status, link.json["title"]) == (201, "https://test.example/plan")
    dated = {"startAt": "2025-08-10T12:00:00Z", "dueAt": "2025-08-11T12:00:00Z", "timeZone": "Europe/Berlin"}
    edited = head.patch(task, {"description": "**x**", "priority": "high", **dated, "version": 1})
    assert edited.status == 200
    detail = head.get(task).json
    assert detail["task"] == edited.json and detail["descriptionHtml"] == "<p><strong>x</strong></p>\n"
    assert [each["text"] for each in detail["checklist"]] == ["Write", "Ask"]
    assert detail["isWatching"] and len(detail["watcherIds"]) == 2 and len(detail["links"]) == 1
    events = head.get(f"{task}/events?limit=3").json
    assert [event["kind"] for event in events["items"]] == ["dated", "prioritized", "described"]
    older = head.get(f"{task}/events?cursor={events['nextCursor']}").json["items"]
    assert [event["kind"] for event in older][:2] == ["linked", "checklist"]
    assert head.post(f"{task}/copy", {"title": "Again"}).json["checklistTotal"] == 2
    assert head.delete(task).status == 204 and head.get(task).status == 404
    assert head.post(f"{task}/restore").json["labelIds"] == [label["id"]]
    assert head.post(f"{task}/restore").status == 404
    row = f"{path}/lists/{acme.todo.id}"
    assert head.delete(row).status == 204 and head.post(f"{row}/restore").json["name"] == "To do"
    assert head.delete(item).status == head.delete(f"{task}/links/{link.json['id']}").status == 204
    assert head.delete(f"{task}/labels/{label['id']}").json["labelIds"] == []
    assert head.delete(f"{task}/assignees/{acme.member.id}").json["assigneeIds"] == []
    assert head.delete(f"{task}/watch").status == head.delete(f"{path}/labels/{label['id']}").status == 204


def test_many_tasks_are_made_changed_and_archived_at_once(head, path, acme):
    made = head.post(f"{path}/tasks/batch", {"listId": str(acme.done.id), "titles": [" a ", "b"]})
    assert (made.status, [task["title"] for task in made.json["items"]]) == (201, ["a", "b"])
    ids = [task["id"] for task in made.json["items"]]
    bulk = head.post(f"{path}/tasks/bulk", {"taskIds": ids, "archived": True, "completed": True})
    assert [bool(task["completedAt"]) for task in bulk.json["items"]] == [True, True]
    assert {item["task"]["id"] for item in head.get(f"{path}/archive").json["items"]} == set(ids)
    assert head.post(f"{path}/tasks/bulk", {"taskIds": ids, "deleted": True}).json == {"items": []}
    refused = head.post(f"{path}/tasks/bulk", {"taskIds": ids, "priority": "low"})
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "taskIds")


def test_preview_shows_people_one_knows_and_nothing_that_runs(head, acme, birch):
    text = f"**x** @[M](user:{acme.member.id}) @[Z](user:{birch.member.id}) <script>alert(1)</script>"
    html = head.post("/api/markdown", {"text": text}).json["html"]
    assert "<strong>x</strong>" in html and "@Acme member" in html
    assert "Birch" not in html and "<script" not in html
    assert head.post("/api/markdown", {"text": "x" * 20_001}).status == 422
