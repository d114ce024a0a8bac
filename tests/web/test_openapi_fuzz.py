"""The API fuzzed from its own reference, as somebody signed in: it never fails, nor answers otherwise.

Requests that fit the reference and requests that nearly do, by schemathesis, to things that exist. FUZZ_CASES
is the number of cases for each operation: more of them take longer (`FUZZ_CASES=1000 make test ARGS=...`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from app.api import SCOPES
from tests.support.contract import Contract
from tests.support.fuzzing import CASES
from tests.support.house import House

if TYPE_CHECKING:
    from flask import Flask
    from schemathesis import APIOperation, Case

    from tests.support.api import LocalApi
    from tests.support.people import People

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
REAL = 0.7  # of the ids in a path lead to something


class Fuzz:
    """Asks as the head of a board: by access token where one may, else as their browser."""

    def __init__(self, app: Flask, people: People, client: Callable[..., LocalApi]) -> None:
        self.app, self.people, self.client = app, people, client
        self.schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
        self.contract = Contract(self.schema.raw_schema)
        self.answers: Counter[int] = Counter()

    def operations(self) -> list[APIOperation]:
        """What ends things comes last."""
        found = [result.ok() for result in self.schema.get_all_operations()]
        return sorted(found, key=lambda it: (it.method == "delete", it.path == "/api/session", -len(it.path)))

    def enter(self) -> None:
        """A new house: each deletion takes its own with it."""
        self.house = House(self.people)
        self.browser = self.client(self.house.head.email)
        made = self.browser.post("/api/tokens", {"name": "Fuzz", "scopes": sorted(SCOPES)})
        self.token, self.token_id = made.json["token"], made.json["id"]
        self.ids = {
            "boardId": self.house.board.id,
            "listId": self.house.list.id,
            "taskId": self.house.task.id,
            "commentId": self.house.comment.id,
            "userId": self.house.member.id,
            "tokenId": self.token_id,
            "organizationId": self.house.board.organization_id,
        }

    def ask(self, operation: APIOperation, case: Case, is_real: bool) -> None:
        from app import ratelimit

        ratelimit.reset()  # what is refused for being too often says little
        if is_real:
            known = {name: str(self.ids[name]) for name in case.path_parameters or () if name in self.ids}
            case.path_parameters = {**(case.path_parameters or {}), **known}
        headers, cookies = self._credentials(operation)
        headers |= {"Accept-Encoding": "identity"}
        answer = case.call(headers=headers, cookies=cookies)
        if answer.status_code == 503:  # on a busy machine the database's time is up: an answer, not a failure
            self.answers[503] += 1
            answer = case.call(headers=headers, cookies=cookies)
        case.validate_response(answer, checks=CHECKS)
        kind = (answer.headers.get("content-type") or [""])[0]
        body = answer.json() if "json" in kind else answer.content or None
        self.contract.check(case.method, case.formatted_path, answer.status_code, kind, body)
        self.answers[answer.status_code] += 1

    def _credentials(self, operation: APIOperation) -> tuple[dict[str, str], dict[str, str]]:
        """Headers and cookies."""
        security = operation.definition.raw.get("security", [])
        if any("token" in way for way in security):
            return {"Authorization": f"Bearer {self.token}"}, {}
        if not self.browser.get("/api/session").json["authenticated"]:
            self.browser.sign_in(self.house.head.email)
        kept = self.browser.http._cookies or {}
        cookies = {cookie.key: cookie.value for cookie in kept.values()}
        return {"X-CSRF-Token": self.browser.csrf_token}, cookies


@pytest.fixture(scope="module")
def fuzz(app: Flask, people: People) -> Iterator[Fuzz]:
    from tests.support.api import LocalApi

    def client(email: str) -> LocalApi:
        api = LocalApi(app)
        api.sign_in(email)
        return api

    app.config["LOGIN_TRIES"] = 1_000_000
    yield Fuzz(app, people, client)


def cases_of(operation: APIOperation) -> st.SearchStrategy[Case]:
    fitting = operation.as_strategy(GenerationMode.POSITIVE)
    if not (list(operation.iter_parameters()) or operation.body):
        return fitting
    return fitting | operation.as_strategy(GenerationMode.NEGATIVE)


gently = settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def ask_in_every_way(fuzz: Fuzz, operation: APIOperation) -> None:
    @gently
    @given(case=cases_of(operation), chance=st.floats(0, 1))
    def answers(case: Case, chance: float) -> None:
        fuzz.ask(operation, case, chance < REAL)

    answers()


def test_nothing_that_the_reference_allows_or_nearly_allows_makes_the_api_fail(fuzz: Fuzz) -> None:
    operations = fuzz.operations()
    fuzz.enter()
    for number, operation in enumerate(operations, start=1):
        ask_in_every_way(fuzz, operation)
        print(f"{number} of {len(operations)} operations, cases by status: {dict(fuzz.answers)}")
        if operation.method == "delete":
            fuzz.enter()
    assert {200, 201, 204, 404, 422} <= set(fuzz.answers), "or it would look at refusals only"
