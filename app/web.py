"""The HTTP edge shared by all features: sign-in state, CSRF, security headers, errors, JSON in and out.

Holds no feature's rules. A domain error becomes problem+json for programs and a page for people.
"""

import logging
import secrets
from collections.abc import Mapping
from typing import Any, TypeVar, cast, get_origin
from wsgiref.headers import Headers as WsgiHeaders

import orjson
from blinker import signal
from flask import (
    Blueprint,
    Flask,
    Response,
    after_this_request,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from limits import RateLimitItem
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import Headers
from werkzeug.exceptions import BadHost, HTTPException

from . import ratelimit
from .db import is_answering
from .errors import (
    CsrfFailed,
    Forbidden,
    InsufficientScope,
    InvalidJson,
    InvalidToken,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    SessionRequired,
    TooManyRequests,
    Unavailable,
    WorkHubError,
)
from .schema import invalid_input

refused = signal("web.refused")  # error: how this request will be answered; the sender is the application

log = logging.getLogger(__name__)
login_manager = LoginManager()
csrf = CSRFProtect()
blueprint = Blueprint("web", __name__)
Model = TypeVar("Model", bound=BaseModel)

MAX_BODY_BYTES = 1024 * 1024
BY_SESSION, BY_ANYBODY = "session", "anybody"
_BY_STATUS: dict[int, type[WorkHubError]] = {
    401: NotSignedIn,
    403: Forbidden,
    404: NotFound,
    413: PayloadTooLarge,
}
_FILE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PLAIN_HEADERS = {
    **_FILE_HEADERS,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A picture opened as a page of its own may run nothing.
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def init_app(app: Flask) -> None:
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_BYTES, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # _check_how_they_ask does it
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions live in PostgreSQL and end there
    app.before_request(_refuse_cross_site_writes)  # ahead of the check of tokens
    csrf.init_app(app)
    app.before_request(_check_how_they_ask)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.jinja_env.policies["json.dumps_function"] = lambda value, **_: orjson.dumps(value).decode()
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


def bearer_token() -> str | None:
    """The access token that a program sends. Pages are for people: there the header means nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and request.path.startswith("/api/") else None


def read_json(model: type[Model]) -> Model:
    """The request's body as `model`; raises InvalidJson or InvalidInput with each field that is wrong."""
    body = request.get_data()
    if not body and request.form:  # read already, in search of a CSRF token
        raise InvalidJson("Send it as JSON, with Content-Type: application/json.")
    try:
        return model.model_validate(orjson.loads(body or b"null"))
    except orjson.JSONDecodeError as error:
        raise InvalidJson(str(error)) from None
    except ValidationError as error:
        raise invalid_input(error) from None


def read_query(model: type[Model]) -> Model:
    """The query string as `model`; of a value given twice the first one counts, but for lists."""
    try:
        return model.model_validate(_query_of(model))
    except ValidationError as error:
        raise invalid_input(error) from None


def _query_of(model: type[BaseModel]) -> dict[str, Any]:
    """Of lists `ids[]=a&ids[]=b`, `ids=a&ids=b` and `ids=a,b` say the same."""
    query: dict[str, Any] = request.args.to_dict()
    for name, field in model.model_fields.items():
        if get_origin(field.annotation) is list:
            alias = field.alias or name
            given = [*request.args.getlist(alias), *request.args.getlist(f"{alias}[]")]
            query.pop(f"{alias}[]", None)
            query |= {alias: ",".join(given).split(",")} if given else {}
    return query


def limit_rate(limit: RateLimitItem, *key: str) -> None:
    """Counts this request; its answer, whatever it is, tells what is left. Raises TooManyRequests."""
    allowance = ratelimit.spend(limit, *key)

    def tell(response: Response) -> Response:
        response.headers["RateLimit-Limit"] = str(allowance.limit)
        response.headers["RateLimit-Remaining"] = str(allowance.remaining)
        response.headers["RateLimit-Reset"] = str(allowance.reset_seconds)
        return response

    after_this_request(tell)
    if not allowance.is_enough:
        raise TooManyRequests(max(1, allowance.reset_seconds))


def json_response(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, mimetype="application/json")


def _refuse_cross_site_writes() -> None:
    """Browsers say where a request comes from; another site's page has nothing to write here."""
    is_safe = request.method in ("GET", "HEAD", "OPTIONS", "TRACE")
    if not is_safe and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CsrfFailed()


def _check_how_they_ask() -> None:
    """By cookie with the CSRF token of the page, or by an access token with the scope of the route.

    Whoever sends a token is who it belongs to, or refused: it never falls back to a cookie, so that a
    header cannot spare a cookie its CSRF token. Before anything reads the body, for its limit is set here.
    """
    request.max_content_length = getattr(_view(), "largest_body", None) or MAX_BODY_BYTES
    if bearer_token() is not None:
        _check_scope(signed_in().scopes)
    elif request.endpoint:
        csrf.protect()


def _check_scope(scopes: frozenset[str] | None) -> None:
    """What no route has declared (see api.py) is not for tokens."""
    if scopes is None:  # a person known by other means than the token that was sent
        raise InvalidToken()
    view = _view()
    access = getattr(view, "access", BY_SESSION) if view else BY_ANYBODY  # without a view there is a 404
    if access == BY_SESSION:
        raise SessionRequired()
    if access != BY_ANYBODY and access not in scopes:
        raise InsufficientScope(access)


def _view() -> object | None:
    return current_app.view_functions.get(request.endpoint or "")


def csp_nonce() -> str:
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return cast(str, g.csp_nonce)


def wants_json() -> bool:
    if isinstance(request.routing_exception, BadHost):
        return True  # a page needs addresses, which cannot be built without a host
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.path.startswith("/api/") or best == "application/json"


def _domain_error(error: WorkHubError) -> ResponseReturnValue:
    refused.send(current_app._get_current_object(), error=error)  # type: ignore[attr-defined]
    if isinstance(error, NotSignedIn) and not wants_json() and request.method == "GET":
        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
    problem = error.to_problem()
    headers = {"Retry-After": str(problem["retryAfter"])} if isinstance(error, TooManyRequests) else {}
    return _problem_response(problem, headers | _challenge(error))


def _challenge(error: WorkHubError) -> dict[str, str]:
    """What a program is told of the way to ask (RFC 6750); browsers show nothing of it."""
    if isinstance(error, InvalidToken):
        return {"WWW-Authenticate": 'Bearer realm="WorkHub", error="invalid_token"'}
    if isinstance(error, InsufficientScope):
        scope = error.extra["scope"]
        return {"WWW-Authenticate": f'Bearer realm="WorkHub", error="insufficient_scope", scope="{scope}"'}
    return {"WWW-Authenticate": 'Bearer realm="WorkHub"'} if error.status == 401 else {}


def _problem_response(problem: dict[str, Any], headers: Mapping[str, str]) -> Response:
    if wants_json():
        return Response(
            orjson.dumps(problem), problem["status"], headers, mimetype="application/problem+json"
        )
    return Response(_error_page(problem), problem["status"], headers)


def _error_page(problem: dict[str, Any]) -> str:
    """For whoever is signed in; for nobody in particular when the database, asked who that is, is away."""
    try:
        return render_template("errors/error.html", **problem)
    except Unavailable:
        return render_template("errors/error.html", **problem)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    known = _BY_STATUS.get(error.code, WorkHubError)
    if known is not WorkHubError or error.code >= 500:
        return _domain_error(known())
    refused = {"type": "/problems/request_refused", "code": "request_refused", "title": error.name}
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return _problem_response({**refused, "status": error.code, "detail": error.description or ""}, headers)


def _unexpected_error(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    log.exception("request_failed", extra={"reference": reference, "route": _route()})
    return _domain_error(WorkHubError(f"It is our mistake and has been noted. Reference: {reference}"))


def _route() -> str:
    """Not the address itself: some of them are secrets."""
    return str(request.url_rule or "")


def secure_static_file(headers: Headers | WsgiHeaders, _path: str = "", _url: str = "") -> None:
    """Only what matters for a file: a board's page loads fifty, and headers are not compressed."""
    del headers["Content-Disposition"]
    for name, value in _FILE_HEADERS.items():  # wsgiref's Headers have no update()
        headers[name] = value
    headers["Content-Security-Policy"] = _FILE_POLICY


def _security_headers(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 304):
        secure_static_file(response.headers)
        return response
    nonce = f"'nonce-{csp_nonce()}'"
    socket = (
        f"{'wss' if request.is_secure else 'ws'}://{request.host}"  # 'self' does not cover ws: everywhere
    )
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src {nonce} 'strict-dynamic'; style-src 'self' {nonce}; "
        f"img-src 'self' data:; connect-src 'self' {socket}; object-src 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; form-action 'self'; require-trusted-types-for 'script'; "
        "trusted-types server-markup",  # see static/js/lib/markup.js
    )
    for name, value in _PLAIN_HEADERS.items():
        response.headers.setdefault(name, value)
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
