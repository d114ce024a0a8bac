"""Who there is: organizations, boards, guests, strangers, and who looks at whom. All of it stays as it is."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from uuid_utils.compat import uuid7

from ..client import Person, auth_json
from ..seed import Tables, add_person, logins_of

PEOPLE, BOARDS = 500, 20
# Share of the people and of the boards; the rest of the people belong nowhere: guests, and strangers to all.
_ORGANIZATIONS = ((0.50, 10), (0.30, 6), (0.16, 4))
_SECOND_BOARD, _GUEST = 0.2, 0.1
HEADS = 2
WATCHERS, WATCHED = 60, 40


@dataclass
class Board:
    id: str
    organization: int
    members: list[int] = field(default_factory=list)  # the first ones are its heads

    @property
    def heads(self) -> list[int]:
        return self.members[:HEADS]


@dataclass
class Human:
    id: str
    organization: int | None
    boards: list[int] = field(default_factory=list)
    login: Person | None = None


@dataclass
class World:
    organizations: list[str]
    owners: list[Person]
    boards: list[Board]
    humans: list[Human]
    watches: dict[int, list[int]]  # watcher -> people, strangers among them

    def is_team(self, one: int, other: int) -> bool:
        organization = self.humans[one].organization
        return organization is not None and organization == self.humans[other].organization

    def is_contact(self, one: int, other: int) -> bool:
        return not set(self.humans[one].boards).isdisjoint(self.humans[other].boards)

    def headed(self, head: int, other: int) -> list[int]:
        """The boards of `other` that `head` heads."""
        return [board for board in self.humans[other].boards if head in self.boards[board].heads]


def make(dice: random.Random, url: str, secret_key: str) -> World:
    tables, tokens = Tables(), []
    organizations = [
        tables.add("organizations", id=uuid7(), name=f"Churn {n}") for n in range(len(_ORGANIZATIONS))
    ]
    homes = [place for place, (_, boards) in enumerate(_ORGANIZATIONS) for _ in range(boards)]
    boards = [Board(str(uuid7()), home) for home in homes]
    humans = []
    for number in range(PEOPLE + len(organizations)):
        user, token = add_person(tables, number)
        tokens.append(token)
        humans.append(Human(str(user), None))
    for organization, human in enumerate(humans[PEOPLE:]):  # owners are on no board
        human.organization = organization
    _settle(dice, humans[:PEOPLE], boards)
    _write(tables, organizations, boards, humans)
    tables.write(url)
    for human, (cookie, csrf) in zip(humans, logins_of(secret_key, tokens), strict=True):
        home = boards[human.boards[0]].id if human.boards else ""
        human.login = Person(human.id, home, "", cookie, auth_json(csrf=csrf), head=False)
    owners = [human.login for human in humans[PEOPLE:] if human.login]
    watchers = dice.sample(range(PEOPLE), WATCHERS)
    watches = {one: [o for o in _interesting(dice, humans, boards, one) if o != one] for one in watchers}
    return World([str(o) for o in organizations], owners, boards, humans[:PEOPLE], watches)


def _settle(dice: random.Random, humans: Sequence[Human], boards: Sequence[Board]) -> None:
    of_organization = [
        [n for n, b in enumerate(boards) if b.organization == o] for o in range(len(_ORGANIZATIONS))
    ]
    places = [o for o, (share, _) in enumerate(_ORGANIZATIONS) for _ in range(round(share * len(humans)))]
    for number, human in enumerate(humans):
        human.organization = places[number] if number < len(places) else None
        if human.organization is None:
            human.boards = dice.sample(range(len(boards)), number % 2)  # a guest, a stranger, a guest ...
            continue
        own = of_organization[human.organization]
        human.boards = [own[number % len(own)]]
        if dice.random() < _SECOND_BOARD:
            human.boards.append(dice.choice([b for b in own if b not in human.boards]))
        if dice.random() < _GUEST:
            human.boards.append(dice.choice([n for n in range(len(boards)) if n not in own]))
    for number, human in enumerate(
        humans
    ):  # heads are people with this board alone: in order of their number
        for board in human.boards:
            boards[board].members.append(number)
    for board_number, board in enumerate(boards):
        alone = [
            n
            for n in board.members
            if humans[n].boards == [board_number] and humans[n].organization is not None
        ]
        board.members.sort(key=lambda n, alone=alone: n not in alone[:HEADS])


def _write(
    tables: Tables, organizations: Sequence[Any], boards: Sequence[Board], humans: Sequence[Human]
) -> None:
    for board in boards:
        tables.add("boards", id=board.id, organization_id=organizations[board.organization], name="Churn")
        list_id = tables.add("lists", id=uuid7(), board_id=board.id, name="To do", position="a0")
        tables.add("tasks", id=uuid7(), board_id=board.id, list_id=list_id, position="a0", title="Churn")
        for member in board.members:
            role = "head" if member in board.heads else "member"
            tables.add("board_members", board_id=board.id, user_id=humans[member].id, role=role)
    for number, human in enumerate(humans):
        if human.organization is not None:
            role = "owner" if number >= PEOPLE else "member"
            belongs = {"organization_id": organizations[human.organization], "user_id": human.id}
            tables.add("memberships", id=uuid7(), **belongs, role=role)


def _interesting(
    dice: random.Random, humans: Sequence[Human], boards: Sequence[Board], watcher: int
) -> list[int]:
    """Contacts, others of the organization, and anybody, a third each."""
    contacts = [n for board in humans[watcher].boards for n in boards[board].members]
    team = [n for n in range(PEOPLE) if humans[n].organization == humans[watcher].organization]
    third = WATCHED // 3
    chosen = dice.sample(contacts, min(third, len(contacts))) + dice.sample(team, min(third, len(team)))
    return sorted({*chosen, *dice.sample(range(PEOPLE), WATCHED - len(chosen))})
