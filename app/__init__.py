"""WorkHub: composition only. Each feature lives in its own package; see docs/architecture.md."""

from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, request
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from config import Settings, secret_key

from . import (
    accounts,
    admin,
    attendance,
    boards,
    cli,
    deadlines,
    logs,
    mail,
    members,
    notifications,
    organizations,
    people,
    presence,
    realtime,
    reference,
    search,
    site,
    transfer,
    web,
)
from .db import database

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> Flask:
    """The whole site on `settings.database_url`. Serving it, loops and all, is serving.py's work."""
    logs.configure(settings.log_level, as_json=settings.is_production)
    app = Flask(__name__, static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=secret_key(settings),
        SESSION_COOKIE_NAME="workhub_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_absolute_days),
    )
    if settings.database_url:
        database.connect(settings.database_url)
    _serve_static_files(app, settings)
    web.init_app(app)
    mail.init_app(app, settings)
    accounts.init_app(app, settings)
    boards.init_app(app)
    deadlines.init_app(app)
    transfer.init_app(app)
    presence.init_app(app, settings)
    people.init_app(app)
    search.init_app(app)
    attendance.init_app(app)
    notifications.init_app(app)
    admin.init_app(app)
    members.init_app(app, settings)
    organizations.init_app(app)
    app.register_blueprint(site.blueprint)
    reference.init_app(app)
    realtime.init_app(app, settings, accounts.identity_of_socket(app))
    cli.init_app(app)
    if settings.trusted_proxies:  # outermost: sockets compare their Origin with the address people see
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _serve_static_files(app: Flask, settings: Settings) -> None:
    """Vendored files as the install step compressed them, our own by Flask; all are revalidated."""
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.update(COMPRESS_ALGORITHM="gzip", COMPRESS_LEVEL=6)
    Compress(app)
    app.after_request(_read_whole_file)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(ROOT / "static" / "vendor"),
        prefix="static/vendor/",
        max_age=0,
        autorefresh=not settings.is_production,
        allow_all_origins=False,
        add_headers_function=web.secure_static_file,
    )


def _read_whole_file(response: Response) -> Response:
    """Our own files are small; read as a whole they can be compressed with gzip, which streams cannot."""
    if request.endpoint == "static" and response.status_code == 200:
        response.direct_passthrough = False
        response.get_data()
    return response
