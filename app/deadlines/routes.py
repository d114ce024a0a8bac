"""The pages My work and calendar, the same as JSON, and the feed for calendar programs.

Holds no rules: reads the request, calls one service or query as the signed-in person, writes the answer.
"""

from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from .. import offload, ratelimit
from ..accounts.queries import Actor
from ..api import api
from ..boards.queries import full_board
from ..clock import clock
from ..db import service_work, unit_of_work
from ..errors import NotFound, TooManyRequests
from ..web import signed_in
from . import feeds, ical, queries
from .rules import edges
from .schemas import FeedAnswer, FeedView, MadeFeed, WorkQuery, WorkView

blueprint = Blueprint("deadlines", __name__)

FEED = "/api/calendar-feed"
NEW_FEEDS = ratelimit.per_window(20, 3600)  # of one person
READINGS = ratelimit.per_window(240, 3600)  # of one feed: several programs, each every few minutes
GUESSES = ratelimit.per_window(60, 3600)  # of addresses that do not count, from one place


@blueprint.get("/my-work")
def show_my_work() -> ResponseReturnValue:
    """In the time zone of the account; the page's script asks again when the browser is in another."""
    actor = signed_in()
    return render_template("deadlines/my_work.html", work=_work(actor, WorkQuery()).to_json())


@blueprint.get("/boards/<uuid:board_id>/calendar")
def show_calendar(board_id: UUID) -> ResponseReturnValue:
    actor = signed_in()
    with unit_of_work(actor.id) as session:
        board = full_board(session, actor.id, board_id)
    return render_template("deadlines/calendar.html", board=board)


@blueprint.get("/api/my-work")
@api("boards:read")
def read_my_work(actor: Actor, query: WorkQuery) -> WorkView:
    """Open tasks assigned to oneself, of all boards one is on, by how soon they are due.

    `watching` adds those one watches. Each list has the first `limit` of its tasks; `counts` has them all.
    """
    return _work(actor, query)


@blueprint.get(FEED)
@api("session")
def read_feed(actor: Actor) -> FeedAnswer:
    """Whether one has a feed for calendar programs, and when one last asked for it."""
    with unit_of_work(actor.id) as session:
        return FeedAnswer(feed=queries.feed_of(session, actor.id))


@blueprint.post(FEED)
@api("session", status=201, limit=NEW_FEEDS)
def make_feed(actor: Actor) -> MadeFeed:
    """Make the secret address of one's feed. It is in this answer only; the one before ends."""
    now = clock.now()
    with service_work() as session:
        token = feeds.make_feed(session, user_id=actor.id, now=now)
    address = url_for("deadlines.send_feed", token=token, _external=True)
    return MadeFeed(url=address, feed=FeedView(created_at=now, last_read_at=None))


@blueprint.delete(FEED)
@api("session", errors=[NotFound])
def end_feed(actor: Actor) -> None:
    """End one's feed: its address answers like one that never was."""
    with service_work() as session:
        feeds.end_feed(session, user_id=actor.id, now=clock.now())


@blueprint.get("/calendar/<token>.ics")
def send_feed(token: str) -> ResponseReturnValue:
    """For whoever has the address: the dates of its person's tasks, as that person may see them now."""
    now = clock.now()
    with ratelimit.counting(NotFound, GUESSES, [("feed", request.remote_addr or "")]), service_work() as site:
        user_id, zone_name = feeds.reader_of(site, token=token, now=now)
    allowance = ratelimit.spend(READINGS, "feed", str(user_id))
    if not allowance.is_enough:
        raise TooManyRequests(max(1, allowance.reset_seconds))
    with unit_of_work(user_id) as session:
        rows = queries.dated_tasks(session, user_id, now=now)
    response = Response(mimetype="text/calendar")
    response.set_etag(ical.fingerprint(rows, zone_name))
    response.headers["Cache-Control"] = "private, no-cache"  # may be kept, and is asked for again each time
    response.headers["Content-Disposition"] = 'inline; filename="workhub.ics"'
    if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    response.set_data(offload.run(_file, rows, zone_name, url_for("boards.index", _external=True)))
    return response


def _file(rows: list[queries.Dated], zone_name: str, boards: str) -> bytes:
    def address_of(board_id: UUID, task_id: UUID) -> str:
        return f"{boards}/{board_id}#/tasks/{task_id}"

    return ical.calendar_file(rows, zone_name=zone_name, address_of=address_of)


def _work(actor: Actor, query: WorkQuery) -> WorkView:
    zone = ZoneInfo(query.time_zone) if query.time_zone else ical.zone_of(actor.time_zone)
    bounds = edges(now=clock.now().astimezone(UTC), zone=zone, week_start=query.week_start)
    with unit_of_work(actor.id) as session:
        return queries.work_of(session, actor.id, bounds=bounds, watching=query.watching, limit=query.limit)
