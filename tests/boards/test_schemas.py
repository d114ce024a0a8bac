"""What a request may contain, and what is refused with words."""

import pytest
from pydantic import ValidationError

from app.boards.schemas import BoardPatch, NewBoard, NewMember, NewTask, RoleChange, TaskMove, TaskPatch

LIST_ID = "0198c000-0000-7000-8000-000000000001"


def new_task(**values):
    return NewTask.model_validate({"listId": LIST_ID, "title": "Write", **values})


@pytest.mark.parametrize(
    ("schema", "body", "field"),
    [
        (NewBoard, {"name": ""}, "name"),
        (NewBoard, {"name": "   "}, "name"),
        (NewBoard, {"name": "x" * 201}, "name"),
        (NewBoard, {"name": "a\x00b"}, "name"),
        (NewBoard, {"name": "a\ud800b"}, "name"),
        (NewBoard, {"name": 7}, "name"),
        (NewBoard, {"name": None}, "name"),
        (NewBoard, {"name": "ok", "organizationId": "x"}, "organizationId"),
        (NewBoard, {"name": "ok", "seq": 7}, "seq"),
        (BoardPatch, {"name": None, "version": 1}, "name"),
        (BoardPatch, {"archived": "yes", "version": 1}, "archived"),
        (BoardPatch, {"name": "ok"}, "version"),
        (TaskPatch, {"title": "ok", "version": True}, "version"),
        (TaskPatch, {"title": "ok", "version": "1"}, "version"),
        (TaskPatch, {"title": "ok", "version": 0}, "version"),
        (TaskPatch, {"title": "ok", "version": 2**31}, "version"),
        (TaskPatch, {"title": "ok", "version": 1e300}, "version"),
        (TaskPatch, {"description": None, "version": 1}, "description"),
        (TaskPatch, {"description": "x" * 20_001, "version": 1}, "description"),
        (TaskPatch, {"version": 1}, ""),
        (TaskMove, {"listId": LIST_ID}, "afterTaskId"),
        (NewMember, {"email": "a@b.c", "role": "owner"}, "role"),
        (NewMember, {"email": "\x00@b.c"}, "email"),
        (RoleChange, {"role": None}, "role"),
    ],
)
def test_bad_value_is_refused_at_its_field(schema, body, field):
    with pytest.raises(ValidationError) as refusal:
        schema.model_validate(body)
    assert [".".join(map(str, problem["loc"])) for problem in refusal.value.errors()] == [field]


@pytest.mark.parametrize(
    "due",
    [
        "2025-08-10",
        "2025-08-10T12:00:00",
        "tomorrow",
        "",
        1754830800,
        "1754830800",
        1e300,
        True,
        [],
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2025-08-10T12:00:00+99:99",
    ],
)
def test_due_date_without_time_zone_or_outside_the_calendar_is_refused(due):
    with pytest.raises(ValidationError):
        new_task(dueAt=due)


@pytest.mark.parametrize("body", [None, [], [1], "x", 7, True, 1.5])
def test_body_that_is_no_object_is_refused(body):
    with pytest.raises(ValidationError):
        NewBoard.model_validate(body)


def test_due_date_keeps_its_moment_across_time_zones():
    assert new_task(dueAt="2025-08-10T14:34:00+02:00").due_at == new_task(dueAt="2025-08-10T12:34:00Z").due_at


def test_patch_knows_an_explicit_null_from_a_field_left_out():
    assert TaskPatch.model_validate({"version": 1, "dueAt": None}).changes() == {"due_at": None}
    assert TaskPatch.model_validate({"version": 1, "title": " a "}).changes() == {"title": "a"}
