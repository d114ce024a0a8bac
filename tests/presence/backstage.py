"""A look behind the scenes, past every rule: what PostgreSQL holds, and changes nobody announces."""

from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool


class Backstage:
    def __init__(self, admin_url: str) -> None:
        self._engine = create_engine(admin_url, poolclass=NullPool)

    def run(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        with self._engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    def add_member(self, board: Any, user: Any, role: str = "member") -> None:
        statement = "insert into board_members (board_id, user_id, role) values (:board, :user, :role)"
        self.run(statement, board=board.id, user=user.id, role=role)

    def remove_member(self, board: Any, user: Any) -> None:
        statement = "delete from board_members where board_id = :board and user_id = :user"
        self.run(statement, board=board.id, user=user.id)

    def history(self, board: Any, user: Any) -> list[tuple[Any, ...]]:
        """Each recorded transition: status, last_seen, updated_at, device."""
        return self.run(
            "select status, last_seen, updated_at, device from activity"
            " where board_id = :board and user_id = :user order by id",
            board=board.id,
            user=user.id,
        )

    def statuses(self, board: Any, user: Any) -> list[str]:
        return [row[0] for row in self.history(board, user)]
