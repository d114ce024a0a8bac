"""Who may do what to whom in an organization. Pure.

Owners manage everybody and hand out every role; admins look after members and invite them. Nobody locks
themselves out, and an organization always keeps an owner who can sign in.
"""

from typing import Literal

Role = Literal["owner", "admin", "member"]
ROLES: tuple[Role, ...] = ("owner", "admin", "member")


def may_manage(actor: Role, target: Role) -> bool:
    """Disable, enable, and make a link with which the target sets a new password."""
    return actor == "owner" or (actor == "admin" and target == "member")


def may_give(actor: Role | None, role: Role) -> bool:
    """By an invitation."""
    return actor == "owner" or (actor == "admin" and role == "member")


def may_change_roles(actor: Role) -> bool:
    return actor == "owner"
