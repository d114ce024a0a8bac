"""E-mail: messages wait in an outbox, written in the transaction that wants them, and are sent by a job.

Nothing is ever sent from inside a request: what is rolled back was never mailed, and a mail server that is
slow or away delays mail and nothing else. Without SMTP_URL a development site writes into its log that there
would have been a mail; in production there is none.
"""

from flask import Flask

from config import Settings

from .outbox import is_on, send_due, send_later, use
from .rules import Mail
from .transport import Console, Smtp

__all__ = ["Mail", "init_app", "is_on", "send_due", "send_later"]


def init_app(app: Flask, settings: Settings) -> None:
    app.config["SITE_URL"] = settings.site_url
    if settings.smtp_url:
        use(Smtp(settings.smtp_url), settings.mail_from)
    else:
        use(None if settings.is_production else Console(), settings.mail_from)
