"""Pure: the pages of this site by path, and their names for people.

Whatever a client calls its page is matched against a short table; what is not in it is no page. So nothing a
person types (query strings, fragments, other sites) is ever stored or shown.
"""

import re
from collections.abc import Mapping
from uuid import UUID

LONGEST_ADDRESS = 2000  # characters; what browsers and proxies agree on
NAMES = {
    "/boards": "Boards",
    "/boards/import": "Import",
    "/my-work": "My work",
    "/people": "People",
    "/search": "Search",
    "/settings": "Settings",
    "/organizations": "Organizations",
    "/attendance": "Attendance",
    "/my-attendance": "My attendance",
    "/admin/users": "User management",
    "/admin/presence/analytics": "Presence analytics",
    "/admin/audit": "Audit trail",
    "/privacy": "Privacy",
    "/api/docs": "API reference",
}
_HEX = "[0-9a-fA-F]"
_ID = f"({_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}})"
_CALENDAR = "/calendar"
_BOARD = re.compile(f"/boards/{_ID}({_CALENDAR})?")
# What exactly somebody looks at there is nobody else's business.
_ONE_OF = {"/people": re.compile(f"/people/{_ID}"), "/organizations": re.compile(f"/organizations/{_ID}")}


def canonical(address: str | None) -> str | None:
    """The path of a page of this site, without query and fragment; None for everything else."""
    if not address or len(address) > LONGEST_ADDRESS:
        return None
    path = re.split("[?#]", address, maxsplit=1)[0]
    if _BOARD.fullmatch(path):
        return path.lower()
    for whole, one in _ONE_OF.items():
        if one.fullmatch(path):
            return whole
    return path if path in NAMES else None


def board_of(page: str | None) -> UUID | None:
    """The board that a canonical path shows."""
    found = _BOARD.fullmatch(page or "")
    return UUID(found[1]) if found else None


def label(page: str | None, board_names: Mapping[UUID, str]) -> str | None:
    """What a canonical path is called for a viewer who may see the boards in `board_names` and no others."""
    board_id = board_of(page)
    if board_id is None:
        return NAMES.get(page or "")
    kind = "Calendar" if (page or "").endswith(_CALENDAR) else "Board"
    return f"{kind}: {board_names[board_id]}" if board_id in board_names else "A board"
