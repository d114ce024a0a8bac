"""Settings: what is accepted, what is refused, and that a refusal says which setting and how to mend it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import Settings, SettingsError, load_settings, secret_key

from .support.server import ROOT

PRODUCTION = {
    "workhub_env": "production",
    "secret_key": "x" * 64,
    "database_url": "postgresql://workhub@localhost/workhub",
    "allowed_origins": "https://workhub.example.org",
}
FLOATS = [name for name, field in Settings.model_fields.items() if field.annotation is float]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine and no .env reaches these tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def refusal(**settings: object) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(**settings)
    return str(refused.value)


def test_defaults_are_those_of_the_contract() -> None:
    expected = {
        "host": "127.0.0.1",
        "port": 5000,
        "workhub_env": "development",
        "workhub_data_dir": Path("var"),
        "database_url": None,
        "redis_url": None,
        "secret_key": None,
        "async_mode": "eventlet",
        "log_level": "INFO",
        "presence_idle_seconds": 300,
        "presence_offline_after_idle_seconds": 900,
        "presence_heartbeat_seconds": 120,
        "presence_leave_grace_seconds": 1.5,
        "presence_disconnect_grace_seconds": 10,
        "presence_typing_seconds": 5,
        "presence_tick_milliseconds": 100,
        "presence_flush_milliseconds": 20,
        "socket_ping_interval_seconds": 10,
        "socket_ping_timeout_seconds": 8,
        "socket_max_connections": 20000,
        "socket_max_per_user": 10,
        "socket_max_boards": 50,
        "socket_messages_per_second": 20,
        "socket_message_burst": 60,
        "session_idle_hours": 12,
        "session_absolute_days": 7,
        "login_tries": 10,
        "login_window_seconds": 300,
    }
    settings = load_settings().model_dump()
    assert {name: settings[name] for name in expected} == expected


def test_environment_and_env_file_are_read_by_their_upper_case_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=6000\nPRESENCE_TYPING_SECONDS=3\nREDIS_URL=\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PORT", "7000")
    settings = load_settings()
    assert (settings.port, settings.presence_typing_seconds, settings.redis_url) == (7000, 3, None)


@pytest.mark.parametrize(
    ("given", "blamed"),
    [
        ({"presence_heartbeat_seconds": 151}, "PRESENCE_HEARTBEAT_SECONDS"),
        ({"presence_idle_seconds": 239}, "PRESENCE_HEARTBEAT_SECONDS"),
        ({"presence_offline_after_idle_seconds": 300}, "PRESENCE_OFFLINE_AFTER_IDLE_SECONDS"),
        ({"presence_idle_seconds": 901}, "PRESENCE_OFFLINE_AFTER_IDLE_SECONDS"),
        ({"presence_leave_grace_seconds": 10.5}, "PRESENCE_LEAVE_GRACE_SECONDS"),
        ({"presence_disconnect_grace_seconds": 1}, "PRESENCE_LEAVE_GRACE_SECONDS"),
    ],
    ids=str,
)
def test_impossible_relation_is_refused_by_name(given: dict[str, object], blamed: str) -> None:
    message = refusal(**given)
    assert message.startswith("WorkHub cannot start with these settings:")
    assert blamed in message
    assert str(next(iter(given.values()))) in message


@pytest.mark.parametrize("name", FLOATS)
@pytest.mark.parametrize("value", ["-1", "nan", "inf", "soon"])
def test_number_that_is_no_duration_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name.upper(), value)
    assert f"{name.upper()}: " in refusal()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "http"),
        ("WORKHUB_ENV", "prod"),
        ("ASYNC_MODE", "asyncio"),
        ("LOG_LEVEL", "LOUD"),
        ("SOCKET_MAX_CONNECTIONS", "0"),
        ("LOGIN_TRIES", "0"),
        ("ALLOWED_ORIGINS", "workhub.example.org"),
        ("ALLOWED_ORIGINS", "https://a.example, *"),
        ("ALLOWED_ORIGINS", "https://a.example/boards"),
    ],
)
def test_impossible_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert name in refusal()


def test_every_mistake_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "-1")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    message = refusal()
    assert "PORT" in message
    assert "LOG_LEVEL" in message


def test_refusal_repeats_no_secret() -> None:
    assert "hunter2" not in refusal(**{**PRODUCTION, "secret_key": "hunter2"})


@pytest.mark.parametrize("scale", [1, 0.1, 0.01])
def test_values_of_seconds_and_less_are_accepted(scale: float) -> None:
    settings = load_settings(
        presence_idle_seconds=2 * scale,
        presence_offline_after_idle_seconds=2.001 * scale,
        presence_heartbeat_seconds=1 * scale,
        presence_leave_grace_seconds=0,
        presence_disconnect_grace_seconds=0,
        presence_typing_seconds=scale,
        presence_tick_milliseconds=1,
        presence_flush_milliseconds=0,
        socket_ping_interval_seconds=scale,
        socket_ping_timeout_seconds=scale,
    )
    assert settings.presence_idle_seconds == 2 * scale


def test_origins_lose_spaces_and_trailing_slashes() -> None:
    settings = load_settings(allowed_origins=" https://a.example/ ,http://localhost:8080,")
    assert settings.origins == {"https://a.example", "http://localhost:8080"}


def test_complete_production_is_accepted() -> None:
    assert load_settings(**PRODUCTION).is_production


@pytest.mark.parametrize(
    ("left_out", "how"),
    [
        ("secret_key", "secrets.token_hex"),
        ("database_url", "postgresql://"),
        ("allowed_origins", "https://"),
    ],
)
def test_incomplete_production_is_refused_saying_how_to_set_it(left_out: str, how: str) -> None:
    message = refusal(**{**PRODUCTION, left_out: ""})
    assert f"{left_out.upper()}: set it to " in message
    assert how in message
    assert not any(f"{other.upper()}: set it to" in message for other in PRODUCTION if other != left_out)


def test_short_secret_is_refused_in_production_only() -> None:
    assert "SECRET_KEY" in refusal(**{**PRODUCTION, "secret_key": "short"})
    assert load_settings(secret_key="short").secret_key == "short"


def test_incomplete_production_does_not_start(tmp_path: Path) -> None:
    """Real starts, all at once, each without one of the three; the event loop must not be in the way."""
    ours = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    complete = {name.upper(): value for name, value in PRODUCTION.items()}
    loops = {"SECRET_KEY": "eventlet", "DATABASE_URL": "gevent", "ALLOWED_ORIGINS": "threading"}
    starts = {
        name: subprocess.Popen(
            [sys.executable, str(ROOT / "wsgi.py")],
            cwd=tmp_path,
            env={**inherited, **complete, name: "", "ASYNC_MODE": loop},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, loop in loops.items()
    }
    for name, process in starts.items():
        out, err = process.communicate(timeout=60)
        assert process.returncode not in (0, None), name
        assert re.search(rf"WORKHUB_ENV=production also needs {name}: set it to \S+", err), err
        assert "Traceback" not in err
        assert out == ""
    assert list(tmp_path.iterdir()) == [], "a refused start must not leave anything behind"


def test_development_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    settings = load_settings(workhub_data_dir=tmp_path / "new" / "var")
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key
    kept = tmp_path / "new" / "var" / "secret_key"
    assert kept.stat().st_mode & 0o077 == 0


def test_configured_key_is_not_written_down(tmp_path: Path) -> None:
    assert secret_key(load_settings(secret_key="ours", workhub_data_dir=tmp_path)) == "ours"
    assert list(tmp_path.iterdir()) == []
