"""One try to sign in: throttled, without telling whether the address is known, and with a fresh session.

The device cookie names accounts that signed in here before: their tries are counted apart, so that a
stranger who guesses at an account cannot lock its owner out.
"""

import hashlib

from flask import Response, current_app, request
from flask import session as cookie
from flask_login import current_user, login_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import ratelimit
from ..clock import clock
from ..db import service_work
from ..errors import InvalidCredentials
from . import passwords, service
from .devices import client_of, device_of_request
from .models import User
from .policy import SessionLimits
from .queries import Actor, user_by_email
from .schemas import Credentials

DEVICE_COOKIE = "workhub_device"
DEVICE_SECONDS = 365 * 24 * 3600
ACCOUNTS_PER_DEVICE = 8


def sign_in(credentials: Credentials, limits: SessionLimits) -> Actor:
    """Raises InvalidCredentials or TooManyRequests; otherwise this browser is signed in anew."""
    tries = ratelimit.per_window(
        current_app.config["LOGIN_TRIES"], current_app.config["LOGIN_WINDOW_SECONDS"]
    )
    with ratelimit.counting(InvalidCredentials, tries, _throttle_keys(credentials.email)):
        user = _verified(credentials)
    now = clock.now()
    with service_work() as session:
        _lock_unchanged(session, user)
        if current_user.is_authenticated:
            service.end_session(session, session_id=current_user.session_id, now=now, reason="replaced")
        token = service.open_session(
            session,
            user=user,
            now=now,
            limits=limits,
            device=device_of_request(request.headers),
            client=client_of(request.headers.get("User-Agent", "")),
            address=request.remote_addr,
        )
    cookie.clear()  # nothing from before the login survives: neither CSRF secret nor session
    cookie.permanent = True
    actor = current_app.extensions["identifier"].by_token(token)
    login_user(actor)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    service.recognized.send(app, actor=actor)
    return actor  # type: ignore[no-any-return]


def _verified(credentials: Credentials) -> User:
    with service_work() as session:
        user = user_by_email(session, credentials.email)
    # Outside a transaction: hashing takes tens of milliseconds and must not hold a connection.
    known_hash = user.password_hash if user and user.disabled_at is None else None
    if not passwords.matches(known_hash, credentials.password) or user is None:
        raise InvalidCredentials("Check both and try again.")
    return user


def _lock_unchanged(session: Session, user: User) -> None:
    """Checking a password takes a while: whoever is disabled or gets a new one meanwhile is not let in."""
    row = select(User.disabled_at, User.password_hash).where(User.id == user.id)
    found = session.execute(row.with_for_update(key_share=True)).one_or_none()
    if found is None or found.disabled_at or found.password_hash != user.password_hash:
        raise InvalidCredentials("Check both and try again.")


def remember_device(response: Response, actor: Actor) -> Response:
    accounts = [_account(actor.email), *(a for a in _known_accounts() if a != _account(actor.email))]
    response.set_cookie(
        DEVICE_COOKIE,
        _serializer().dumps(accounts[:ACCOUNTS_PER_DEVICE]),
        max_age=DEVICE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _throttle_keys(email: str) -> list[tuple[str, ...]]:
    account = _account(email)
    if account in _known_accounts():
        return [("login-known-device", account)]
    # The address first: once it is refused, its tries do not use up those of one account after another.
    return [("login-address", request.remote_addr or ""), ("login-account", account)]


def _account(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:24]


def _known_accounts() -> list[str]:
    try:
        accounts = _serializer().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return []
    return [a for a in accounts if isinstance(a, str)] if isinstance(accounts, list) else []


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="workhub-device")
