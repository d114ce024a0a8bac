"""Frames while somebody scrolls through a board of 2,000 tasks, in Chromium. `python -m bench.scroll`.

The wheel turns over one list after another. The page counts its frames, and the browser's trace says
how long its thread was busy in one piece: with scripts, style, layout and paint of what comes into sight.
"""

import os
import statistics
import sys
from dataclasses import asdict, dataclass
from itertools import pairwise

from playwright.sync_api import Page, sync_playwright

from tests.support import chromium

from . import procfs, servers, site
from .boards import LISTS, TASKS, Filling
from .report import Verdict, verdict_lines, write_json
from .trace import TRACE_CATEGORIES, script_times

FRAME_MS = 1000 / 60
TURNS, PIXELS, PAUSE_MS = 60, 240, 16
_VIEWPORT = {"width": 1440, "height": 900}
_COUNT = """
window.shown = [];
const next = (at) => { window.shown.push(at); requestAnimationFrame(next); };
requestAnimationFrame(next);
"""


@dataclass(frozen=True)
class ScrollFigures:
    frames: int
    frames_per_second: float
    late_frames_percent: float
    longest_task_ms: float
    longest_task_cpu_ms: float
    p99_task_cpu_ms: float

    def verdicts(self) -> list[Verdict]:
        fps, late, task = self.frames_per_second, self.late_frames_percent, self.longest_task_ms
        return [
            Verdict(
                f"board of {TASKS:,} tasks scrolls at 60 frames a second",
                f"{fps:.1f}, {late:.1f} % of them late; longest task {task:.1f} ms, "
                f"on the processor at most {self.longest_task_cpu_ms:.1f}, p99 {self.p99_task_cpu_ms:.1f}",
                fps >= 59,
            )
        ]


def measure() -> ScrollFigures:
    procfs.pin(os.getpid(), *range(os.cpu_count() or 1))
    with (
        site.prepared(Filling(boards=1).fill) as prepared,
        prepared.serving() as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**chromium.find().launch_options())
        context = browser.new_context(viewport=_VIEWPORT)  # type: ignore[arg-type]
        member = prepared.people[1]
        name, _, value = member.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "domain": servers.HOST, "path": "/"}])
        page = context.new_page()
        page.goto(f"http://{servers.HOST}:{server.port}/boards/{member.board_id}")
        page.wait_for_load_state("networkidle")
        browser.start_tracing(page=page, categories=TRACE_CATEGORIES)
        intervals = _scroll(page)
        scripts = script_times(browser.stop_tracing())
        browser.close()
    late = sum(interval > 1.5 * FRAME_MS for interval in intervals)
    return ScrollFigures(
        frames=len(intervals),
        frames_per_second=1000 / statistics.mean(intervals),
        late_frames_percent=100 * late / len(intervals),
        longest_task_ms=max(scripts.tasks),
        longest_task_cpu_ms=max(scripts.tasks_cpu),
        p99_task_cpu_ms=sorted(scripts.tasks_cpu)[round((len(scripts.tasks_cpu) - 1) * 0.99)],
    )


def _scroll(page: Page) -> list[float]:
    """Milliseconds from each frame to the next one."""
    page.evaluate(_COUNT)
    lists = page.get_by_role("list", name="Tasks in ")
    for number in range(min(3, LISTS)):
        lists.nth(number).hover(position={"x": 100, "y": 200})
        for turn in range(TURNS):
            page.mouse.wheel(0, PIXELS if turn < TURNS * 2 / 3 else -PIXELS)
            page.wait_for_timeout(PAUSE_MS)
    shown = page.evaluate("shown")
    return [after - before for before, after in pairwise(shown)]


def main() -> int:
    figures = measure()
    print(f"{verdict_lines(figures.verdicts())}\n\n{figures}")
    print(write_json(servers.RESULTS, {"scroll": asdict(figures)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
