"""The embedded PostgreSQL: shared by processes, stopped by the last one, never by a killed one's ghost."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg2
import pytest
from sqlalchemy import make_url

from app import embedded

ROOT = Path(__file__).resolve().parent.parent
# Like wsgi.py: patched first, ended by SIGTERM in an orderly way. A shell lets what runs in its background
# ignore SIGINT, and so would whatever that starts.
PROGRAM = """
import eventlet; eventlet.monkey_patch()
import signal, sys, time
from pathlib import Path
from app import embedded
server = embedded.start(Path(sys.argv[1]), durable=False)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
time.sleep(60)
"""
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Not in pytest's folder: see postgres in tests/conftest.py."""
    with TemporaryDirectory(prefix="workhub-test-") as folder:
        yield Path(folder)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Another process that uses the server in tmp_path."""
    started: list[subprocess.Popen[str]] = []

    def run() -> "subprocess.Popen[str]":
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
    embedded.remove(tmp_path)


def end(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    process.send_signal(number)
    process.wait(20)


def is_up(folder: Path) -> bool:
    pid_file = folder / "postgres" / "postmaster.pid"
    return pid_file.exists() and psutil.pid_exists(int(pid_file.read_text().split()[0]))


def ask(url: str, question: str) -> object:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]
    finally:
        connection.close()


def test_server_stops_with_the_last_process_that_uses_it(start: Start, tmp_path: Path) -> None:
    first, second, third = start(), start(), start()
    end(first, signal.SIGKILL)
    assert is_up(tmp_path)
    end(second, signal.SIGTERM)
    assert is_up(tmp_path)
    end(third, signal.SIGINT)
    assert not is_up(tmp_path)


def test_server_left_by_a_killed_process_is_joined_and_then_stopped(start: Start, tmp_path: Path) -> None:
    end(start(), signal.SIGKILL)
    assert is_up(tmp_path)
    end(start(), signal.SIGTERM)
    assert not is_up(tmp_path)


def test_pid_file_that_names_a_process_of_another_program_is_no_obstacle(
    start: Start, tmp_path: Path
) -> None:
    end(start(), signal.SIGKILL)
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    postmaster = psutil.Process(int(pid_file.read_text().split()[0]))
    helpers = postmaster.children()
    postmaster.kill()  # its helpers notice and end by themselves
    psutil.wait_procs([postmaster, *helpers], timeout=10)
    pid_file.write_text("1\n" + pid_file.read_text().partition("\n")[2])
    end(start(), signal.SIGTERM)
    assert not is_up(tmp_path)


def test_database_in_use_cannot_be_removed(start: Start, tmp_path: Path) -> None:
    process = start()
    with pytest.raises(BlockingIOError):
        embedded.remove(tmp_path)
    end(process, signal.SIGTERM)
    embedded.remove(tmp_path)
    assert not (tmp_path / "postgres").exists()


def test_stopping_twice_gives_up_one_use_only(tmp_path: Path) -> None:
    first = embedded.start(tmp_path, durable=False)
    second = embedded.start(tmp_path, durable=False)
    first.stop()
    first.stop()
    assert ask(second.url, "select current_user") == "workhub"
    second.stop()
    assert not is_up(tmp_path)


@pytest.mark.parametrize("name", ["x" * 100, "Maya's files, 50% done"])
def test_folder_whose_path_no_socket_can_have_works_too(tmp_path: Path, name: str) -> None:
    server = embedded.start(tmp_path / name, durable=False)
    assert ask(server.url, "select 1") == 1
    server.stop()


def test_login_role_has_no_rights_of_its_own(postgres: object, database: object) -> None:
    rights = "rolsuper or rolinherit or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication"
    question = f"select {rights} from pg_roles where rolname = current_user"
    assert ask(database.url, question) is False  # type: ignore[attr-defined]


def test_nobody_else_on_the_machine_can_reach_the_socket(tmp_path: Path) -> None:
    server = embedded.start(tmp_path, durable=False)
    folder = Path(str(make_url(server.url).query["host"]))
    assert folder.stat().st_mode & 0o77 == 0
    assert ask(server.admin_url, "show listen_addresses") == ""
    server.stop()
