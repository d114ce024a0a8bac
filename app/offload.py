"""Runs work that would block the event loop (password hashing) in an operating system thread.

wsgi.py names the runner that fits the async mode; without one the work runs where it is called.
"""

from collections.abc import Callable
from typing import Any, TypeVar

Runner = Callable[..., Any]
R = TypeVar("R")


def _here(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


_runner: Runner = _here


def use(runner: Runner) -> None:
    global _runner
    _runner = runner


def run(function: Callable[..., R], *args: Any) -> R:
    result: R = _runner(function, *args)
    return result
