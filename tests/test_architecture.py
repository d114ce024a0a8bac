"""Keeps the house in order: who may import whom, how long things may get, what must not stand in it."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from config import Settings

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"

# From the ground up: a room imports only what stands before it. `__init__` composes; `serving` starts what
# it composed.
ROOMS = (
    "clock", "errors", "schema", "paging", "spreadsheet", "logs", "batching", "offload", "db", "embedded",
    "migrate", "audit", "ratelimit", "web", "api", "realtime", "mail", "accounts", "boards", "transfer",
    "deadlines", "presence", "people", "search", "attendance", "notifications", "analytics", "admin",
    "members", "organizations", "site", "reference", "jobs", "demo", "cli", "__init__", "serving",
)  # fmt: skip
# Inside a feature, also from the ground up; what is not named here stands between models and service.
PURE = (
    "core", "person", "rules", "privacy", "policy", "pages", "log_rules", "markdown", "templates",
    "foreign", "report", "table", "trello",
)  # fmt: skip
GROUND = ("models", "signals", "passwords")
STORES = ("schemas", "store", "queries")
EDGES = ("routes", "events")
# Libraries that compute and do nothing else are as good as the standard library to a pure room.
PURE_LIBRARIES = {"fractional_indexing", "markdown_it", "nh3"}
PURE_ROOMS = {"app.errors"}

LONGEST_FILE, LONGEST_FUNCTION = 300, 50  # lines; of a file those that are not blank
EVENTLET_MAY_STAND_IN = {
    "wsgi.py",
    "config.py",
    "requirements.txt",
    "constraints.txt",
    "pyproject.toml",
    ".env.example",
}


def modules() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def dotted(file: Path) -> str:
    """app/boards/service.py -> app.boards.service"""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


def imports(file: Path) -> set[str]:
    """Dotted names of all that a module imports, also inside functions; not what only type checkers read."""
    found: set[str] = set()
    for node in walk_running_code(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = dotted(file).split(".")[: -node.level] if node.level else []
            origin = ".".join([*package, *([node.module] if node.module else [])])
            found.update(
                f"{origin}.{alias.name}" if is_module(f"{origin}.{alias.name}") else origin
                for alias in node.names
            )
    return found


def walk_running_code(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from walk_running_code(child)


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def room(name: str) -> str:
    return [*name.split("."), "__init__"][1]


def floor(name: str) -> int:
    """Height inside a feature: pure, models, stores, service and its helpers, edges."""
    part = name.split(".")[2]
    for height, names in enumerate((PURE, GROUND, STORES)):
        if part in names:
            return height
    return 4 if part in EDGES or part == "__init__" else 3


@cache
def tracked_files() -> list[Path]:
    """What git holds and what it would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_every_room_has_its_place() -> None:
    unknown = {room(dotted(file)) for file in modules()} - set(ROOMS)
    assert not unknown, f"say in ROOMS where these stand: {unknown}"


@pytest.mark.parametrize("file", modules(), ids=dotted)
def test_rooms_import_only_what_stands_above_them(file: Path) -> None:
    here = room(dotted(file))
    below = [
        name
        for name in imports(file)
        if name.startswith("app") and ROOMS.index(room(name)) > ROOMS.index(here)
    ]
    assert not below


@pytest.mark.parametrize("file", [f for f in modules() if len(f.relative_to(APP).parts) > 1], ids=dotted)
def test_features_are_built_from_pure_rules_to_routes(file: Path) -> None:
    me = dotted(file)
    inside = [name for name in imports(file) if name.startswith(me.rpartition(".")[0] + ".")]
    above = [name for name in inside if floor(name) > floor(me)]
    sideways = [name for name in inside if {me.split(".")[2], name.split(".")[2]} == set(EDGES)]
    assert not above + sideways


@pytest.mark.parametrize("file", [f for f in modules() if f.stem in PURE], ids=dotted)
def test_pure_rooms_need_the_standard_library_only(file: Path) -> None:
    def is_pure(name: str) -> bool:
        if name.startswith("app."):
            return name in PURE_ROOMS or name.rpartition(".")[2] in PURE
        return name.split(".")[0] in sys.stdlib_module_names | PURE_LIBRARIES

    assert [name for name in imports(file) if not is_pure(name)] == []


def test_config_knows_nothing_of_the_application() -> None:
    assert [name for name in imports(ROOT / "config.py") if name.startswith("app")] == []


def test_only_wsgi_and_one_setting_know_which_event_loop_runs() -> None:
    """Server code; documents explain it and tests and the bench start the real thing."""
    code = [f for f in tracked_files() if f.parent == ROOT or APP in f.parents]
    named = {f.name for f in code if "eventlet" in f.read_text("utf-8") and f.suffix != ".md"}
    assert named <= EVENTLET_MAY_STAND_IN


@pytest.mark.parametrize("file", modules(), ids=dotted)
def test_output_goes_through_the_log(file: Path) -> None:
    """Commands, the demo and the start speak to whoever started them."""
    if file.stem in ("cli", "demo", "serving"):
        return
    calls = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


def test_files_and_functions_stay_short() -> None:
    long = []
    for file in [f for f in tracked_files() if f.suffix == ".py" and "versions" not in f.parts]:
        text = file.read_text("utf-8")
        name = str(file.relative_to(ROOT))
        if (lines := sum(1 for line in text.splitlines() if line.strip())) > LONGEST_FILE:
            long.append(f"{name}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{name}:{node.lineno} {node.name}: {lines} lines")
    assert not long


@pytest.mark.parametrize("file", modules(), ids=dotted)
def test_every_module_says_what_it_is_for(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "a module docstring of 2 to 6 lines"


def test_lock_file_holds_no_download_addresses() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []


def test_project_names_no_registry_and_no_folder_of_one_machine() -> None:
    """Each site has its own package registry and its own place for the project."""
    hosts = "|".join(("pypi", "pythonhosted", "npmjs", "yarnpkg"))
    forbidden = re.compile(rf"\b({hosts})\.(org|com)\b|(?<![\w.])/(work|home|root)/\w", re.IGNORECASE)
    found = []
    for file in tracked_files():
        try:
            lines = file.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture
        found += [
            f"{file.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if forbidden.search(line)
        ]
    assert not found


def test_env_example_lists_every_setting_with_its_default() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    defaults = {
        name.upper(): "" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert shown == defaults
