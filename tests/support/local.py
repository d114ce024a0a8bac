"""The application in this process, for fixtures that share one among the tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from .contract import CheckedClient
from .postgres import TestDatabase


@contextmanager
def local_app(database: TestDatabase, folder: Path) -> Iterator[Flask]:
    """No .env, no event loop, no tries to sign in counted before."""
    from app import create_app, db, ratelimit
    from config import Settings

    ratelimit.reset()
    settings = Settings(
        _env_file=None,
        database_url=database.url,
        workhub_data_dir=folder,
        secret_key="for tests only",
        async_mode="threading",
    )
    app = create_app(settings)
    app.test_client_class = CheckedClient
    yield app
    db.database.close()
