"""The rule in SQL is the rule in Python, for organizations, boards and guests as chance makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.orm import Session

from app.accounts.models import Membership, Organization, User
from app.boards.models import Board, BoardMember
from app.db import new_id
from app.presence.models import PresenceSettings, UserLastSeen
from app.presence.privacy import Moments, Privacy, Relation, last_visible, sight

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PEOPLE, ORGANIZATIONS, BOARDS = range(5), range(3), range(3)


@dataclass(frozen=True)
class Chance:
    """Who is where: organization -> people; board -> (its organization, people by role)."""

    members: dict[int, frozenset[int]]
    policies: dict[int, bool]
    boards: dict[int, tuple[int, dict[int, str]]]
    settings: dict[int, Privacy | None]
    moments: dict[int, tuple[datetime | None, ...] | None]

    def relation(self, viewer: int, target: int) -> Relation:
        if viewer == target:
            return Relation.SELF
        relation = Relation.NONE
        if any({viewer, target} <= people for people in self.members.values()):
            relation |= Relation.TEAM
        for organization, roles in self.boards.values():
            if {viewer, target} <= roles.keys():
                relation |= Relation.CONTACT
                if roles[viewer] == "head" and self.policies[organization]:
                    relation |= Relation.HEAD
        return relation


def each(keys: Any, values: Any) -> Any:
    return st.fixed_dictionaries(dict.fromkeys(keys, values))


privacies = st.builds(
    Privacy, st.sampled_from(["everyone", "team", "contacts", "nobody"]), *[st.booleans()] * 3
)
moments = st.tuples(*[st.none() | st.integers(0, 9).map(lambda s: NOW + timedelta(seconds=s))] * 3)
people = st.frozensets(st.sampled_from(PEOPLE))
roles = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(["head", "member"]))
chances = st.builds(
    Chance,
    members=each(ORGANIZATIONS, people),
    policies=each(ORGANIZATIONS, st.booleans()),
    boards=each(BOARDS, st.tuples(st.sampled_from(ORGANIZATIONS), roles)),
    settings=each(PEOPLE, st.none() | privacies),
    moments=each(PEOPLE, st.none() | moments),
)


@pytest.fixture(scope="module")
def connections(postgres: Any) -> Iterator[tuple[Connection, str]]:
    database = postgres.create()
    engine = create_engine(database.admin_url, poolclass=NullPool)
    with engine.connect() as admin:
        yield admin
    postgres.drop(database)


@contextmanager
def made(admin: Connection, chance: Chance) -> Iterator[list[Any]]:
    """The world in a transaction that is never committed; answers everybody's id."""
    with Session(admin, join_transaction_mode="create_savepoint") as session:
        ids = [new_id() for _ in PEOPLE]
        organizations = [
            Organization(name="O", heads_always_see_presence=chance.policies[o]) for o in ORGANIZATIONS
        ]
        session.add_all(organizations)
        session.add_all(User(id=id_, email=f"{id_}@x.example", name="X", password_hash="") for id_ in ids)
        session.flush()
        for organization, members in chance.members.items():
            its = organizations[organization].id
            session.add_all(Membership(organization_id=its, user_id=ids[who]) for who in members)
        for organization, roles in chance.boards.values():
            board = Board(organization_id=organizations[organization].id, name="B")
            session.add(board)
            session.flush()
            session.add_all(
                BoardMember(board_id=board.id, user_id=ids[who], role=role) for who, role in roles.items()
            )
        for who in PEOPLE:
            if (shown := chance.settings[who]) is not None:
                session.add(
                    PresenceSettings(
                        user_id=ids[who],
                        updated_at=NOW,
                        visibility=shown.visibility,
                        show_activity=shown.show_activity,
                        show_current_page=shown.show_current_page,
                        appear_offline=shown.appear_offline,
                    )
                )
            if (seen := chance.moments[who]) is not None:
                public, team, contacts = seen
                session.add(
                    UserLastSeen(
                        user_id=ids[who],
                        last_seen_at=NOW + timedelta(minutes=1),
                        last_page="/boards",
                        last_device="mobile",
                        public_seen_at=public,
                        team_seen_at=team,
                        contacts_seen_at=contacts,
                    )
                )
        session.flush()
        yield ids
    admin.rollback()


def expected(chance: Chance, viewer: int, target: int) -> tuple[Any, ...] | None:
    privacy, relation = chance.settings[target] or Privacy(), chance.relation(viewer, target)
    seen, known = sight(privacy, relation), chance.moments[target]
    if not seen.exists:
        return None
    last_seen = NOW + timedelta(minutes=1) if known is not None else None
    frozen = last_visible(privacy, relation, Moments(*known)) if known is not None else None
    return (
        *seen[1:],
        last_seen if seen.activity else frozen,
        "/boards" if seen.page and known is not None else None,
        "mobile" if seen.activity and known is not None else None,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=chances)
def test_sql_and_python_agree_on_any_people(connections: Connection, chance: Chance) -> None:
    pairs = [(viewer, target) for viewer in PEOPLE for target in PEOPLE]
    with made(connections, chance) as ids:
        by_service = connections.execute(
            text("select * from presence_sights(cast(:viewers as uuid[]), cast(:targets as uuid[]))"),
            {"viewers": [str(ids[v]) for v, _ in pairs], "targets": [str(ids[t]) for _, t in pairs]},
        ).all()
        by_person = {}
        for viewer in PEOPLE:
            connections.execute(text("select set_config('app.user_id', :me, true)"), {"me": str(ids[viewer])})
            seen = connections.execute(
                text("select * from presence_seen(cast(:ids as uuid[]))"), {"ids": [str(i) for i in ids]}
            )
            by_person |= {(ids[viewer], row[0]): tuple(row[1:]) for row in seen}
    wanted = {(ids[v], ids[t]): cell for v, t in pairs if (cell := expected(chance, v, t)) is not None}
    assert {(row[0], row[1]): tuple(row[2:]) for row in by_service} == wanted
    assert by_person == wanted


def test_without_identity_nobody_exists(connections: Connection) -> None:
    shown = dict.fromkeys(PEOPLE, Privacy("everyone"))
    nothing = dict.fromkeys(ORGANIZATIONS, frozenset[int]())
    chance = Chance(nothing, dict.fromkeys(ORGANIZATIONS, False), {}, shown, dict.fromkeys(PEOPLE))
    with made(connections, chance) as ids:
        connections.execute(text("select set_config('app.user_id', '', true)"))
        for seen in (
            "presence_seen(cast(:ids as uuid[]))",
            "presence_sights(array[null::uuid], cast(:ids as uuid[]))",
        ):
            everybody = {"ids": [str(id_) for id_ in ids]}
            assert connections.execute(text(f"select * from {seen}"), everybody).all() == [], seen
        assert connections.execute(text("select * from presence_in_sight()")).all() == []
