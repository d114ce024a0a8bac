"""How the tests are shared among workers, on a small suite with the names of ours, run by a real pytest."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

ROOT = Path(__file__).resolve().parent.parent
CONFTEST = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.conftest import (
    pytest_collection_modifyitems, pytest_make_parametrize_id, pytest_xdist_make_scheduler,
)
"""
TEST = """
import json, os, time, uuid
from pathlib import Path
import pytest

@pytest.mark.parametrize("drawn", [str(uuid.uuid4()), f"{uuid.uuid4()},x"])
def test_of_this_module(drawn, request):
    began = time.time()
    time.sleep(0.1)
    note = {"module": Path(__file__).stem, "worker": os.environ["PYTEST_XDIST_WORKER"],
            "began": began, "ended": time.time()}
    (Path(os.environ["NOTES"]) / uuid.uuid4().hex).write_text(json.dumps(note))
"""
Notes = list[dict[str, object]]


def run(folder: Path, workers: int, *modules: str) -> Notes:
    notes = folder / "notes"
    notes.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    (folder / "conftest.py").write_text(CONFTEST)
    for module in modules:
        path = folder / "tests" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "tests"]
    environment = {"PATH": "/usr/bin:/bin", "NOTES": str(notes)}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    found = [json.loads(note.read_text()) for note in notes.iterdir()]
    return sorted(found, key=lambda note: note["began"])


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_what_must_be_alone_runs_when_everything_else_has_ended(tmp_path: Path, workers: int) -> None:
    modules = ["test_one", "test_two", "test_three", "realtime/test_pressure", "browser/test_long"]
    notes = run(tmp_path, workers, *modules)
    assert len(notes) == 2 * len(modules)
    last = [note for note in notes if note["module"] == "test_pressure"]
    others = [note for note in notes if note["module"] != "test_pressure"]
    assert min(note["began"] for note in last) >= max(note["ended"] for note in others)
    assert len({note["worker"] for note in last}) == 1


def test_module_stays_on_one_worker_and_long_ones_begin_first(tmp_path: Path) -> None:
    notes = run(tmp_path, 2, "test_a", "test_b", "test_c", "browser/test_long")
    workers: dict[object, set[object]] = {}
    for note in notes:
        workers.setdefault(note["module"], set()).add(note["worker"])
    assert all(len(found) == 1 for found in workers.values())
    assert "test_long" in {note["module"] for note in notes[:2]}


def test_what_must_be_alone_may_be_all_there_is(tmp_path: Path) -> None:
    assert len(run(tmp_path, 3, "realtime/test_pressure")) == 2


def test_name_of_a_drawn_id_is_the_same_everywhere() -> None:
    from tests.support.sharing import name_of

    assert name_of(f"a={uuid4()}&b={uuid4()}") == "a=some-id&b=some-id"
    assert name_of("plain") is None
    assert name_of(UUID(int=7)) is None
