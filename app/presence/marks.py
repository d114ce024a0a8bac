"""Where the marks of ordinary requests are kept: in the memory of this process."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from uuid import UUID

from .person import Mark

_NONE: Mapping[UUID, Mark] = MappingProxyType({})


class Marks:
    """By person, and of each person by login."""

    def __init__(self) -> None:
        self._of_user: dict[UUID, dict[UUID, Mark]] = {}

    def __iter__(self) -> Iterator[tuple[UUID, Mark]]:
        return ((user_id, mark) for user_id, marks in self._of_user.items() for mark in marks.values())

    def of(self, user_id: UUID) -> Mapping[UUID, Mark]:
        return self._of_user.get(user_id, _NONE)

    def get(self, user_id: UUID, session_id: UUID) -> Mark | None:
        return self.of(user_id).get(session_id)

    def put(self, user_id: UUID, session_id: UUID, mark: Mark) -> None:
        self._of_user.setdefault(user_id, {})[session_id] = mark

    def pop(self, user_id: UUID, session_id: UUID) -> Mark | None:
        marks = self._of_user.get(user_id, {})
        mark = marks.pop(session_id, None)
        if not marks:
            self._of_user.pop(user_id, None)
        return mark

    def sessions(self) -> dict[UUID, UUID]:
        """session -> whose it is"""
        return {session_id: user_id for user_id, marks in self._of_user.items() for session_id in marks}
