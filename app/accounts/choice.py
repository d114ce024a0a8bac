"""The organization somebody works in at this browser: what pages show when their address does not say it.

Kept in the signed cookie. It only chooses among what the person may see anyway; one that is not theirs any
more counts as none chosen, which means all of them.
"""

from uuid import UUID

from flask import Flask
from flask import session as cookie
from flask_login import current_user

from ..errors import NotFound
from .queries import Actor, OwnPlace

KEY = "organization"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(chosen_place=_chosen_place, runs_place=_runs_place)


def choose(actor: Actor, wanted: str) -> None:
    """Nothing for all of them. Raises NotFound for what is not an organization of theirs."""
    if not wanted:
        cookie.pop(KEY, None)
    elif wanted in {str(place.id) for place in actor.organizations}:
        cookie[KEY] = wanted
    else:
        raise NotFound()


def place_of(actor: Actor) -> OwnPlace | None:
    """None is all there is; who belongs to one organization only has nothing to choose."""
    if len(actor.organizations) < 2:
        return None
    return next((place for place in actor.organizations if str(place.id) == cookie.get(KEY)), None)


def id_of(actor: Actor) -> UUID | None:
    place = place_of(actor)
    return place.id if place else None


def run_by(actor: Actor) -> UUID | None:
    """For pages of those who run an organization: the chosen one, if it is one of these."""
    place = place_of(actor)
    return place.id if place and place.is_run else None


def _chosen_place() -> OwnPlace | None:
    return place_of(current_user)


def _runs_place() -> bool:
    """Whether there is something to run in what is chosen."""
    place = place_of(current_user)
    return any(each.is_run for each in ([place] if place else current_user.organizations))
