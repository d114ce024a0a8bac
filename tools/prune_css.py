"""Leaves of a big stylesheet only what the pages use. Pure, standard library only.

A rule stays when every class it speaks of belongs to one of the families (`btn` stands for btn, btn-sm and so
on); rules without classes (elements, variables, themes) always do. Understands minified CSS, not every CSS.
"""

import re
from collections.abc import Iterable, Iterator

_CLASS = re.compile(r"\.(-?[_a-zA-Z](?:[\w-]|\\.)*)")
_NEGATION = re.compile(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_GROUPS = ("@media", "@supports", "@layer", "@container")


def pruned(css: str, families: Iterable[str]) -> str:
    return "".join(_kept(_COMMENT.sub("", css), tuple(families)))


def classes_of(css: str) -> set[str]:
    return set(_CLASS.findall(_COMMENT.sub("", css)))


def belongs(name: str, families: Iterable[str]) -> bool:
    return any(name == family or name.startswith(f"{family}-") for family in families)


def _kept(css: str, families: tuple[str, ...]) -> Iterator[str]:
    for head, body in _rules(css):
        if body is None:
            yield f"{head};"
        elif head.startswith(_GROUPS):
            inner = "".join(_kept(body, families))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [selector for selector in _selectors(head) if _is_used(selector, families)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def _is_used(selector: str, families: tuple[str, ...]) -> bool:
    return all(belongs(name, families) for name in _CLASS.findall(_NEGATION.sub("", selector)))


def _rules(css: str) -> Iterator[tuple[str, str | None]]:
    """What stands before each block, and the block; None for statements without one."""
    start = 0
    while mark := re.compile(r"[{;]").search(css, start):
        head = css[start : mark.start()].strip()
        start = mark.end()
        if mark.group() == ";":
            yield head, None
            continue
        end = _end_of_block(css, start)
        yield head, css[start : end - 1]
        start = end


def _end_of_block(css: str, start: int) -> int:
    depth = 1
    for brace in re.compile(r"[{}]").finditer(css, start):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.end()
    raise ValueError("a block of the stylesheet does not end")


def _selectors(head: str) -> Iterator[str]:
    """Split at commas outside of brackets."""
    depth = start = 0
    for at, character in enumerate(head):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            yield head[start:at]
            start = at + 1
    yield head[start:]
