"""The pages of organizations, and REST under /api/organizations."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ..accounts.queries import Actor, organizations_of
from ..accounts.schemas import OwnOrganization
from ..api import api
from ..clock import clock
from ..db import service_work, unit_of_work
from ..errors import Forbidden, LastHead, NotFound
from ..members.service import LastOwner, Yourself
from ..schema import Page
from ..web import signed_in
from . import departures, queries, service
from .schemas import NewOrganization, OrganizationPatch, OrganizationView, Transfer, TransferAnswer

blueprint = Blueprint("organizations", __name__)

ORGANIZATIONS = "/api/organizations"
ORGANIZATION = f"{ORGANIZATIONS}/<uuid:organization_id>"


@blueprint.get("/organizations")
def index() -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        mine = organizations_of(session, actor.id)
    return render_template("organizations/index.html", organizations=mine)


@blueprint.get("/organizations/<uuid:organization_id>")
def show(organization_id: UUID) -> ResponseReturnValue:
    """Members read, owners change."""
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        organization = queries.organization_for(session, actor.id, organization_id)
    return render_template("organizations/page.html", organization=organization.to_json())


@blueprint.get(ORGANIZATIONS)
@api("session")
def list_organizations(actor: Actor) -> Page[OwnOrganization]:
    """The organizations one belongs to, by name."""
    with unit_of_work(actor.id) as session:
        return Page(items=[OwnOrganization(**each) for each in organizations_of(session, actor.id)])


@blueprint.post(ORGANIZATIONS)
@api("session", status=201, errors=[service.TooManyOrganizations])
def create_organization(actor: Actor, body: NewOrganization) -> OrganizationView:
    """Make an organization and become its owner."""
    with service_work() as session:
        made = service.create_organization(
            session, actor_id=actor.id, name=body.name, time_zone=body.time_zone, now=clock.now()
        )
    return _view(actor, made.id)


@blueprint.get(ORGANIZATION)
@api("session", errors=[NotFound])
def read_organization(actor: Actor, organization_id: UUID) -> OrganizationView:
    """An organization one belongs to."""
    return _view(actor, organization_id)


@blueprint.patch(ORGANIZATION)
@api("session", errors=[NotFound])
def update_organization(actor: Actor, organization_id: UUID, body: OrganizationPatch) -> OrganizationView:
    """Change its name or time zone; owners only."""
    with unit_of_work(actor.id) as session:
        service.update_organization(
            session,
            actor_id=actor.id,
            organization_id=organization_id,
            name=body.name,
            time_zone=body.time_zone,
            now=clock.now(),
        )
    return _view(actor, organization_id)


@blueprint.post(f"{ORGANIZATION}/transfer")
@api("session", errors=[Forbidden, NotFound])
def transfer_organization(actor: Actor, organization_id: UUID, body: Transfer) -> TransferAnswer:
    """Make another member the owner and become an admin oneself; owners only."""
    with service_work() as session:
        name = service.hand_on(
            session,
            actor_id=actor.id,
            organization_id=organization_id,
            email=body.email,
            confirmation=body.confirmation,
            now=clock.now(),
        )
    return TransferAnswer(new_owner=name)


@blueprint.delete(f"{ORGANIZATION}/membership")
@api("session", errors=[NotFound, LastHead, LastOwner])
def leave_organization(actor: Actor, organization_id: UUID) -> None:
    """Leave an organization and all its boards."""
    with unit_of_work(actor.id) as session:
        departures.leave(session, actor=actor, organization_id=organization_id, now=clock.now())


@blueprint.delete(f"{ORGANIZATION}/members/<uuid:user_id>")
@api("session", errors=[Forbidden, NotFound, LastOwner, Yourself])
def remove_from_organization(actor: Actor, organization_id: UUID, user_id: UUID) -> None:
    """Remove somebody from the organization and all its boards; for owners and admins.

    Of a board that would have no head, whoever asks becomes the head.
    """
    with unit_of_work(actor.id) as session:
        departures.remove(
            session, actor=actor, organization_id=organization_id, user_id=user_id, now=clock.now()
        )


def _view(actor: Actor, organization_id: UUID) -> OrganizationView:
    """As it is after the change, in a transaction of the actor's own."""
    with unit_of_work(actor.id) as session:
        return queries.organization_for(session, actor.id, organization_id)
