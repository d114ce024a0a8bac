"""A head and two members around one board with three lists: what most of these tests begin with."""

from dataclasses import dataclass

from app.accounts.models import Organization, User
from app.boards.models import Board, List, Task
from tests.support.people import People


@dataclass(frozen=True)
class Team:
    """`plan` and `words` stand in "To do", in this order; "Doing" and "Done" are empty."""

    organization: Organization
    head: User
    maya: User
    omar: User
    board: Board
    todo: List
    doing: List
    done: List
    plan: Task
    words: Task

    @classmethod
    def make(cls, people: People) -> "Team":
        acme = people.organization()
        head, maya, omar = (people.user(name, acme) for name in ("Lena Head", "Maya Brandt", "Omar Said"))
        board = people.board(acme, [head], [maya, omar])
        todo, doing, done = (people.list_on(board, name) for name in ("To do", "Doing", "Done"))
        plan = people.task_on(todo, "Write the plan")
        words = people.task_on(todo, "Find the words")
        return cls(acme, head, maya, omar, board, todo, doing, done, plan, words)
