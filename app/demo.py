"""Demo data: two organizations in which every page has something to show. Never in production.

Everything is derived from a fixed seed and today's date, so that two demos look alike.
"""

import random
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from .accounts.models import Membership, Organization, User
from .accounts.passwords import hash_password
from .boards.models import Board, BoardMember, List, Task
from .boards.rules import fresh_positions
from .db import new_id
from .presence.models import Activity, BoardPresence, UserLastSeen

PASSWORD = "workhub-demo"
HISTORY_DAYS = 30

LOGINS = f"""Sign in with the password {PASSWORD} as
  head@acme.test   team head of three boards: watches who is there
  maya@acme.test   member (also omar@, lena@, kenji@, ines@, aisha@, tom@, sofia@, noah@)
  admin@acme.test, owner@acme.test   run the organization
  owner@birch.test   another organization;  piotr@birch.test   guest on one Acme board"""

PEOPLE = (
    ("owner", "Olivia Hart", "owner"),
    ("admin", "Adam Novak", "admin"),
    ("head", "Hanna Berg", "member"),
    ("maya", "Maya Rahman", "member"),
    ("omar", "Omar Khalil", "member"),
    ("lena", "Lena Sommer", "member"),
    ("kenji", "Kenji Tanaka", "member"),
    ("ines", "Ines Barros", "member"),
    ("aisha", "Aisha Nwosu", "member"),
    ("tom", "Tom Weber", "member"),
    ("sofia", "Sofia Rossi", "member"),
    ("noah", "Noah Lindqvist", "member"),
)
GUEST = ("piotr", "Piotr Dudek")

# board -> (members besides the head, lists -> tasks as (title, days until due or None))
BOARDS: dict[str, tuple[tuple[str, ...], dict[str, tuple[tuple[str, int | None], ...]]]] = {
    "Website relaunch": (
        ("owner", "maya", "omar", "lena", "kenji", "ines", "aisha", "tom", "sofia", "noah", "piotr"),
        {
            "Backlog": (
                ("Collect testimonials for the pricing page", 14),
                ("Audit the old redirects", None),
                ("Choose photos for the team page", 21),
                ("Write the press note", None),
            ),
            "In progress": (
                ("Rewrite onboarding copy for the new plan", 1),
                ("Navigation on small screens", -2),
                ("Cookie notice without dark patterns", 8),
            ),
            "Review": (
                ("Checkout: errors say how to mend them", 0),
                ("Performance budget in CI", 10),
            ),
            "Done": (
                ("Accessibility pass with a screen reader", -3),
                ("Move images to AVIF", -6),
            ),
        },
    ),
    "Autumn campaign": (
        ("maya", "lena", "aisha", "sofia", "admin"),
        {
            "Ideas": (("Postcards for returning customers", None), ("Guest article about slow travel", 12)),
            "Doing": (
                ("Landing page text", 2),
                ("Newsletter for November", 0),
                ("Book the photographer", -1),
            ),
            "Done": (("Agree on the budget", -9),),
        },
    ),
    "Studio operations": (
        ("owner", "admin", "kenji", "tom", "noah"),
        {
            "This week": (("Renew the fire safety certificate", 3), ("Order monitor arms", 5)),
            "Next": (("Plan the winter party", 25), ("Compare phone contracts", None)),
            "Waiting": (("Answer from the landlord about bikes", -4),),
        },
    ),
}


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
    session.add(Membership(organization_id=birch, user_id=people[GUEST[0]], role="member"))
    chance = random.Random(20)
    for name, (members, lists) in BOARDS.items():
        on_board = [people["head"], *(people[key] for key in members)]
        board_id = _board(session, acme, name, on_board, lists, now)
        _history(session, board_id, on_board, now, chance)
    own = [people["birch"], people[GUEST[0]]]
    board_id = _board(
        session, birch, "Client work", own, {"To do": (("Send the offer", 4),), "Done": ()}, now
    )
    _history(session, board_id, own, now, chance)
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
    board = Board(id=new_id(), organization_id=organization_id, name=name, created_by=people[0])
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
        for (title, days), task_position in zip(titles, fresh_positions(len(titles)), strict=True):
            session.add(
                Task(
                    board_id=board.id,
                    list_id=column.id,
                    title=title,
                    position=task_position,
                    due_at=None if days is None else _at_five(now + timedelta(days=days)),
                    created_by=people[0],
                )
            )
    session.flush()
    return board.id


def _at_five(day: datetime) -> datetime:
    return datetime.combine(day.date(), time(16), UTC)


def _history(
    session: Session, board_id: UUID, people: list[UUID], now: datetime, chance: random.Random
) -> None:
    """A month of working days with a break at noon; nobody is present now."""
    rows: list[dict[str, object]] = []
    for user_id in people:
        device = chance.choice(("desktop", "desktop", "desktop", "mobile", "tablet"))
        mine: list[dict[str, object]] = []
        for days_ago in range(HISTORY_DAYS, -1, -1):
            day = (now - timedelta(days=days_ago)).date()
            if day.weekday() >= 5 or chance.random() < 0.15:
                continue
            morning = datetime.combine(day, time(7), UTC) + timedelta(minutes=chance.randint(0, 100))
            for start, hours in ((morning, chance.uniform(2.5, 4)), (morning + timedelta(hours=5), 3.2)):
                mine += _stretch(board_id, user_id, start, timedelta(hours=hours), device, chance)
        mine = [row for row in mine if row["updated_at"] < now]  # type: ignore[operator]
        if mine and mine[-1]["status"] != "offline":
            last = now - timedelta(minutes=chance.randint(5, 90))
            moment = max(last, mine[-1]["updated_at"])  # type: ignore[type-var]
            mine.append(
                {**mine[-1], "id": new_id(), "status": "offline", "last_seen": moment, "updated_at": moment}
            )
        rows += mine
        if mine:
            _last_state(session, board_id, user_id, mine[-1])
    if rows:
        session.execute(insert(Activity), rows)


def _stretch(
    board_id: UUID, user_id: UUID, start: datetime, length: timedelta, device: str, chance: random.Random
) -> list[dict[str, object]]:
    """online, perhaps a pause, and offline at the end."""
    pause = start + length * chance.uniform(0.3, 0.6)
    moments = [("online", start, start), ("offline", start + length, start + length)]
    if chance.random() < 0.5:
        back = pause + timedelta(minutes=chance.randint(6, 14))
        moments[1:1] = [("idle", pause, pause - timedelta(minutes=5)), ("online", back, back)]
    return [
        {
            "id": new_id(),
            "board_id": board_id,
            "user_id": user_id,
            "status": status,
            "last_seen": seen,
            "updated_at": at,
            "device": device,
        }
        for status, at, seen in moments
    ]


def _last_state(session: Session, board_id: UUID, user_id: UUID, row: dict[str, object]) -> None:
    kept = {key: row[key] for key in ("status", "last_seen", "updated_at")}
    session.add(BoardPresence(board_id=board_id, user_id=user_id, **kept))
    seen = session.get(UserLastSeen, user_id)
    if seen is None:
        session.add(UserLastSeen(user_id=user_id, last_seen_at=row["last_seen"], last_device=row["device"]))
    elif seen.last_seen_at < row["last_seen"]:  # type: ignore[operator]
        seen.last_seen_at = row["last_seen"]  # type: ignore[assignment]
    session.flush()
