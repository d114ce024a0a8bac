"""The audit trail as a page, as JSON and as CSV."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from ..accounts import choice
from ..accounts.queries import Actor
from ..api import api
from ..audit.models import AuditEvent
from ..clock import clock, isoformat
from ..db import unit_of_work
from ..errors import NotFound
from ..web import read_query, signed_in
from . import export, queries
from .schemas import AuditEventView, AuditFilter, AuditPage, AuditQuery, PageQuery
from .sentences import ACTIONS, label, tell

blueprint = Blueprint("admin", __name__)

EVENTS_ON_PAGE = 50
TRAIL = "/api/organizations/<uuid:organization_id>/audit"


@blueprint.get("/admin/audit")
def show_audit() -> ResponseReturnValue:
    """For owners and admins; for anybody else there is nothing here."""
    actor, query = signed_in(), read_query(PageQuery)
    zone = _zone(query.zone, actor.time_zone)
    wanted = _filter(query, zone)
    with unit_of_work(actor.id) as session:
        organizations = queries.organizations_run_by(session, actor.id)
        chosen = query.organization or choice.run_by(actor) or organizations[0].id
        organization = queries.organization_run_by(session, actor.id, chosen)
        events, cursor = queries.events_of(session, organization.id, wanted, limit=EVENTS_ON_PAGE)
        actors = queries.actors_of(session, organization.id)
    return render_template(
        "admin/audit.html",
        organizations=organizations,
        organization=organization,
        events=[(event, tell(event), event.occurred_at.astimezone(zone)) for event in events],
        actors=actors,
        actions={action: label(action) for action in _actions(query)},
        query=query.model_dump(mode="json", by_alias=True, exclude={"cursor"}, exclude_none=True),
        is_filtered=any((query.action, query.person, query.from_, query.to)),
        export=_in_url(wanted),
        cursor=cursor,
        is_first=query.cursor is None,
    )


@blueprint.get(TRAIL)
@api("session", errors=[NotFound])
def list_audit(actor: Actor, organization_id: UUID, query: AuditQuery) -> AuditPage:
    """The audit trail of an organization, newest first. For its owners and admins."""
    with unit_of_work(actor.id) as session:
        organization = queries.organization_run_by(session, actor.id, organization_id)
        events, cursor = queries.events_of(session, organization.id, query, limit=query.limit)
    return AuditPage(items=[_view(event) for event in events], next_cursor=str(cursor) if cursor else None)


@blueprint.get(f"{TRAIL}.csv")
@api("session", errors=[NotFound])
def export_audit(actor: Actor, organization_id: UUID, query: AuditFilter) -> Annotated[Response, "text/csv"]:
    """All events that match as CSV, newest first. For owners and admins; the trail tells of it too."""
    now = clock.now()
    with unit_of_work(actor.id) as session:
        organization = queries.organization_run_by(session, actor.id, organization_id)
        export.record_export(session, actor_id=actor.id, organization=organization, wanted=query, now=now)
    headers = {"Content-Disposition": f'attachment; filename="workhub-audit-{now:%Y-%m-%d}.csv"'}
    lines = export.csv_of(actor.id, organization, query)
    return Response(lines, headers=headers, mimetype="text/csv")


def _view(event: AuditEvent) -> AuditEventView:
    columns = {name: getattr(event, name) for name in AuditEventView.model_fields if name != "summary"}
    return AuditEventView(**columns, summary=str(tell(event)))


def _filter(query: PageQuery, zone: tzinfo) -> AuditFilter:
    midnight = {
        "from_": query.from_ and datetime.combine(query.from_, time(), zone),
        "to": query.to and datetime.combine(query.to + timedelta(days=1), time(), zone),
    }
    return AuditFilter(action=query.action, actor_id=query.person, cursor=query.cursor, **midnight)


def _actions(query: PageQuery) -> list[str]:
    """To choose from; also one that only an address knows."""
    return [*ACTIONS, *({query.action} - ACTIONS.keys() if query.action else ())]


def _in_url(wanted: AuditFilter) -> dict[str, Any]:
    """The same filter for the API, from the newest event on."""
    named = wanted.model_dump(by_alias=True, exclude={"cursor"}, exclude_none=True)
    return {key: isoformat(value) if isinstance(value, datetime) else value for key, value in named.items()}


def _zone(*names: str | None) -> tzinfo:
    """The first that exists: the browser's, the person's own, else UTC."""
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (ValueError, LookupError, OSError):
            continue
    return UTC
