"""The rule of privacy cell by cell: Python, SQL, row level security, REST, panel, dashboard, watch, typing.

Each combination of settings and policy is set as a person would, the plans in turn (with MATRIX=full, each in
every plan); each viewer then looks through every channel. `make test ARGS="-k matrix -s"` prints how many
cells were compared.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle, product
from typing import Any

import pytest

from app.presence.privacy import Privacy, Sight, sight
from tests.support.patience import GENEROUS
from tests.support.waiting import wait_until

from .live import Live
from .matrix import HEADS, ON_BOARD, PLANS, PRIVACIES, VIEWERS, Stage, relation

VISIBLE = {"status": "online", "customStatus": "Deep work", "customEmoji": "!"}
HIDDEN = {"status": "offline", "customStatus": None, "customEmoji": None}
SECONDS = GENEROUS


@pytest.fixture(scope="module")
def stage(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    hours = {"PRESENCE_IDLE_SECONDS": 3600, "PRESENCE_OFFLINE_AFTER_IDLE_SECONDS": 7200}
    live = Live(
        postgres,
        tmp_path_factory.mktemp("matrix"),
        **hours,
        PRESENCE_TYPING_SECONDS=3600,
        PRESENCE_ONLINE_SECONDS=3600,
    )
    made = Stage(live)
    yield made
    made.close()
    live.end()


def sights(policy: bool, privacy: Privacy) -> dict[str, Sight]:
    return {viewer: sight(privacy, relation(viewer, policy)) for viewer in VIEWERS}


def person_cell(seen: Sight, on_board: bool) -> dict[str, Any] | None:
    """GET /api/presence/users and presence_update, but for the moment of `lastSeen`."""
    if not seen.exists:
        return None
    page = "Board: Launch" if on_board else "A board"
    return {
        **(VISIBLE if seen.status else HIDDEN),
        "isTyping": seen.activity,
        "device": "desktop" if seen.activity else None,
        "currentPage": page if seen.page else None,
    }


def member_cell(seen: Sight) -> dict[str, Any]:
    """presence_dashboard and the panel."""
    return {
        **(VISIBLE if seen.status else HIDDEN),
        "typing": seen.activity,
        "device": "desktop" if seen.activity else None,
        "currentPage": "Board: Launch" if seen.page else None,
        "connections": int(seen.activity),
        "reconnecting": False,
        "taskId": None,
        "statusUntil": None,
    }


def part_of(found: dict[str, Any] | None, cell: dict[str, Any] | None) -> dict[str, Any] | None:
    return found if found is None or cell is None else {name: found[name] for name in cell}


def test_matrix_of_privacy(stage: Stage) -> None:
    cells, before = 0, (True, Privacy("everyone", show_current_page=True))
    combinations = list(product(PLANS, (False, True), PRIVACIES))
    if os.environ.get("MATRIX") != "full":
        plans = cycle(PLANS)
        combinations = [(next(plans), *rest) for rest in product((False, True), PRIVACIES)]
    for plan, policy, privacy in combinations:
        stage.set_plan(plan)
        marks = {viewer: socket.mark() for viewer, socket in stage.sockets.items()}
        if policy != before[0]:
            stage.set_policy(policy)
        stage.show(privacy)
        seen, what = sights(policy, privacy), (plan, policy, privacy)
        answers = stage.all_by_rest()
        for viewer in VIEWERS:
            cells += look(stage, viewer, answers[viewer], seen[viewer], privacy, what)
        cells += listen(stage, seen, what)
        allowed_between(stage, [sights(*before), sights(policy, before[1]), seen], marks, what)
        before = (policy, privacy)
    print(f"\n{cells} cells of {len(combinations)} combinations agree")
    assert cells >= 90 * len(combinations) >= 90 * 2 * len(PRIVACIES)


def is_over(told: dict[str, Any] | None) -> bool:
    """Who ceases to exist for somebody who watches is offline for good, and nothing else is said of them."""
    nothing = {**HIDDEN, "isTyping": False, "device": None, "currentPage": None}
    return told is None or {**told, **nothing} == told


def look(stage: Stage, viewer: str, by_rest: Any, seen: Sight, privacy: Privacy, what: object) -> int:
    """Number of cells compared."""
    said = (viewer, what)
    cell, member = person_cell(seen, viewer in ON_BOARD), member_cell(seen)
    assert part_of(by_rest, cell) == cell, said
    hides_moment = not privacy.show_activity and not seen.activity
    if by_rest:
        assert set(by_rest) == {*(cell or {}), "userId", "lastSeen"}, said
        assert (by_rest["lastSeen"] is None) == hides_moment, said
    if seen.exists:
        wait_until(
            lambda: part_of(stage.by_watching(viewer), cell) == cell, SECONDS, f"presence_update: {said}"
        )
    else:
        wait_until(lambda: is_over(stage.by_watching(viewer)), SECONDS, f"the end of presence_update: {said}")
    by_sql = stage.by_sql(viewer)
    assert (by_sql["rule"] is not None) == seen.exists, said
    if by_sql["rule"]:
        assert tuple(by_sql["rule"][:3]) == tuple(seen[1:]), said
        assert (by_sql["rule"].last_seen_at is None) == hides_moment, said
    assert by_sql["user_last_seen"] == seen.activity, said
    assert by_sql["board_presence"] == (seen.activity and (viewer in HEADS or viewer == "maya")), said
    assert by_sql["presence_settings"] == (viewer == "maya"), said
    if viewer in HEADS:
        assert part_of(stage.by_panel(viewer), member) == member, said
        wait_until(
            lambda: part_of(stage.by_dashboard(viewer), member) == member, SECONDS, f"dashboard: {said}"
        )
    else:
        assert stage.by_dashboard(viewer) is None, said
    return 7 + (viewer in HEADS)


def listen(stage: Stage, seen: dict[str, Sight], what: object) -> int:
    """Who hears Maya type."""
    marks = {viewer: stage.sockets[viewer].mark() for viewer in ON_BOARD}
    stage.type()
    for viewer in ON_BOARD:
        if viewer != "maya":  # the socket that types
            stage.sockets[viewer].emit("activity", {})  # whatever was sent to it before has arrived
            heard = bool(stage.sockets[viewer].events("typing", since=marks[viewer]))
            assert heard == seen[viewer].activity, (viewer, what)
    return len(ON_BOARD) - 1


def allowed_between(
    stage: Stage, moments: list[dict[str, Sight]], marks: dict[str, int], what: object
) -> None:
    """Nothing was told on the way that none of these moments would show."""
    for viewer, socket in stage.sockets.items():
        told = [
            one
            for name in ("presence_update", "presence_dashboard")
            for payload in socket.events(name, since=marks[viewer])
            for one in payload.get("users", payload.get("members"))
            if one["userId"] == stage.target
        ]
        shown = [sights[viewer] for sights in moments]
        for one in told:
            said = (viewer, what, one)
            assert one["status"] == "offline" or any(seen.status for seen in shown), said
            assert one["device"] is None or any(seen.activity for seen in shown), said
            assert one["currentPage"] is None or any(seen.page for seen in shown), said


def test_panel_is_for_heads_and_nobody_else(stage: Stage) -> None:
    assert {viewer for viewer in VIEWERS if stage.by_panel(viewer)} == set(HEADS)
