"""A real server for many tests: each brings its own organization, people and board, so none meets another."""

import itertools
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.api import Api
from tests.support.patience import GENEROUS
from tests.support.people import People
from tests.support.postgres import PostgresForTests
from tests.support.server import Server
from tests.support.socket_client import BoardSocket
from tests.support.waiting import wait_until

from .backstage import Backstage

_numbers = itertools.count(1)


@dataclass
class Team:
    """`head` watches `maya`; both are on `board`."""

    organization: Any
    head: Any
    maya: Any
    board: Any


class Live:
    def __init__(self, postgres: PostgresForTests, folder: Path, **settings: object) -> None:
        self._postgres = postgres
        self.database = postgres.create()
        self.server = Server(self.database, folder, **settings).start()
        self.people = People(self.database.admin_url)
        self.backstage = Backstage(self.database.admin_url)
        self._opened: list[BoardSocket] = []

    def end(self) -> None:
        print(self.server.log)
        self.server.end()
        self.people.close()
        self._postgres.drop(self.database)

    def team(self, members: int = 0) -> Team:
        organization = self.people.organization(f"Organization {next(_numbers)}")
        head, maya = self.people.user("Head", organization), self.people.user("Maya", organization)
        others = self.people.users(members, organization)
        return Team(organization, head, maya, self.people.board(organization, [head], [maya, *others]))

    def sign_in(self, user: Any) -> Api:
        api = Api(self.server.url)
        api.sign_in(user.email)
        return api

    def connect(self, user: Any) -> "RecordingSocket":
        return self.open_tab(self.sign_in(user))

    def open_tab(self, api: Api) -> "RecordingSocket":
        page = RecordingSocket(api.base_url, api.cookie, api.csrf_token)
        self._opened.append(page)
        return page

    def enter(self, user: Any, board: Any, **more: Any) -> "RecordingSocket":
        page = self.connect(user)
        join(page, board, **more)
        return page

    def hang_up(self) -> None:
        """After a test: its sockets would go on being pinged."""
        while self._opened:
            self._opened.pop().close()


class RecordingSocket(BoardSocket):
    """Also keeps every packet in its order, acknowledgements among them, with the moment it came."""

    def __init__(self, *args: Any) -> None:
        self.packets: list[tuple[float, str]] = []
        super().__init__(*args)

    def _understand(self, text: str) -> None:
        self.packets.append((time.monotonic(), text))
        super()._understand(text)

    def emit_all(self, event: str, payloads: list[dict[str, Any]]) -> list[Any]:
        """One after another without waiting in between; all their acknowledgements."""
        numbers = [self.send(event, payload) for payload in payloads]
        self._wait(
            lambda: all(n in self._acks for n in numbers), GENEROUS, f"all acknowledgements of {event}"
        )
        return [self._acks.pop(number) for number in numbers]

    def reset(self) -> None:
        """As by a router that gives up on the connection: neither a close frame nor the end of the stream."""
        raw = self._web.sock
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.shutdown(socket.SHUT_RD)  # sends nothing; the reader wakes up and lets go of it
        self.wait_closed()
        raw.close()


def on(board: Any, **more: Any) -> dict[str, Any]:
    return {"boardId": str(board.id), **more}


def join(page: BoardSocket, board: Any, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = page.emit("join_board", on(board, **more))
    assert answer["ok"], answer
    return answer


def member_in(payload: dict[str, Any], user: Any) -> dict[str, Any] | None:
    """The person as a presence_dashboard tells of them, if it does."""
    return next((m for m in payload["members"] if m["userId"] == str(user.id)), None)


def wait_to_see(page: BoardSocket, user: Any, since: int = 0, timeout: float = GENEROUS, **what: Any) -> Any:
    """The first word of `user` to this head in which all of `what` is so."""

    def fits(payload: dict[str, Any]) -> bool:
        member = member_in(payload, user)
        return member is not None and all(member[key] == value for key, value in what.items())

    payload = page.wait_for("presence_dashboard", fits, timeout, since)
    return member_in(payload, user)


def wait_for_statuses(live: Live, team: Team, expected: list[str], timeout: float = 5) -> None:
    """What is recorded of Maya; rows arrive a moment after they are told."""
    read = live.backstage.statuses
    wait_until(
        lambda: len(read(team.board, team.maya)) >= len(expected), timeout, f"{len(expected)} recorded rows"
    )
    assert read(team.board, team.maya) == expected
