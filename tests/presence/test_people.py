"""The live people: marks of logins, who has changed, and what has to be written."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.presence.core import Choice
from app.presence.people import LastSeen, People
from app.presence.person import Life, PersonView
from app.presence.privacy import Audience, Privacy
from app.presence.settings import PersonSettings

from .fakes import BOARD, MAYA, OMAR, OTHER_BOARD, START, Desk, FakeClock, person

CONTACTS = Audience.CONTACTS
PHONE, LAPTOP = UUID(int=0x51), UUID(int=0x52)


class House:
    """The live people beside a live board."""

    def __init__(self):
        self.desk = Desk()
        self.clock: FakeClock = self.desk.clock
        life = Life(mark=timedelta(seconds=300), typing=timedelta(seconds=5))
        self.people = People(clock=self.clock, life=life, views_of=self.desk.presence.views_of)  # type: ignore[arg-type]
        self.desk.presence.on_person_changed = self.people.changed
        for user_id in (MAYA, OMAR):
            self.people.learn(user_id, PersonSettings(Choice(), Privacy()))

    def wait(self, seconds):
        self.desk.wait(seconds)
        self.people.tick()

    def status(self, user_id=MAYA):
        return self.people.view(user_id).status


@pytest.fixture
def house():
    return House()


@pytest.fixture
def people(house):
    return house.people


def after(seconds):
    return START + timedelta(seconds=seconds)


def test_request_makes_online_for_its_time_and_one_row_is_left(house, people):
    people.mark(MAYA, PHONE, device="mobile", page="/people")
    assert people.view(MAYA) == PersonView("online", START, "/people", device="mobile")
    assert people.take_changed() == {MAYA}
    house.wait(200)
    people.mark(MAYA, PHONE)
    house.wait(299.9)
    assert house.status() == "online"
    assert people.take_unwritten() == []
    people.take_changed()
    house.wait(0.1)
    assert people.view(MAYA) == PersonView("offline", after(200))
    assert people.take_changed() == {MAYA}
    assert people.take_unwritten() == [LastSeen(MAYA, after(200), "/people", "mobile", CONTACTS)]
    assert people.take_unwritten() == []


def test_signing_out_counts_at_once_unless_another_login_is_alive(house, people):
    people.mark(MAYA, PHONE)
    people.mark(MAYA, LAPTOP)
    people.take_changed()
    people.signed_out(MAYA, PHONE)
    assert house.status() == "online"
    people.signed_out(MAYA, LAPTOP)
    assert house.status() == "offline"
    assert people.take_changed() == {MAYA}
    assert set(people.take_unwritten()) == {LastSeen(MAYA, START, None, None, CONTACTS)}


def test_request_on_its_way_while_the_login_ended_makes_no_ghost(house, people):
    people.signed_out(MAYA, PHONE)
    people.mark(MAYA, PHONE)
    assert house.status() == "offline"
    house.wait(120)
    people.signed_out(MAYA, LAPTOP)
    assert len(people._ended) == 1, "what ended long ago is forgotten"


def test_login_that_left_may_come_back(house, people):
    people.mark(MAYA, PHONE)
    people.leave(MAYA, PHONE)
    assert house.status() == "offline"
    people.mark(MAYA, PHONE)
    assert house.status() == "online"


def test_row_that_could_not_be_written_is_written_later(house, people):
    people.mark(MAYA, PHONE)
    people.mark(OMAR, LAPTOP)
    people.leave(MAYA, PHONE)
    people.leave(OMAR, LAPTOP)
    rows = people.take_unwritten()
    house.wait(10)
    people.mark(MAYA, PHONE)
    people.leave(MAYA, PHONE)
    people.give_back(rows)
    assert [(row.user_id, row.at) for row in people.take_unwritten()] == [
        (MAYA, START), (OMAR, START), (MAYA, after(10)),
    ]  # fmt: skip


def test_those_who_are_there_are_written_when_asked_for(house, people):
    people.mark(MAYA, PHONE, page="/people")
    house.wait(5)
    people.mark(MAYA, LAPTOP, page="/boards")
    people.mark(OMAR, UUID(int=0x53), active=False)
    assert people.take_unwritten() == []
    assert people.take_unwritten(with_present=True) == [
        LastSeen(MAYA, START, "/people", None, CONTACTS),
        LastSeen(MAYA, after(5), "/boards", None, CONTACTS),
    ]
    assert house.status() == "online"


def test_change_on_a_board_is_a_change_of_the_person(house, people):
    house.desk.join(MAYA, "tab")
    people.take_changed()
    house.desk.presence.type_(BOARD, "tab", None)
    assert people.take_changed() == {MAYA}
    assert people.view(MAYA).typing
    house.desk.act("tab")
    assert people.take_changed() == set(), "a key more is none"
    house.wait(5)
    assert people.take_changed() == {MAYA}
    house.desk.lose("tab")
    people.mark(MAYA, PHONE)
    house.wait(20)
    assert house.status() == "online", "off the board, but there"


def test_only_what_looks_different_is_a_change(house, people):
    people.mark(MAYA, PHONE, page="/people")
    people.take_changed()
    for said in ({}, {"page": "/people"}, {"device": None}, {"typing": False}):
        people.mark(MAYA, PHONE, **said)
        assert people.take_changed() == set(), said
    for said in ({"page": "/boards"}, {"device": "tablet"}, {"typing": True}, {"active": False}):
        people.mark(MAYA, PHONE, **said)
        assert people.take_changed() == {MAYA}, said


def test_typing_ends_by_itself(house, people):
    people.mark(MAYA, PHONE, typing=True)
    house.wait(4.9)
    assert people.view(MAYA).typing
    people.take_changed()
    house.wait(0.2)
    assert not people.view(MAYA).typing
    assert people.take_changed() == {MAYA}


def chosen(*choice, **privacy):
    return PersonSettings(Choice(*choice), Privacy(**privacy))


def test_choice_is_shown_with_a_request_and_ends_by_itself(house, people):
    people.settings_changed(MAYA, chosen("busy", after(60), "Deep work"))
    people.learn(MAYA, chosen("away"))
    assert house.status() == "offline"
    people.mark(MAYA, PHONE)
    assert people.view(MAYA).custom_status == "Deep work"
    assert house.status() == "busy", "what was read before is older"
    people.take_changed()
    house.wait(60)
    assert (house.status(), people.view(MAYA).custom_status) == ("online", "Deep work")
    assert people.take_changed() == {MAYA}


def test_whoever_is_about_to_hide_was_seen_until_now_by_those_who_could(house, people):
    people.mark(MAYA, PHONE, page="/people")
    house.wait(10)
    people.mark(MAYA, PHONE)
    hidden = chosen(appear_offline=True)
    assert people.last_sight(MAYA, Privacy(show_activity=False), None) is None, "others see no less"
    assert people.last_sight(MAYA, hidden.privacy, None) == LastSeen(
        MAYA, after(10), "/people", None, CONTACTS
    )
    assert people.last_sight(MAYA, hidden.privacy, after(11)).at == after(11), "as a board would say"
    people.settings_changed(MAYA, hidden)
    house.wait(10)
    people.mark(MAYA, PHONE)
    people.leave(MAYA, PHONE)
    assert people.take_unwritten() == [LastSeen(MAYA, after(20), "/people", None, Audience.NOBODY)]
    assert people.last_sight(MAYA, Privacy("everyone"), None) is None, "nobody is there to be seen"
    people.settings_changed(MAYA, chosen(visibility="everyone"))
    people.mark(MAYA, PHONE)
    people.leave(MAYA, PHONE)
    assert [row.seen_by for row in people.take_unwritten()] == [Audience.EVERYBODY]


def test_whoever_hides_while_active_on_a_board_was_there_until_then(house, people):
    house.desk.join(MAYA, "tab", device="tablet")
    house.wait(30)
    life = house.desk.presence.last_life(MAYA)
    seen = people.last_sight(MAYA, Privacy("nobody"), life)
    assert seen == LastSeen(MAYA, after(30), None, "tablet", CONTACTS)


def test_when_somebody_was_there_is_known_after_boards_and_marks_have_gone(house, people):
    house.desk.join(MAYA, "tab")
    people.mark(MAYA, PHONE)
    house.wait(5)
    house.desk.act("tab")
    assert people.view(MAYA).last_seen == after(5)
    house.desk.lose("tab")
    house.wait(1000)
    assert people.view(MAYA) == PersonView("offline", after(5))
    house.wait(1)
    assert house.desk.presence.views_of(MAYA) == []
    assert people.view(MAYA) == PersonView("offline", after(5))


def test_of_whom_nothing_is_known_nothing_was_seen(people):
    stranger = UUID(int=0x99)
    assert not people.knows(stranger)
    people.mark(stranger, PHONE)
    people.leave(stranger, PHONE)
    assert [row.seen_by for row in people.take_unwritten()] == [Audience.NOBODY]


def test_restored_person_is_there_until_the_mark_is_over(house, people):
    people.restore(MAYA, PHONE, after(-100), "mobile")
    assert people.view(MAYA) == PersonView("online", after(-100), device="mobile")
    assert people.sessions() == {PHONE: MAYA}
    house.wait(200)
    assert house.status() == "offline"
    assert people.sessions() == {}


def test_index_of_boards_follows_who_comes_and_goes(house):
    desk, presence = house.desk, house.desk.presence
    desk.rosters.boards[OTHER_BOARD] = {MAYA: person(MAYA, "head")}
    desk.join(MAYA, "tab")
    desk.join(MAYA, "other", board_id=OTHER_BOARD)
    assert len(presence.views_of(MAYA)) == 2
    assert len(presence.views_of(OMAR)) == 1
    desk.remove(MAYA)
    assert len(presence.views_of(MAYA)) == 1
    desk.lose("other")
    house.wait(1000)
    house.wait(1)
    assert presence.views_of(MAYA) == presence.views_of(OMAR) == []
    assert presence._boards._of_user == {}
