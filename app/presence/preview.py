"""What others see of a person now: the rule of privacy applied to their own live state, once for each kind of
viewer. It is what such people get of them: a test compares. Reads nothing but what is the person's own.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from ..accounts.models import Organization
from ..boards.models import Board, BoardMember
from . import pages, sightings
from .people import People
from .person import masked
from .privacy import Moments, Relation, last_visible, sight
from .settings import settings_of
from .users import user_json

VIEWERS = {
    "teammate": Relation.TEAM,
    "collaborator": Relation.CONTACT,
    "stranger": Relation.NONE,
    "head": Relation.CONTACT | Relation.HEAD,
}


def preview(session: Session, *, people: People, user_id: UUID, now: datetime) -> dict[str, Any]:
    """Each viewer's sight of the person, None where the person does not exist for them.

    `head` is left out where no head sees more than others. Who shares a board is on the one looked at.
    """
    privacy = settings_of(session, user_id=user_id, now=now).privacy
    live, (last_seen, moments) = people.view(user_id), _last_moments(session)
    board_id = pages.board_of(live.page)
    names = sightings.board_names(session, [user_id], [board_id])[user_id] if board_id else {}
    found: dict[str, Any] = {}
    for viewer, relation in VIEWERS.items():
        if viewer == "head" and not _has_watchful_head(session, user_id):
            continue
        seen = sight(privacy, relation)
        recorded = last_seen if seen.activity else last_visible(privacy, relation, moments)
        view = masked(live, seen, recorded)
        named = names if Relation.CONTACT in relation else {}
        found[viewer] = user_json(user_id, view, named) if seen.exists else None
    return found


def _last_moments(session: Session) -> tuple[datetime | None, Moments]:
    """Of the person whose transaction this is: the last moment, and what each audience could see last."""
    mine = func.my_last_moments().table_valued(
        "last_seen_at", "public_seen_at", "team_seen_at", "contacts_seen_at"
    )
    row = session.execute(select(mine)).one_or_none()
    if row is None:
        return None, Moments()
    last_seen_at, public, team, contacts = row
    return last_seen_at, Moments(public, team, contacts)


def _has_watchful_head(session: Session, user_id: UUID) -> bool:
    """Whether somebody else heads one of the person's boards, in an organization with the policy."""
    mine, head = aliased(BoardMember), aliased(BoardMember)
    watching = (
        select(head.user_id)
        .join(mine, mine.board_id == head.board_id)
        .join(Board, Board.id == head.board_id)
        .join(Organization, Organization.id == Board.organization_id)
        .where(mine.user_id == user_id, head.user_id != user_id, head.role == "head")
        .where(Organization.heads_always_see_presence)
    )
    return session.scalar(select(watching.exists())) is True
