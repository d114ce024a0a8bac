"""/attendance for whoever runs an organization, /my-attendance for everybody.

Both hold the first level of their tree, so that nothing jumps once the scripts are there.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BeforeValidator, ConfigDict, Field, field_validator
from sqlalchemy.orm import Session

from ..accounts import choice
from ..accounts.queries import Actor
from ..clock import clock, isoformat
from ..db import unit_of_work
from ..schema import Schema
from ..web import read_query, signed_in
from . import deletions, queries, rules
from .queries import Place
from .schemas import AttendanceFilter, DayRow, DaysLevel, OnlinePerson, PersonRow, Search, in_calendar

blueprint = Blueprint("attendance_pages", __name__)

DAYS = {"today": 1, "7": 7, "30": 30, "90": 90}
PEOPLE_ON_PAGE, DAYS_ON_PAGE = 50, 100

# A form sends what was left empty too.
OrNothing = BeforeValidator(lambda value: value or None)


class PageQuery(Schema):
    """The address of the pages; `from` and `to` count for a range of one's own."""

    model_config = ConfigDict(extra="ignore")

    organization: Annotated[UUID | None, OrNothing] = None
    q: Search = ""
    status: Annotated[Literal["active", "completed"] | None, OrNothing] = None
    range: Annotated[Literal["today", "7", "30", "90", "custom"], BeforeValidator(lambda v: v or "7")] = "7"
    from_: Annotated[date | None, OrNothing] = Field(None, alias="from")
    to: Annotated[date | None, OrNothing] = None

    _days_in_calendar = field_validator("from_", "to")(in_calendar)


@blueprint.get("/attendance")
def show_attendance() -> ResponseReturnValue:
    """Everybody who runs no organization is led to their own attendance."""
    actor, query, now = signed_in(), read_query(PageQuery), clock.now()
    with unit_of_work(actor.id) as session:
        places = [place for place in queries.places_of(session, actor.id) if place.is_run]
        if not places:
            return redirect(url_for(".show_my_attendance"))
        place = _chosen(session, actor, query, must_run=True)
        wanted = _filter(query, place, now)
        people, cursor = queries.people_of(session, place, actor.id, wanted, now=now, limit=PEOPLE_ON_PAGE)
        online, total = queries.clocked_in(session, place)
        undoable = deletions.undoable(session, place, now)
    begin = {
        "people": [PersonRow.model_validate(each).to_json() for each in people],
        "nextCursor": cursor,
        "online": {
            "items": [OnlinePerson.model_validate(each).to_json() for each in online],
            "total": total,
        },
        **_about(place, query, wanted, now),
    }
    return render_template(
        "attendance/page.html",
        places=places, place=place, query=query, wanted=wanted, begin=begin, undoable=undoable,
    )  # fmt: skip


@blueprint.get("/my-attendance")
def show_my_attendance() -> ResponseReturnValue:
    """One's own days; also for owners and admins, who are employed like everybody else."""
    actor, query, now = signed_in(), read_query(PageQuery), clock.now()
    with unit_of_work(actor.id) as session:
        places = queries.places_of(session, actor.id)
        if not places:
            return render_template("attendance/nowhere.html")
        place = _chosen(session, actor, query)
        wanted = _filter(query, place, now)
        mine = DaysLevel(from_=wanted.from_, to=wanted.to, limit=DAYS_ON_PAGE)
        days, cursor = queries.days_of(session, place, actor.id, mine, now=now)
        today = queries.today_of(session, place, actor.id, now=now)
    since = today["since"]
    begin = {
        "days": [DayRow.model_validate(each).to_json() for each in days],
        "nextCursor": cursor and cursor.isoformat(),
        "running": {"seconds": today["seconds"], "since": since and isoformat(since)},
        **_about(place, query, wanted, now),
    }
    return render_template(
        "attendance/mine.html", places=places, place=place, query=query, wanted=wanted, begin=begin
    )


def _chosen(session: Session, actor: Actor, query: PageQuery, *, must_run: bool = False) -> Place:
    chosen = choice.run_by(actor) if must_run else choice.id_of(actor)
    return queries.place_for(session, actor.id, query.organization or chosen, must_run=must_run)


def _filter(query: PageQuery, place: Place, now: datetime) -> AttendanceFilter:
    today = rules.day_of(now, place.zone)
    first, last = today - timedelta(days=DAYS.get(query.range, 7) - 1), today
    if query.range == "custom" and query.from_ and query.to:
        first, last = min(query.from_, query.to), max(query.from_, query.to)
    return AttendanceFilter(search=query.q or None, status=query.status, from_=first, to=last)


def _about(place: Place, query: PageQuery, wanted: AttendanceFilter, now: datetime) -> dict[str, Any]:
    return {
        "organizationId": str(place.id),
        "organization": place.name,
        "timeZone": place.zone_name,
        "isRun": place.is_run and request.endpoint == f"{blueprint.name}.show_attendance",
        "lockedBefore": place.locked_before and place.locked_before.isoformat(),
        "countedAt": isoformat(now),
        "today": rules.day_of(now, place.zone).isoformat(),
        "filters": {
            "search": query.q,
            "status": query.status or "",
            "range": query.range,
            "from": str(wanted.from_),
            "to": str(wanted.to),
        },
    }
