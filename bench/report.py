"""From passes to a table, the figures to reach with PASS or MISS, and a JSON file.

Pure except for writing the file. A figure whose N was not measured is left out, never guessed.
"""

import json
import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

Figures = dict[str, float]


@dataclass(frozen=True)
class Pass:
    """One server measured once at one N; `error` when it did not get to the end."""

    server: str
    sockets: int
    figures: Figures
    error: str = ""


@dataclass(frozen=True)
class Verdict:
    figure: str
    measured: str
    passed: bool


@dataclass(frozen=True)
class _Row:
    title: str
    key: str
    digits: int = 2
    ratio: bool = True


_ROWS = (
    _Row("connect + join, per second", "connect_join_per_second", 0),
    _Row("CPU per connect + join, ms", "connect_join_cpu_ms"),
    _Row("  connect alone, ms", "connect_cpu_ms"),
    _Row("  join alone, ms", "join_cpu_ms"),
    _Row("  PostgreSQL's CPU beside it, ms", "connect_join_database_cpu_ms", ratio=False),
    _Row("join acknowledged p99, ms (200 at once)", "connect_join_p99_ms", 0),
    _Row("transactions per 100 joins", "connect_join_transactions_per_100", 1, ratio=False),
    _Row("  connect alone", "connect_transactions_per_100", 1, ratio=False),
    _Row("  join alone", "join_transactions_per_100", 1, ratio=False),
    _Row("memory per connection, KB", "memory_pss_kb", 1),
    _Row("head latency p50, ms", "head_p50_ms", 1),
    _Row("head latency p99, ms", "head_p99_ms", 1),
    _Row("CPU per presence change, ms", "change_cpu_ms"),
    _Row("typing: CPU per delivery, us", "typing_cpu_us", 1),
    _Row("typing: deliveries per second", "typing_deliveries_per_second", 0),
    _Row("paced typing p50, ms", "paced_p50_ms", 1),
    _Row("paced typing p99, ms", "paced_p99_ms", 1),
    _Row("CPU with everybody idle, %", "idle_cpu_percent", 1),
    _Row("all gone, s", "gone_seconds"),
    _Row("last offline row written, s", "offline_written_seconds", ratio=False),
    _Row("(other programs meanwhile, % of a core)", "others_cpu_percent", 0),
)
_TITLE_WIDTH, _WIDTH = 40, 11


class Report:
    def __init__(self, passes: list[Pass]) -> None:
        self.passes = passes
        self.sizes = sorted({one.sockets for one in passes})
        self._medians = _medians(passes)

    def value(self, server: str, sockets: int, key: str) -> float | None:
        return self._medians.get((server, sockets), {}).get(key)

    def table(self) -> str:
        """Markdown, so that it can be put into docs/performance.md as it is."""
        heads = [head for n in self.sizes for head in (f"{n:,} bare", "WorkHub", "x bare")]
        lines = [_line("", heads), _line("-" * _TITLE_WIDTH, ["-" * (_WIDTH - 1) + ":"] * len(heads))]
        lines += [_line(row.title, self._cells(row)) for row in _ROWS]
        lines += [
            f"\n{one.server} with {one.sockets:,} sockets failed: {one.error}"
            for one in self.passes
            if one.error
        ]
        return "\n".join(lines)

    def verdicts(self) -> list[Verdict]:
        found = [self._held(), *self._per_size(), *self._at_one_size(), *self._growth()]
        return [verdict for verdict in found if verdict]

    def content(self) -> dict[str, object]:
        return {
            "passes": [asdict(one) for one in self.passes],
            "medians": [{"server": s, "sockets": n, **values} for (s, n), values in self._medians.items()],
        }

    def _cells(self, row: _Row) -> list[str]:
        cells = []
        for sockets in self.sizes:
            bare, real = (self.value(server, sockets, row.key) for server in ("bare", "workhub"))
            ratio = _ratio(bare, real) if row.ratio else None
            shown = (bare if row.ratio else None, real, ratio)
            digits = (row.digits, row.digits, 2)
            cells += ["" if v is None else f"{v:,.{d}f}" for v, d in zip(shown, digits, strict=True)]
        return cells

    def _held(self) -> Verdict | None:
        if not any(one.server == "workhub" and one.sockets == 10_000 for one in self.passes):
            return None
        held = bool(self.value("workhub", 10_000, "connect_join_per_second"))
        return Verdict("10,000 signed-in sockets in one process", "held" if held else "not held", held)

    def _per_size(self) -> list[Verdict | None]:
        return [
            self._worst("memory per connection <= 1.25 x bare", 1.25, self._against_bare("memory_pss_kb")),
            self._worst("connect + join CPU <= 3 x bare", 3, self._against_bare("connect_join_cpu_ms")),
            self._worst(
                "transactions per 100 joins <= 10", 10, lambda n: self.value("workhub", n, _TRANSACTIONS)
            ),
            self._worst("typing CPU per delivery <= 1.1 x bare", 1.1, self._against_bare("typing_cpu_us")),
        ]

    def _at_one_size(self) -> list[Verdict | None]:
        return [
            self._at("paced typing p99 <= 10 ms at 5,000", 10, "paced_p99_ms", 5_000),
            self._at("head latency p99 <= 250 ms at 1,000", 250, "head_p99_ms", 1_000),
        ]

    def _growth(self) -> list[Verdict | None]:
        """Cost per event at 10,000 against 1,000, for each kind of event."""
        kinds = {
            "connect + join": "connect_join_cpu_ms",
            "presence change": "change_cpu_ms",
            "typing delivery": "typing_cpu_us",
        }
        verdicts: list[Verdict | None] = []
        for name, key in kinds.items():
            small, large = (self.value("workhub", sockets, key) for sockets in (1_000, 10_000))
            growth = _ratio(small, large)
            if growth is not None:
                title = f"cost per {name} at 10,000 <= 1.5 x that at 1,000"
                verdicts.append(Verdict(title, f"{growth:.2f} x", growth <= 1.5))
        return verdicts

    def _against_bare(self, key: str) -> Callable[[int], float | None]:
        return lambda n: _ratio(self.value("bare", n, key), self.value("workhub", n, key))

    def _worst(self, figure: str, limit: float, at: Callable[[int], float | None]) -> Verdict | None:
        values = [(value, sockets) for sockets in self.sizes if (value := at(sockets)) is not None]
        if not values:
            return None
        value, sockets = max(values)
        return Verdict(figure, f"{value:.2f} (worst, at {sockets:,})", value <= limit)

    def _at(self, figure: str, limit: float, key: str, sockets: int) -> Verdict | None:
        value = self.value("workhub", sockets, key)
        return None if value is None else Verdict(figure, f"{value:.1f}", value <= limit)


def verdict_lines(verdicts: list[Verdict]) -> str:
    return "\n".join(f"{'PASS' if v.passed else 'MISS'}  {v.figure}: {v.measured}" for v in verdicts)


def write_json(folder: Path, content: dict[str, object]) -> Path:
    now = datetime.now(UTC)
    machine = {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps({"finishedAt": now.isoformat(), "machine": machine, **content}, indent=1))
    return path


_TRANSACTIONS = "connect_join_transactions_per_100"


def _ratio(below: float | None, above: float | None) -> float | None:
    return above / below if above is not None and below else None


def _medians(passes: list[Pass]) -> dict[tuple[str, int], Figures]:
    values: dict[tuple[str, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in passes:
        for key, value in one.figures.items():
            values[one.server, one.sockets][key].append(value)
    return {
        which: {key: statistics.median(found) for key, found in by_key.items()}
        for which, by_key in values.items()
    }


def _line(title: str, cells: list[str]) -> str:
    return f"| {title:{_TITLE_WIDTH}} | " + " | ".join(f"{cell:>{_WIDTH}}" for cell in cells) + " |"
