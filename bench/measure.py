"""One pass over one server at one N: every scenario in turn, the server's costs beside what clients saw.

The same steps in the same order for the bare and the real server. Returns plain numbers; judges nothing.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from . import procfs
from .client import Person
from .driver import Deliveries, Driver, Ramp
from .report import Figures
from .servers import HOST, Server, wait_for

CHANGES_PER_SECOND, CHANGES_SECONDS = 100, 10
TYPING_PER_SECOND, TYPING_SECONDS = 100, 10
TYPING_WINDOWS, TYPING_WINDOW_SECONDS = 5, 2
IDLE_SECONDS = 5
GONE_SECONDS = 120
# Database connections and the like may come and go beside the sockets that are counted.
SPARE_FILES = 30


class Probe(Protocol):
    """What only a server with a database can tell."""

    def transactions(self, driver: Driver) -> int: ...
    def present(self) -> int: ...
    def cpu_seconds(self) -> float: ...


@dataclass
class _Cost:
    """Of one phase: processor seconds of the server and of its database, transactions."""

    cpu: float
    database_cpu: float
    transactions: int


class Meter:
    def __init__(self, server: Server, driver: Driver, probe: Probe | None) -> None:
        self._server, self._driver, self._probe = server, driver, probe
        # Reading the counter takes a while, in which the server goes about its periodic work.
        before = self.reading().transactions
        self._transactions_while_reading = self.reading().transactions - before

    def reading(self) -> _Cost:
        """Processor time first: waiting for the transaction counter must not be on the bill."""
        cpu = self._server.cpu_seconds()
        database_cpu = self._probe.cpu_seconds() if self._probe else 0.0
        transactions = self._probe.transactions(self._driver) if self._probe else 0
        return _Cost(cpu, database_cpu, transactions)

    def since(self, before: _Cost) -> _Cost:
        now = self.reading()
        return _Cost(
            now.cpu - before.cpu,
            now.database_cpu - before.database_cpu,
            now.transactions - before.transactions - self._transactions_while_reading,
        )


def measure(server: Server, people: Sequence[Person], probe: Probe | None) -> Figures:
    driver = Driver(HOST, server.port)
    others, begun = Others(server, probe), time.perf_counter()
    empty = procfs.memory(server.pid)
    try:
        meter = Meter(server, driver, probe)
        figures = _connect_then_join(meter, driver, people)
        figures |= _memory(server, empty, len(people))
        figures |= _leave(server, driver, probe)
        figures |= _connect_and_join(meter, driver, people)
        figures |= _idle(server, driver)
        figures |= _changes(server, driver, figures["idle_cpu_percent"])
        figures |= _typing(server, driver)
        figures |= _paced_typing(server, driver)
        figures |= _leave(server, driver, probe)
    finally:
        driver.pool.close()
    return figures | {"others_cpu_percent": others.cpu_seconds() / (time.perf_counter() - begun) * 100}


class Others:
    """Processor time of all that is not measured: with much of it no latency is right."""

    def __init__(self, server: Server, probe: Probe | None) -> None:
        self._server, self._probe = server, probe
        self._before = self._reading()

    def cpu_seconds(self) -> float:
        return self._reading() - self._before

    def _reading(self) -> float:
        ours = self._server.cpu_seconds() + time.process_time()
        ours += self._probe.cpu_seconds() if self._probe else 0
        return procfs.machine_cpu_seconds() - ours


def _connect_then_join(meter: Meter, driver: Driver, people: Sequence[Person]) -> Figures:
    """The two halves apart, to see where the cost is."""
    before = meter.reading()
    connected = driver.connect(people, join=False)
    driver.settle()
    connecting = meter.since(before)
    before = meter.reading()
    joined = driver.join()
    driver.settle()
    joining = meter.since(before)
    return _ramp("connect", connected, connecting) | _ramp("join", joined, joining)


def _connect_and_join(meter: Meter, driver: Driver, people: Sequence[Person]) -> Figures:
    """As people come: each socket joins as soon as it is connected."""
    before = meter.reading()
    joined = driver.connect(people, join=True)
    driver.settle()
    return _ramp("connect_join", joined, meter.since(before)) | {"not_persisted": joined.not_persisted}


def _ramp(name: str, ramp: Ramp, cost: _Cost) -> Figures:
    count = len(ramp.latencies)
    return {
        f"{name}_per_second": count / ramp.seconds,
        f"{name}_cpu_ms": cost.cpu / count * 1000,
        f"{name}_database_cpu_ms": cost.database_cpu / count * 1000,
        f"{name}_transactions_per_100": cost.transactions / count * 100,
        **_percentiles(name, ramp.latencies),
    }


def _memory(server: Server, empty: procfs.Memory, count: int) -> Figures:
    full = procfs.memory(server.pid)
    return {
        "memory_rss_kb": (full.rss - empty.rss) / count,
        "memory_pss_kb": (full.pss - empty.pss) / count,
        "memory_empty_pss_mb": empty.pss / 1024,
    }


def _idle(server: Server, driver: Driver) -> Figures:
    """What it costs to hold the sockets: pings, timers, garbage collection."""
    before = server.cpu_seconds()
    driver.idle(IDLE_SECONDS)
    return {"idle_cpu_percent": (server.cpu_seconds() - before) / IDLE_SECONDS * 100}


def _changes(server: Server, driver: Driver, idle_cpu_percent: float) -> Figures:
    before = server.cpu_seconds()
    seen = driver.changes(CHANGES_PER_SECOND, CHANGES_SECONDS)
    cpu = server.cpu_seconds() - before - idle_cpu_percent / 100 * seen.seconds
    driver.settle()
    return {
        "change_cpu_ms": cpu / seen.events * 1000,
        "change_driver_late_ms": seen.late_seconds * 1000,
        **_percentiles("head", seen.latencies),
    }


def _typing(server: Server, driver: Driver) -> Figures:
    driver.typing(TYPING_WINDOW_SECONDS)  # fills caches; not counted
    costs, rates = [], []
    driver_cpu = time.process_time()
    for _ in range(TYPING_WINDOWS):
        before = server.cpu_seconds()
        seen = driver.typing(TYPING_WINDOW_SECONDS)
        costs.append((server.cpu_seconds() - before) / len(seen.latencies))
        rates.append(len(seen.latencies) / seen.seconds)
    driver_cpu = time.process_time() - driver_cpu
    driver.settle()
    return {
        "typing_cpu_us": statistics.median(costs) * 1e6,
        "typing_deliveries_per_second": statistics.median(rates),
        "typing_driver_cpu_percent": driver_cpu / (TYPING_WINDOWS * TYPING_WINDOW_SECONDS) * 100,
    }


def _paced_typing(server: Server, driver: Driver) -> Figures:
    before = server.cpu_seconds()
    seen: Deliveries = driver.paced_typing(TYPING_PER_SECOND, TYPING_SECONDS)
    cpu = server.cpu_seconds() - before
    driver.settle()
    return {
        "paced_cpu_percent": cpu / seen.seconds * 100,
        "paced_deliveries_per_second": len(seen.latencies) / seen.seconds,
        "paced_driver_late_ms": seen.late_seconds * 1000,
        **_percentiles("paced", seen.latencies),
    }


def _leave(server: Server, driver: Driver, probe: Probe | None) -> Figures:
    """Gone: the last socket ended and its file is closed. Written: the last offline row is committed."""
    before = server.cpu_seconds()
    count = len(driver.pool)
    ended = driver.leave()
    files = server.files_at_start + SPARE_FILES
    gone = ended + wait_for("files closed", lambda: procfs.open_files(server.pid) <= files, GONE_SECONDS)
    cpu = server.cpu_seconds() - before
    figures = {"gone_seconds": gone, "gone_cpu_ms": cpu / count * 1000}
    if probe:
        written = gone + wait_for("offline rows", lambda: probe.present() == 0, GONE_SECONDS)
        figures["offline_written_seconds"] = written
        figures["gone_cpu_ms"] = (server.cpu_seconds() - before) / count * 1000
    return figures


def _percentiles(name: str, seconds: Sequence[float]) -> Figures:
    ordered = sorted(seconds)
    last = len(ordered) - 1
    return {
        f"{name}_p50_ms": ordered[round(last * 0.50)] * 1000,
        f"{name}_p99_ms": ordered[round(last * 0.99)] * 1000,
        f"{name}_max_ms": ordered[last] * 1000,
    }
