"""Load patterns over a pool of sockets: connect, join, change, type, leave; each returns what clients saw.

Times are seconds of the driver's own clock, so that sender and receiver share it. Server-side costs are not
its business. A lost delivery, a refusal or a standstill ends the run: a figure without all its events is
worthless.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import orjson

from .client import BenchError, Connection, Person, Pool, event

OUTSTANDING_JOINS = 200
OUTSTANDING_TYPING = 8
# A group types, then the same group stops: long before a typing mark expires by itself, and each sender stays
# far below 20 messages a second.
TYPING_GROUP = 64
STALL_SECONDS = 30
DASHBOARD = b'42/board,["presence_dashboard",'
_TYPING, _STOP_TYPING = b'42/board,["typing",', b'42/board,["stop_typing",'
_USER_ID = b'"userId":"'
_clock = time.perf_counter
T = TypeVar("T")


@dataclass
class Ramp:
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    not_persisted: int = 0


@dataclass
class Deliveries:
    """`latencies` has one entry per delivery, from the sender's send to this receiver's receive."""

    events: int = 0
    seconds: float = 0.0
    late_seconds: float = 0.0  # the driver's own worst delay against its schedule
    messages: int = 0  # what the heads were told meanwhile
    latencies: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Flight:
    """One event on its way; `missing` receivers have not got it yet."""

    sent_at: float
    missing: int
    status: str = ""


class Driver:
    def __init__(self, host: str, port: int) -> None:
        self.pool = Pool(host, port)
        self._ack_id = 0
        self._done = 0
        self._heard = 0

    def connect(self, people: Sequence[Person], *, join: bool) -> Ramp:
        """Connect everybody, `OUTSTANDING_JOINS` at a time; each joins its board at once if `join`."""
        ramp, begun = Ramp(), {}

        def start(person: Person) -> None:
            connection = self.pool.open(person)
            begun[connection] = _clock()

        def finished(connection: Connection, payload: bytes = b"") -> None:
            self._check_join(ramp, payload)
            ramp.latencies.append(_clock() - begun.pop(connection))
            self._done += 1

        self.pool.connected = self._send_join if join else finished
        self.pool.acked = finished
        self._all(people, start, ramp)
        return ramp

    def join(self) -> Ramp:
        """Everybody connected joins their board."""
        ramp, begun = Ramp(), {}

        def start(connection: Connection) -> None:
            begun[connection] = _clock()
            self._send_join(connection)

        def finished(connection: Connection, payload: bytes) -> None:
            self._check_join(ramp, payload)
            ramp.latencies.append(_clock() - begun.pop(connection))
            self._done += 1

        self.pool.acked = finished
        self._all(self.pool.connections(), start, ramp)
        return ramp

    def idle(self, seconds: float) -> None:
        """Do nothing but answer pings."""
        end = _clock() + seconds
        while (left := end - _clock()) > 0:
            self.pool.poll(left)

    def settle(self, quiet_seconds: float = 0.3) -> None:
        """Until the server has been silent for a while: what it put off belongs to the load before."""
        self.pool.heard = self._count_heard
        heard = -1
        while heard != self._heard:
            heard = self._heard
            self.idle(quiet_seconds)
        self.pool.reset_callbacks()

    def changes(self, per_second: float, seconds: float) -> Deliveries:
        """Members turn idle and active again; a delivery is the message that shows it to the head."""
        seen, flights = Deliveries(), {}
        members = [c for c in across_boards(self.pool.connections()) if not c.person.head]

        def send(step: int) -> None:
            turn, index = divmod(step, len(members))
            connection, active = members[index], turn % 2 == 1
            flights[connection.person.user_id] = _Flight(_clock(), 1, "online" if active else "idle")
            self.report(connection, active=active)

        def heard(_connection: Connection, payload: bytes) -> None:
            if not payload.startswith(DASHBOARD):
                return
            seen.messages += 1
            for member in orjson.loads(payload[len(DASHBOARD) : -1])["members"]:
                flight = flights.get(member["userId"])
                if flight and flight.status == member["status"]:
                    seen.latencies.append(_clock() - flight.sent_at)
                    del flights[member["userId"]]

        self.pool.heard, self.pool.acked = heard, _check_ok
        self._paced(seen, send, per_second, seconds, flights)
        return seen

    def typing(self, seconds: float) -> Deliveries:
        """As fast as the server can with `OUTSTANDING_TYPING` events on their way."""
        seen, flights, send = self._typing_script()
        begun = _clock()
        end = begun + seconds
        step = 0
        while _clock() < end:
            while len(flights) < OUTSTANDING_TYPING:
                send(step)
                step += 1
            self._poll_until_progress(lambda: len(seen.latencies))
        self._drain(flights, seen)
        seen.seconds = _clock() - begun
        return seen

    def paced_typing(self, per_second: float, seconds: float) -> Deliveries:
        seen, flights, send = self._typing_script()
        self._paced(seen, send, per_second, seconds, flights)
        return seen

    def report(self, connection: Connection, *, active: bool) -> None:
        where = {"boardId": connection.person.board_id, "active": active, "visible": True}
        self._emit(connection, "activity", where)

    def watch(self, connection: Connection, user_ids: Sequence[str]) -> None:
        self._emit(connection, "watch_users", {"userIds": list(user_ids)})

    def leave(self) -> float:
        """Everybody closes the tab in the same moment; seconds until the server ended the last socket."""

        def closed(_connection: Connection) -> None:
            self._done += 1

        self.pool.reset_callbacks()
        self.pool.closed = closed
        everybody = self.pool.connections()
        self._done, begun = 0, _clock()
        for connection in everybody:
            self.pool.say_goodbye(connection)
        while self._done < len(everybody):
            self._poll_until_progress(lambda: self._done)
        self.pool.reset_callbacks()
        return _clock() - begun

    def _typing_script(self) -> tuple[Deliveries, dict[bytes, _Flight], Callable[[int], None]]:
        seen: Deliveries = Deliveries()
        flights: dict[bytes, _Flight] = {}
        connections = self.pool.connections()
        others = {board: len(present) - 1 for board, present in _by_board(connections).items()}
        script = _typing_order(across_boards(connections))

        def send(_step: int) -> None:
            connection, name = next(script)
            person = connection.person
            flights[_flight_key(name == "typing", person.user_id.encode())] = _Flight(
                _clock(), others[person.board_id]
            )
            seen.events += 1
            self._emit(connection, name, {"boardId": person.board_id, "taskId": person.task_id})

        def heard(_connection: Connection, payload: bytes) -> None:
            started = payload.startswith(_TYPING)
            if not started and not payload.startswith(_STOP_TYPING):
                return
            at = payload.find(_USER_ID) + len(_USER_ID)
            key = _flight_key(started, payload[at : at + 36])
            flight = flights.get(key)
            if flight is None:  # the server ended a typing mark by itself
                return
            seen.latencies.append(_clock() - flight.sent_at)
            flight.missing -= 1
            if not flight.missing:
                del flights[key]

        self.pool.heard, self.pool.acked = heard, _check_ok
        return seen, flights, send

    def _paced(
        self, seen: Deliveries, send: Callable[[int], None], per_second: float, seconds: float, flights: dict
    ) -> None:
        """Open loop: the schedule does not wait for a slow server."""
        begun = _clock()
        for step in range(round(per_second * seconds)):
            due = begun + step / per_second
            while (left := due - _clock()) > 0:
                self.pool.poll(left)
            seen.late_seconds = max(seen.late_seconds, -left)
            send(step)
            self.pool.poll(0)
        self._drain(flights, seen)
        seen.events = round(per_second * seconds)
        seen.seconds = _clock() - begun

    def _drain(self, flights: dict, seen: Deliveries) -> None:
        while flights:
            self._poll_until_progress(lambda: len(seen.latencies))

    def _all(self, items: Sequence[T], start: Callable[[T], None], ramp: Ramp) -> None:
        self._done, started, begun = 0, 0, _clock()
        while self._done < len(items):
            while started < len(items) and started - self._done < OUTSTANDING_JOINS:
                start(items[started])
                started += 1
            self._poll_until_progress(lambda: self._done)
        ramp.seconds = _clock() - begun
        self.pool.reset_callbacks()

    def _poll_until_progress(self, measure: Callable[[], int]) -> None:
        before, deadline = measure(), _clock() + STALL_SECONDS
        while measure() == before:
            if _clock() > deadline:
                raise BenchError(f"nothing arrived for {STALL_SECONDS} s")
            self.pool.poll(1)

    def _send_join(self, connection: Connection) -> None:
        self._emit(connection, "join_board", {"boardId": connection.person.board_id, "device": "desktop"})

    def _emit(self, connection: Connection, name: str, payload: dict) -> None:
        self._ack_id += 1
        self.pool.send(connection, event(self._ack_id, name, payload))

    def _check_join(self, ramp: Ramp, payload: bytes) -> None:
        if payload:
            _check_ok(None, payload)
            ramp.not_persisted += b'"persisted":false' in payload

    def _count_heard(self, _connection: Connection, _payload: bytes) -> None:
        self._heard += 1


def _check_ok(_connection: Connection | None, payload: bytes) -> None:
    if b'"ok":true' not in payload:
        raise BenchError(f"refused: {payload[:300].decode(errors='replace')}")


def _flight_key(started: bool, user_id: bytes) -> bytes:
    return user_id if started else b"-" + user_id


def _by_board(connections: Sequence[Connection]) -> dict[str, list[Connection]]:
    boards = defaultdict(list)
    for connection in connections:
        boards[connection.person.board_id].append(connection)
    return boards


def across_boards(connections: Sequence[Connection]) -> list[Connection]:
    """One of each board, then the next of each: neighbours in the list never share a board."""
    boards = list(_by_board(connections).values())
    longest = max(map(len, boards))
    return [board[at] for at in range(longest) for board in boards if at < len(board)]


def _typing_order(connections: Sequence[Connection]) -> Iterator[tuple[Connection, str]]:
    while True:
        for start in range(0, len(connections), TYPING_GROUP):
            group = connections[start : start + TYPING_GROUP]
            for name in ("typing", "stop_typing"):
                for connection in group:
                    yield connection, name
