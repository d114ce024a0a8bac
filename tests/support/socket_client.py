"""A small synchronous Socket.IO client for the namespace /board, over one raw WebSocket.

Small so that a test can also misbehave: send any text, stop reading, vanish without a goodbye. A thread
reads, answers pings and keeps what came in `received` as (event, payload).
"""

import itertools
import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

import websocket

from .api import Api
from .patience import GENEROUS
from .people import PASSWORD

Payload = Any
TIMEOUT = GENEROUS


class BoardSocket:
    def __init__(
        self,
        base_url: str,
        cookie: str,
        csrf_token: str | None,
        origin: str | None = None,
        access_token: Payload = None,
    ) -> None:
        """Raises ConnectionRefused (with the server's words) unless the server lets it in."""
        auth = {"csrf": csrf_token, "token": access_token}
        self.contract = Api(base_url).contract
        self.received: list[tuple[str, Payload]] = []
        self.close_code: int | None = None
        self.is_open = True
        self._acks: dict[int, Payload] = {}
        self._ids = itertools.count(1)
        self._checked: set[int] = set()  # positions in `received`
        self._news = threading.Condition()
        self._may_read = threading.Event()
        self._may_read.set()
        self._refusal: Payload = None
        self._joined = False
        address = base_url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._web = websocket.create_connection(
            address,
            timeout=TIMEOUT,
            cookie=cookie or None,
            origin=base_url if origin is None else origin,
            suppress_origin=origin == "",
            enable_multithread=True,
        )
        self._web.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()
        self.send_raw(
            "40/board," + json.dumps({name: said for name, said in auth.items() if said is not None})
        )
        self._wait(
            lambda: self._joined or self._refusal is not None or not self.is_open,
            TIMEOUT,
            "an answer to connect",
        )
        if not self._joined:
            self.close()
            raise ConnectionRefused(self._refusal)

    def emit(self, event: str, payload: Payload = None, timeout: float = TIMEOUT) -> Payload:
        """Sends and returns the acknowledgement."""
        number = self.send(event, payload)
        self._wait(
            lambda: number in self._acks or not self.is_open, timeout, f"the acknowledgement of {event}"
        )
        if number not in self._acks:
            raise ConnectionError(f"closed before {event} was acknowledged")
        answer = self._acks.pop(number)
        self.contract.check_acknowledgement(event, answer)
        return answer

    def send(self, event: str, payload: Payload = None) -> int:
        """Sends without waiting."""
        number = next(self._ids)
        self.send_raw(f"42/board,{number}" + json.dumps([event] if payload is None else [event, payload]))
        return number

    def send_raw(self, text: str) -> None:
        self._web.send(text)

    def wait_for(
        self,
        event: str,
        predicate: Callable[[Payload], object] = lambda payload: True,
        timeout: float = TIMEOUT,
        since: int = 0,
    ) -> Payload:
        """The first payload of `event` that fits, among what came after `since` (see mark) or still comes."""

        def found() -> list[Payload]:
            return [load for name, load in self.received[since:] if name == event and predicate(load)]

        self._wait(lambda: found() or not self.is_open, timeout, f"{event}; got {self._names(since)}")
        if not (fitting := found()):
            raise ConnectionError(f"closed ({self.close_code}) before {event} came; got {self._names(since)}")
        self.contract.check_event(event, fitting[0])
        return fitting[0]

    def mark(self) -> int:
        """For wait_for(since=...): only what comes from now on."""
        return len(self.received)

    def events(self, event: str, since: int = 0) -> list[Payload]:
        found = [(at, payload) for at, (name, payload) in enumerate(self.received) if name == event]
        for at, payload in found:
            if at not in self._checked:
                self.contract.check_event(event, payload)
                self._checked.add(at)
        return [payload for at, payload in found if at >= since]

    def wait_closed(self, timeout: float = TIMEOUT) -> int | None:
        """The close code, None for a connection that just ended."""
        self._wait(lambda: not self.is_open, timeout, "the end of the connection")
        return self.close_code

    def close(self) -> None:
        """With a goodbye, as a page that is left."""
        if self.is_open:
            with suppress(OSError, websocket.WebSocketException):  # the other side was faster
                self._web.send_close()
            self._hang_up()

    def vanish(self) -> None:
        """Without a goodbye, as a browser that is killed: the system closes the connection."""
        self._hang_up()

    def stop_reading(self) -> None:
        """Nothing is read any more, and no ping answered, while the connection stays open."""
        self._may_read.clear()

    def read_on(self) -> None:
        self._may_read.set()

    def _hang_up(self) -> None:
        self._may_read.set()
        with suppress(OSError, AttributeError):  # the other side was faster
            self._web.sock.shutdown(socket.SHUT_RDWR)
        self._ended(None)

    def _read(self) -> None:
        try:
            while self._may_read.wait():
                code, data = self._web.recv_data()
                if code == websocket.ABNF.OPCODE_CLOSE:
                    return self._ended(int.from_bytes(data[:2], "big") if len(data) >= 2 else None)
                self._understand(data.decode())
        except (OSError, websocket.WebSocketException):
            self._ended(None)

    def _understand(self, text: str) -> None:
        if text == "2":
            self.send_raw("3")
            return
        if not text.startswith("4"):
            return
        kind, rest = text[1:2], text[2:].removeprefix("/board").removeprefix(",")
        with self._news:
            match kind:
                case "0":
                    self._joined = True
                case "4":
                    self._refusal = json.loads(rest or "{}")
                case "2":
                    event, *payload = json.loads(rest)
                    self.received.append((event, payload[0] if payload else None))
                case "3":
                    number, _, answer = rest.partition("[")
                    self._acks[int(number)] = next(iter(json.loads("[" + answer)), None)
            self._news.notify_all()

    def _ended(self, code: int | None) -> None:
        with self._news:
            if self.is_open:
                self.is_open, self.close_code = False, code
            self._news.notify_all()

    def _wait(self, condition: Callable[[], object], timeout: float, what: str) -> None:
        with self._news:
            if not self._news.wait_for(condition, timeout):
                self._give_up(timeout, what)

    def _give_up(self, timeout: float, what: str) -> NoReturn:
        raise AssertionError(f"{what} did not come within {timeout:g} s")

    def _names(self, since: int) -> list[str]:
        return [name for name, _ in self.received[since:]]


class ConnectionRefused(Exception):
    """`args[0]` is the payload of the server's CONNECT_ERROR, None when it just hung up."""


def connect(base_url: str, email: str, password: str = PASSWORD) -> BoardSocket:
    """Signs in over HTTP, then opens the socket as the person's page would."""
    api = Api(base_url)
    api.sign_in(email, password)
    return open_socket(api)


def open_socket(api: Api, origin: str | None = None) -> BoardSocket:
    """One more socket (tab) of somebody already signed in."""
    return BoardSocket(api.base_url, api.cookie, api.csrf_token, origin)


def open_as_program(base_url: str, access_token: Payload, cookie: str = "") -> BoardSocket:
    """As a script does: no cookie, no Origin, no CSRF token."""
    return BoardSocket(base_url, cookie, None, "", access_token)
