"""A board from its template to its end: what it begins with, its colour, its deletion and its way back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.boards import overview, queries, service, trash
from app.boards.rules import UNDO
from app.boards.signals import board_restored
from app.boards.templates import TEMPLATES
from app.db import service_work, unit_of_work
from app.errors import NotFound
from app.presence import sightings

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")


def delete(house, now=NOW):
    with unit_of_work(house.head.id) as session:
        service.delete_board(house.board.id, session=session, actor=house.head, now=now)


def restore(house, person, now=NOW):
    with unit_of_work(person.id) as session:
        service.restore_board(house.board.id, session=session, actor=person, now=now)


def lately(person, now=NOW):
    with unit_of_work(person.id) as session:
        return [board["name"] for board in overview.deleted_lately(session, person.id, now)]


def rows(person, house):
    """What PostgreSQL itself lets the person see of the board."""
    tables = {"boards": "id", "lists": "board_id", "tasks": "board_id", "board_members": "board_id"}
    with unit_of_work(person.id) as session:
        return sum(
            session.scalar(text(f"select count(*) from {t} where {key} = :id"), {"id": house.board.id})
            for t, key in tables.items()
        )


@pytest.mark.parametrize("name", TEMPLATES)
def test_board_begins_with_what_its_template_shows(acme, name):
    with unit_of_work(acme.head.id) as session:
        made = service.create_board(
            session=session, actor=acme.head, now=NOW, name="New", template=name, color="pink"
        )
        board = queries.full_board(session, acme.head.id, made.id)
    template = TEMPLATES[name]
    assert [row["name"] for row in board["lists"]] == list(template.lists)
    assert sorted((label["name"], label["color"]) for label in board["labels"]) == list(template.labels)
    assert (board["color"], board["seq"]) == ("pink", 0)


def test_colour_is_changed_by_heads_and_told(acme, told):
    with unit_of_work(acme.head.id) as session:
        service.update_board(acme.board.id, 1, {"color": "slate"}, session=session, actor=acme.head, now=NOW)
    assert told[0].payload["board"]["color"] == "slate"


def test_deleted_board_is_seen_by_nobody_and_comes_back_as_it_was(acme):
    before = {person.id: rows(person, acme) for person in (acme.head, acme.member, acme.owner)}
    assert all(before.values())
    delete(acme)
    assert [rows(person, acme) for person in (acme.head, acme.member, acme.owner)] == [0, 0, 0]
    with unit_of_work(acme.head.id) as session:
        assert queries.boards_of(session, acme.head.id, limit=9)[0] == []
    assert (lately(acme.head), lately(acme.member), lately(acme.owner)) == (["Acme board"], [], [])
    heard = []

    def hear(_sender, **news):
        heard.append(news["board_id"])

    with board_restored.connected_to(hear):
        restore(acme, acme.head, NOW + UNDO - timedelta(seconds=1))
    assert heard == [acme.board.id]
    assert {person.id: rows(person, acme) for person in (acme.head, acme.member, acme.owner)} == before
    assert lately(acme.head) == []


def test_only_heads_undo_and_only_for_ten_minutes(acme, birch):
    for person in (acme.head, acme.member):
        with pytest.raises(NotFound):
            restore(acme, person)  # it is not deleted
    delete(acme)
    for person in (acme.member, acme.owner, acme.colleague, birch.owner):
        with pytest.raises(NotFound):
            restore(acme, person)
    with pytest.raises(NotFound):
        restore(acme, acme.head, NOW + UNDO)
    assert lately(acme.head, NOW + UNDO) == []


def test_what_nobody_undid_is_dropped(acme):
    delete(acme)
    with service_work() as session:
        assert trash.drop_deleted(session, NOW + UNDO - timedelta(seconds=1)) == 0
        assert trash.drop_deleted(session, NOW + UNDO) == 1
        assert session.scalar(text("select count(*) from boards")) == 0


def test_faces_are_heads_first_and_few(acme, people):
    crowd = [people.user(f"Person {number}", acme.organization) for number in range(7)]
    board = people.board(acme.organization, [acme.head], crowd, name="Crowd")
    with unit_of_work(acme.head.id) as session:
        faces = overview.faces_of(session, [board.id, acme.board.id])
    names = [face["name"] for face in faces[str(board.id)]]
    assert names == ["Acme head", "Person 0", "Person 1", "Person 2", "Person 3"]
    assert len(faces[str(acme.board.id)]) == 2


def test_people_know_each_other_by_boards_that_are_there(acme, people):
    """Somebody of elsewhere, whom nothing but this board joins to the others."""
    guest = people.user("Piotr Dudek", people.organization("Elsewhere"))
    board = people.board(acme.organization, [acme.head], [guest])

    def is_known():
        with unit_of_work(guest.id) as session:
            return bool(sightings.of_people(session, [acme.head.id]))

    assert is_known()
    with unit_of_work(acme.head.id) as session:
        service.delete_board(board.id, session=session, actor=acme.head, now=NOW)
    assert not is_known()
    with unit_of_work(acme.head.id) as session:
        service.restore_board(board.id, session=session, actor=acme.head, now=NOW)
    assert is_known()
