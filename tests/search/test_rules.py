from app.search.rules import EXCERPT_LENGTH, excerpt, parts_of


def marked(text: str, asked: str) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in parts_of(text, asked))


def shown(text: str, asked: str) -> str:
    return "".join(f"[{part.text}]" if part.hit else part.text for part in excerpt(text, asked))


def test_whole_words_are_marked_and_what_begins_like_the_last_one() -> None:
    assert marked("Call the printer about printing", "call print") == "[Call] the [printer] about [printing]"
    assert marked("Calling is not a call", "call print") == "Calling is not a [call]"
    assert marked("Blueprint", "print") == "Blueprint", "not in the middle of a word"


def test_marks_follow_letters_of_every_language() -> None:
    assert marked("GRÖSSE der Größe", "größe") == "GRÖSSE der [Größe]"
    assert marked("Café au lait", "cafe\u0301") == "[Café] au lait"
    assert marked("Важный журнал", "журн") == "Важный [журнал]"


def test_what_looks_like_a_pattern_or_markup_is_text() -> None:
    assert marked("<b>a.c</b> abc", "a.c") == "<b>[a].[c]</b> abc"
    assert marked("(*", "(*") == "(*"
    assert parts_of("", "word") == []


def test_excerpt_is_one_line_around_the_first_hit() -> None:
    text = "Nothing here.\n\n" + "filler " * 40 + "the *printer* jams " + "rest " * 60
    found = shown(text, "printer")
    assert "*[printer]* jams" in found
    assert found.startswith("…filler")
    assert found.endswith("…")
    assert "\n" not in found
    assert len(found) <= EXCERPT_LENGTH + len("……[]")
    assert shown("Short and printer", "printer") == "Short and [printer]"


def test_without_a_hit_there_is_no_excerpt() -> None:
    assert excerpt("Something else", "printer") == []
    assert excerpt("", "printer") == []


def test_endless_word_does_not_make_an_endless_excerpt() -> None:
    assert len(shown("a" * 10_000, "a")) <= EXCERPT_LENGTH + len("……[]")
    assert len(shown("a" * 10_000 + " b", "b")) <= EXCERPT_LENGTH + len("……[]")
