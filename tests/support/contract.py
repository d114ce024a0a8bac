"""Holds every answer of the API against what its own reference says: the document cannot lie unnoticed.

An answer that is not described, an error code that is not named at its route, a body that does not fit its
schema: each fails the test that happened to ask.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

import jsonschema_rs
from flask import Flask
from flask.testing import FlaskClient

JSON, PROBLEM = "application/json", "application/problem+json"
A_PROBLEM = {"$ref": "#/components/schemas/Problem"}
# May come from anywhere: our own mistake, and what Werkzeug refuses before a route is asked.
UNNAMED_CODES = {"internal_error", "request_refused", "payload_too_large", "csrf_failed", "not_found"}


class Contract:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._validators: dict[str, Any] = {}

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
        """Those without places first: /api/boards/new is not a board."""
        by_places = sorted(self._document["paths"].items(), key=lambda item: item[0].count("{"))
        return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), methods) for path, methods in by_places]

    def check(self, method: str, path: str, status: int, content_type: str, body: Any) -> None:
        path, kind = path.partition("?")[0], content_type.partition(";")[0]
        if not path.startswith("/api/") or status == 304 or method in ("HEAD", "OPTIONS"):
            return
        operation = self._operation(method, path)
        said = (operation or {}).get("responses", {})
        where = f"{method} {path} answered {status}"
        if status < 400:
            assert str(status) in said, f"{where}, which its reference does not say"
            self._check_body(said[str(status)], kind, body, where)
        elif path != "/api/docs":
            assert kind == PROBLEM, f"{where} as {kind}"
            self._validate(A_PROBLEM, body, where)
            named = re.findall(r"`(\w+)`", said.get(str(status), {}).get("description", ""))
            assert not operation or body["code"] in {*named, *UNNAMED_CODES}, f"{where} {body['code']}"

    def check_acknowledgement(self, event: str, answer: Any) -> None:
        """Events that are not described are refused, like everything that goes wrong, as a problem."""
        if not answer["ok"]:
            self._validate(A_PROBLEM, answer["error"], f"the refusal of {event}")
            return
        known = {said["name"]: said["answer"] for said in self._document["x-socketio"]["client"]}
        schema = known[event]
        beside = {name: value for name, value in answer.items() if name != "ok"}
        if schema or beside:
            self._validate(schema or {"maxProperties": 0}, beside, f"the acknowledgement of {event}")

    def check_event(self, event: str, payload: Any) -> None:
        told = [said for said in self._document["x-socketio"]["server"] if said["name"] == event]
        assert told, f"the server told {event}, which its reference does not know"
        self._validate(told[0]["payload"], payload, f"the event {event}")

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, methods in self._paths:
            if method.lower() in methods and pattern.fullmatch(path):
                return dict(methods[method.lower()])
        return None

    def _check_body(self, answer: dict[str, Any], kind: str, body: Any, where: str) -> None:
        content = answer.get("content", {})
        if not content:
            assert body is None, where
            return
        assert kind in content, f"{where} as {kind}"
        if kind == JSON:
            self._validate(content[kind]["schema"], body, where)

    def _validate(self, schema: dict[str, Any], body: Any, where: str) -> None:
        key = repr(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        problems = [f"{list(e.instance_path)}: {e.message}" for e in self._validators[key].iter_errors(body)]
        assert not problems, f"{where}, not as its reference says: {problems[:3]}"


def contract_of(app: Flask) -> Contract:
    from app.reference.openapi import document

    if "contract" not in app.extensions:
        app.extensions["contract"] = Contract(document(app))
    made: Contract = app.extensions["contract"]
    return made


class CheckedClient(FlaskClient):
    """The test client of the application in this process."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().open(*args, **kwargs)
        request = answer.request
        kind = answer.mimetype or ""  # a 304 has none
        body = (
            answer.get_json(silent=True) if "json" in kind else (answer.data or None)
        )  # a workbook is no text
        contract_of(self.application).check(request.method, request.path, answer.status_code, kind, body)
        return answer
