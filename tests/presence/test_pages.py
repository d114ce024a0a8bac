"""Pages by path: what clients may call a page, and what people read."""

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.presence.pages import LONGEST_ADDRESS, NAMES, board_of, canonical, label

BOARD = UUID("018f3c2e-7b1a-7c3d-9e4f-0123456789ab")
PATH = f"/boards/{BOARD}"


@pytest.mark.parametrize("path", [*NAMES, PATH, f"{PATH}/calendar"])
def test_page_of_this_site_is_its_own_path(path):
    assert canonical(path) == path


@pytest.mark.parametrize("address", [f"{PATH}?task=7&q=secret", f"{PATH}#token", f"{PATH}?#"])
def test_query_and_fragment_are_left_behind(address):
    assert canonical(address) == PATH


def test_two_ways_to_write_an_id_are_one_page():
    assert canonical(f"/boards/{str(BOARD).upper()}") == PATH


def test_whom_somebody_looks_at_is_not_kept():
    assert canonical(f"/people/{BOARD}") == "/people"


HOSTILE = (
    "", "/", "//evil.example/boards", "//boards", "/\\evil.example", "\\boards", "javascript:alert(1)",
    "https://evil.example/boards", "http:/boards", "/boards/", "/boards/../boards", "/./boards", "/BOARDS",
    "/%62oards", "/boards%3Fq", "/boards%00", "/boards\x00", "/boards\n", "\n/boards", " /boards", "/boards ",
    "/boards\u2028", "/bo\u00adards", "／boards", "/boards;a=b", "/boards/7", f"{PATH}/", f"{PATH}x",
    f"x{PATH}", f"/BOARDS/{BOARD}",
    f"{PATH}\n", f"/boards/{BOARD.hex}", f"/boards/{{{BOARD}}}", PATH.replace("0", "٠"),
    PATH.replace("b", "ｂ"),
    "Board: Website relaunch", "?/boards", "#/boards", "data:text/html,/boards", "/api/boards", "/login",
    "/boards" + "?" + "q" * LONGEST_ADDRESS, "/" * 100_000, "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("address", [None, *HOSTILE])
def test_everything_else_is_no_page(address):
    assert canonical(address) is None


@given(st.text())
@example("/boards\n")
def test_no_text_becomes_anything_but_a_known_page(text):
    found = canonical(text)
    assert found is None or found in NAMES or found.removesuffix("/calendar") == f"/boards/{board_of(found)}"


@given(st.sampled_from([*NAMES, PATH]), st.text(), st.sampled_from("?#"))
def test_nothing_of_a_query_is_kept(path, secret, mark):
    assert canonical(f"{path}{mark}{secret}"[:LONGEST_ADDRESS]) == path


@given(st.text())
def test_canonical_is_stable(text):
    assert canonical(canonical(text)) == canonical(text)


def test_every_page_for_people_has_a_name(app):
    """Ways in are no places to be; the first page leads to the boards."""
    paths = {
        re.sub("<uuid:.*?>", str(BOARD), rule.rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static/"))
    }
    nowhere = {"/", "/login", "/logout", "/invite/<token>", "/reset/<token>", "/healthz", "/readyz"}
    nowhere |= {"/admin/users/online-status", "/calendar/<token>.ics"}  # asked by pages and programs
    assert {path for path in paths - nowhere if canonical(path) is None} == set(), (
        "name it in app/presence/pages.py"
    )


def test_board_is_called_by_its_name_where_the_viewer_may_know_it():
    assert label(PATH, {BOARD: "Website relaunch"}) == "Board: Website relaunch"
    assert label(f"{PATH}/calendar", {BOARD: "Website relaunch"}) == "Calendar: Website relaunch"
    assert label(PATH, {uuid4(): "Secret"}) == "A board"
    assert label(PATH, {}) == "A board"


@pytest.mark.parametrize(("path", "name"), NAMES.items())
def test_other_pages_are_called_the_same_for_everybody(path, name):
    assert label(path, {BOARD: "Website relaunch"}) == name


@pytest.mark.parametrize("page", [None, "", "/nowhere", "Board: Website relaunch"])
def test_what_is_no_page_has_no_name(page):
    assert label(page, {}) is None
    assert board_of(page) is None
