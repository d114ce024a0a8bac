"""Demo data: two organizations in which every page has something to show. Never in production.

Everything is derived from a fixed seed and today's date, so that two demos look alike.
"""

import random
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..accounts.models import Membership, Organization, User
from ..accounts.passwords import hash_password
from ..boards.models import Board, BoardMember, List, Task
from ..boards.rules import fresh_positions
from ..db import new_id
from ..presence.models import PresenceSettings
from . import attendance, details, history, talk, trail, work
from .content import ARCHIVED, BOARDS, COLORS, GUEST, IN_BOTH, LOGINS, PASSWORD, PEOPLE, SAYINGS

__all__ = ["LOGINS", "PASSWORD", "seed"]


def seed(session: Session, now: datetime) -> bool:
    """Fills an empty database; False (and nothing done) when there is somebody already."""
    if session.scalar(select(User.id).limit(1)) is not None:
        return False
    password_hash = hash_password(PASSWORD)
    acme = _organization(session, "Acme Studio", "enterprise", "Europe/Berlin")
    birch = _organization(session, "Birch Ltd", "team", "Europe/London")
    people = {key: _person(session, f"{key}@acme.test", name, password_hash) for key, name, _ in PEOPLE}
    people["birch"] = _person(session, "owner@birch.test", "Bruno Birch", password_hash)
    people[GUEST[0]] = _person(session, f"{GUEST[0]}@birch.test", GUEST[1], password_hash)
    session.flush()
    for key, _, role in PEOPLE:
        session.add(Membership(organization_id=acme, user_id=people[key], role=role))
    session.add(Membership(organization_id=birch, user_id=people["birch"], role="owner"))
    for key in (GUEST[0], IN_BOTH):
        session.add(Membership(organization_id=birch, user_id=people[key], role="member"))
    chance = random.Random(20)  # noqa: S311  # repeatable on purpose
    for key, (status, words, emoji) in SAYINGS.items():
        said = {"status": status, "custom_status": words, "custom_emoji": emoji}
        session.add(PresenceSettings(user_id=people[key], updated_at=now, **said))
    for name, (members, lists) in BOARDS.items():
        on_board = [people["head"], *(people[key] for key in members)]
        board_id = _board(session, acme, name, on_board, lists, now)
        details.add(session, board_id, on_board[0], now)
        if name != ARCHIVED:  # nobody looks at it any more
            history.add(session, board_id, on_board, now, chance)
    trail.add(session, acme, people, now)
    talk.add(session, people, {key: name for key, name, _ in PEOPLE}, now)
    staff = [people[key] for key, _, _ in PEOPLE]
    attendance.add(session, acme, staff, people["admin"], now, random.Random(30))  # noqa: S311
    own = [people["birch"], people[GUEST[0]], people[IN_BOTH]]
    lists = {"To do": (("Send the offer", 4),), "Done": ()}
    board_id = _board(session, birch, "Client work", own, lists, now)
    history.add(session, board_id, own, now, chance)
    return True


def _organization(session: Session, name: str, plan: str, time_zone: str) -> UUID:
    organization = Organization(id=new_id(), name=name, plan=plan, time_zone=time_zone)
    session.add(organization)
    return organization.id


def _person(session: Session, email: str, name: str, password_hash: str) -> UUID:
    zone = "Europe/Berlin" if email.endswith("acme.test") else "Europe/London"
    user = User(id=new_id(), email=email, name=name, password_hash=password_hash, time_zone=zone)
    session.add(user)
    return user.id


def _board(
    session: Session,
    organization_id: UUID,
    name: str,
    people: list[UUID],
    lists: dict[str, tuple[tuple[str, int | None], ...]],
    now: datetime,
) -> UUID:
    """The first of `people` is the head."""
    board = Board(
        id=new_id(),
        organization_id=organization_id,
        name=name,
        color=COLORS[name],
        archived_at=now - timedelta(days=40) if name == ARCHIVED else None,
        created_by=people[0],
    )
    session.add(board)
    session.flush()
    for place, user_id in enumerate(people):
        role = "member" if place else "head"
        session.add(BoardMember(board_id=board.id, user_id=user_id, role=role))
    for list_name, position in zip(lists, fresh_positions(len(lists)), strict=True):
        column = List(id=new_id(), board_id=board.id, name=list_name, position=position)
        session.add(column)
        session.flush()
        titles = lists[list_name]
        positions = fresh_positions(len(titles))
        for place, (title, days) in enumerate(titles):
            due_at = None if days is None else _at_five(now + timedelta(days=days))
            session.add(
                Task(
                    board_id=board.id,
                    list_id=column.id,
                    title=title,
                    position=positions[place],
                    due_at=due_at,
                    created_by=people[0],
                    description=details.description_of(title),
                    **work.traits(list_name, place, due_at, now),
                )
            )
    session.flush()
    work.share_out(session, board.id, people)
    return board.id


def _at_five(day: datetime) -> datetime:
    return datetime.combine(day.date(), time(16), UTC)
