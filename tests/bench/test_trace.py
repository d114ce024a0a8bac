"""Script time per frame from a Chromium trace."""

import json
from typing import Any

from bench.trace import script_times


def trace(*events: dict[str, Any]) -> bytes:
    main = {"pid": 7, "tid": 1}
    named = {"ph": "M", "name": "thread_name", "args": {"name": "CrRendererMain"}, "ts": 0}
    return json.dumps({"traceEvents": [named | main, *(main | event for event in events)]}).encode()


def script(begin_ms: int, length_ms: int, name: str = "FunctionCall") -> dict[str, Any]:
    times = {"ts": begin_ms * 1000, "dur": length_ms * 1000, "tdur": length_ms * 500}
    return {"ph": "X", "name": name, **times}


def frame_shown(at_ms: int) -> dict[str, Any]:
    return {"ph": "e", "name": "AnimationFrame", "ts": at_ms * 1000}


def test_scripts_before_a_frame_are_added_up() -> None:
    times = script_times(trace(script(1, 3), script(5, 4), frame_shown(10), script(12, 6), frame_shown(20)))
    assert times.frames == [7, 6, 0]
    assert times.frames_cpu == [3.5, 3, 0]


def test_nested_scripts_count_once() -> None:
    inner = script(2, 3, "RunMicrotasks")
    times = script_times(trace(script(1, 8, "FireAnimationFrame"), inner, frame_shown(10)))
    assert times.frames == [8, 0]


def test_layout_counts_for_the_task_and_not_for_scripts() -> None:
    times = script_times(
        trace(script(1, 9, "RunTask"), script(2, 2), script(5, 4, "Layout"), frame_shown(11))
    )
    assert times.frames == [2, 0]
    assert times.tasks == [9]
