"""The board page in a real browser: its weight, how soon one can work with it, and the live panel's scripts.

`python -m bench.page` starts the real server with one busy board of 200 people. Only Chromium's own records
are used (network log, performance clock, trace); the page is not changed for the measurement.
"""

import os
import statistics
import sys
from dataclasses import asdict, dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support import chromium

from . import procfs, servers, site
from .client import Person
from .driver import Driver
from .report import Verdict, verdict_lines, write_json
from .trace import TRACE_CATEGORIES, ScriptTimes, script_times

MEMBERS, TASKS = 200, 40
LOADS = 5
UPDATES_PER_SECOND, CHANGES_PER_SECOND, SECONDS = 20, 100, 10
MOST_KILOBYTES, MOST_SECONDS, MOST_FRAME_MS = 250, 1.0, 16.0
_VIEWPORT = {"width": 1440, "height": 900}
# One can work with the page when the team's presence is there and live: by then the socket has joined and all
# scripts have run. The clock starts with the navigation.
_INTERACTIVE = "html[data-bench-interactive]"
_WATCH = """
const look = () => {
  if (!document.querySelector('#presence-live[data-state="live"]')) return;
  if (!document.querySelector('.person')) return;
  document.documentElement.dataset.benchInteractive = performance.now();
  watcher.disconnect();
};
const watcher = new MutationObserver(look);
watcher.observe(document, { subtree: true, childList: true, attributes: true });
"""


Sizes = dict[str, list[int]]


@dataclass(frozen=True)
class PageFigures:
    first_load_kilobytes: float
    first_load_requests: int
    by_kind_kilobytes: dict[str, float]
    interactive_seconds: float
    updates: int
    longest_task_ms: float
    longest_frame_ms: float
    longest_frame_cpu_ms: float
    p99_frame_ms: float

    def verdicts(self) -> list[Verdict]:
        weight, soon, frame = self.first_load_kilobytes, self.interactive_seconds, self.longest_frame_ms
        rate = self.updates / SECONDS
        return [
            Verdict(
                f"board page, first load <= {MOST_KILOBYTES} KB gzipped",
                f"{weight:.0f} KB in {self.first_load_requests} requests",
                weight <= MOST_KILOBYTES,
            ),
            Verdict(f"board page interactive <= {MOST_SECONDS:g} s", f"{soon:.2f} s", soon <= MOST_SECONDS),
            Verdict(
                f"panel of {MEMBERS}, {rate:.0f} updates a second: scripts per frame <= {MOST_FRAME_MS:g} ms",
                f"longest {frame:.1f} ms, on the processor at most {self.longest_frame_cpu_ms:.1f}; "
                f"p99 {self.p99_frame_ms:.1f}; longest task with layout and paint {self.longest_task_ms:.1f}",
                frame <= MOST_FRAME_MS,
            ),
        ]


def measure() -> PageFigures:
    procfs.pin(os.getpid(), *range(os.cpu_count() or 1))  # the browser inherits it and may use every core
    tick = str(1000 // UPDATES_PER_SECOND)
    with (
        site.prepared(count=MEMBERS, board_size=MEMBERS, tasks=TASKS) as prepared,
        prepared.serving(PRESENCE_TICK_MILLISECONDS=tick) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**chromium.find().launch_options())
        driver = Driver(servers.HOST, server.port)
        try:
            driver.connect(prepared.people, join=True)
            return _measure(browser, driver, prepared.people[0], f"http://{servers.HOST}:{server.port}")
        finally:
            driver.pool.close()
            browser.close()


def _measure(browser: Browser, driver: Driver, head: Person, origin: str) -> PageFigures:
    address = f"{origin}/boards/{head.board_id}"
    _load(browser, driver, head, address).close()  # the server's templates and files are warm afterwards
    weights: list[Sizes] = []
    interactive = []
    for _ in range(LOADS):
        context = _load(browser, driver, head, address, weights)
        marked = context.pages[0].get_attribute(_INTERACTIVE, "data-bench-interactive")
        interactive.append(float(marked or "nan") / 1000)
        context.close()
    context = _load(browser, driver, head, address)
    updates, scripts = _watch_panel(browser, context.pages[0], driver)
    context.close()
    by_kind = weights[0]
    return PageFigures(
        first_load_kilobytes=sum(map(sum, by_kind.values())) / 1024,
        first_load_requests=sum(map(len, by_kind.values())),
        by_kind_kilobytes={kind: round(sum(sizes) / 1024, 1) for kind, sizes in sorted(by_kind.items())},
        interactive_seconds=statistics.median(interactive),
        updates=updates,
        longest_task_ms=max(scripts.tasks),
        longest_frame_ms=max(scripts.frames),
        longest_frame_cpu_ms=max(scripts.frames_cpu),
        p99_frame_ms=sorted(scripts.frames)[round((len(scripts.frames) - 1) * 0.99)],
    )


def _load(
    browser: Browser,
    driver: Driver,
    head: Person,
    address: str,
    weights: list[Sizes] | None = None,
) -> BrowserContext:
    """A first visit: a context of its own has an empty cache."""
    driver.idle(0.01)
    context = browser.new_context(viewport=_VIEWPORT)  # type: ignore[arg-type]
    name, _, value = head.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "domain": servers.HOST, "path": "/"}])
    context.add_init_script(_WATCH)
    page = context.new_page()
    if weights is not None:
        weights.append(_weigh(context, page))
    page.goto(address)
    page.wait_for_selector(_INTERACTIVE, state="attached")
    page.wait_for_load_state("networkidle")
    return context


def _weigh(context: BrowserContext, page: Page) -> Sizes:
    """Bytes on the wire of every response, headers included, by kind; filled while the page loads."""
    sizes: Sizes = {}
    kinds: dict[str, str] = {}
    session = context.new_cdp_session(page)
    session.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.setdefault(kinds.get(e["requestId"], "Other"), []).append(e["encodedDataLength"]),
    )
    session.send("Network.enable")
    return sizes


def _watch_panel(browser: Browser, page: Page, driver: Driver) -> tuple[int, ScriptTimes]:
    """The page's scripts while presence changes all the time, and how often the server told so."""
    browser.start_tracing(page=page, categories=TRACE_CATEGORIES)
    seen = driver.changes(CHANGES_PER_SECOND, SECONDS)
    return seen.messages, script_times(browser.stop_tracing())


def main() -> int:
    figures = measure()
    print(f"{verdict_lines(figures.verdicts())}\n\n{figures}")
    print(write_json(servers.RESULTS, {"page": asdict(figures)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
