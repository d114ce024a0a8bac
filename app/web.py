"""The HTTP edge shared by all features: sign-in state, CSRF, security headers, errors, JSON in and out.

Holds no feature's rules. A domain error becomes problem+json for programs and a page for people.
"""

import logging
import secrets
from typing import Any, TypeVar, cast

import orjson
from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from .db import is_answering
from .errors import (
    CsrfFailed,
    Forbidden,
    InvalidInput,
    InvalidJson,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    TooManyRequests,
    WorkHubError,
)
from .schema import invalid_input

log = logging.getLogger(__name__)
login_manager = LoginManager()
csrf = CSRFProtect()
blueprint = Blueprint("web", __name__)
Model = TypeVar("Model", bound=BaseModel)

MAX_BODY_BYTES = 1024 * 1024
_BY_STATUS: dict[int, type[WorkHubError]] = {
    400: InvalidInput,
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    413: PayloadTooLarge,
}


def init_app(app: Flask) -> None:
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions live in PostgreSQL and end there
    csrf.init_app(app)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.register_blueprint(blueprint)
    app.register_error_handler(WorkHubError, _domain_error)
    app.register_error_handler(CSRFError, lambda _error: _domain_error(CsrfFailed()))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected_error)
    app.after_request(_security_headers)


def signed_in() -> Any:
    """The person behind this request; raises NotSignedIn."""
    if not current_user.is_authenticated:
        raise NotSignedIn()
    return current_user._get_current_object()


def read_json(model: type[Model]) -> Model:
    """The request's body as `model`; raises InvalidJson or InvalidInput with each field that is wrong."""
    try:
        return model.model_validate(orjson.loads(request.get_data() or b"null"))
    except orjson.JSONDecodeError as error:
        raise InvalidJson(str(error)) from None
    except ValidationError as error:
        raise invalid_input(error) from None


def read_query(model: type[Model]) -> Model:
    """The query string as `model`; a value given once is plain, otherwise the last one counts."""
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise invalid_input(error) from None


def json_response(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")


def csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return cast(str, g.csp_nonce)


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/") or best == "application/json"


def _domain_error(error: WorkHubError) -> ResponseReturnValue:
    if isinstance(error, NotSignedIn) and not wants_json() and request.method == "GET":
        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
    problem = error.to_problem()
    if wants_json():
        response = Response(orjson.dumps(problem), error.status, mimetype="application/problem+json")
    else:
        response = Response(render_template("errors/error.html", **problem), error.status)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(problem["retryAfter"])
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    known = _BY_STATUS.get(error.code, WorkHubError)()
    if type(known) is WorkHubError and error.code < 500:
        known = WorkHubError(error.description or "")
        problem = {**known.to_problem(), "code": "request_refused", "title": error.name, "status": error.code}
        headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
        return Response(orjson.dumps(problem), error.code, headers, mimetype="application/problem+json")
    return _domain_error(known)


def _unexpected_error(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    log.exception("request_failed", extra={"reference": reference, "path": request.path})
    return _domain_error(WorkHubError(f"It is our mistake and has been noted. Reference: {reference}"))


def _security_headers(response: Response) -> Response:
    nonce = f"'nonce-{csp_nonce()}'"
    socket = (
        f"{'wss' if request.is_secure else 'ws'}://{request.host}"  # 'self' does not cover ws: everywhere
    )
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src {nonce} 'strict-dynamic'; style-src 'self' {nonce}; "
        f"img-src 'self' data:; connect-src 'self' {socket}; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process runs and answers; says nothing of the database."""
    return json_response({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """200 when requests can be served, 503 while the database is away."""
    ready = is_answering()
    return json_response(
        {"status": "ready" if ready else "waiting", "database": ready}, 200 if ready else 503
    )
