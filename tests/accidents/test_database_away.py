"""PostgreSQL is stopped, or hangs, while people are on their boards: live presence does not need it."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from requests.exceptions import ChunkedEncodingError

from bench.history import Clerk, judge, segments_of
from tests.presence.live import Live, on, wait_for_statuses, wait_to_see
from tests.support.api import Api
from tests.support.patience import within
from tests.support.people import PASSWORD
from tests.support.postgres import PostgresForTests
from tests.support.waiting import wait_until

OUTAGE_SECONDS = 5.0
LIVE_SECONDS = within(2.0)  # a head sees a change within
REFUSED_WITHIN, HEALTHY_WITHIN, BACK_WITHIN = within(4.0), within(1.0), within(5.0)


@pytest.fixture(scope="module")
def database():
    with PostgresForTests.in_own_folder() as own:
        yield own


@pytest.fixture(scope="module")
def live(database, tmp_path_factory):
    live = Live(
        database,
        tmp_path_factory.mktemp("away"),
        PRESENCE_LEAVE_GRACE_SECONDS=0.1,
        SOCKET_MAX_CONNECTIONS=1000,
    )
    yield live
    live.end()


@pytest.fixture
def team(live):
    yield live.team(members=8)
    live.hang_up()


def assert_refused(request):
    """In time, and as something that passes."""
    started = time.monotonic()
    assert request().status == 503
    assert time.monotonic() - started < REFUSED_WITHIN


def toggle(live, team, head, page, times):
    """Maya becomes idle and comes back; the head sees each change in time."""
    for _ in range(times):
        for active, status in ((False, "idle"), (True, "online")):
            mark = head.mark()
            assert page.emit("activity", on(team.board, active=active, visible=True))["status"] == status
            wait_to_see(head, team.maya, since=mark, timeout=LIVE_SECONDS, status=status)


def crew_of(live, team):
    """Eight pages that are connected, on no board yet."""
    members = live.backstage.run(
        "select u.id, u.email from users u join board_members m on m.user_id = u.id where board_id = :board",
        board=team.board.id,
    )
    others = [row for row in members if row[0] not in (team.head.id, team.maya.id)]
    return {user_id: live.connect(type("Member", (), {"email": email})) for user_id, email in others}


class ComingAndGoing:
    """The crew joins and leaves all the time; keeps what each was told about what is written."""

    def __init__(self, live, team, crew):
        self.live, self.team, self.crew = live, team, crew
        self.answers = {user_id: [] for user_id in crew}

    def once(self):
        """All at the same time: an answer may take two seconds while the database is away."""
        numbers = {u: page.send("join_board", on(self.team.board)) for u, page in self.crew.items()}
        for user_id, page in self.crew.items():
            page._wait(lambda page=page, n=numbers[user_id]: n in page._acks, 8, "join_board")
            answer = page._acks.pop(numbers[user_id])
            assert answer["ok"], answer
            self.answers[user_id].append(answer["persisted"])
            assert page.emit("leave_board", on(self.team.board))["ok"]
        time.sleep(0.3)  # more than the grace: each coming is a row

    def rows(self):
        found = self.live.backstage.run("select user_id, status from activity order by updated_at, id")
        return {user_id: [status for u, status in found if u == user_id] for user_id in self.crew}

    @property
    def expected(self):
        return {user_id: ["online", "offline"] * len(told) for user_id, told in self.answers.items()}


def test_postgresql_stopped_and_back(live, team, database):
    head, page = live.enter(team.head, team.board), live.enter(team.maya, team.board)
    visits = ComingAndGoing(live, team, crew_of(live, team))
    api = live.sign_in(team.head)
    visits.once()
    assert all(told == [True] for told in visits.answers.values())
    database.stop()
    stopped_at = time.monotonic()
    toggle(live, team, head, page, 2)
    assert_refused(lambda: api.get("/api/boards"))
    assert api.get("/api/boards").json["code"] == "unavailable"
    assert (api.get("/healthz").status, api.get("/readyz").status) == (200, 503)
    while time.monotonic() - stopped_at < OUTAGE_SECONDS:
        visits.once()
    toggle(live, team, head, page, 1)
    database.start()
    wait_until(lambda: api.get("/readyz").status == 200, within(10), "the database's return")
    visits.once()
    told = [answer for answers in visits.answers.values() for answer in answers]
    assert {True, False} == set(told), "some were told that nothing is written yet"
    wait_until(lambda: visits.rows() == visits.expected, within(10), "the arrival of all rows, in order")
    wait_for_statuses(live, team, ["online"] + ["idle", "online"] * 3)
    assert head.is_open
    assert page.is_open


def test_postgresql_frozen(live, team, database):
    head, page = live.enter(team.head, team.board), live.enter(team.maya, team.board)
    visits = ComingAndGoing(live, team, crew_of(live, team))
    other = live.people.board(team.organization, [team.maya])
    crowd = [live.sign_in(team.head) for _ in range(20)]  # more than there are connections to the database
    with ThreadPoolExecutor(len(crowd)) as pool:
        database.freeze()
        try:
            paths = itertools.cycle(("/api/boards", f"/boards/{team.board.id}", "/readyz"))
            asked = [
                pool.submit(assert_refused, partial(api.get, path))
                for api, path in zip(crowd, paths, strict=False)
            ]
            toggle(live, team, head, page, 2)
            started = time.monotonic()
            assert Api(live.server.url).get("/healthz").status == 200
            assert time.monotonic() - started < HEALTHY_WITHIN
            for request in asked:
                request.result()
            refused = page.emit("join_board", on(other), timeout=REFUSED_WITHIN)
            assert (refused["ok"], refused["error"]["code"]) == (False, "unavailable")
            visits.once()
            assert {answer for told in visits.answers.values() for answer in told} == {False}
        finally:
            database.thaw()
    wait_until(lambda: crowd[0].get("/api/boards").status == 200, BACK_WITHIN, "recovery")
    visits.once()
    assert page.emit("join_board", on(other))["ok"]
    wait_until(lambda: visits.rows() == visits.expected, within(10), "the arrival of all rows, in order")
    wait_for_statuses(live, team, ["online"] + ["idle", "online"] * 2)


def test_download_that_loses_the_database_midway_is_no_whole_file(live, database, team):
    """Rather a download that failed than one from which something is missing."""
    live.backstage.run(
        "insert into activity (id, board_id, user_id, status, last_seen, updated_at)"
        " select gen_random_uuid(), :board, :user, 'online', now(), now() - n * interval '1 second'"
        " from generate_series(1, 100000) n",
        board=team.board.id,
        user=team.maya.id,
    )
    maya = live.sign_in(team.maya)
    with maya.http.get(f"{live.server.url}/api/presence/export", stream=True, timeout=20) as download:
        assert download.status_code == 200
        pieces = download.iter_content(4096)
        assert next(pieces).startswith(b'{"exportedAt":')
        database.freeze()
        try:
            with pytest.raises(ChunkedEncodingError):
                for _ in pieces:
                    pass
        finally:
            database.thaw()
    wait_until(lambda: maya.get("/api/session").status == 200, BACK_WITHIN, "the database")
    whole = maya.get("/api/presence/export")
    assert (whole.status, len(whole.json["activity"])) == (200, 100_000)


def test_acknowledged_clock_events_survive_kills_of_server_and_database(live, database):
    """Much more of it: python -m bench.history."""
    live.backstage.run("alter role workhub set synchronous_commit = on")  # as everywhere but in tests
    users = live.people.users(2, live.people.organization("History"))
    clerks = [Clerk(live.server.url, user.email, PASSWORD, seed) for seed, user in enumerate(users)]
    for clerk in clerks:
        clerk.start()

    def wait_for_acts(more):
        goals = [(clerk, clerk.acknowledged + more) for clerk in clerks]
        wait_until(lambda: all(clerk.acknowledged >= goal for clerk, goal in goals))

    wait_for_acts(2)
    live.server.kill()
    database.kill()
    database.start()
    live.server.start()
    wait_for_acts(2)
    for clerk in clerks:
        clerk.stop()
    for clerk in clerks:
        clerk.join(within(10))
    address = live.database.admin_url.replace("+psycopg2", "")
    assert [judge(clerk.acts, segments_of(address, clerk.email)) for clerk in clerks] == [[], []]
