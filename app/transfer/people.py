"""Who in a file is who in an organization: by e-mail, else by a name that only one person has. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Known:
    id: UUID
    name: str
    email: str


def match(name: str, email: str | None, known: Sequence[Known]) -> UUID | None:
    """None when nobody fits, and when a name fits several: a guess would give work to the wrong person."""
    if email:
        by_email = [person.id for person in known if person.email.lower() == email.lower()]
        if by_email:
            return by_email[0]
    plain = _plain(name)
    by_name = [person.id for person in known if _plain(person.name) == plain]
    return by_name[0] if len(by_name) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
