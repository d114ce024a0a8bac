"""How long a page's scripts ran for each frame, and how long its tasks took, from a Chromium trace. Pure."""

import json
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any

TRACE_CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "toplevel"]
_SCRIPTS = frozenset(
    (
        *("FunctionCall", "EvaluateScript", "v8.run", "v8.callFunction", "RunMicrotasks"),
        *("TimerFire", "FireAnimationFrame", "FireIdleCallback", "EventDispatch", "MajorGC", "MinorGC"),
    )
)
_TASK = "RunTask"
_FRAME = "AnimationFrame"


@dataclass(frozen=True)
class ScriptTimes:
    """Milliseconds, garbage collection included. `tasks` are whole: also style, layout and paint."""

    frames: list[float]
    frames_cpu: list[float]  # without the time in which another process had the core
    tasks: list[float]
    tasks_cpu: list[float]


def script_times(trace: bytes) -> ScriptTimes:
    events = _of_main_thread(json.loads(trace)["traceEvents"])
    scripts = _outermost(e for e in events if e["name"] in _SCRIPTS)
    tasks = [e for e in events if e["name"] == _TASK and e["ph"] == "X"]
    shown = sorted(e["ts"] for e in events if e["name"] == _FRAME and e["ph"] == "e")
    return ScriptTimes(
        _sums(scripts, shown, "dur"),
        _sums(scripts, shown, "tdur"),
        *([e.get(clock, 0) / 1000 for e in tasks] for clock in ("dur", "tdur")),
    )


def _of_main_thread(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the page: among the renderers' main threads the one that made most frames."""
    named = (e for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain")
    mains = {(e["pid"], e["tid"]) for e in named}
    frames = Counter((e["pid"], e["tid"]) for e in events if e["name"] == _FRAME)
    busiest = max(mains, key=lambda thread: frames[thread])
    return [e for e in events if (e["pid"], e["tid"]) == busiest]


def _outermost(events: Any) -> list[dict[str, Any]]:
    """Complete events that lie in no other of them, by their beginning."""
    found: list[dict[str, Any]] = []
    end = 0.0
    for event in sorted((e for e in events if e["ph"] == "X"), key=lambda e: (e["ts"], -e["dur"])):
        if event["ts"] >= end:
            found.append(event)
            end = event["ts"] + event["dur"]
    return found


def _sums(scripts: list[dict[str, Any]], shown: list[float], clock: str) -> list[float]:
    """Script time between each frame's end and the next one's: what the next one had to wait for."""
    sums = [0.0] * (len(shown) + 1)
    for script in scripts:
        sums[bisect_right(shown, script["ts"])] += script.get(clock, 0) / 1000
    return sums
