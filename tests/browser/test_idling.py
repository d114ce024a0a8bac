"""What the panel says of somebody whose page is open and who does nothing for a while."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support.patience import within

from .board_page import BoardPage

if TYPE_CHECKING:
    from .conftest import OpenBoard
    from .team import Team

SETTINGS = {
    "PRESENCE_IDLE_SECONDS": 1.5,
    "PRESENCE_HEARTBEAT_SECONDS": 0.5,
    "PRESENCE_OFFLINE_AFTER_IDLE_SECONDS": 4,
}
IDLE_SECONDS, OFFLINE_SECONDS, SLACK_SECONDS = 1.5, 4, within(2)


def test_idle_then_offline_with_the_last_input_as_last_seen_and_back_by_a_key(
    team: Team, open_board: OpenBoard
) -> None:
    head, maya = (open_board(person, team.board) for person in (team.head, team.maya))
    row = head.person("Maya Brandt")
    maya.page.mouse.move(300, 300)
    active_at = datetime.now(UTC)
    head.expect_in("Idle / away", "Maya Brandt", IDLE_SECONDS + SLACK_SECONDS)
    expect(row).to_contain_text(re.compile("Idle · active (just now|1 min ago)"))
    head.expect_in("Offline", "Maya Brandt", OFFLINE_SECONDS + SLACK_SECONDS)
    expect(row).to_contain_text("last seen ")
    assert abs(head.last_seen("Maya Brandt") - active_at) < timedelta(
        seconds=min(within(1.5), OFFLINE_SECONDS)
    )
    maya.page.keyboard.press("Shift")
    head.expect_in("Active now", "Maya Brandt", SLACK_SECONDS)


def test_one_active_tab_makes_the_person_active(team: Team, open_board: OpenBoard) -> None:
    head, quiet = (open_board(person, team.board) for person in (team.head, team.maya))
    head.expect_in("Idle / away", "Maya Brandt", IDLE_SECONDS + SLACK_SECONDS)
    BoardPage.open(quiet.page.context, team.board)
    head.expect_in("Active now", "Maya Brandt", SLACK_SECONDS)
    expect(head.person("Maya Brandt")).to_contain_text("+1")  # the quiet page is still there
