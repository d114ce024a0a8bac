"""Who is on a board and as what, on a real PostgreSQL."""

from datetime import UTC, datetime

import pytest

from app.boards import members, queries
from app.boards.signals import member_added, member_removed, role_changed
from app.db import unit_of_work
from app.errors import Forbidden, InvalidInput, LastHead, NotFound

from .conftest import NOW

pytestmark = pytest.mark.usefixtures("connected")
NOBODY = [{"field": "email", "message": "Nobody of your organization has this address"}]


@pytest.fixture
def heard():
    """Signals of members, as (name, user, role)."""
    news = []

    def receiver(name):
        def hear(_sender, *, session, board_id, user_id, role, **_more):
            assert session.in_transaction()
            news.append((name, user_id, role))

        return hear

    receivers = [(signal, receiver(signal.name)) for signal in (member_added, member_removed, role_changed)]
    for signal, hear in receivers:
        signal.connect(hear)
    yield news
    for signal, hear in receivers:
        signal.disconnect(hear)


def add(house, person, email, role="member", board=None):
    with unit_of_work(person.id) as session:
        return members.add_member(
            (board or house.board).id, email, role, session=session, actor=person, now=NOW
        )


def change(house, person, user, role):
    with unit_of_work(person.id) as session:
        return members.change_role(house.board.id, user.id, role, session=session, actor=person, now=NOW)


def remove(house, person, user):
    with unit_of_work(person.id) as session:
        members.remove_member(house.board.id, user.id, session=session, actor=person, now=NOW)


def roster(house, person):
    with unit_of_work(person.id) as session:
        board = queries.standing_of(session, person.id, house.board.id).board
        return {member.name: member.role for member in queries.members_of(session, board)}


def test_head_adds_a_colleague_by_address_in_any_letter_case(acme, told, heard):
    member = add(acme, acme.head, f" {acme.colleague.email.upper()}".strip())
    assert (member.user_id, member.role, member.is_guest) == (acme.colleague.id, "member", False)
    assert heard == [("boards.member_added", acme.colleague.id, "member")]
    payload = told[0].payload
    assert (told[0].event, payload["seq"], len(payload["members"])) == ("board_updated", 1, 3)
    assert payload["board"]["id"] == str(acme.board.id)


def test_stranger_and_unknown_address_are_answered_alike(acme, birch):
    for email in (birch.colleague.email, "no.one@test.example"):
        with pytest.raises(InvalidInput) as refusal:
            add(acme, acme.head, email)
        assert refusal.value.extra["errors"] == NOBODY


def test_disabled_person_is_not_added(acme, people):
    gone = people.user("Gone", acme.organization, disabled_at=datetime.now(UTC))
    with pytest.raises(InvalidInput) as refusal:
        add(acme, acme.head, gone.email)
    assert refusal.value.extra["errors"] == NOBODY


def test_acquaintance_from_another_board_becomes_a_guest(acme, birch, people):
    people.board(birch.organization, [acme.head, birch.member])
    assert add(acme, acme.head, birch.member.email).is_guest is True
    with unit_of_work(birch.member.id) as session:
        board = queries.full_board(session, birch.member.id, acme.board.id)
    assert board["organizationName"] == "Acme"
    assert {member["name"]: member["isGuest"] for member in board["members"]} == {
        "Acme head": False,
        "Acme member": False,
        "Birch member": True,
    }


def test_nobody_is_added_twice(acme):
    with pytest.raises(InvalidInput):
        add(acme, acme.head, acme.member.email, role="head")
    assert roster(acme, acme.head)["Acme member"] == "member"


def test_owner_who_is_not_on_the_board_manages_members_but_sees_no_board(acme):
    assert roster(acme, acme.owner) == {"Acme head": "head", "Acme member": "member"}
    add(acme, acme.owner, acme.colleague.email, role="head")
    assert change(acme, acme.owner, acme.head, "member").role == "member"
    remove(acme, acme.owner, acme.member)
    assert roster(acme, acme.owner) == {"Acme colleague": "head", "Acme head": "member"}
    with pytest.raises(NotFound), unit_of_work(acme.owner.id) as session:
        queries.board_for(session, acme.owner.id, acme.board.id)


def test_plain_member_reads_members_and_changes_none(acme):
    assert roster(acme, acme.member) == {"Acme head": "head", "Acme member": "member"}
    for attempt in (
        lambda: add(acme, acme.member, acme.colleague.email),
        lambda: change(acme, acme.member, acme.member, "head"),
        lambda: remove(acme, acme.member, acme.head),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_others_do_not_find_the_members(acme, birch):
    for person in (acme.colleague, birch.owner, birch.head):
        with pytest.raises(NotFound):
            roster(acme, person)
        with pytest.raises(NotFound):
            change(acme, person, acme.member, "head")
        with pytest.raises(NotFound):
            remove(acme, person, person)


def test_last_head_is_neither_removed_nor_demoted_nor_leaves(acme, told, heard):
    for attempt in (
        lambda: change(acme, acme.owner, acme.head, "member"),
        lambda: change(acme, acme.head, acme.head, "member"),
        lambda: remove(acme, acme.owner, acme.head),
        lambda: remove(acme, acme.head, acme.head),
    ):
        with pytest.raises(LastHead):
            attempt()
    assert (told, heard) == ([], [])


def test_promotion_and_demotion_are_told_with_the_new_role(acme, told, heard):
    change(acme, acme.head, acme.member, "head")
    change(acme, acme.member, acme.head, "member")
    change(acme, acme.member, acme.head, "member")
    assert heard == [
        ("boards.role_changed", acme.member.id, "head"),
        ("boards.role_changed", acme.head.id, "member"),
    ]
    assert [news.payload["seq"] for news in told] == [1, 2, 3]


def test_removed_member_finds_the_board_no_more(acme, told, heard):
    remove(acme, acme.head, acme.member)
    with pytest.raises(NotFound), unit_of_work(acme.member.id) as session:
        queries.board_for(session, acme.member.id, acme.board.id)
    assert heard == [("boards.member_removed", acme.member.id, "member")]
    assert [member["name"] for member in told[0].payload["members"]] == ["Acme head"]


def test_member_may_leave_and_the_others_are_told_who_is_left(acme, told):
    remove(acme, acme.member, acme.member)
    assert [member["name"] for member in told[0].payload["members"]] == ["Acme head"]
    assert roster(acme, acme.head) == {"Acme head": "head"}


def test_person_not_on_the_board_can_be_neither_changed_nor_removed(acme, birch):
    for user in (acme.colleague, birch.member):
        with pytest.raises(NotFound):
            change(acme, acme.head, user, "head")
        with pytest.raises(NotFound):
            remove(acme, acme.head, user)
