"""What one group of transitions does to PostgreSQL."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import db
from app.accounts.models import UserSession
from app.presence import store
from app.presence.core import Choice
from app.presence.models import PresenceSettings
from app.presence.recorder import Recorder

from .backstage import Backstage

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def connected(database):
    db.database.connect(database.url)
    yield
    db.database.close()


@pytest.fixture
def backstage(database):
    return Backstage(database.admin_url)


@pytest.fixture
def acme(people):
    return people.organization()


@pytest.fixture
def head(people, acme):
    return people.user("Head", acme)


@pytest.fixture
def maya(people, acme):
    return people.user("Maya", acme)


@pytest.fixture
def board(people, acme, head, maya):
    return people.board(acme, [head], [maya])


def row(board, user, status="online", seconds=0.0, seen=None, **more):
    moment = NOW + timedelta(seconds=seconds)
    seen = moment if seen is None else NOW + timedelta(seconds=seen)
    said = {"device": "desktop", "page": "/boards", **more}
    return store.Transition(db.new_id(), board.id, user.id, status, seen, moment, **said)


def write(*rows):
    with db.service_work() as session:
        store.write(session, rows)


def select(statement, **values):
    with db.service_work() as session:
        return [tuple(found) for found in session.execute(text(statement), values)]


def history(user):
    return select(
        "select status, last_seen, updated_at, device, visible from activity where user_id = :u order by id",
        u=user.id,
    )


def state(board, user):
    where = "where board_id = :b and user_id = :u"
    return select(f"select status, last_seen, updated_at from board_presence {where}", b=board.id, u=user.id)


def last_seen(user):
    columns = "last_seen_at, last_page, last_device, last_activity_type"
    return select(f"select {columns} from user_last_seen where user_id = :u", u=user.id)


def at(seconds):
    return NOW + timedelta(seconds=seconds)


# Writing


def test_a_group_is_history_state_and_last_sign_of_life(board, maya):
    write(row(board, maya), row(board, maya, "idle", 300, seen=0), row(board, maya, "offline", 900, seen=0))
    assert history(maya) == [
        ("online", at(0), at(0), "desktop", True),
        ("idle", at(0), at(300), "desktop", True),
        ("offline", at(0), at(900), "desktop", True),
    ]
    assert state(board, maya) == [("offline", at(0), at(900))]
    assert last_seen(maya) == [(at(0), "/boards", "desktop", "offline")]


def test_a_group_is_one_statement(board, head, maya, monkeypatch):
    statements = []
    with db.service_work() as session:
        monkeypatch.setattr(session, "execute", lambda *args: statements.append(args))
        store.write(session, [row(board, maya), row(board, head)])
    assert len(statements) == 1


def test_writing_again_after_a_lost_answer_changes_nothing(board, maya):
    group = [row(board, maya), row(board, maya, "idle", 300, seen=0)]
    write(*group)
    before = history(maya), state(board, maya), last_seen(maya)
    write(*group)
    assert (history(maya), state(board, maya), last_seen(maya)) == before


def test_rows_of_boards_and_people_deleted_meanwhile_hold_nobody_up(
    board, people, acme, head, maya, backstage
):
    deleted_board = people.board(acme, [head])
    deleted_person = people.user("Gone")
    backstage.run("delete from boards where id = :id", id=deleted_board.id)
    backstage.run("delete from users where id = :id", id=deleted_person.id)
    write(row(deleted_board, maya), row(board, deleted_person), row(board, maya), row(deleted_board, head))
    assert [found[0] for found in history(maya)] == ["online"]
    assert state(board, maya)
    assert history(head) == history(deleted_person) == []
    assert last_seen(deleted_person) == []


def test_last_sign_of_life_is_the_latest_of_all_boards_of_the_group(board, people, acme, head, maya):
    """Both tabs of a browser close: one was in use, in the other there was no input for a while."""
    other = people.board(acme, [head], [maya])
    write(row(board, maya, "offline", 100, seen=98), row(other, maya, "offline", 100, seen=40))
    assert last_seen(maya)[0][0] == at(98)
    write(row(board, maya, "offline", 200, seen=60))
    assert last_seen(maya)[0][0] == at(98)


def test_what_a_row_does_not_know_of_page_and_device_stays_known(board, maya):
    write(row(board, maya))
    write(row(board, maya, "offline", 10, device=None, page=None))
    assert last_seen(maya) == [(at(10), "/boards", "desktop", "offline")]


def test_a_thousand_rows_are_one_group(board, maya):
    statuses = ("online", "idle")
    write(*(row(board, maya, statuses[n % 2], n) for n in range(1000)))
    assert len(history(maya)) == 1000
    assert state(board, maya) == [("idle", at(999), at(999))]


def test_one_row_that_postgresql_refuses_does_not_keep_the_others_out(board, head, maya):
    desk = Recorder(lambda rows: write(*rows), lambda touches: None, 0, lambda seconds: None)
    good = [desk.record(row(board, user)) for user in (maya, head)]
    bad = desk.record(row(board, maya, "dancing"))
    more = desk.record(row(board, maya, "idle", 5))
    assert desk.flush()
    assert [receipt.is_committed for receipt in (*good, bad, more)] == [True, True, False, True]
    assert [found[0] for found in history(maya)] == ["online", "idle"]


# Partitions


def test_rows_go_to_the_partition_of_their_month_and_none_is_refused(board, maya):
    now = datetime.now(UTC)
    with db.service_work() as session:
        store.ensure_partitions(session, now)
        store.ensure_partitions(session, now)
    far = now + timedelta(days=400)
    write(row(board, maya, seconds=(now - NOW).total_seconds()))
    write(row(board, maya, "idle", seconds=(far - NOW).total_seconds()))
    found = select("select tableoid::regclass::text from activity order by updated_at")
    assert found == [(f"activity_{now:%Y_%m}",), ("activity_default",)]


def test_new_partitions_are_closed_like_the_table(board):
    with db.service_work() as session:
        session.execute(text("select ensure_activity_partitions('2031-05-01', 2)"))
    closed = select(
        "select relrowsecurity, relforcerowsecurity from pg_class"
        " where relkind = 'r' and relname like 'activity_2%'"
    )
    assert set(closed) == {(True, True)}


# Rosters


def test_roster_names_members_with_role_state_and_number(board, people, head, maya, backstage):
    guest = people.user("Guest")
    backstage.add_member(board, guest)
    write(row(board, maya))
    with db.service_work() as session:
        found = store.rosters(session, {board.id, uuid4()})
    assert set(found) == {board.id}
    assert found[board.id].board_seq == 0
    told = {p.user_id: (p.name, p.role, p.is_guest, p.status, p.last_seen) for p in found[board.id].people}
    assert told == {
        head.id: ("Head", "head", False, "offline", None),
        maya.id: ("Maya", "member", False, "online", at(0)),
        guest.id: ("Guest", "member", True, "offline", None),
    }


def test_a_restart_reads_only_boards_with_somebody_present(board, people, acme, head, maya):
    quiet = people.board(acme, [head], [maya])
    write(row(board, maya), row(quiet, maya), row(quiet, maya, "offline", 10))
    with db.service_work() as session:
        assert set(store.rosters_with_people_present(session)) == {board.id}


def test_a_restart_ends_the_presence_of_those_who_are_no_longer_members(board, head, maya, backstage):
    """The server died between the removal and the row that would have told of it."""
    write(row(board, maya), row(board, head))
    backstage.remove_member(board, maya)
    with db.service_work() as session:
        store.end_presence_of_former_members(session, at(60))
    assert state(board, maya) == [("offline", at(0), at(60))]
    assert state(board, head) == [("online", at(0), at(0))]


# Life signs


def test_each_process_leaves_its_last_life_sign_until_all_is_settled():
    first, second = db.new_id(), db.new_id()
    with db.service_work() as session:
        assert store.life_signs(session) is None
        for process, seconds in ((first, 0), (second, 4), (first, 2)):
            store.give_life_sign(session, process, at(seconds))
    with db.service_work() as session:
        assert store.life_signs(session) == (at(2), at(4))
        store.forget_other_processes(session, second)
        assert store.life_signs(session) == (at(4), at(4))


def test_sessions_are_touched_forward_only_and_never_after_their_end(maya):
    live, ended = uuid4(), uuid4()
    with db.service_work() as session:
        for session_id, is_active in ((live, True), (ended, False)):
            session.add(
                UserSession(
                    id=session_id,
                    user_id=maya.id,
                    session_token=session_id.bytes,
                    is_active=is_active,
                    last_activity=at(0),
                    created_at=at(0),
                    expires_at=at(9999),
                )
            )
    with db.service_work() as session:
        store.touch_sessions(session, {})
        store.touch_sessions(session, {live: at(60), ended: at(60), uuid4(): at(60)})
        store.touch_sessions(session, {live: at(30)})
    found = dict(select("select id, last_activity from user_sessions"))
    assert found == {live: at(60), ended: at(0)}


# What people say of themselves


def settings(user, **columns):
    with db.service_work() as session:
        session.add(PresenceSettings(user_id=user.id, updated_at=NOW, **columns))


def stored(user):
    columns = "status, status_until, custom_status, custom_emoji, custom_status_until"
    return select(f"select {columns} from presence_settings where user_id = :u", u=user.id)


def clear_expired(seconds, limit=10):
    with db.service_work() as session:
        return store.clear_expired_choices(session, at(seconds), limit)


def test_roster_brings_what_people_chose(board, head, maya):
    settings(maya, status="busy", status_until=at(60), custom_status="Deep work", custom_emoji="!")
    with db.service_work() as session:
        found = store.rosters(session, {board.id})[board.id].people
    assert {p.user_id: p.choice for p in found} == {
        head.id: Choice(),
        maya.id: Choice("busy", at(60), "Deep work", "!", None),
    }


def test_what_has_expired_is_cleared_and_answered_and_nothing_else_is_touched(head, maya, people):
    omar, lena = people.user("Omar"), people.user("Lena")
    settings(maya, status="busy", status_until=at(60), custom_status="Deep work", custom_status_until=at(90))
    settings(head, status="away", custom_emoji="!", custom_status_until=at(60))
    settings(omar, status="away", status_until=at(61))
    settings(lena, status="away", custom_status="For ever")
    before = stored(omar), stored(lena)
    assert clear_expired(59.9) == []
    assert set(clear_expired(60)) == {maya.id, head.id}
    assert stored(maya) == [(None, None, "Deep work", None, at(90))]
    assert stored(head) == [("away", None, None, None, None)]
    assert (stored(omar), stored(lena)) == before
    assert clear_expired(60) == []


def test_many_that_expire_at_once_are_cleared_in_portions(head, maya):
    for user in (head, maya):
        settings(user, status="busy", status_until=at(60))
    assert len(clear_expired(60, limit=1)) == 1
    assert len(clear_expired(60, limit=1)) == 1
    assert clear_expired(60) == []


def test_whoever_is_choosing_anew_is_passed_over(head, maya):
    for user in (head, maya):
        settings(user, status="busy", status_until=at(60))
    with db.unit_of_work(maya.id) as session:
        session.execute(text("select 1 from presence_settings for update"))
        assert set(clear_expired(60)) == {head.id}
    assert set(clear_expired(60)) == {maya.id}


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "online"},
        {"status": "dancing"},
        {"status_until": NOW},
        {"custom_status_until": NOW},
        {"custom_status": "x" * 101},
        {"custom_emoji": "x" * 11},
    ],
)
def test_table_takes_nothing_that_makes_no_sense(maya, columns):
    with pytest.raises(DBAPIError):
        settings(maya, **columns)
