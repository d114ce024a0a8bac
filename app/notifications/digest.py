"""What waited for a person, as one mail instead of many.

Whatever they have read meanwhile, or may see no longer, is left out; where nothing is left there is no mail.
Runs as workhub_service.
"""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ..accounts.models import User
from ..mail import Mail, is_on, send_later
from . import queries
from .models import Notification
from .rules import moment_in
from .schemas import NotificationView

MOST_IN_ONE = 50


def write_one(session: Session, now: datetime, *, site_url: str) -> int:
    """Writes to the person who has waited longest, of all that waits for them; 0 when nobody's is due."""
    waiting = select(Notification.user_id).where(Notification.mail_at <= now)
    user_id = session.scalar(waiting.order_by(Notification.mail_at).limit(1))
    if user_id is None:
        return 0
    news = _news_for(session, user_id)
    told = update(Notification).where(Notification.user_id == user_id, Notification.mail_at.is_not(None))
    session.execute(told.values(mail_at=None).execution_options(synchronize_session=False))
    person = session.get_one(User, user_id)
    if news and is_on() and person.disabled_at is None:
        send_later(session, mail_of(news, person.email, person.time_zone, site_url), now=now)
    return 1


def mail_of(news: Sequence[NotificationView], to: str, time_zone: str, site_url: str) -> Mail:
    """The oldest first. People's words are escaped where they become HTML, and stand in no address."""
    shown = news[:MOST_IN_ONE]
    said = [sentence_of(each, time_zone) for each in shown]
    links = [f"{site_url}{path_of(each)}" for each in shown]
    subject = said[0] if len(news) == 1 else f"{len(news)} notifications from WorkHub"
    settings = f"{site_url}/settings#notifications"
    text, html = [], []
    for each, sentence, link in zip(shown, said, links, strict=True):
        where = f"On the board {each.board.name}"
        quoted = [f"> {each.excerpt}"] if each.excerpt else []
        text.append("\n".join([sentence, where, *quoted, link]))
        quote = f"<blockquote>{escape(each.excerpt)}</blockquote>" if each.excerpt else ""
        html.append(f'<p><a href="{escape(link)}">{escape(sentence)}</a><br>{escape(where)}</p>{quote}')
    if len(news) > len(shown):
        more = f"And {len(news) - len(shown)} more."
        text.append(more)
        html.append(f"<p>{more}</p>")
    why = "You get this mail because of your notification settings. Change or stop it here:"
    text.append(f"{why}\n{settings}")
    html.append(f'<p><small>{why} <a href="{escape(settings)}">{escape(settings)}</a></small></p>')
    return Mail(to, subject, "\n\n".join(text) + "\n", "\n".join(html))


def sentence_of(news: NotificationView, time_zone: str) -> str:
    who = news.actor.name if news.actor else "Somebody"
    task = f"“{news.task.name}”" if news.task else ""
    if news.kind == "due_soon":
        due = f" {moment_in(news.due_at, time_zone)}" if news.due_at else " soon"
        return f"{task} is due{due}"
    return {
        "mention": f"{who} mentioned you in {task}",
        "assigned": f"{who} assigned you to {task}",
        "comment": f"{who} commented on {task}",
        "board_added": f"{who} added you to the board {news.board.name}",
    }[news.kind]


def path_of(news: NotificationView) -> str:
    board = f"/boards/{news.board.id}"
    return f"{board}#/tasks/{news.task.id}" if news.task else board


def _news_for(session: Session, user_id: UUID) -> list[NotificationView]:
    found = (
        queries.select_views()
        .where(Notification.user_id == user_id, Notification.mail_at.is_not(None))
        .where(or_(Notification.read_at.is_(None), ~Notification.in_app))
        .order_by(Notification.created_at, Notification.id)
    )
    return [queries.view_of(row) for row in session.execute(found)]
