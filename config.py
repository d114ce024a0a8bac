"""Settings of a WorkHub site: one validated class read from the environment (and .env).

Names carry their unit. Impossible values and impossible relations between thresholds are refused at
start with a sentence that says which setting, why, and how to set it.
"""

import re
import secrets
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(SystemExit):
    """The site cannot start with these settings; the message says what to change."""


class Settings(BaseSettings):
    """See .env.example for what each one means to an operator."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, allow_inf_nan=False
    )

    host: str = "127.0.0.1"
    port: int = Field(5000, ge=0, le=65535)
    workhub_env: Literal["development", "production"] = Field(
        "development", validation_alias=AliasChoices("WORKHUB_ENV", "workhub_env")
    )
    workhub_data_dir: Path = Path("var")
    database_url: str | None = None
    migration_database_url: str | None = None
    redis_url: str | None = None
    secret_key: str | None = None
    allowed_origins: str = ""
    async_mode: Literal["eventlet", "gevent", "threading"] = "eventlet"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    smtp_url: str | None = None
    mail_from: str = "WorkHub <workhub@localhost>"
    trusted_proxies: int = Field(0, ge=0)

    presence_idle_seconds: float = Field(300, gt=0)
    presence_offline_after_idle_seconds: float = Field(900, gt=0)
    presence_heartbeat_seconds: float = Field(120, gt=0)
    presence_leave_grace_seconds: float = Field(1.5, ge=0)
    presence_disconnect_grace_seconds: float = Field(10, ge=0)
    presence_typing_seconds: float = Field(5, gt=0)
    presence_online_seconds: float = Field(300, gt=0)
    presence_tick_milliseconds: float = Field(100, ge=1)
    presence_flush_milliseconds: float = Field(20, ge=0)

    socket_ping_interval_seconds: float = Field(10, gt=0)
    socket_ping_timeout_seconds: float = Field(8, gt=0)
    socket_max_connections: int = Field(20000, ge=1)
    socket_max_per_user: int = Field(10, ge=1)
    socket_max_boards: int = Field(50, ge=1)
    socket_messages_per_second: float = Field(20, gt=0)
    socket_message_burst: int = Field(60, ge=1)

    session_idle_hours: float = Field(12, gt=0)
    session_absolute_days: float = Field(7, gt=0)
    session_check_seconds: float = Field(5, gt=0)
    login_tries: int = Field(10, ge=1)
    login_window_seconds: int = Field(300, ge=1)

    @property
    def is_production(self) -> bool:
        return self.workhub_env == "production"

    @property
    def origins(self) -> frozenset[str]:
        """Origins that may open sockets; none: only the address that the page itself was asked at."""
        return frozenset(o.strip().rstrip("/") for o in self.allowed_origins.split(",") if o.strip())

    @property
    def site_url(self) -> str:
        """Where links in mails lead: the first of the origins, else where it serves."""
        first = self.allowed_origins.split(",")[0].strip().rstrip("/")
        host = "localhost" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104  # not bound here
        return first or f"http://{host}:{self.port}"

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> Self:
        try:
            parts = urlsplit(self.smtp_url or "smtp://localhost")
            is_good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number
            is_good = False
        if not is_good:
            raise ValueError(
                "SMTP_URL must be smtp://host or smtps://host, such as smtp://user:password@mail.example.org:587"
            )
        if not re.fullmatch(r"[^<>\r\n@]*<?[^<>\s@]+@[^<>\s@]+>?", self.mail_from):
            raise ValueError("MAIL_FROM must be an address, such as WorkHub <workhub@example.org>")
        return self

    @model_validator(mode="after")
    def _origins_are_as_browsers_send_them(self) -> Self:
        """Anything else would never match, and every socket would be refused without a word."""
        for origin in sorted(self.origins):
            if not re.fullmatch(r"https?://[^/?#@\s*]+", origin):
                raise ValueError(
                    f"ALLOWED_ORIGINS: {origin!r} must be a scheme and a host, such as https://workhub.example.org"
                )
        return self

    @model_validator(mode="after")
    def _thresholds_are_possible(self) -> Self:
        idle, beat = self.presence_idle_seconds, self.presence_heartbeat_seconds
        if beat > idle / 2:
            raise ValueError(
                f"PRESENCE_HEARTBEAT_SECONDS ({beat:g}) must be at most half of PRESENCE_IDLE_SECONDS "
                f"({idle:g}): otherwise one lost heartbeat makes an active person look idle"
            )
        if self.presence_offline_after_idle_seconds <= idle:
            raise ValueError(
                f"PRESENCE_OFFLINE_AFTER_IDLE_SECONDS ({self.presence_offline_after_idle_seconds:g}) "
                f"must be more than PRESENCE_IDLE_SECONDS ({idle:g})"
            )
        if self.presence_leave_grace_seconds > self.presence_disconnect_grace_seconds:
            raise ValueError(
                f"PRESENCE_LEAVE_GRACE_SECONDS ({self.presence_leave_grace_seconds:g}) must be at most "
                f"PRESENCE_DISCONNECT_GRACE_SECONDS ({self.presence_disconnect_grace_seconds:g})"
            )
        return self

    @model_validator(mode="after")
    def _production_is_complete(self) -> Self:
        if not self.is_production:
            return self
        needed = {
            "SECRET_KEY": (
                self.secret_key,
                'a random text; make one with: python -c "import secrets; print(secrets.token_hex(32))"',
            ),
            "DATABASE_URL": (self.database_url, "postgresql://workhub:password@host/workhub"),
            "ALLOWED_ORIGINS": (
                self.allowed_origins,
                "the address people open, such as https://workhub.example.org",
            ),
        }
        missing = [f"{name}: set it to {how}" for name, (value, how) in needed.items() if not value]
        if missing:
            raise ValueError("WORKHUB_ENV=production also needs " + "; ".join(missing))
        if len(self.secret_key or "") < 32:
            raise ValueError("SECRET_KEY must have at least 32 characters in production")
        return self


def load_settings(**overrides: object) -> Settings:
    """The site's settings, or SettingsError with one line for each thing to mend."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks each value
    except ValidationError as error:
        lines = [_explain(problem["loc"], problem["msg"]) for problem in error.errors()]
        raise SettingsError("WorkHub cannot start with these settings:\n  " + "\n  ".join(lines)) from None


def secret_key(settings: Settings) -> str:
    """The configured key, or in development one kept in the data directory so that restarts keep sessions."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.workhub_data_dir / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def _explain(location: tuple[int | str, ...], message: str) -> str:
    name = "_".join(str(part) for part in location).upper()
    message = message.removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
