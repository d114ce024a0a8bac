"""Pages that belong to no single feature: a person's settings, and what the site says about privacy."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from .accounts.queries import organizations_of, tokens_of
from .accounts.schemas import TokenView
from .accounts.sessions import own_sessions
from .api import SCOPES
from .clock import clock
from .db import unit_of_work
from .deadlines.queries import feed_of
from .notifications.service import preferences_for
from .presence import preview
from .presence import settings as presence
from .web import signed_in

blueprint = Blueprint("site", __name__)


@blueprint.get("/settings")
def settings() -> ResponseReturnValue:
    """With the values it begins with, so that nothing jumps once the scripts are there."""
    actor, now = signed_in(), clock.now()
    people = current_app.extensions["presence_runtime"].people.people
    limits = current_app.extensions["identifier"].limits
    with unit_of_work(actor.id) as session:
        feed = feed_of(session, actor.id)
        mine = presence.settings_of(session, user_id=actor.id, now=now)
        logins = own_sessions(session, actor=actor, now=now, limits=limits)
        values = {
            "sessions": [login.to_json() for login in logins],
            "organizations": organizations_of(session, actor.id),
            "presence": presence.settings_json(session, user_id=actor.id, settings=mine),
            "preview": preview.preview(session, people=people, user_id=actor.id, now=now),
            "notifications": preferences_for(session, actor.id).to_json(),
            "feed": feed and feed.to_json(),
            "tokens": [TokenView.model_validate(token).to_json() for token in tokens_of(session, actor.id)],
        }
    return render_template("settings/page.html", scopes=SCOPES, **values)


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """For everybody, also before they sign in."""
    return render_template("privacy.html")
