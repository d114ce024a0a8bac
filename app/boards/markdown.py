"""People's Markdown as HTML that may stand in a page, and whom it mentions. Pure.

`@[Maya Rahman](user:0198...)` is a mention; the name shown comes from `mentions`, never from the text, and an
id that is not in it stays plain text. Raw HTML is shown as text, pictures are links (a picture would tell its
server who reads), and whatever the parser lets through nh3 takes away again.
"""

import re
from collections.abc import Mapping, Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

HIGHEST_HEADING = 3  # a text stands below the headings of its page
MOST_SPECIALS = 2_000
"""Of the characters that open something: beyond it the parser looks for ends for seconds (20,000 of "[")."""

MOST_ADDRESSES = 500
"""Of what may become a link by itself: 1,800 of them took 0.7 s."""

_MENTION = re.compile(r"user:([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})", re.IGNORECASE)
_SPECIAL = re.compile(r"[\[\]*_`~<>!&:|]")
_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "ul",
}
_TAGS |= {"h3", "h4", "h5", "h6", "table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"data-user-id"}}


def render(text: str, mentions: Mapping[str, str]) -> str:
    """Safe HTML; `mentions` maps the ids of people who may be mentioned to their names."""
    if _is_made_to_be_slow(text):
        return nh3.clean(f"<pre>{_escaped(text)}</pre>", tags=_TAGS)
    html = _parser.render(text, {"mentions": mentions})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes={"span": {"mention"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def mentioned_ids(text: str) -> list[str]:
    """Everybody whom the text mentions, in its order, once; not what stands in code."""
    if _is_made_to_be_slow(text):
        return []
    found = [
        token.meta["id"]
        for block in _parser.parse(text, {"mentions": {}})
        for token in block.children or ()
        if token.type == "mention"
    ]
    return list(dict.fromkeys(found))


def plain(text: str, mentions: Mapping[str, str]) -> str:
    """One line without marks, for excerpts: nobody reads `@[Maya](user:0198...)`."""
    words = nh3.clean(render(text, mentions), tags=set())
    return " ".join(_unescaped(words).split())


def _is_made_to_be_slow(text: str) -> bool:
    return len(_SPECIAL.findall(text)) > MOST_SPECIALS or text.count("://") > MOST_ADDRESSES


def _find_mentions(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = _with_mentions(block.children)


def _with_mentions(tokens: Sequence[Token]) -> list[Token]:
    """An @ and a link to a person, as one token."""
    made: list[Token] = []
    inside = 0  # how many tokens of a mention are still to be left out
    for at, token in enumerate(tokens):
        if inside:
            inside -= 1
            continue
        person = _MENTION.fullmatch(str(token.attrGet("href"))) if token.type == "link_open" else None
        if person is None or not (made and made[-1].type == "text" and made[-1].content.endswith("@")):
            made.append(token)
            continue
        end = next(n for n in range(at + 1, len(tokens)) if tokens[n].type == "link_close")
        made[-1].content = made[-1].content[:-1]
        label = "".join(each.content for each in tokens[at + 1 : end])
        made.append(Token("mention", "span", 0, content=label, meta={"id": person[1].lower()}))
        inside = end - at
    return made


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HIGHEST_HEADING - 1, 6)}"


def _mention(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, env: EnvType
) -> str:
    token = tokens[at]
    name = env["mentions"].get(token.meta["id"])
    if name is None:
        return _escaped(f"@{token.content}")
    return f'<span class="mention" data-user-id="{token.meta["id"]}">{_escaped(f"@{name}")}</span>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _unescaped(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["image", "html_block", "html_inline"])
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    parser.core.ruler.push("mentions", _find_mentions)
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.add_render_rule("mention", _mention)
    return parser


_parser = _make_parser()
