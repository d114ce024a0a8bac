"""The database: engine, declarative base, and the unit of work that sets role and identity.

Every transaction becomes either `workhub_app` for one person (row level security decides what exists)
or `workhub_service` for the site's own work. Nobody else opens connections. Commit once, publish after.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import orjson
import psycopg2
from sqlalchemy import URL, DateTime, Engine, MetaData, create_engine, func, make_url, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import DeclarativeBase, Session
from uuid_utils.compat import uuid7

from .errors import Unavailable

log = logging.getLogger(__name__)

APP_ROLE, SERVICE_ROLE, OWNER_ROLE = "workhub_app", "workhub_service", "workhub_owner"
POOL_SIZE, POOL_OVERFLOW, POOL_WAIT_SECONDS = 10, 5, 2
STATEMENT_SECONDS, LOCK_SECONDS, IDLE_TRANSACTION_SECONDS = 2, 1, 5
ANSWER_SECONDS = STATEMENT_SECONDS + 0.5  # the server's own limit comes first, unless it hangs
STILL_THERE_SECONDS = 15  # so often a connection that waits for news is asked whether it still is one
CONNECT: dict[str, Any] = {
    "connect_timeout": 2,
    "application_name": "workhub",
    "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s "
    f"-c idle_in_transaction_session_timeout={IDLE_TRANSACTION_SECONDS}s -c timezone=UTC",
}

_begin_before: ContextVar[float] = ContextVar("begin_before", default=math.inf)  # by time.monotonic()
_BECOME = text("select set_config('role', :role, true), set_config('app.user_id', :user_id, true)")

_AS = text("select set_config('role', :role, true)")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


def driver_url(url: str) -> URL:
    """The address with the driver named: a bare postgresql:// would ask for psycopg 3, which is not green."""
    return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg2")


def new_id() -> UUID:
    """UUIDv7: sorts by time of making, so that indexes grow at one end."""
    return uuid7()


class Database:
    """One engine for the process; `connect` again (in tests) replaces it."""

    def __init__(self) -> None:
        self._engine: Engine | None = None

    def connect(self, url: str) -> None:
        self.close()
        self._engine = create_engine(
            driver_url(url),
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=POOL_WAIT_SECONDS,
            hide_parameters=True,  # failed statements are logged; their values are people's words
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args=CONNECT,
        )

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("Database.connect(url) comes first")
        return self._engine


database = Database()


@contextmanager
def unit_of_work(actor_id: UUID) -> Iterator[Session]:
    """One transaction as this person: row level security shows what they may see.

    Raises Unavailable when the database cannot be reached or does not answer in time.
    """
    with _transaction(APP_ROLE, str(actor_id)) as session:
        yield session


@contextmanager
def service_work() -> Iterator[Session]:
    """One transaction of the site itself (sign-in, recorder, jobs). Never for what a person asked to see."""
    with _transaction(SERVICE_ROLE, "") as session:
        yield session


@contextmanager
def as_service(session: Session) -> Iterator[None]:
    """Inside a person's transaction: what the site itself writes because of it, committed with it or not at
    all. A second connection would do it too, but a crowd would wait for those in a circle."""
    session.flush()
    role = session.scalar(text("select current_user"))
    session.execute(_AS, {"role": SERVICE_ROLE})
    yield
    session.execute(_AS, {"role": role})


def after_commit(session: Session, news: Callable[[], None]) -> None:
    """Run `news` once the transaction is committed; never when it is rolled back."""
    session.info.setdefault("after_commit", []).append(news)


def say(session: Session, channel: str, news: str) -> None:
    """Tells every process that hears the channel, this one too, when the transaction is committed."""
    session.execute(select(func.pg_notify(channel, news)))


def hear(channel: str) -> Iterator[str | None]:
    """None once nothing that is said can be missed, then what is said; raises Unavailable when that ends.

    On a connection of its own: one that waits would be missing in the pool.
    """
    import select  # patched by now

    try:
        address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with closing(psycopg2.connect(address, **CONNECT)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"listen {channel}")
                yield None
                while True:
                    if any(select.select([connection.fileno()], [], [], STILL_THERE_SECONDS)):
                        connection.poll()
                    else:
                        cursor.execute("select")
                    while connection.notifies:
                        yield connection.notifies.pop(0).payload
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise Unavailable() from error


@contextmanager
def _transaction(role: str, user_id: str) -> Iterator[Session]:
    session = Session(database.engine, expire_on_commit=False)
    try:
        with session:
            _begin(session, role, user_id)
            yield session
            session.commit()
    except (OperationalError, InterfaceError, TimeoutError) as error:
        raise Unavailable() from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable() from error
        raise
    for news in session.info.get("after_commit", []):
        _tell(news)


def _begin(session: Session, role: str, user_id: str) -> None:
    """The first statement is also the ping: a connection that died in the pool costs a second try, no error.

    One limit for waiting in the pool and both tries: each has its own, and they add up.
    """
    limit = _begin_before.set(time.monotonic() + ANSWER_SECONDS)
    identity = {"role": role, "user_id": user_id}
    try:
        session.execute(_BECOME, identity)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        session.rollback()
        session.execute(_BECOME, identity)
    finally:
        _begin_before.reset(limit)


def _tell(news: Callable[[], None]) -> None:
    """What is committed stays committed: a failing listener is logged and the others still hear."""
    try:
        news()
    except Exception:
        log.exception("after_commit_failed")


def is_answering() -> bool:
    try:
        with service_work() as session:
            return bool(session.scalar(text("select true")))
    except Unavailable:
        return False


def wait_green(connection: Any) -> None:
    """psycopg2 wait callback for cooperative scheduling (select is patched by then), with a limit of our own.

    connect_timeout and statement_timeout do not help against a server that hangs: nobody answers.
    Raising makes psycopg2 close the connection, so that a late answer can never reach another query.
    """
    import select

    from psycopg2 import OperationalError as NoAnswer
    from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE

    while (state := connection.poll()) != POLL_OK:
        readers = [connection.fileno()] if state == POLL_READ else []
        writers = [connection.fileno()] if state == POLL_WRITE else []
        if not (readers or writers):
            raise NoAnswer(f"unexpected state {state} while waiting for the database")
        seconds = min(ANSWER_SECONDS, _begin_before.get() - time.monotonic())
        if seconds <= 0 or not any(select.select(readers, writers, [], seconds)):
            raise NoAnswer("the database did not answer in time")
