"""Pure: what of a text to show for the words that were looked for, and which places to mark.

Cut into parts and never into markup, so that whoever shows them decides nothing about their safety. What is
found is decided in PostgreSQL (migration 0016) by the same idea of a word; here it is only made visible.
"""

import re
import unicodedata
from typing import NamedTuple

EXCERPT_LENGTH = 160  # characters, about two lines
_BEFORE = 50  # characters of it ahead of the first hit
_WORD = re.compile(r"[^\W_]+")


class Part(NamedTuple):
    text: str
    hit: bool


def words_in(asked: str) -> list[str]:
    return _WORD.findall(_normal(asked))


def parts_of(text: str, asked: str) -> list[Part]:
    """The whole text, with the words of `asked` as parts of their own; the last one begins longer words."""
    text, words = _normal(text), words_in(asked)
    if not words:
        return [Part(text, False)] if text else []
    whole = "|".join(re.escape(word) for word in words)
    hits = re.compile(rf"(?<![^\W_])(?:(?:{whole})(?![^\W_])|{re.escape(words[-1])}[^\W_]*)", re.IGNORECASE)
    found, end = [], 0
    for hit in hits.finditer(text):
        found += [Part(text[end : hit.start()], False), Part(hit[0], True)]
        end = hit.end()
    return [part for part in (*found, Part(text[end:], False)) if part.text]


def excerpt(text: str, asked: str) -> list[Part]:
    """What stands around the first hit, in one line; nothing where there is none."""
    parts = parts_of(" ".join(text.split()), asked)
    first = next((number for number, part in enumerate(parts) if part.hit), None)
    if first is None:
        return []
    before = "".join(part.text for part in parts[:first])
    shown = [Part(_end_of(before), False)] if before else []
    left = EXCERPT_LENGTH - len(shown[0].text if shown else "")
    for part in parts[first:]:
        if len(part.text) > left:
            shown.append(Part(f"{part.text[: max(left, 1)].rstrip()}…", part.hit))
            break
        shown.append(part)
        left -= len(part.text)
    return shown


def _end_of(text: str) -> str:
    if len(text) <= _BEFORE:
        return text
    end = text[-_BEFORE:]
    return f"…{end[end.find(' ') + 1 :]}"  # not from the middle of a word, if there is an edge


def _normal(text: str) -> str:
    """An é is one letter, however it was typed."""
    return unicodedata.normalize("NFC", text)
