"""Tells the events of the trail to people. An action that nobody described here is told by its name."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic.alias_generators import to_snake

from ..audit.models import AuditEvent

SITE = "WorkHub"  # what no person did


class Told(NamedTuple):
    """`who` did `what`."""

    who: str
    what: str

    def __str__(self) -> str:
        return f"{self.who} {self.what}"


class _Details(dict[str, Any]):
    """Whoever wrote the event may have known less than the sentence says."""

    def __missing__(self, key: str) -> str:
        return "somebody" if key == "name" else f"a {key}"


def tell(event: AuditEvent) -> Told:
    label_and_words = ACTIONS.get(event.action)
    if label_and_words is None:
        return Told(event.actor_name or SITE, f"did this: {label(event.action)}")
    words = label_and_words[1]
    details = _Details(event.details)
    template = words if isinstance(words, str) else words(event)
    return Told(event.actor_name or SITE, template.format_map(details))


def label(action: str) -> str:
    """For the choice of actions: "Head or member changed"."""
    if action in ACTIONS:
        return ACTIONS[action][0]
    return action.replace(".", ": ").replace("_", " ").capitalize()


def _added(event: AuditEvent) -> str:
    return "added {name} to {board}" + (" as head" if event.details.get("role") == "head" else "")


def _removed(event: AuditEvent) -> str:
    is_own = event.details.get("userId") == str(event.actor_id)
    return "left {board}" if is_own else "removed {name} from {board}"


def _role(event: AuditEvent) -> str:
    is_head = event.details.get("role") == "head"
    return "made {name} head of {board}" if is_head else "took the head role of {board} from {name}"


def _settings(event: AuditEvent) -> str:
    """Names of what was changed, never to what."""
    fields = [to_snake(str(field)).replace("_", " ") for field in event.details.get("fields", [])]
    about = f" ({', '.join(fields)})" if fields else ""
    return "changed their presence settings" + about.replace("{", "").replace("}", "")


def _policy(event: AuditEvent) -> str:
    is_on = event.details.get("headsAlwaysSeePresence")
    if is_on is None:
        return "changed what heads may see of presence"
    return "let heads always see presence" if is_on else "let people hide their presence from heads again"


def _organization(event: AuditEvent) -> str:
    words = {"name": "named the organization {name}", "timeZone": "set its time zone to {timeZone}"}
    return " and ".join(said for key, said in words.items() if key in event.details) or "changed it"


def _sessions(event: AuditEvent) -> str:
    return "ended one of their logins" if event.details.get("count") == 1 else "ended their other logins"


def _attended(event: AuditEvent) -> str:
    count = event.details.get("sessions")
    return "one attendance session" if count == 1 else "{sessions} attendance sessions"


def _locked(event: AuditEvent) -> str:
    is_closed = event.details.get("before")
    return "closed attendance before {before} for payroll" if is_closed else "opened attendance for changes"


Words = str | Callable[[AuditEvent], str]
ACTIONS: dict[str, tuple[str, Words]] = {
    "access.refused": ("Act refused", "was not allowed to: {act}"),
    "board.created": ("Board created", "created the board {board}"),
    "board.renamed": ("Board renamed", "renamed the board {before} to {board}"),
    "board.archived": ("Board archived", "archived the board {board}"),
    "board.restored": ("Board restored", "restored the board {board}"),
    "board.imported": ("Board imported", "imported {tasks} tasks to the board {board}"),
    "board.exported": ("Board exported", "exported the board {board} as {kind}"),
    "board.deleted": ("Board deleted", "deleted the board {board}"),
    "board.deletion_undone": ("Deletion of a board undone", "brought the board {board} back"),
    "board.member_added": ("Member added", _added),
    "board.member_removed": ("Member removed", _removed),
    "board.role_changed": ("Head role changed", _role),
    "board.guest_invited": ("Guest invited", "invited {email} to {board} as a guest"),
    "board.guest_invitation_revoked": (
        "Guest invitation revoked",
        "took back the invitation of {email} to {board}",
    ),
    "board.guest_joined": ("Guest joined", "joined {board} by an invitation"),
    "organization.policy_changed": ("Organization policy changed", _policy),
    "organization.created": ("Organization created", "created the organization {organization}"),
    "organization.changed": ("Organization changed", _organization),
    "organization.handed_on": ("Organization handed on", "handed the organization on to {name}"),
    "presence.settings_changed": ("Presence settings changed", _settings),
    "presence.exported": ("Own records downloaded", "downloaded what is recorded about them"),
    "organization.thresholds_changed": (
        "Activity thresholds changed",
        "changed when people count as inactive",
    ),
    "member.role_changed": ("Role changed", "made {name} {role} instead of {before}"),
    "member.disabled": ("Person disabled", "disabled {name}"),
    "member.enabled": ("Person enabled", "enabled {name} again"),
    "member.invited": ("Person invited", "invited {email} as {role}"),
    "member.invitation_revoked": ("Invitation revoked", "took back the invitation of {email}"),
    "member.joined": ("Person joined", "joined as {role}"),
    "member.left": ("Person left", "left the organization"),
    "member.removed": ("Person removed", "removed {name} from the organization"),
    "member.reset_link_made": ("Password link made", "made a link for {name} to set a new password"),
    "member.password_set": ("Password set by a link", "set a new password by a link"),
    "members.exported": ("People exported", "exported the list of people"),
    "session.ended": ("Own login ended", _sessions),
    "token.created": ("Access token created", "created an access token"),
    "token.revoked": ("Access token revoked", "revoked an access token"),
    "calendar.made": ("Calendar feed made", "made a new address for their calendar feed"),
    "calendar.ended": ("Calendar feed ended", "ended their calendar feed"),
    "attendance.corrected": ("Attendance corrected", "corrected somebody's attendance"),
    "attendance.deleted": ("Attendance deleted", lambda event: f"deleted {_attended(event)}"),
    "attendance.deletion_undone": ("Deletion undone", lambda event: f"brought {_attended(event)} back"),
    "attendance.locked": ("Attendance closed", _locked),
    "attendance.exported": ("Attendance exported", "exported attendance"),
    "audit.exported": ("Audit trail exported", "exported the audit trail"),
}
