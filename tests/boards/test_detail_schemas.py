"""What requests about the details of tasks may contain, and which edits go together."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.boards.core import check_dates, entries_of_edit, stored_values
from app.boards.detail_schemas import (
    Bulk,
    ItemPatch,
    LabelPatch,
    NewItems,
    NewLabel,
    NewLink,
    NewTasks,
    TaskCopy,
)
from app.boards.schemas import NewTask, TaskPatch
from app.errors import InvalidInput

ID = "0198c000-0000-7000-8000-000000000001"
NOW = datetime(2025, 8, 10, 12, 34, tzinfo=UTC)
TASK = {"listId": ID, "title": "x"}


@pytest.mark.parametrize(
    ("schema", "body", "field"),
    [
        (NewLabel, {"name": "", "color": "red"}, "name"),
        (NewLabel, {"name": "x" * 51, "color": "red"}, "name"),
        (NewLabel, {"name": "x", "color": "#ff0000"}, "color"),
        (NewLabel, {"name": "x", "color": "Red"}, "color"),
        (LabelPatch, {"version": 1}, ""),
        (LabelPatch, {"version": 1, "color": None}, "color"),
        (NewItems, {}, ""),
        (NewItems, {"text": "a", "texts": ["b"]}, ""),
        (NewItems, {"text": "   "}, "text"),
        (NewItems, {"texts": []}, "texts"),
        (NewItems, {"texts": ["a"] * 101}, "texts"),
        (NewItems, {"texts": ["a", ""]}, "texts.1"),
        (ItemPatch, {}, ""),
        (ItemPatch, {"done": 1}, "done"),
        (ItemPatch, {"text": None}, "text"),
        (NewTasks, {"listId": ID, "titles": []}, "titles"),
        (NewTasks, {"listId": ID, "titles": ["x"] * 101}, "titles"),
        (NewTasks, {"listId": ID, "titles": ["x", "y" * 501]}, "titles.1"),
        (TaskCopy, {"listId": None}, "listId"),
        (TaskCopy, {"title": ""}, "title"),
        (NewTask, {**TASK, "priority": "huge"}, "priority"),
        (NewTask, {**TASK, "timeZone": "Berlin"}, "timeZone"),
        (NewTask, {**TASK, "timeZone": "../etc/passwd"}, "timeZone"),
        (NewTask, {**TASK, "startAt": "2025-08-10"}, "startAt"),
        (TaskPatch, {"version": 1, "completed": "yes"}, "completed"),
        (TaskPatch, {"version": 1, "archived": None}, "archived"),
        (TaskPatch, {"version": 1, "completedAt": None}, "completedAt"),
        (Bulk, {"taskIds": [ID]}, ""),
        (Bulk, {"taskIds": [], "completed": True}, "taskIds"),
        (Bulk, {"taskIds": [ID] * 201, "completed": True}, "taskIds"),
        (Bulk, {"taskIds": ["x"], "completed": True}, "taskIds.0"),
        (Bulk, {"taskIds": [ID], "listId": None}, "listId"),
        (Bulk, {"taskIds": [ID], "addLabelIds": []}, "addLabelIds"),
        (Bulk, {"taskIds": [ID], "addAssigneeIds": [ID] * 21}, "addAssigneeIds"),
        (Bulk, {"taskIds": [ID], "deleted": False}, ""),
        (Bulk, {"taskIds": [ID], "deleted": True, "completed": True}, ""),
        (Bulk, {"taskIds": [ID], "title": "x"}, "title"),
    ],
)
def test_bad_value_is_refused_at_its_field(schema, body, field):
    with pytest.raises(ValidationError) as refusal:
        schema.model_validate(body)
    assert [".".join(map(str, problem["loc"])) for problem in refusal.value.errors()] == [field]


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "test.example", "//test.example", "/boards", "https://", "https:///x", "http://:80",
        "https:x", "javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:alert(1)",
        "java\nscript:alert(1)", "data:text/html,<script>", "vbscript:x",
        "file:///etc/passwd", "ftp://test.example", "mailto:a@b.c",
        "https://a b.example", "https://test.example/\u202egpj", "https://test.example:port", "https://[::1",
        "https://bank.example@evil.example", "https://a:b@evil.example", "https://test.example/\x00",
        "https://" + "x" * 2000,
    ],
)  # fmt: skip
def test_link_that_may_run_something_or_hides_where_it_leads_is_refused(url):
    with pytest.raises(ValidationError) as refusal:
        NewLink.model_validate({"url": url})
    assert refusal.value.errors()[0]["loc"] == ("url",)


@pytest.mark.parametrize(
    "url",
    ["https://test.example", "HTTP://test.example:8080/a?b=c#d", "https://tëst.example/ü", "http://[::1]/x"],
)
def test_link_of_the_web_is_kept_as_it_is(url):
    assert NewLink.model_validate({"url": f"  {url} "}).url == url


def test_what_is_left_out_of_a_bulk_edit_is_not_changed():
    assert Bulk.model_validate({"taskIds": [ID], "dueAt": None}).changes() == {"due_at": None}
    assert TaskCopy.model_validate({}).model_dump(exclude_unset=True) == {}


def test_dates_go_together():
    check_dates(None, NOW)
    check_dates(NOW, None)
    check_dates(NOW, NOW)
    with pytest.raises(InvalidInput, match="before it starts"):
        check_dates(NOW, NOW.replace(hour=1))


FIELDS = {
    "title": st.sampled_from(["a", "b"]),
    "description": st.sampled_from(["", "x"]),
    "priority": st.sampled_from(["none", "high"]),
    "due_at": st.sampled_from([None, NOW]),
    "start_at": st.none(),
    "time_zone": st.sampled_from([None, "Europe/Berlin"]),
    "completed_at": st.sampled_from([None, NOW.replace(year=2024)]),
    "archived_at": st.sampled_from([None, NOW.replace(year=2024)]),
}
FLAGS = {"completed": st.booleans(), "archived": st.booleans()}
PLAIN = {name: FIELDS[name] for name in ("title", "description", "priority", "due_at", "time_zone")}


@given(st.fixed_dictionaries(FIELDS), st.fixed_dictionaries({}, optional={**PLAIN, **FLAGS}))
def test_feed_says_exactly_what_an_edit_changed(before, changes):
    after = {**before, **stored_values(before, changes, NOW)}
    kinds = {kind for kind, _ in entries_of_edit(before, after)}
    changed = {name for name in before if before[name] != after[name]}
    told = {
        "renamed": {"title"}, "described": {"description"}, "prioritized": {"priority"},
        "dated": {"start_at", "due_at", "time_zone"}, "completed": {"completed_at"},
        "reopened": {"completed_at"}, "archived": {"archived_at"}, "unarchived": {"archived_at"},
    }  # fmt: skip
    assert all(told[kind] & changed for kind in kinds)
    assert all(any(name in told[kind] for kind in kinds) for name in changed)
    again = {**after, **stored_values(after, changes, NOW.replace(year=2026))}
    assert list(entries_of_edit(after, again)) == []  # doing it twice is doing it once
