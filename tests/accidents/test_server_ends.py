"""The server is killed or restarted while two hundred people are on their boards."""

from datetime import UTC, datetime, timedelta

import pytest

from app.presence.runtime import LIFE_SIGN_SECONDS
from tests.presence.live import Live, join, wait_to_see
from tests.support.socket_client import connect
from tests.support.waiting import wait_until

from .crowd import come, gather, histories, present, vanish

PEOPLE, BOARDS = 200, 5
GRACE_SECONDS = 20
ACCURACY = timedelta(
    seconds=LIFE_SIGN_SECONDS + 0.5
)  # the last life sign, and the time it takes to write one


@pytest.fixture(scope="module")
def live(postgres, tmp_path_factory):
    live = Live(postgres, tmp_path_factory.mktemp("ends"), PRESENCE_DISCONNECT_GRACE_SECONDS=GRACE_SECONDS)
    yield live
    live.end()


@pytest.fixture(scope="module")
def visitors(live):
    return gather(live, BOARDS, PEOPLE)


def test_kill_of_the_server_with_everybody_on_the_boards(live, visitors):
    """Who comes back in time was never away; who does not was last seen when the server first died."""
    back, gone = visitors[: PEOPLE // 2], visitors[PEOPLE // 2 :]
    assert present(live) == {visitor.user.id for visitor in visitors}
    killed_at = datetime.now(UTC)
    live.server.kill()
    vanish(visitors)
    live.server.start()
    live.server.kill()  # once more, before anybody could come back
    again_at = datetime.now(UTC)
    live.server.start()
    come(live, back)
    assert datetime.now(UTC) - again_at < timedelta(seconds=GRACE_SECONDS) - ACCURACY, "too slow to tell"
    wait_until(
        lambda: present(live) == {visitor.user.id for visitor in back}, GRACE_SECONDS + 5, "the end of ghosts"
    )
    for rows in histories(live, back):
        assert [row[0] for row in rows] == ["online"], "a restart must not flicker"
    for rows in histories(live, gone):
        assert [row[0] for row in rows] == ["online", "offline"]
        assert killed_at - ACCURACY <= rows[1][1] <= killed_at + timedelta(seconds=0.2)


def test_orderly_restart_leaves_no_trace(live, visitors):
    come(live, visitors[PEOPLE // 2 :])
    before = histories(live, visitors)
    stopping_at = datetime.now(UTC)
    assert live.server.stop() == 0
    stopped_at = datetime.now(UTC)
    assert present(live) == {visitor.user.id for visitor in visitors}
    live.server.start()
    back, gone = visitors[:-BOARDS], visitors[-BOARDS:]
    come(live, back)
    wait_until(lambda: len(present(live)) == len(back), GRACE_SECONDS + 5, "the end of those who stay away")
    after = histories(live, visitors)
    assert after[: len(back)] == before[: len(back)]
    for rows in after[len(back) :]:
        assert [row[0] for row in rows[-2:]] == ["online", "offline"]
        assert stopping_at - ACCURACY <= rows[-1][1] <= stopped_at
    assert {visitor.user.id for visitor in gone} & present(live) == set()


def test_head_sees_who_is_on_the_way_back(live):
    team = live.team()
    live.enter(team.maya, team.board)
    live.server.kill()
    live.server.start()
    head = connect(live.server.url, team.head.email)
    join(head, team.board)
    seen = wait_to_see(head, team.maya, status="online", reconnecting=True)
    assert seen["connections"] == 0
    live.enter(team.maya, team.board)
    wait_to_see(head, team.maya, status="online", reconnecting=False)
    head.close()


def test_removal_just_before_the_kill_leaves_no_row_online(live):
    """Whatever the killed server had still to write, nobody stays present on a board that is not theirs."""
    team = live.team()
    live.enter(team.maya, team.board)
    manager = live.sign_in(team.head)
    assert manager.delete(f"/api/boards/{team.board.id}/members/{team.maya.id}").status == 204
    live.server.kill()
    live.server.start()
    assert team.maya.id not in present(live)
