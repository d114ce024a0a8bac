"""The page of the reference: made from the document, complete, and true about sockets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.realtime import namespace
from app.reference import page, samples, sockets
from app.reference.openapi import document

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.support.api import LocalApi

APP = Path(__file__).resolve().parent.parent.parent / "app"
TELLS = re.compile(
    r'(?:publish\.|_publish\.|change\.|self\.)(?:to_\w+|tell|evict)\([^"]*?"([a-z]+_\w+|typing)"'
)


def test_page_shows_every_operation_schema_and_event(app: Flask, client: Callable[..., LocalApi]) -> None:
    text, described = client().get("/api/docs").text, document(app)
    for path, methods in described["paths"].items():
        for said in methods.values():
            assert f'id="{said["operationId"]}"' in text
            assert path in text
    for name in re.findall(r'href="#([^"]+)"', text):
        assert f'id="{name}"' in text, name
    for event in namespace.handlers:
        assert f'id="event-{event}"' in text


def test_ids_of_the_page_are_its_own(client: Callable[..., LocalApi]) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client().get("/api/docs").text)
    assert len(ids) == len(set(ids))


def test_every_client_event_says_what_it_is_for() -> None:
    assert [event.name for event in sockets.client_events() if not event.description] == []


def test_every_event_that_leaves_the_server_is_told_of() -> None:
    """Read from the code: whoever adds one adds its line."""
    sources = [file.read_text("utf-8") for file in APP.rglob("*.py") if "reference" not in file.parts]
    sent = {name for source in sources for name in TELLS.findall(source)}
    assert len(sent) > 10
    assert sent - {event.name for event in sockets.TOLD} == set()


def test_every_sample_fits_its_schema(app: Flask) -> None:
    import jsonschema_rs

    described = document(app)
    definitions = described["components"]["schemas"]
    for name in definitions:
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for all_fields in (True, False):
            sample = samples.sample(definitions[name], definitions, all_fields=all_fields)
            assert not list(validator.iter_errors(sample)), (name, sample)


@pytest.mark.parametrize(
    ("body", "said"), [({"name": "It's"}, "-d '{\"name\": \"It'\\''s\"}'"), (None, "Bearer $TOKEN")]
)
def test_example_can_be_pasted_into_a_shell(body: object, said: str) -> None:
    curl = samples.curl("http://a.example/", "PATCH", "/api/boards/{boardId}", body, needs_token=True)
    assert curl.startswith("curl -X PATCH http://a.example/api/boards/$BOARD_ID \\\n")
    assert said in curl


def test_what_only_browsers_may_do_has_no_example_for_programs(app: Flask) -> None:
    found = {it.id: it for group in page.operations(document(app), "http://a").values() for it in group}
    assert found["createToken"].curl == ""
    assert found["createToken"].access == "Signed-in browser only"
    assert found["listBoards"].scopes == ["boards:read"]
    assert "Authorization" not in found["showDocument"].curl
