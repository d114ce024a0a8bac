"""Sign-in pages, /api/session, one's own logins and access tokens, what owners decide for everybody."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf.csrf import generate_csrf
from pydantic import ValidationError

from ..api import Json, api
from ..clock import clock
from ..db import service_work, unit_of_work
from ..errors import InvalidCredentials, TooManyRequests
from ..schema import Page
from ..web import json_response, signed_in
from . import choice, organizations, service, sessions, tokens
from .policy import safe_next
from .queries import Actor, organizations_of, tokens_of
from .schemas import (
    Credentials,
    EndedSessions,
    Heartbeat,
    MadeToken,
    NewToken,
    PresencePolicy,
    SessionView,
    SignedIn,
    TokenView,
    Visitor,
)
from .service import reported
from .sign_in import remember_device, sign_in

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    target = safe_next(request.args.get("next"), url_for("boards.index"))
    if current_user.is_authenticated:
        return redirect(target)
    return render_template("login.html", next=target, email="", error=None)


@blueprint.post("/login")
def submit_login() -> ResponseReturnValue:
    target = safe_next(request.form.get("next"), url_for("boards.index"))
    email = request.form.get("email", "")
    try:
        credentials = Credentials(email=email, password=request.form.get("password", ""))
        actor = sign_in(credentials, _limits())
    except ValidationError:
        return _login_again(target, email, "Enter your e-mail address and your password.", 422)
    except InvalidCredentials as error:
        return _login_again(target, email, error.title + ".", error.status)
    except TooManyRequests as error:
        response = _login_again(target, email, f"{error.title}. {error.detail}", error.status)
        response.headers["Retry-After"] = str(error.extra["retryAfter"])
        return response
    return remember_device(make_response(redirect(target, 303)), actor)


@blueprint.get("/logout")
def confirm_logout() -> ResponseReturnValue:
    """A link cannot sign anybody out (a picture on another site could be one): it asks."""
    return render_template("logout.html")


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    _sign_out()
    return redirect(url_for("accounts.login"), 303)


@blueprint.post("/organization")
def choose_organization() -> ResponseReturnValue:
    """The organization to work in at this browser; an empty one means all of them."""
    choice.choose(signed_in(), request.form.get("organization", ""))
    return redirect(safe_next(request.form.get("next"), url_for("boards.index")), 303)


@blueprint.get("/api/session")
@api("anybody")
def show_session() -> Annotated[Json, SignedIn | Visitor]:
    """Who is signed in, and the CSRF token that requests of this browser need."""
    return _session_json()


@blueprint.post("/api/session")
@api("session", errors=[InvalidCredentials, TooManyRequests])
def create_session(body: Credentials) -> Annotated[Response, SignedIn]:
    """Sign in: the answer sets the cookie and holds a new CSRF token."""
    actor = sign_in(body, _limits())
    return remember_device(json_response(_session_json()), actor)


@blueprint.delete("/api/session")
@api("session")
def delete_session() -> None:
    """Sign out: the cookie, copies of it and its sockets end at once."""
    _sign_out()


@blueprint.post("/api/session/heartbeat")
@api("session")
def heartbeat(actor: Actor, body: Heartbeat) -> None:
    """Say whether somebody is at this page; keeps the session alive."""
    if body.active:
        with service_work() as session:
            service.touch_sessions(session, session_ids=[actor.session_id], now=clock.now())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    reported.send(app, actor=actor, active=body.active, page=body.page)


@blueprint.get("/api/sessions")
@api("session")
def list_sessions(actor: Actor) -> Page[SessionView]:
    """One's own logins: what signed in, from where and when, and when it was last used."""
    with unit_of_work(actor.id) as session:
        return Page(items=sessions.own_sessions(session, actor=actor, now=clock.now(), limits=_limits()))


@blueprint.delete("/api/sessions/<uuid:session_id>")
@api("session")
def end_own_session(actor: Actor, session_id: UUID) -> None:
    """End one of one's logins: its cookie, copies of it and its sockets, at once."""
    with service_work() as session:
        sessions.end_own_session(session, actor=actor, session_id=session_id, now=clock.now())
    if session_id == actor.session_id:
        logout_user()
        cookie.clear()


@blueprint.post("/api/sessions/end-others")
@api("session")
def end_other_sessions(actor: Actor) -> EndedSessions:
    """End all of one's logins but the one that asks; says how many."""
    with service_work() as session:
        return EndedSessions(ended=sessions.end_other_sessions(session, actor=actor, now=clock.now()))


@blueprint.get("/api/tokens")
@api("session")
def list_tokens(actor: Actor) -> Page[TokenView]:
    """One's access tokens, newest first."""
    with unit_of_work(actor.id) as session:
        return Page(items=[TokenView.model_validate(token) for token in tokens_of(session, actor.id)])


@blueprint.post("/api/tokens")
@api("session", status=201, errors=[tokens.TooManyTokens])
def create_token(actor: Actor, body: NewToken) -> MadeToken:
    """Make an access token. The answer is the only one that holds the token itself."""
    with service_work() as session:
        token, text = tokens.create_token(
            session,
            user_id=actor.id,
            name=body.name,
            scopes=body.scopes,
            lifetime=timedelta(days=body.expires_in_days),
            now=clock.now(),
        )
        return MadeToken(**TokenView.model_validate(token).model_dump(), token=text)


@blueprint.delete("/api/tokens/<uuid:token_id>")
@api("session")
def revoke_token(actor: Actor, token_id: UUID) -> None:
    """End an access token and every socket it has opened, at once."""
    with unit_of_work(actor.id) as session:
        tokens.revoke_token(session, token_id=token_id, user_id=actor.id, now=clock.now())


@blueprint.put("/api/organizations/<uuid:organization_id>/presence-policy")
@api("session")
def set_presence_policy(actor: Actor, organization_id: UUID, body: PresencePolicy) -> PresencePolicy:
    """Whether team heads always see presence; owners only."""
    with unit_of_work(actor.id) as session:
        organizations.set_presence_policy(
            organization_id,
            heads_always_see_presence=body.heads_always_see_presence,
            session=session,
            actor_id=actor.id,
            now=clock.now(),
        )
    return body


def _session_json() -> Json:
    csrf_token = generate_csrf()
    if not current_user.is_authenticated:
        return {"authenticated": False, "csrfToken": csrf_token}
    with unit_of_work(current_user.id) as session:
        mine = organizations_of(session, current_user.id)
    return {
        "authenticated": True,
        "csrfToken": csrf_token,
        "user": current_user.to_json(),
        "organizations": mine,
    }


def _sign_out() -> None:
    if current_user.is_authenticated:
        with service_work() as session:
            service.end_session(
                session, session_id=current_user.session_id, now=clock.now(), reason="signed_out"
            )
    logout_user()
    cookie.clear()


def _login_again(target: str, email: str, error: str, status: int) -> Response:
    return make_response(render_template("login.html", next=target, email=email, error=error), status)


def _limits() -> Any:
    return current_app.extensions["identifier"].limits
