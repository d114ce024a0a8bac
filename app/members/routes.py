"""User management as a page and as JSON, for owners and admins of an organization; nobody else finds it."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ..accounts import choice
from ..accounts.queries import Actor
from ..api import Json, api
from ..clock import clock, isoformat
from ..db import service_work, unit_of_work
from ..errors import Forbidden, InvalidInput, NotFound, Unavailable, WorkHubError
from ..schema import Page
from ..web import json_response, read_query, signed_in
from . import export, invitations, letters, queries, resets, service, thresholds
from .links import address_of
from .queries import Rule, Run
from .rules import may_change_roles
from .schemas import (
    MOST_AT_ONCE,
    BulkAnswer,
    BulkChange,
    ExportQuery,
    InvitationView,
    MadeInvitation,
    MadeReset,
    MemberPatch,
    MembersPage,
    MembersQuery,
    MemberView,
    NewInvitation,
    PageQuery,
    Refused,
    StatusQuery,
    Thresholds,
    ThresholdsAnswer,
)

blueprint = Blueprint("members", __name__)

PEOPLE_ON_PAGE = 50
ORGANIZATION = "/api/organizations/<uuid:organization_id>"
MEMBER = f"{ORGANIZATION}/members/<uuid:user_id>"
INVITATION = f"{ORGANIZATION}/invitations/<uuid:invitation_id>"
CHANGES = [Forbidden, NotFound, service.LastOwner, service.Yourself, service.BelongsElsewhere]


@blueprint.get("/admin/users")
def index() -> ResponseReturnValue:
    """With the people of the address's filters; searching, sorting and paging need no scripts."""
    actor, query = signed_in(), read_query(PageQuery)
    with unit_of_work(actor.id) as session:
        runs = queries.organizations_run_by(session, actor.id)
        run = queries.organization_run_by(session, actor.id, query.organization or choice.run_by(actor))
        offset = (query.page - 1) * PEOPLE_ON_PAGE
        found = queries.members_of(session, run, query, rule(), limit=PEOPLE_ON_PAGE, offset=offset)
        values = {
            "members": [member.to_json() for member in found.members],
            "invitations": _invitations(session, run),
            "thresholds": _thresholds(session, run.id),
        }
    asked = query.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"page"})
    return render_template(
        "members/page.html",
        runs=runs,
        run=run,
        query=query,
        asked=asked,
        total=found.total,
        first=offset + 1,
        pages=max(1, -(-found.total // PEOPLE_ON_PAGE)),
        may_change_roles=may_change_roles(run.role),
        **values,
    )


@blueprint.get("/admin/users/online-status")
def online_status() -> ResponseReturnValue:
    """Who is active now: at most 200 people, those that are named or the first by name."""
    actor, query = signed_in(), read_query(StatusQuery)
    with unit_of_work(actor.id) as session:
        run = queries.organization_run_by(session, actor.id, query.organization)
        ids = query.user_ids or queries.first_ids(session, run.id, MOST_AT_ONCE)
        known = queries.activity_of(session, run.id, ids, rule())
    users = [known[user_id].to_json() for user_id in ids if user_id in known]
    return json_response({"users": users, "serverTime": isoformat(clock.now())})


@blueprint.get("/api/organization/members")
@api("session")
def list_organization_members(actor: Actor, query: MembersQuery) -> MembersPage:
    """The people of an organization that one runs, the first by name unless one is named."""
    offset = _offset(query.cursor)
    with unit_of_work(actor.id) as session:
        run = queries.organization_run_by(session, actor.id, query.organization_id)
        found = queries.members_of(session, run, query, rule(), limit=query.limit, offset=offset)
    behind = offset + len(found.members)
    return MembersPage(
        items=found.members,
        next_cursor=str(behind) if behind < found.total and found.members else None,
        total=found.total,
    )


@blueprint.get(f"{ORGANIZATION}/members.csv")
@api("session", errors=[NotFound])
def export_members(
    actor: Actor, organization_id: UUID, query: ExportQuery
) -> Annotated[Response, "text/csv"]:
    """All who match as CSV. For owners and admins; the audit trail tells of it."""
    now = clock.now()
    with unit_of_work(actor.id) as session:
        run = queries.organization_run_by(session, actor.id, organization_id)
        found = queries.members_of(session, run, query, rule(), limit=None)
        export.record_export(session, actor_id=actor.id, run=run, wanted=query, now=now)
    headers = {"Content-Disposition": f'attachment; filename="workhub-people-{now:%Y-%m-%d}.csv"'}
    return Response(export.csv_of(found.members), headers=headers, mimetype="text/csv")


@blueprint.patch(MEMBER)
@api("session", errors=CHANGES)
def change_member(actor: Actor, organization_id: UUID, user_id: UUID, body: MemberPatch) -> MemberView:
    """Change somebody's role (owners), or disable and enable them; their logins end at once."""
    _needs_change(body)
    with service_work() as session:
        _change(session, actor, organization_id, user_id, body)
    return _views(actor, organization_id, [user_id])[0]


@blueprint.post(f"{ORGANIZATION}/members/bulk")
@api("session")
def change_members(actor: Actor, organization_id: UUID, body: BulkChange) -> BulkAnswer:
    """The same for many people, one after the other; says of each who was not changed why not."""
    _needs_change(body)
    with unit_of_work(actor.id) as session:
        queries.organization_run_by(session, actor.id, organization_id)
    changed, refused = [], []
    for user_id in sorted(set(body.user_ids)):
        try:
            with service_work() as session:  # each their own: nobody else's trail waits for all of them
                _change(session, actor, organization_id, user_id, body)
            changed.append(user_id)
        except Unavailable:
            raise
        except WorkHubError as error:
            refused.append(Refused(user_id=user_id, code=error.code, detail=error.detail))
    return BulkAnswer(changed=_views(actor, organization_id, changed), refused=refused)


@blueprint.post(f"{MEMBER}/password-reset")
@api("session", status=201, errors=[*CHANGES, resets.PersonDisabled])
def make_reset(actor: Actor, organization_id: UUID, user_id: UUID) -> MadeReset:
    """A link with which they set a new password: once, within an hour. The answer alone holds it."""
    with service_work() as session:
        target = _target(session, actor, organization_id, user_id)
        token, expires_at = resets.make_reset(session, target, now=clock.now())
        url = address_of("entrance.show_reset", token)
        letters.send_reset(session, user_id=user_id, url=url, expires_at=expires_at, now=clock.now())
    return MadeReset(url=url, expires_at=expires_at)


@blueprint.get(f"{ORGANIZATION}/invitations")
@api("session", errors=[NotFound])
def list_invitations(actor: Actor, organization_id: UUID) -> Page[InvitationView]:
    """Those that wait, newest first."""
    with unit_of_work(actor.id) as session:
        run = queries.organization_run_by(session, actor.id, organization_id)
        return Page(items=queries.waiting_invitations(session, run.id, clock.now()))


@blueprint.post(f"{ORGANIZATION}/invitations")
@api("session", status=201, errors=[Forbidden, NotFound])
def create_invitation(actor: Actor, organization_id: UUID, body: NewInvitation) -> MadeInvitation:
    """Invite somebody by a link, valid for a week. The answer alone holds it."""
    now = clock.now()
    with service_work() as session:
        row, token = invitations.invite(
            session,
            actor_id=actor.id,
            organization_id=organization_id,
            email=body.email,
            role=body.role,
            now=now,
        )
        made = _made(row, actor, token)
        letters.send_invitation(session, organization_id=organization_id, made=made, now=now)
    return made


@blueprint.post(f"{INVITATION}/resend")
@api("session", errors=[Forbidden])
def resend_invitation(actor: Actor, organization_id: UUID, invitation_id: UUID) -> MadeInvitation:
    """A new link for a week; the one before is worth nothing."""
    with service_work() as session:
        row, token = invitations.send_again(
            session,
            actor_id=actor.id,
            organization_id=organization_id,
            invitation_id=invitation_id,
            now=clock.now(),
        )
        made = _made(row, actor, token)
        letters.send_invitation(session, organization_id=organization_id, made=made, now=clock.now())
    return made


@blueprint.delete(INVITATION)
@api("session", errors=[Forbidden])
def revoke_invitation(actor: Actor, organization_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back; its link is worth nothing."""
    with service_work() as session:
        invitations.revoke(
            session,
            actor_id=actor.id,
            organization_id=organization_id,
            invitation_id=invitation_id,
            now=clock.now(),
        )


@blueprint.get(f"{ORGANIZATION}/activity-thresholds")
@api("session", errors=[NotFound])
def show_thresholds(actor: Actor, organization_id: UUID) -> ThresholdsAnswer:
    """After how many seconds without activity members count as inactive."""
    with unit_of_work(actor.id) as session:
        queries.organization_run_by(session, actor.id, organization_id)
        return ThresholdsAnswer(**_thresholds(session, organization_id))


@blueprint.put(f"{ORGANIZATION}/activity-thresholds")
@api("session", errors=[NotFound])
def set_thresholds(actor: Actor, organization_id: UUID, body: Thresholds) -> ThresholdsAnswer:
    """Decide it, for everybody and for each role; owners only."""
    with unit_of_work(actor.id) as session:
        thresholds.set_thresholds(
            session,
            actor_id=actor.id,
            organization_id=organization_id,
            wanted=body,
            least=current_app.config["LEAST_ACTIVE_SECONDS"],
            most=current_app.config["MOST_ACTIVE_SECONDS"],
            now=clock.now(),
        )
        return ThresholdsAnswer(**_thresholds(session, organization_id))


def rule() -> Rule:
    limits = current_app.extensions["identifier"].limits
    return Rule(clock.now(), limits.idle, current_app.config["ACTIVE_SECONDS"])


def _needs_change(body: MemberPatch) -> None:
    if body.role is None and body.disabled is None:
        raise InvalidInput.at("role", "name a role, or whether they are disabled")


def _change(session: Session, actor: Actor, organization_id: UUID, user_id: UUID, body: MemberPatch) -> None:
    now = clock.now()
    target = _target(session, actor, organization_id, user_id)
    if body.role is not None:
        service.change_role(session, target, role=body.role, now=now)
    if body.disabled is not None:
        act: Callable[..., None] = service.disable if body.disabled else service.enable
        act(session, target, now=now)


def _target(session: Session, actor: Actor, organization_id: UUID, user_id: UUID) -> service.Target:
    return service.find_target(session, actor_id=actor.id, organization_id=organization_id, user_id=user_id)


def _views(actor: Actor, organization_id: UUID, user_ids: list[UUID]) -> list[MemberView]:
    """As they are after the change, in a transaction of the actor's own."""
    with unit_of_work(actor.id) as session:
        run = queries.organization_run_by(session, actor.id, organization_id)
        return queries.views_of(session, run, user_ids, rule())


def _made(row: Any, actor: Actor, token: str) -> MadeInvitation:
    names = ("id", "email", "role", "created_at", "expires_at")
    return MadeInvitation(
        **{name: getattr(row, name) for name in names},
        invited_by_name=actor.name,
        url=address_of("entrance.show_invitation", token),
    )


def _invitations(session: Session, run: Run) -> list[Json]:
    return [view.to_json() for view in queries.waiting_invitations(session, run.id, clock.now())]


def _thresholds(session: Session, organization_id: UUID) -> Json:
    config = current_app.config
    bounds = {name: config[f"{name.upper()}ACTIVE_SECONDS"] for name in ("", "least_", "most_")}
    kept = thresholds.thresholds_of(session, organization_id).model_dump()
    return {**kept, "default": bounds[""], "least": bounds["least_"], "most": bounds["most_"]}


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise InvalidInput.at("cursor", "This is not a cursor that this list gave out")
    return int(cursor)
