"""What becomes of a board that Trello exported: every part of it, and everything that may be wrong in it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.transfer.document import BoardDocument
from app.transfer.trello import NotTrello, read_trello

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BOARD = {
    "name": "Launch",
    "labels": [
        {"id": "la", "name": "Press", "color": "green_dark"},
        {"id": "lb", "name": "", "color": "sky"},
        {"id": "lc", "name": "Odd", "color": None},
    ],
    "members": [{"id": "ma", "fullName": "Maya Lindt", "username": "maya"}, {"id": "mo", "username": "omar"}],
    "lists": [
        {"id": "two", "name": "Done", "pos": 2, "closed": False},
        {"id": "one", "name": "To do", "pos": 1, "closed": False},
        {"id": "old", "name": "Old", "pos": 3, "closed": True},
    ],
    "cards": [
        {"id": "c2", "idList": "one", "name": "Second", "pos": 20, "closed": True, "dueComplete": True,
         "dateLastActivity": "2026-03-01T08:00:00.000Z"},
        {"id": "c1", "idList": "one", "name": "First", "pos": 10, "desc": "Say **why**\n",
         "due": "2026-12-01T17:00:00.000Z", "start": "2026-11-25T08:00:00.000Z",
         "idLabels": ["lb", "la", "gone"], "idMembers": ["mo", "ma"], "cover": {"color": None},
         "attachments": [
             {"name": "Site", "url": "https://example.com/a"},
             {"name": "plan.pdf", "url": "https://files.example.com/plan.pdf", "isUpload": True},
             {"name": "bad", "url": "javascript:alert(1)"},
         ]},
        {"id": "c3", "idList": "nowhere", "name": "Orphan"},
    ],
    "checklists": [
        {"id": "k1", "idCard": "c1", "name": "Before", "pos": 2,
         "checkItems": [{"name": "b", "state": "complete", "pos": 2}, {"name": "a", "pos": 1}]},
        {"id": "k0", "idCard": "c1", "name": "Now", "pos": 1,
         "checkItems": [{"name": "go", "state": "complete"}]},
    ],
    "actions": [
        {"type": "commentCard", "date": "2026-02-02T10:00:00.000Z", "memberCreator": {"fullName": "Omar"},
         "data": {"text": "Later", "card": {"id": "c1"}}},
        {"type": "updateCard", "data": {"card": {"id": "c1"}}},
        {"type": "commentCard", "date": "2026-02-01T10:00:00.000Z",
         "data": {"text": "Earlier", "card": {"id": "c1"}}},
    ],
}  # fmt: skip


def read(data):
    document, report = read_trello(data, NOW)
    return BoardDocument.model_validate(document), report


def told(report, kind, outcome):
    return [(line.name, line.reason) for line in report.lines if (line.kind, line.outcome) == (kind, outcome)]


def test_board_keeps_its_order_and_all_that_has_a_place_here():
    board, _ = read(BOARD)
    assert [row.name for row in board.lists] == ["To do", "Done", "Old"]
    first, second = board.lists[0].tasks
    assert (first.title, first.description) == ("First", "Say **why**\n")
    assert first.due_at == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert first.start_at == datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert [board.labels[place].name for place in first.labels] == ["Press", "Sky"]
    assert [board.people[place].name for place in first.assignees] == ["Maya Lindt", "omar"]
    assert [(item.text, item.done) for item in first.checklist] == [
        ("Now: go", True), ("Before: a", False), ("Before: b", True),
    ]  # fmt: skip
    assert [link.url for link in first.links] == [
        "https://example.com/a",
        "https://files.example.com/plan.pdf",
    ]
    assert [(note.author, note.body) for note in first.comments] == [
        ("Somebody", "Earlier"),
        ("Omar", "Later"),
    ]
    moment = datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert (second.completed_at, second.archived_at) == (moment, moment)
    assert (board.lists[2].archived_at, board.lists[0].archived_at) == (NOW, None)
    assert [label.color for label in board.labels] == ["green", "blue", "slate"]


def test_report_tells_what_was_changed_and_left_out():
    _, report = read(BOARD)
    assert told(report, "task", "left_out") == [("Orphan", "its list is not in the file")]
    assert told(report, "link", "left_out") == [("bad", "its address is not http or https")]
    assert told(report, "link", "changed") == [
        ("plan.pdf", "the file itself stays at Trello; this is a link to it")
    ]
    assert told(report, "task", "changed") == [("First", "2 checklists became one")]


def test_what_is_too_long_is_shortened_and_told():
    card = {"id": "c", "idList": "l", "name": "x" * 900, "desc": "y" * 30_000, "due": "soon", "stickers": [1]}
    board, report = read({"name": "B", "lists": [{"id": "l", "name": "L"}], "cards": [card]})
    task = board.lists[0].tasks[0]
    assert (len(task.title), len(task.description), task.due_at) == (500, 20_000, None)
    assert told(report, "task", "changed")[0][1] == (
        "title shortened to 500 characters; description shortened to 20000 characters; "
        "stickers left out; due date left out: it is no date"
    )


@pytest.mark.parametrize("data", [None, [], "x", {}, {"lists": []}, {"lists": {}, "cards": []}], ids=repr)
def test_what_is_no_board_is_refused_with_the_reason(data):
    with pytest.raises(NotTrello, match="no board exported from Trello"):
        read_trello(data, NOW)


def _anything():
    leaves = (
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=8)
        | st.sampled_from(
            [
                "c1",
                "one",
                "https://a.example",
                "2026-01-01T00:00:00Z",
                "\x00",
                "\ud800",
                "commentCard",
                "complete",
            ]
        )
    )
    keys = st.sampled_from(sorted(set(_keys(BOARD))))
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
        max_leaves=12,
    )


def _keys(data):
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)


@given(st.data())
def test_any_damage_to_a_file_still_gives_a_board(data):
    damaged = json.loads(json.dumps(BOARD))
    part = damaged[
        data.draw(st.sampled_from(["cards", "lists", "labels", "members", "checklists", "actions"]))
    ]
    target = data.draw(st.sampled_from(part))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(_anything())
    document, _ = read_trello(damaged, NOW)
    BoardDocument.model_validate(document)
