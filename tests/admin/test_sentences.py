"""Every action that the application records is told in words, whatever its details hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.admin.sentences import ACTIONS, label, tell
from app.audit.models import AuditEvent

ME, OTHER = UUID(int=1), UUID(int=2)
APP = Path(__file__).resolve().parent.parent.parent / "app"
ON_BOARD = {"board": "Website relaunch", "userId": str(OTHER), "name": "Maya Rahman"}


def told(action: str, actor: str | None = "Hana Beck", **details: Any) -> str:
    event = AuditEvent(action=action, actor_id=ME if actor else None, actor_name=actor, details=details)
    return str(tell(event))


@pytest.mark.parametrize(
    ("action", "details", "sentence"),
    [
        ("board.role_changed", {**ON_BOARD, "role": "head"}, "made Maya Rahman head of Website relaunch"),
        (
            "board.role_changed",
            {**ON_BOARD, "role": "member"},
            "took the head role of Website relaunch from Maya Rahman",
        ),
        ("board.member_added", {**ON_BOARD, "role": "member"}, "added Maya Rahman to Website relaunch"),
        ("board.member_added", {**ON_BOARD, "role": "head"}, "added Maya Rahman to Website relaunch as head"),
        ("board.member_removed", ON_BOARD, "removed Maya Rahman from Website relaunch"),
        ("board.member_removed", {**ON_BOARD, "userId": str(ME)}, "left Website relaunch"),
        ("board.renamed", {"board": "B", "before": "A"}, "renamed the board A to B"),
        ("board.deleted", {"board": "{name} %s {0}"}, "deleted the board {name} %s {0}"),
        (
            "presence.settings_changed",
            {"fields": ["visibility", "showCurrentPage"]},
            "changed their presence settings (visibility, show current page)",
        ),
        ("presence.settings_changed", {"fields": ["{x}"]}, "changed their presence settings (x)"),
        ("presence.settings_changed", {}, "changed their presence settings"),
        (
            "organization.policy_changed",
            {"headsAlwaysSeePresence": True},
            "let heads always see presence",
        ),
        ("attendance.deleted", {"sessions": 1}, "deleted one attendance session"),
        ("attendance.deletion_undone", {"sessions": 12}, "brought 12 attendance sessions back"),
        ("attendance.locked", {"before": "2026-04-01"}, "closed attendance before 2026-04-01 for payroll"),
        ("attendance.locked", {"before": None}, "opened attendance for changes"),
        ("plan.raised_twice", {}, "did this: Plan: raised twice"),
    ],
)
def test_sentence(action: str, details: dict[str, Any], sentence: str) -> None:
    assert told(action, **details) == f"Hana Beck {sentence}"


def test_what_no_person_did_the_site_did() -> None:
    assert told("board.deleted", None, board="Old") == "WorkHub deleted the board Old"


@pytest.mark.parametrize("action", ACTIONS)
def test_details_that_are_missing_break_no_sentence(action: str) -> None:
    assert told(action).startswith("Hana Beck ")
    assert label(action)


def test_every_action_in_the_code_is_told() -> None:
    words = r'"((?:board|organization|presence|token|audit|membership|user|attendance)\.[a-z]+_?[a-z_]*ed)"'
    found = {action for file in APP.rglob("*.py") for action in re.findall(words, file.read_text("utf-8"))}
    assert found - ACTIONS.keys() == set()
    assert "presence.settings_changed" in found
