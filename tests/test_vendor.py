"""The stylesheet of Tabler is cut down to what the pages use: nothing they use may be missing."""

import re
from pathlib import Path

import pytest

from tools.prune_css import belongs, classes_of, pruned
from tools.vendor import PACKAGES, ROOT, TABLER, TABLER_FAMILIES

_IN_MARKUP = re.compile(r'class="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', re.S)
_IN_SCRIPTS = re.compile(r'(?:className[:=\s]+|classList\.\w+\()["`]([^"`$]*)')
_NAME = re.compile(r"[a-z][\w-]*")


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".btn{a:b}.card{c:d}", ".btn{a:b}"),
        (".btn-sm,.card .btn,.card{a:b}", ".btn-sm{a:b}"),
        ("h1,.h1{a:b}", "h1{a:b}"),
        ("@media print{.card{a:b}}@media print{.btn:hover{a:b}}", "@media print{.btn:hover{a:b}}"),
        (".btn:not(.card):is(a,b){a:b}", ".btn:not(.card):is(a,b){a:b}"),
        (":root{--x:url(a;b)}", ":root{--x:url(a;b)}"),
        ('@charset "utf-8";@keyframes x{to{a:b}}.card{}', '@charset "utf-8";@keyframes x{to{a:b}}'),
        ("/* .card{ */a{b:c}", "a{b:c}"),
    ],
)
def test_rules_stay_when_all_their_classes_are_used(css: str, kept: str) -> None:
    assert pruned(css, ("btn",)) == kept


def test_no_class_of_tabler_that_the_pages_use_is_cut_out() -> None:
    known = classes_of((PACKAGES / TABLER).read_text("utf-8"))
    used = _used("templates", "html", _IN_MARKUP) | _used("static/js", "js", _IN_SCRIPTS)
    assert "btn" in used
    assert sorted(name for name in used & known if not belongs(name, TABLER_FAMILIES)) == []


def _used(folder: str, suffix: str, places: re.Pattern[str]) -> set[str]:
    files = Path(ROOT, folder).rglob(f"*.{suffix}")
    found = (words for file in files for words in places.findall(file.read_text("utf-8")))
    return {name for words in found for name in _NAME.findall(words)}
