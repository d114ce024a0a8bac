"""Pages are reloaded, closed, reset, killed and frozen: heads see the truth, history shows no flicker."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.presence.live import Live, join, member_in, wait_for_statuses, wait_to_see
from tests.support.patience import within

ROOT = Path(__file__).resolve().parent.parent.parent
LEAVE_GRACE, LOSS_GRACE, PING, PATIENCE = 0.6, 1.5, 0.5, 0.8
FOUND_WITHIN = timedelta(seconds=PING + PATIENCE + LOSS_GRACE + within(2))


@pytest.fixture(scope="module")
def live(postgres, tmp_path_factory):
    live = Live(
        postgres,
        tmp_path_factory.mktemp("connections"),
        PRESENCE_LEAVE_GRACE_SECONDS=LEAVE_GRACE,
        PRESENCE_DISCONNECT_GRACE_SECONDS=LOSS_GRACE,
        SOCKET_PING_INTERVAL_SECONDS=PING,
        SOCKET_PING_TIMEOUT_SECONDS=PATIENCE,
    )
    yield live
    live.end()


@pytest.fixture
def team(live):
    yield live.team()
    live.hang_up()


@pytest.fixture
def head(live, team):
    return live.enter(team.head, team.board)


@contextmanager
def page_in_a_process(live, team):
    """Maya's page, with a process to do things to."""
    program = [sys.executable, "-m", "tests.accidents.visitor"]
    whom = [live.server.url, team.maya.email, str(team.board.id)]
    pipe = subprocess.PIPE
    process = subprocess.Popen([*program, *whom], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    with process:
        assert process.stdout and process.stdout.readline() == "joined\n"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


def last_row(live, team):
    status, last_seen, updated_at, _ = live.backstage.history(team.board, team.maya)[-1]
    return status, last_seen, updated_at


def assert_believed(live, team, ended_at, grace):
    """Offline since the moment of the end, which was believed after the grace."""
    status, last_seen, updated_at = last_row(live, team)
    assert status == "offline"
    assert abs(last_seen - ended_at) < timedelta(seconds=0.5)
    assert timedelta(seconds=grace) <= updated_at - last_seen < timedelta(seconds=grace + 1)


@pytest.mark.parametrize("goodbye", ["close", "vanish"])
def test_reload_loop_leaves_no_trace(live, team, head, goodbye):
    api = live.sign_in(team.maya)
    page = live.open_tab(api)
    join(page, team.board)
    wait_to_see(head, team.maya, status="online")
    mark = head.mark()
    for _ in range(25):
        getattr(page, goodbye)()
        page = live.open_tab(api)
        join(page, team.board)
    wait_to_see(head, team.maya, since=mark, status="online", connections=1, reconnecting=False)
    told = [member_in(payload, team.maya) for payload in head.events("presence_dashboard", mark)]
    statuses = {member["status"] for member in told if member}
    assert statuses == {"online"}
    assert live.backstage.statuses(team.board, team.maya) == ["online"]


def test_closed_page_is_believed_after_the_short_grace(live, team, head):
    page = live.enter(team.maya, team.board)
    wait_to_see(head, team.maya, status="online")
    ended_at = datetime.now(UTC)
    page.close()
    wait_to_see(head, team.maya, status="online", reconnecting=True)
    wait_for_statuses(live, team, ["online", "offline"])
    assert_believed(live, team, ended_at, LEAVE_GRACE)


def test_connection_that_is_reset_is_believed_after_the_long_grace(live, team, head):
    page = live.enter(team.maya, team.board)
    wait_to_see(head, team.maya, status="online")
    ended_at = datetime.now(UTC)
    page.reset()
    wait_to_see(head, team.maya, status="online", reconnecting=True)
    wait_for_statuses(live, team, ["online", "offline"])
    assert_believed(live, team, ended_at, LOSS_GRACE)


def test_two_tabs_of_which_one_is_killed(live, team, head):
    with page_in_a_process(live, team) as process:
        live.enter(team.maya, team.board)
        wait_to_see(head, team.maya, connections=2)
        mark = head.mark()
        process.kill()
        wait_to_see(head, team.maya, status="online", connections=1, since=mark)
        other = live.team()
        elsewhere = live.enter(other.maya, other.board)
        elsewhere.close()
        wait_for_statuses(live, other, ["online", "offline"])  # so much time has passed
    assert live.backstage.statuses(team.board, team.maya) == ["online"]


def test_browser_that_is_killed_is_believed_after_the_long_grace(live, team, head):
    with page_in_a_process(live, team) as process:
        wait_to_see(head, team.maya, status="online")
        ended_at = datetime.now(UTC)
        process.kill()
        wait_to_see(head, team.maya, status="online", reconnecting=True)
        wait_for_statuses(live, team, ["online", "offline"])
    assert_believed(live, team, ended_at, LOSS_GRACE)


def test_machine_that_falls_silent_is_found_and_was_last_seen_when_it_did(live, team, head):
    """Its kernel still acknowledges, so only the pings tell."""
    with page_in_a_process(live, team) as process:
        wait_to_see(head, team.maya, status="online")
        mark, ended_at = head.mark(), datetime.now(UTC)
        process.send_signal(signal.SIGSTOP)
        wait_to_see(head, team.maya, status="offline", connections=0, since=mark)
        assert datetime.now(UTC) - ended_at < FOUND_WITHIN
        wait_for_statuses(live, team, ["online", "offline"])
        _, last_seen, updated_at = last_row(live, team)
        assert ended_at - timedelta(seconds=PING + 0.5) <= last_seen <= ended_at + timedelta(seconds=0.2)
        assert updated_at - last_seen >= timedelta(seconds=LOSS_GRACE)


def test_machine_that_wakes_up_in_time_was_never_away(live, team, head):
    """Its socket is cut off, its page opens another before the loss is believed."""
    with page_in_a_process(live, team) as process:
        wait_to_see(head, team.maya, status="online")
        process.send_signal(signal.SIGSTOP)
        wait_to_see(head, team.maya, reconnecting=True)
        mark = head.mark()
        live.enter(team.maya, team.board)
        seen = wait_to_see(head, team.maya, reconnecting=False, connections=1, since=mark)
        assert seen["status"] == "online"
    assert live.backstage.statuses(team.board, team.maya) == ["online"]
