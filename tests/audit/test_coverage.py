"""Every route that changes something leaves an event in the trail, or is listed here with the reason why not.

A new route fails here until somebody says which. That the events come is tested beside each feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.admin.sentences import ACTIONS

if TYPE_CHECKING:
    from flask import Flask

CONTENT = "what people write on a board; everybody on it sees who changes it"
SIGN_IN = "sign-in belongs to no organization; sessions are rows of their own"
OWN = "what one wants to be told, and has read: nobody else's matter"
LIFE = "a sign of life, many a minute"
BOARD = "/api/boards/<uuid:board_id>"
ORGANIZATION = "/api/organizations/<uuid:organization_id>"
AUDITED = {
    "POST /api/boards": {"board.created"},
    "POST /api/imports/trello": {"board.created", "board.imported"},
    "POST /api/imports/board": {"board.created", "board.imported"},
    "POST /api/imports/csv": {"board.created", "board.imported"},
    f"PATCH {BOARD}": {"board.renamed", "board.archived", "board.restored"},
    f"DELETE {BOARD}": {"board.deleted"},
    f"POST {BOARD}/restore": {"board.deletion_undone"},
    f"POST {BOARD}/members": {"board.member_added"},
    f"PATCH {BOARD}/members/<uuid:user_id>": {"board.role_changed"},
    f"DELETE {BOARD}/members/<uuid:user_id>": {"board.member_removed"},
    f"POST {BOARD}/invitations": {"board.guest_invited"},
    f"POST {BOARD}/invitations/<uuid:invitation_id>/resend": {"board.guest_invited"},
    f"DELETE {BOARD}/invitations/<uuid:invitation_id>": {"board.guest_invitation_revoked"},
    "PUT /api/presence/settings": {"presence.settings_changed"},
    "DELETE /api/sessions/<uuid:session_id>": {"session.ended"},
    "POST /api/sessions/end-others": {"session.ended"},
    "POST /api/tokens": {"token.created"},
    "DELETE /api/tokens/<uuid:token_id>": {"token.revoked"},
    "POST /api/calendar-feed": {"calendar.made"},
    "DELETE /api/calendar-feed": {"calendar.ended"},
    f"PATCH {ORGANIZATION}/members/<uuid:user_id>": {
        "member.role_changed",
        "member.disabled",
        "member.enabled",
    },
    f"POST {ORGANIZATION}/members/bulk": {"member.role_changed", "member.disabled", "member.enabled"},
    f"POST {ORGANIZATION}/members/<uuid:user_id>/password-reset": {"member.reset_link_made"},
    f"POST {ORGANIZATION}/invitations": {"member.invited"},
    f"POST {ORGANIZATION}/invitations/<uuid:invitation_id>/resend": {"member.invited"},
    f"DELETE {ORGANIZATION}/invitations/<uuid:invitation_id>": {"member.invitation_revoked"},
    "POST /api/organizations": {"organization.created"},
    f"PATCH {ORGANIZATION}": {"organization.changed"},
    f"POST {ORGANIZATION}/transfer": {"organization.handed_on", "member.role_changed"},
    f"DELETE {ORGANIZATION}/membership": {"member.left", "board.member_removed"},
    f"DELETE {ORGANIZATION}/members/<uuid:user_id>": {"member.removed", "board.member_removed"},
    f"PUT {ORGANIZATION}/activity-thresholds": {"organization.thresholds_changed"},
    "PATCH /api/attendance/sessions/<uuid:attendance_id>": {"attendance.corrected"},
    "DELETE /api/attendance": {"attendance.deleted"},
    "POST /api/attendance/deletions/<uuid:deletion_id>/undo": {"attendance.deletion_undone"},
    f"PUT {ORGANIZATION}/attendance-lock": {"attendance.locked"},
    "POST /invite/<token>": {"member.joined", "board.guest_joined"},
    "POST /reset/<token>": {"member.password_set"},
    "PUT /api/organizations/<uuid:organization_id>/presence-policy": {"organization.policy_changed"},
}
NOT_AUDITED = {
    "/login": SIGN_IN,
    "/logout": SIGN_IN,
    "/organization": "what one looks at in this browser",
    "/api/session": SIGN_IN,
    "/api/session/heartbeat": LIFE,
    "/api/presence/track": LIFE,
    "/api/notifications/read": OWN,
    "/api/notifications/preferences": OWN,
    f"{BOARD}/lists": CONTENT,
    f"{BOARD}/tasks": CONTENT,
    f"{BOARD}/labels": CONTENT,
    "/api/markdown": "shows how a text will look, and keeps nothing",
}


def test_every_route_that_changes_something_is_audited_or_excused(app: Flask) -> None:
    writes = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    excused = {
        write
        for write in writes
        if (path := write.split()[1]) in NOT_AUDITED
        or any(path.startswith(f"{content}/") for content, why in NOT_AUDITED.items() if why is CONTENT)
    }
    assert writes - excused - AUDITED.keys() == set(), "say in AUDITED what it leaves, or why nothing"


def test_every_action_of_the_map_is_told_in_words() -> None:
    assert set().union(*AUDITED.values()) - ACTIONS.keys() == set()
