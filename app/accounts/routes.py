"""Sign-in pages and /api/session."""

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf.csrf import generate_csrf
from pydantic import ValidationError

from ..clock import clock
from ..db import service_work, unit_of_work
from ..errors import InvalidCredentials, TooManyRequests
from ..web import json_response, read_json, signed_in
from . import service
from .policy import safe_next
from .queries import organizations_of
from .schemas import Credentials, Heartbeat
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


@blueprint.get("/api/session")
def show_session() -> ResponseReturnValue:
    return json_response(_session_json())


@blueprint.post("/api/session")
def create_session() -> ResponseReturnValue:
    actor = sign_in(read_json(Credentials), _limits())
    return remember_device(json_response(_session_json()), actor)


@blueprint.delete("/api/session")
def delete_session() -> ResponseReturnValue:
    _sign_out()
    return "", 204


@blueprint.post("/api/session/heartbeat")
def heartbeat() -> ResponseReturnValue:
    actor, beat = signed_in(), read_json(Heartbeat)
    if beat.active:
        with service_work() as session:
            service.touch_session(session, session_id=actor.session_id, now=clock.now())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    reported.send(app, actor=actor, active=beat.active, page=beat.page)
    return "", 204


def _session_json() -> dict[str, Any]:
    csrf_token = generate_csrf()
    if not current_user.is_authenticated:
        return {"authenticated": False, "csrfToken": csrf_token}
    with unit_of_work(current_user.id) as session:
        organizations = organizations_of(session, current_user.id)
    return {
        "authenticated": True,
        "csrfToken": csrf_token,
        "user": current_user.to_json(),
        "organizations": organizations,
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
