"""Requests over one HTTP connection that stays open, while the sockets of a pool go on being served.

Just enough of HTTP/1.1 for a server that says how long its answers are.
"""

import json
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from .client import BenchError, Person, Pool

ANSWER_SECONDS = 30
_LENGTH = b"\r\ncontent-length:"


class Answer(NamedTuple):
    """`sent_at` on the clock of the driver (time.perf_counter)."""

    status: int
    body: bytes
    sent_at: float
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Web:
    """One request at a time. `meanwhile` is called again and again, and answers when it is next due."""

    def __init__(self, pool: Pool, host: str, port: int, meanwhile: Callable[[], float]) -> None:
        self._pool, self._host, self._meanwhile = pool, f"{host}:{port}", meanwhile
        self._socket = socket.create_connection((host, port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received, self._missing = bytearray(), 0
        pool.invite(self._socket, self._receive)

    def ask(
        self, method: str, path: str, person: Person | None = None, body: Any = None, *headers: str
    ) -> Answer:
        request = self._request(method, path, person, body, headers)
        self._received, self._missing = bytearray(), 0
        sent_at = time.perf_counter()
        self._socket.sendall(request)
        while (answer := self._answer(sent_at)) is None:
            if time.perf_counter() > sent_at + ANSWER_SECONDS:
                raise BenchError(f"{method} {path} was not answered within {ANSWER_SECONDS} s")
            self.serve()
        return answer

    def serve(self) -> None:
        """What is due, and what comes until the next thing is."""
        self._pool.poll(max(0, self._meanwhile() - time.perf_counter()))

    def expect(self, *request: Any, status: int = 200) -> Answer:
        """As `ask`, and the run ends when the answer is another."""
        answer = self.ask(*request)
        if answer.status != status:
            raise BenchError(f"{request[:2]} was answered {answer.status}: {answer.body[:300]!r}")
        return answer

    def close(self) -> None:
        self._socket.close()

    def _request(
        self, method: str, path: str, person: Person | None, body: Any, headers: tuple[str, ...]
    ) -> bytes:
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}", f"Origin: http://{self._host}", *headers]
        if person is not None:
            lines += [f"Cookie: {person.cookie}", f"X-CSRF-Token: {json.loads(person.auth)['csrf']}"]
        if body is not None:
            lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        return "\r\n".join([*lines, "", ""]).encode() + content

    def _receive(self) -> None:
        data = self._socket.recv(65536)
        if not data:
            raise BenchError("the server closed the connection of the requests")
        self._received += data

    def _answer(self, sent_at: float) -> Answer | None:
        if len(self._received) < self._missing:  # a long answer is not looked through at every piece of it
            return None
        head, end, body = bytes(self._received).partition(b"\r\n\r\n")
        if not end:
            return None
        _, length, rest = head.lower().partition(_LENGTH)
        if not length:
            raise BenchError(f"an answer without a length: {head[:300]!r}")
        self._missing = len(head) + len(end) + int(rest.split(b"\r\n")[0])
        if len(self._received) < self._missing:
            return None
        return Answer(int(head.split(b" ", 2)[1]), body, sent_at, time.perf_counter() - sent_at)
