"""REST for the guests whom a board waits for, under /api/boards/{id}/invitations."""

from uuid import UUID

from flask import Blueprint
from sqlalchemy.orm import Session

from ..accounts.queries import Actor
from ..api import api
from ..boards.models import Board
from ..clock import clock
from ..db import as_service, unit_of_work
from ..errors import Forbidden, NotFound
from ..schema import Page
from . import guests, letters
from .links import address_of
from .models import BoardInvitation
from .schemas import GuestInvitationView, MadeGuestInvitation, NewGuest

blueprint = Blueprint("guests", __name__)

INVITATIONS = "/api/boards/<uuid:board_id>/invitations"
INVITATION = f"{INVITATIONS}/<uuid:invitation_id>"


@blueprint.get(INVITATIONS)
@api("session", errors=[Forbidden, NotFound])
def list_guest_invitations(actor: Actor, board_id: UUID) -> Page[GuestInvitationView]:
    """Guests who are invited to a board and have not come yet; for its heads and admins."""
    with unit_of_work(actor.id) as session:
        return Page(items=guests.waiting(session, actor_id=actor.id, board_id=board_id))


@blueprint.post(INVITATIONS)
@api("session", status=201, errors=[Forbidden, NotFound])
def invite_guest(actor: Actor, board_id: UUID, body: NewGuest) -> MadeGuestInvitation:
    """Invite somebody to this board alone by a link, valid for a week. The answer alone holds it."""
    with unit_of_work(actor.id) as session:
        row, token = guests.invite(
            session, actor_id=actor.id, board_id=board_id, email=body.email, now=clock.now()
        )
        return _made(session, row, actor, token)


@blueprint.post(f"{INVITATION}/resend")
@api("session", errors=[Forbidden, NotFound])
def resend_guest_invitation(actor: Actor, board_id: UUID, invitation_id: UUID) -> MadeGuestInvitation:
    """A new link for a week; the one before is worth nothing."""
    with unit_of_work(actor.id) as session:
        row, token = guests.send_again(
            session, actor_id=actor.id, board_id=board_id, invitation_id=invitation_id, now=clock.now()
        )
        return _made(session, row, actor, token)


@blueprint.delete(INVITATION)
@api("session", errors=[Forbidden, NotFound])
def revoke_guest_invitation(actor: Actor, board_id: UUID, invitation_id: UUID) -> None:
    """Take the invitation of a guest back; its link is worth nothing."""
    with unit_of_work(actor.id) as session:
        guests.revoke(
            session, actor_id=actor.id, board_id=board_id, invitation_id=invitation_id, now=clock.now()
        )


def _made(session: Session, row: BoardInvitation, actor: Actor, token: str) -> MadeGuestInvitation:
    """Also by mail, where it is sent at all."""
    names = ("id", "email", "created_at", "expires_at")
    made = MadeGuestInvitation(
        **{name: getattr(row, name) for name in names},
        invited_by_name=actor.name,
        url=address_of("entrance.show_invitation", token),
    )
    with as_service(session):
        board_name = session.get_one(Board, row.board_id).name
        letters.send_guest_invitation(session, board_name=board_name, made=made, now=clock.now())
    return made
