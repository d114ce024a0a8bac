"""Making, changing and deleting boards on a real PostgreSQL."""

from uuid import uuid4

import pytest

from app.boards import lists, queries, service
from app.boards.signals import board_deleted, member_added
from app.db import unit_of_work
from app.errors import Conflict, Forbidden, InvalidInput, NotFound

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")


def update(house, person, changes, version=1):
    with unit_of_work(person.id) as session:
        return service.update_board(house.board.id, version, changes, session=session, actor=person, now=NOW)


def names_of_boards(person, **options):
    with unit_of_work(person.id) as session:
        return [board.name for board in queries.boards_of(session, person.id, limit=50, **options)[0]]


def test_maker_is_the_first_head_of_a_board(acme):
    heard = []

    def hear(_sender, **news):
        heard.append((news["user_id"], news["role"]))

    with member_added.connected_to(hear), unit_of_work(acme.colleague.id) as session:
        board = service.create_board(session=session, actor=acme.colleague, now=NOW, name="New")
    with unit_of_work(acme.colleague.id) as session:
        found = queries.full_board(session, acme.colleague.id, board.id)
    assert (found["role"], found["organizationId"]) == ("head", str(acme.organization.id))
    assert [member["userId"] for member in found["members"]] == [str(acme.colleague.id)]
    assert heard == [(acme.colleague.id, "head")]


def test_person_of_two_organizations_says_in_which_one(acme, birch, people):
    people.membership(acme.head, birch.organization)
    with pytest.raises(InvalidInput), unit_of_work(acme.head.id) as session:
        service.create_board(session=session, actor=acme.head, now=NOW, name="New")
    with unit_of_work(acme.head.id) as session:
        board = service.create_board(
            session=session, actor=acme.head, now=NOW, name="New", organization_id=birch.organization.id
        )
    assert board.organization_id == birch.organization.id


def test_nobody_makes_boards_in_foreign_or_unknown_organizations(acme, birch):
    for organization_id in (birch.organization.id, uuid4()):
        with pytest.raises(InvalidInput) as refusal, unit_of_work(acme.head.id) as session:
            service.create_board(
                session=session, actor=acme.head, now=NOW, name="x", organization_id=organization_id
            )
        assert refusal.value.extra["errors"] == [
            {"field": "organizationId", "message": "This is not one of your organizations"}
        ]


def test_guest_without_organization_makes_no_board(people):
    guest = people.user("Guest")
    with pytest.raises(InvalidInput), unit_of_work(guest.id) as session:
        service.create_board(session=session, actor=guest, now=NOW, name="x")


def test_rename_raises_version_and_seq_and_is_told(acme, told):
    board = update(acme, acme.head, {"name": "Renamed"})
    assert (board.name, board.version, board.seq) == ("Renamed", 2, 1)
    assert [(news.board_id, news.event) for news in told] == [(board.id, "board_updated")]
    assert told[0].payload == {
        "boardId": str(board.id),
        "seq": 1,
        "actor": {"userId": str(acme.head.id), "name": "Acme head"},
        "board": {
            "id": str(board.id),
            "name": "Renamed",
            "color": "teal",
            "archivedAt": None,
            "version": 2,
        },
    }


def test_stale_rename_is_refused_with_the_current_board_and_takes_no_number(acme, told):
    update(acme, acme.head, {"name": "First"})
    with pytest.raises(Conflict) as refusal:
        update(acme, acme.head, {"name": "Second"})
    assert refusal.value.extra["current"]["name"] == "First"
    assert update(acme, acme.head, {"name": "Third"}, version=2).seq == 2
    assert [news.payload["seq"] for news in told] == [1, 2]


def test_archived_board_leaves_the_list_refuses_changes_and_comes_back(acme, told):
    update(acme, acme.head, {"archived": True})
    assert names_of_boards(acme.head) == []
    assert names_of_boards(acme.head, archived=True) == ["Acme board"]
    with pytest.raises(Forbidden), unit_of_work(acme.head.id) as session:
        lists.add_list(acme.board.id, "x", session=session, actor=acme.head, now=NOW)
    update(acme, acme.head, {"archived": False}, version=2)
    assert names_of_boards(acme.head) == ["Acme board"]
    assert [news.payload["board"]["archivedAt"] for news in told] == ["2025-08-10T12:34:00.000Z", None]


def test_only_heads_change_or_delete_a_board(acme, birch):
    for person, refusal in ((acme.member, Forbidden), (acme.owner, NotFound), (birch.owner, NotFound)):
        with pytest.raises(refusal):
            update(acme, person, {"name": "x"})
        with pytest.raises(refusal), unit_of_work(person.id) as session:
            service.delete_board(acme.board.id, session=session, actor=person, now=NOW)


def test_deleting_a_board_takes_everything_on_it_and_tells_those_above(acme):
    heard = []

    def hear(_sender, **news):
        heard.append((news["board_id"], news["user_id"], news["role"]))

    with board_deleted.connected_to(hear), unit_of_work(acme.head.id) as session:
        service.delete_board(acme.board.id, session=session, actor=acme.head, now=NOW)
    with pytest.raises(NotFound), unit_of_work(acme.head.id) as session:
        queries.board_for(session, acme.head.id, acme.board.id)
    assert heard == [(acme.board.id, None, None)]


def test_list_of_boards_pages_by_name_without_gaps_or_doubles(acme, people):
    for number in range(7):
        people.board(acme.organization, [acme.head], name=f"{'aB'[number % 2]} {number // 3}")
    people.board(acme.organization, [acme.colleague], name="Not mine")
    seen, cursor = [], None
    while True:
        with unit_of_work(acme.head.id) as session:
            page, cursor = queries.boards_of(session, acme.head.id, limit=3, cursor=cursor)
        seen += page
        if cursor is None:
            break
    names = [board.name for board in seen]
    assert names == sorted(names, key=str.lower) and len({board.id for board in seen}) == 8
    summary = next(board for board in seen if board.id == acme.board.id)
    assert (summary.member_count, summary.task_count, summary.role) == (2, 3, "head")


@pytest.mark.parametrize(
    "cursor", ["", "x", "bnVsbA==", "WyJhIl0=", "WyJhIiwgImIiXQ==", "WzEsIDJd", "\x00", "é"]
)
def test_forged_cursor_is_refused(acme, cursor):
    with pytest.raises(InvalidInput), unit_of_work(acme.head.id) as session:
        queries.boards_of(session, acme.head.id, limit=3, cursor=cursor)


def test_full_board_has_everything_in_order(acme):
    with unit_of_work(acme.head.id) as session:
        board = queries.full_board(session, acme.head.id, acme.board.id)
    assert [row["name"] for row in board["lists"]] == ["To do", "Done"]
    assert [task["title"] for task in board["tasks"]] == ["One", "Two", "Three"]
    assert [(m["name"], m["role"], m["isGuest"]) for m in board["members"]] == [
        ("Acme head", "head", False),
        ("Acme member", "member", False),
    ]
    assert set(board) == {
        "id", "name", "color", "organizationId", "organizationName", "role", "seq", "version", "archivedAt",
        "lists", "tasks", "members", "labels",
    }  # fmt: skip


def test_news_are_told_only_after_the_commit(acme, told):
    with pytest.raises(RuntimeError), unit_of_work(acme.head.id) as session:
        lists.add_list(acme.board.id, "x", session=session, actor=acme.head, now=NOW)
        raise RuntimeError
    assert told == []
    with unit_of_work(acme.head.id) as session:
        lists.add_list(acme.board.id, "x", session=session, actor=acme.head, now=NOW)
        assert told == []
    assert [news.event for news in told] == ["list_created"]
