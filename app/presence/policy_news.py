"""Tells people with a page open what an organization they belong to has decided over their settings."""

from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from ..accounts.models import Membership
from ..boards.models import Board, BoardMember
from ..clock import clock
from ..db import service_work
from ..realtime import publish
from .settings import all_settings_json


def tell_people_of(organization_id: UUID) -> None:
    """Each hears all of their own settings, as after a change of their own."""
    with service_work() as session:
        here = [user_id for user_id in _people_of(session, organization_id) if publish.sids_of_user(user_id)]
        told = all_settings_json(session, user_ids=here, now=clock.now())
        for user_id, json in told.items():  # before the commit: see all_settings_json
            publish.to_user(user_id, "settings_changed", json)


def _people_of(session: Session, organization_id: UUID) -> list[UUID]:
    """Its members, and who is on a board of it."""
    members = select(Membership.user_id).where(Membership.organization_id == organization_id)
    on_boards = select(BoardMember.user_id).join(Board, Board.id == BoardMember.board_id)
    both = union(members, on_boards.where(Board.organization_id == organization_id))
    return list(session.scalars(both))
