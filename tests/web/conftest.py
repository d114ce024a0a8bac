"""One application for a module: these tests look at answers, and what a test changes it makes itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.house import House
    from tests.support.people import People
    from tests.support.postgres import PostgresForTests, TestDatabase


@pytest.fixture(scope="module")
def database(postgres: PostgresForTests) -> Iterator[TestDatabase]:
    made = postgres.create()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def people(database: TestDatabase) -> Iterator[People]:
    from tests.support.people import People

    made = People(database.admin_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def house(people: People) -> House:
    from tests.support.house import House

    return House(people)


@pytest.fixture(scope="module")
def app(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    from tests.support.local import local_app

    with local_app(database, tmp_path_factory.mktemp("app")) as made:
        yield made
