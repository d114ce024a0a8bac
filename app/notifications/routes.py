"""REST for one's own notifications and what one wants to be told of. Holds no rules."""

from uuid import UUID

from flask import Blueprint

from ..accounts.queries import Actor
from ..api import api
from ..clock import clock
from ..db import unit_of_work
from . import queries, service
from .schemas import (
    NotificationsPage,
    NotificationsQuery,
    PreferencesBody,
    PreferencesView,
    ReadBody,
    UnreadCount,
)

blueprint = Blueprint("notifications", __name__)

NOTIFICATIONS = "/api/notifications"


@blueprint.get(NOTIFICATIONS)
@api("session")
def list_notifications(actor: Actor, query: NotificationsQuery) -> NotificationsPage:
    """What you were told, the newest first, and how much of it is unread. Kept for 90 days."""
    with unit_of_work(actor.id) as session:
        items, cursor = queries.notifications_of(session, actor.id, **query.model_dump())
        unread = queries.unread_counts(session, [actor.id])[actor.id]
    return NotificationsPage(items=items, next_cursor=cursor, unread_count=unread)


@blueprint.get(f"{NOTIFICATIONS}/count")
@api("session")
def count_notifications(actor: Actor) -> UnreadCount:
    """How many are unread."""
    with unit_of_work(actor.id) as session:
        return UnreadCount(unread_count=queries.unread_counts(session, [actor.id])[actor.id])


@blueprint.post(f"{NOTIFICATIONS}/read")
@api("session")
def read_notifications(actor: Actor, body: ReadBody) -> UnreadCount:
    """Mark some as read, or all."""
    with unit_of_work(actor.id) as session:
        ids: list[UUID] | None = None if body.all else body.ids
        return UnreadCount(unread_count=service.mark_read(session, actor.id, ids=ids, now=clock.now()))


@blueprint.get(f"{NOTIFICATIONS}/preferences")
@api("session")
def show_preferences(actor: Actor) -> PreferencesView:
    """What you are told of, in the app and by mail, and for how long mail is gathered."""
    with unit_of_work(actor.id) as session:
        return service.preferences_for(session, actor.id)


@blueprint.put(f"{NOTIFICATIONS}/preferences")
@api("session")
def change_preferences(actor: Actor, body: PreferencesBody) -> PreferencesView:
    """Choose it. `digestMinutes`: mail is gathered so long into one message; 0 sends at once."""
    with unit_of_work(actor.id) as session:
        return service.set_preferences(session, actor.id, body, now=clock.now())
