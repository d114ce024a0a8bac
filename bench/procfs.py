"""What the kernel says about a process: CPU time, memory, open files; and on which core it may run.

Linux only. Reads /proc, because a server that reports about itself pays for the report.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

_TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Kilobytes; PSS shares the pages that several processes map."""

    rss: int
    pss: int


def cpu_seconds(pid: int, *, with_ended_children: bool = False) -> float:
    """User and system time of one process with all its threads, in steps of 10 ms."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    fields = after_name[11:15] if with_ended_children else after_name[11:13]
    return sum(map(int, fields)) * _TICK_SECONDS


def tree_cpu_seconds(pid: int) -> float:
    """A process, its living children and those that ended: what a PostgreSQL server used."""
    total = cpu_seconds(pid, with_ended_children=True)
    for child in psutil.Process(pid).children():
        try:
            total += cpu_seconds(child.pid)
        except FileNotFoundError:
            continue
    return total


def machine_cpu_seconds() -> float:
    """Time that anybody used any core since the machine started."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    )
    return (user + nice + system + irq + softirq + steal) * _TICK_SECONDS


def memory(pid: int) -> Memory:
    values = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _, amount = line.partition(":")
        values[name] = int(amount.split()[0])
    return Memory(rss=values["Rss"], pss=values["Pss"])


def open_files(pid: int) -> int:
    """The kernel counts them itself since Linux 6.2; before that they have to be listed."""
    counted = Path(f"/proc/{pid}/fd").stat().st_size
    return counted or len(list(Path(f"/proc/{pid}/fd").iterdir()))


def pin(pid: int, *cores: int) -> None:
    """Keep every thread of a process on these cores; does nothing on a machine with a single core."""
    if (os.cpu_count() or 1) < 2:
        return
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            os.sched_setaffinity(int(thread.name), set(cores))
        except ProcessLookupError:
            continue


def pin_tree(pid: int, core: int) -> None:
    pin(pid, core)
    for child in psutil.Process(pid).children(recursive=True):
        pin(child.pid, core)
