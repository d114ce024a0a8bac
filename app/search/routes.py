"""The page of results, and the same as JSON under /api/search."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from .. import ratelimit
from ..accounts.queries import Actor
from ..api import api
from ..db import unit_of_work
from ..schema import Page
from ..web import limit_rate, read_query, signed_in
from . import queries
from .schemas import AddressQuery, Found, SearchQuery

blueprint = Blueprint("search", __name__)

PAGE_LIMIT = 30
# Whoever types fast asks three times a second; more is a program that reads boards by their words.
SEARCHES = ratelimit.per_window(60, seconds=20)


@blueprint.get("/search")
def show() -> ResponseReturnValue:
    """Plain links and a form: works without scripts, and for results too long for the palette."""
    actor, query = signed_in(), read_query(AddressQuery)
    limit_rate(SEARCHES, "search_tasks", str(actor.id))
    with unit_of_work(actor.id) as session:
        found, cursor = queries.find_tasks(
            session, actor.id, q=query.q, limit=PAGE_LIMIT, cursor=query.cursor
        )
    return render_template(
        "search/page.html", found=[item.to_json() for item in found], next_cursor=cursor, query=query
    )


@blueprint.get("/api/search")
@api("boards:read", limit=SEARCHES)
def search_tasks(actor: Actor, query: SearchQuery) -> Page[Found]:
    """Tasks with all of these words, on every board one is on.

    The last word also finds longer ones that begin like it. Tasks with all words in their title come first;
    then those come first whose words were written last.
    """
    with unit_of_work(actor.id) as session:
        found, cursor = queries.find_tasks(session, actor.id, **query.model_dump())
    return Page(items=found, next_cursor=cursor)
