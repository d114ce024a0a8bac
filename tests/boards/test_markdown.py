"""What people write, as HTML: marks and mentions come through, nothing that runs does. Pure."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.boards.markdown import mentioned_ids, plain, render

MAYA, OMAR = "0198a0b0-0000-7000-8000-000000000001", "0198a0b0-0000-7000-8000-000000000002"
NAMES = {MAYA: "Maya <Rahman>"}
INERT = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&colon;alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    '[a](https://a.example "onmouseover=alert(1)")',
    "<svg/onload=alert(1)>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "<style>*{display:none}</style>",
    '<a href="https://a.example" style="position:fixed">x</a>',
    f'@["><script>alert(1)</script>](user:{MAYA})',
    f'@["><script>alert(1)</script>](user:{OMAR})',
)


@pytest.mark.parametrize("text", INERT)
def test_nothing_that_runs_comes_through(text: str) -> None:
    html = render(text, NAMES)
    tags = re.findall(r"<(\w+)((?:\s[^<>]*)?)>", html)
    assert {tag for tag, _ in tags} <= {"p", "a", "span", "code", "pre"}
    assert not re.search(
        r"(?i)href=.?(javascript|data|vbscript)|\s(style|on\w+)=", "".join(a for _, a in tags)
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** *soft* ~~gone~~ `code`", "<p><strong>bold</strong> <em>soft</em> <s>gone</s> <code>code"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# Title\n#### Deep", "<h3>Title</h3>\n<h6>Deep</h6>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>\n<td>2</td>"),
        ("see https://a.example/x now", '<a href="https://a.example/x" target="_blank" rel="noopener '),
        ("read.me is no address", "<p>read.me is no address</p>"),
        ("![plan](https://a.example/p.png)", '!<a href="https://a.example/p.png"'),
    ],
)
def test_marks_become_html(text: str, html: str) -> None:
    assert html in render(text, {})


def test_mention_shows_the_name_the_site_knows() -> None:
    text = f"Ask @[The Boss](user:{MAYA.upper()}), @[Omar](user:{OMAR}) and @[Maya](user:{MAYA})"
    assert mentioned_ids(text) == [MAYA, OMAR]
    known = f'<span class="mention" data-user-id="{MAYA}">@Maya &lt;Rahman&gt;</span>'
    assert render(text, NAMES) == f"<p>Ask {known}, @Omar and {known}</p>\n"
    assert plain(f"**Ask** @[x](user:{MAYA}) & <me>\n\n- now", NAMES) == "Ask @Maya <Rahman> & <me> now"


def test_what_only_looks_like_a_mention_mentions_nobody() -> None:
    for text in (f"`@[Maya](user:{MAYA})`", f"[Maya](user:{MAYA})", "@[Maya](user:1)", "@Maya", "@[Maya]"):
        assert mentioned_ids(text) == []
        assert "mention" not in render(text, NAMES)


@pytest.mark.parametrize("part", ["[", "![", "*a ", "_a", "[a](", "~~a", "http://a.b ", "|a|\n|-|\n"])
def test_text_made_to_be_slow_is_shown_as_it_is(part: str) -> None:
    """20,000 characters took up to 1.3 s, in which the site would stand still."""
    text = (part * 20_000)[:20_000]
    began = time.process_time()
    assert render(text, {})
    mentioned_ids(text)
    assert time.process_time() - began < 1


@given(st.text(max_size=200))
def test_any_text_can_be_rendered(text: str) -> None:
    assert "<script" not in render(text, NAMES)
    plain(text, NAMES)
