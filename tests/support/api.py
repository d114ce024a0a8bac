"""A person's HTTP client for the JSON API, with the cookie and the CSRF token that their browser would have.

One speaks to a real server (Api), one to the application in this process (LocalApi); both answer alike.
"""

from dataclasses import dataclass
from typing import Any

import requests
from flask import Flask

from .contract import Contract
from .patience import GENEROUS
from .people import PASSWORD

_contracts: dict[str, Contract] = {}


@dataclass(frozen=True)
class Answer:
    status: int
    json: Any
    text: str
    headers: Any


class _Verbs:
    csrf_token = ""

    def request(self, method: str, path: str, json: object = None) -> Answer:
        raise NotImplementedError

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, json: object = None) -> Answer:
        return self.request("POST", path, json)

    def patch(self, path: str, json: object) -> Answer:
        return self.request("PATCH", path, json)

    def put(self, path: str, json: object) -> Answer:
        return self.request("PUT", path, json)

    def delete(self, path: str) -> Answer:
        return self.request("DELETE", path)

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        """The body of GET /api/session once signed in."""
        self.csrf_token = self.get("/api/session").json["csrfToken"]
        answer = self.post("/api/session", {"email": email, "password": password})
        assert answer.status == 200, answer
        self.csrf_token = answer.json["csrfToken"]
        return answer.json


class Api(_Verbs):
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.http = requests.Session()

    @property
    def contract(self) -> Contract:
        """As the server itself describes its API; asked once for each server."""
        if self.base_url not in _contracts:
            described = requests.get(f"{self.base_url}/api/openapi.json", timeout=GENEROUS)
            _contracts[self.base_url] = Contract(described.json())
        return _contracts[self.base_url]

    def request(self, method: str, path: str, json: object = None) -> Answer:
        headers = {"X-CSRF-Token": self.csrf_token, "Accept": "application/json"}
        got = self.http.request(
            method, self.base_url + path, json=json, headers=headers, timeout=GENEROUS, allow_redirects=False
        )
        kind = got.headers.get("Content-Type", "")
        body = got.json() if "json" in kind else None
        self.contract.check(method, path, got.status_code, kind, body if "json" in kind else got.text or None)
        return Answer(got.status_code, body, got.text, got.headers)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies)


class LocalApi(_Verbs):
    def __init__(self, app: Flask) -> None:
        self.http = app.test_client()

    def request(self, method: str, path: str, json: object = None) -> Answer:
        headers = {"X-CSRF-Token": self.csrf_token, "Accept": "application/json"}
        got = self.http.open(path, method=method, json=json, headers=headers)
        text = got.get_data().decode("utf-8", "replace")  # a workbook is none
        return Answer(got.status_code, got.get_json(silent=True), text, got.headers)
