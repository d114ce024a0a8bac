"""The pages behind the links: joining by an invitation, and setting a new password.

Whoever has the link may use it: it is the secret. Nothing of it is logged, cached, or handed to other sites,
and one that does not count is answered like one that never did.
"""

from datetime import datetime

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from pydantic import ValidationError
from sqlalchemy.orm import Session

from .. import ratelimit
from ..accounts import passwords
from ..accounts.schemas import Credentials
from ..accounts.sign_in import remember_device, sign_in
from ..clock import clock
from ..db import service_work
from ..errors import TooManyRequests
from . import guests, invitations, resets
from .invitations import InvitationOver, Offer
from .schemas import NewPassword, NewPerson

blueprint = Blueprint("entrance", __name__)

TRIES_AN_HOUR = 60  # from one address; each may cost an argon2 hash


@blueprint.get("/invite/<token>")
def show_invitation(token: str) -> ResponseReturnValue:
    return _invitation_page(token)


@blueprint.post("/invite/<token>")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Signed in: joins. Otherwise makes the account with the invited address, and signs in."""
    _slow_down()
    if current_user.is_authenticated:
        return _join(token)
    return _register(token)


@blueprint.get("/reset/<token>")
def show_reset(token: str) -> ResponseReturnValue:
    return _reset_page(token)


@blueprint.post("/reset/<token>")
def use_reset(token: str) -> ResponseReturnValue:
    _slow_down()
    try:
        password = NewPassword(password=request.form.get("password", "")).password
    except ValidationError:
        return _reset_page(token, passwords.weakness_of(""), 422)
    if problem := passwords.weakness_of(password):
        return _reset_page(token, problem, 422)
    with service_work() as session:
        resets.person_of(session, token, clock.now())  # no hash is made for a link that does not count
    hashed = passwords.hash_password(password)
    with service_work() as session:
        resets.use_reset(session, token=token, password_hash=hashed, now=clock.now())
    flash("Your new password is set. Sign in with it.", "info")
    return redirect(url_for("accounts.login"), 303)


def _join(token: str) -> ResponseReturnValue:
    try:
        with service_work() as session:
            target = _accept(session, token, current_user)
    except invitations.ForSomebodyElse as error:
        return _invitation_page(token, error.detail, error.status)
    return redirect(target, 303)


def _register(token: str) -> ResponseReturnValue:
    form, now = request.form, clock.now()
    name, password = form.get("name", ""), form.get("password", "")
    with service_work() as session:
        offer = _offer(session, token, now)
    try:
        person = NewPerson(name=name, password=password)
    except ValidationError as error:
        is_name = any(problem["loc"] == ("name",) for problem in error.errors())
        words = "Enter your name." if is_name else f"Use at most {passwords.MAX_LENGTH} characters."
        return _invitation_page(token, words, 422, name)
    if problem := passwords.weakness_of(password, offer.email, person.name):
        return _invitation_page(token, problem, 422, name)
    hashed = passwords.hash_password(password)
    try:
        with service_work() as session:
            user = invitations.make_account(
                session, email=offer.email, name=person.name, password_hash=hashed, now=clock.now()
            )
            target = _accept(session, token, user)
    except invitations.ForSomebodyElse as error:
        return _invitation_page(token, error.detail, error.status, name)
    limits = current_app.extensions["identifier"].limits
    actor = sign_in(Credentials(email=offer.email, password=password), limits)
    return remember_device(make_response(redirect(target, 303)), actor)


def _offer(session: Session, token: str, now: datetime) -> Offer:
    """To an organization, or to one board. Raises InvitationOver."""
    try:
        return invitations.offer_of(session, token, now)
    except InvitationOver:
        return guests.offer_of(session, token, now)


def _accept(session: Session, token: str, person: invitations.Invited) -> str:
    """Answers where to go then."""
    try:
        invitations.accept(session, token=token, actor=person, now=clock.now())
    except InvitationOver:
        board_id = guests.accept(session, token=token, guest=person, now=clock.now())
        return url_for("boards.show", board_id=board_id)
    return url_for("boards.index")


def _invitation_page(
    token: str, problem: str | None = None, status: int = 200, name: str = ""
) -> ResponseReturnValue:
    with service_work() as session:
        offer = _offer(session, token, clock.now())
    page = render_template("members/invite.html", offer=offer, token=token, problem=problem, name=name)
    return page, status


def _reset_page(token: str, problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    with service_work() as session:
        user = resets.person_of(session, token, clock.now())
    return render_template("members/reset.html", email=user.email, token=token, problem=problem), status


def _slow_down() -> None:
    allowance = ratelimit.spend(
        ratelimit.per_window(TRIES_AN_HOUR, 3600), "entrance", request.remote_addr or ""
    )
    if not allowance.is_enough:
        raise TooManyRequests(max(1, allowance.reset_seconds))
