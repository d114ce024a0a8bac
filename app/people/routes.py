"""The pages of the directory and of one person, and the same as JSON under /api/people."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ..accounts.queries import Actor, organizations_of
from ..api import Json, api
from ..db import unit_of_work
from ..presence.schemas import UsersQuery
from ..presence.users import users_seen
from ..schema import Page
from ..web import read_query, signed_in
from . import queries
from .schemas import AddressQuery, PeopleQuery, PersonView

blueprint = Blueprint("people", __name__)

PAGE_LIMIT = 60  # fills four columns evenly, and three, and two


@blueprint.get("/people")
def index() -> ResponseReturnValue:
    """The first page, or without scripts any page: search and paging are plain links and a form."""
    actor, query = signed_in(), read_query(AddressQuery)
    with unit_of_work(actor.id) as session:
        people, cursor = queries.people_of(
            session,
            actor.id,
            search=query.q,
            organization_id=query.organization,
            limit=PAGE_LIMIT,
            cursor=query.cursor,
        )
        organizations = organizations_of(session, actor.id)
        presence = _presence_of(session, actor, people)
    return render_template(
        "people/page.html",
        people=[person.to_json() for person in people],
        presence=presence,
        next_cursor=cursor,
        query=query,
        organizations=organizations,
    )


@blueprint.get("/people/<uuid:user_id>")
def show(user_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        person = queries.person_for(session, actor.id, user_id)
        presence = _presence_of(session, actor, [person])
    return render_template("people/profile.html", person=person.to_json(), presence=presence)


@blueprint.get("/api/people")
@api("presence:read")
def list_people(actor: Actor, query: PeopleQuery) -> Page[PersonView]:
    """The people one works with, by name: of one's organizations and on one's boards.

    `search` finds parts of names, and of the e-mail addresses one may see.
    """
    with unit_of_work(actor.id) as session:
        people, cursor = queries.people_of(session, actor.id, **query.model_dump())
    return Page(items=people, next_cursor=cursor)


@blueprint.get("/api/people/<uuid:user_id>")
@api("presence:read")
def read_person(actor: Actor, user_id: UUID) -> PersonView:
    """One of them; whoever one does not work with is not found, like an unknown id."""
    with unit_of_work(actor.id) as session:
        return queries.person_for(session, actor.id, user_id)


def _presence_of(session: Session, actor: Actor, people: Sequence[PersonView]) -> dict[str, Json]:
    """By id, what GET /api/presence/users would say: a page is right from its first paint on."""
    if not people:
        return {}
    query = UsersQuery(user_ids=[person.user_id for person in people])
    living = current_app.extensions["presence_runtime"].people.people
    users = users_seen(session, people=living, viewer=actor.id, query=query)["users"]
    return {user["userId"]: user for user in users}
