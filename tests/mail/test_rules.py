"""A message on its way: nothing in it becomes a header, and what is no address is never sent. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mail.rules import WAITS, Mail, NoAddress, Server, message_of, next_try, one_line, server_of

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
SENDER = "WorkHub <workhub@acme.example>"


def made(to: str = "maya@acme.example", subject: str = "Hello", text: str = "Text\n") -> str:
    return message_of(Mail(to, subject, text, "<p>Text</p>"), SENDER, NOW).as_bytes().decode()


def headers(message: str) -> list[str]:
    return [line.split(":")[0] for line in message.split("\r\n\r\n")[0].split("\r\n") if line[0] not in " \t"]


EXPECTED = headers(made())
INJECTIONS = (
    "\r\nBcc: all@acme.example",
    "\nBcc: x@x.example\n\nBody",
    "\rBcc: x",
    "\x00",
    "\u2028Bcc: x",
    "\x85Bcc: x",
)


def test_message_has_both_parts_and_says_that_a_machine_wrote_it() -> None:
    assert EXPECTED == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    message = message_of(Mail("maya@acme.example", "Grüße – 你好", "Straße\n", "<p>Straße</p>"), SENDER, NOW)
    assert message["Subject"] == "Grüße – 你好"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and html
    assert (plain.get_content(), html.get_content()) == ("Straße\n", "<p>Straße</p>\n")
    assert message["Message-ID"].endswith("@acme.example>")


@pytest.mark.parametrize("injection", INJECTIONS)
def test_subject_never_becomes_a_second_header(injection: str) -> None:
    message = made(subject=f"A task{injection}")
    assert headers(message) == EXPECTED
    assert "\r\nBcc:" not in message and "\nBcc:" not in message


@pytest.mark.parametrize("to", [f"maya@acme.example{injection}" for injection in INJECTIONS])
def test_address_that_is_more_than_an_address_is_refused(to: str) -> None:
    with pytest.raises(NoAddress):
        made(to=to)


@pytest.mark.parametrize(
    "to", ["", "maya", "maya@acme.example, omar@acme.example", "Maya <maya@acme.example>", "@", "a@b@c"]
)
def test_what_is_no_single_address_is_refused(to: str) -> None:
    with pytest.raises(NoAddress):
        made(to=to)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_words_make_one_message_with_the_same_headers(subject: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    subject = subject.encode("utf-8", "replace").decode()
    assert headers(made(subject=subject, text=text)) == EXPECTED
    assert "\n" not in one_line(subject)


def test_tries_come_later_and_later_and_end() -> None:
    waits = [next_try(attempts, NOW) for attempts in range(1, len(WAITS) + 2)]
    assert waits[0] == NOW + timedelta(minutes=1)
    assert waits[:-1] == sorted(waits[:-1])  # type: ignore[type-var]
    assert waits[-1] is None


def test_address_of_the_server_is_read() -> None:
    assert server_of("smtp://mail.example") == Server("mail.example", 587, False, "", "")
    whole = server_of("smtps://us%40er:p%3Aw@mail.example:2465/")
    assert whole == Server("mail.example", 2465, True, "us@er", "p:w")
    for wrong in ("mail.example", "http://mail.example", "smtp://", "smtp://a:x", "smtp://a/b", "smtp://a:0"):
        with pytest.raises(ValueError):
            server_of(wrong)
