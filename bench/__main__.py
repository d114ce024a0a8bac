"""`python -m bench`: measure the bare and the real server in turns, print tables, write var/bench/*.json.

Options say how many sockets, how often and which server; the load itself is not configurable, so that two
runs can be compared.
"""

import argparse
import gc
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as BrowserError

from . import boards, procfs, servers, site, speed
from .churn import measure as churn
from .client import BenchError
from .measure import measure
from .page import measure as measure_page
from .report import Pass, Report, verdict_lines, write_json

BOARD_SIZE = 50
SPARE_FILES = 200
# What is measured of WorkHub alone; the browser last, because it may use every core.
PARTS: dict[str, Callable[[], Any]] = {
    "speed": speed.measure,
    "boards": boards.measure,
    "churn": churn.measure,
    "page": measure_page,
}


def main() -> int:
    options = _options()
    _raise_file_limit(max(options.sockets))
    procfs.pin(os.getpid(), servers.DRIVER_CORE)
    gc.disable()  # a pause of the driver would be measured as the server's; passes are collected in between
    passes: list[Pass] = []
    with _folder_and_site(options) as (folder, prepared):
        for sockets in options.sockets:
            for _ in range(options.rounds):
                if "bare" in options.servers:
                    with servers.bare(folder) as server:
                        passes.append(_pass(server, servers.bare_people(sockets, BOARD_SIZE), None))
                if prepared:
                    with prepared.serving() as server:
                        passes.append(_pass(server, prepared.people[:sockets], prepared))
    report = Report(passes)
    if passes:
        print(f"\n{report.table()}\n", flush=True)
    parts = {name: found for name in PARTS if name in options.servers and (found := _part(name))}
    verdicts = [*report.verdicts(), *(verdict for part in parts.values() for verdict in part.verdicts())]
    content = {**report.content(), **{name: asdict(part) for name, part in parts.items()}}
    content["figures"] = [asdict(verdict) for verdict in verdicts]
    print(f"{verdict_lines(verdicts)}\n\n{write_json(servers.RESULTS, content)}")
    return 1 if any(one.error for one in passes) or len(parts) < len(set(PARTS) & {*options.servers}) else 0


def _part(name: str) -> Any:
    """Its figures, None if it could not be measured."""
    print(f"{name} ...", file=sys.stderr, flush=True)
    try:
        figures = PARTS[name]()
    except (BenchError, BrowserError) as error:
        print(f"  failed: {error}", file=sys.stderr)
        return None
    if name != "page":
        print(f"\n{figures.table()}\n", flush=True)
    return figures


def _pass(server: servers.Server, people: list, probe: site.Site | None) -> Pass:
    print(f"{server.name}: {len(people):,} sockets ...", file=sys.stderr, flush=True)
    try:
        return Pass(server.name, len(people), measure(server, people, probe))
    except BenchError as error:
        print(f"  failed: {error}\n{server.last_words()}", file=sys.stderr)
        return Pass(server.name, len(people), {}, str(error))
    finally:
        gc.collect()


@contextmanager
def _folder_and_site(options: argparse.Namespace) -> Iterator[tuple[Path, site.Site | None]]:
    with tempfile.TemporaryDirectory(prefix="workhub-bench-") as folder:
        if "workhub" not in options.servers:
            yield Path(folder), None
            return
        with site.prepared(count=max(options.sockets), board_size=BOARD_SIZE) as prepared:
            yield Path(folder), prepared


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure WorkHub against a bare server."
    )
    parser.add_argument(
        "--n",
        "--sockets",
        dest="sockets",
        type=_sizes,
        default=os.environ.get("N") or "1000,5000,10000",
        help="numbers of sockets, such as 1000,5000 (default: N from the environment, or 1000,5000,10000)",
    )
    parser.add_argument(
        "--rounds", type=int, default=1, help="passes of each server per size; medians are shown"
    )
    parser.add_argument(
        "--only",
        dest="servers",
        type=lambda text: text.split(","),
        default=["bare", "workhub", *PARTS],
        help="some of bare,workhub,speed,boards,churn,page (default: all)",
    )
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    sizes = [int(part) for part in text.split(",")]
    if any(size < 2 * BOARD_SIZE or size % BOARD_SIZE for size in sizes):
        raise argparse.ArgumentTypeError(
            f"each must be a multiple of {BOARD_SIZE} and at least {2 * BOARD_SIZE}"
        )
    return sizes


def _raise_file_limit(sockets: int) -> None:
    """One process holds one end of every socket; the servers inherit the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = sockets + SPARE_FILES
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SystemExit(
            f"{sockets:,} sockets need {needed:,} open files and {hard:,} are allowed: see ulimit -Hn"
        )
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


if __name__ == "__main__":
    sys.exit(main())
