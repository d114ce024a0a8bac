"""An organization with an owner, an admin and members, each signed in to the application in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.support.api import Answer, LocalApi

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.models import User
    from tests.support.people import People
    from tests.support.postgres import TestDatabase

Sql = Callable[..., list[Any]]


class Acme:
    def __init__(self, app: Flask, people: People) -> None:
        self.app, self.people = app, people
        self.organization = people.organization("Acme")
        self.owner = people.user("Olivia Owner", self.organization, "owner")
        self.admin = people.user("Ada Admin", self.organization, "admin")
        self.maya = people.user("Maya", self.organization)
        self.omar = people.user("Omar", self.organization)
        self.path = f"/api/organizations/{self.organization.id}"

    def api(self, user: User) -> LocalApi:
        made = LocalApi(self.app)
        made.sign_in(user.email)
        return made

    def change(self, by: LocalApi, user: User, **patch: object) -> Answer:
        return by.patch(f"{self.path}/members/{user.id}", patch)

    def listed(self, by: LocalApi, query: str = "") -> list[dict[str, Any]]:
        answer = by.get(f"/api/organization/members?organizationId={self.organization.id}{query}")
        assert answer.status == 200, answer.text
        return list(answer.json["items"])

    def one(self, by: LocalApi, user: User) -> dict[str, Any]:
        return next(each for each in self.listed(by) if each["userId"] == str(user.id))


@pytest.fixture
def acme(app: Flask, people: People) -> Acme:
    return Acme(app, people)


@pytest.fixture
def sql(database: TestDatabase) -> Sql:
    engine = create_engine(database.admin_url, poolclass=NullPool)

    def run(statement: str, **values: object) -> list[Any]:
        with engine.begin() as behind:
            found = behind.execute(text(statement), values)
            return list(found) if found.returns_rows else []

    return run
