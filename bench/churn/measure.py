"""Runs the script against the real server and lets the judge speak.

`python -m bench.churn --minutes 3 --seed 1`, or as a part of `python -m bench`.
"""

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count, takewhile

from .. import servers, site
from ..client import Person, Pool
from ..measure import Others
from ..report import Verdict, verdict_lines, write_json
from ..web import Web
from . import judge, world
from .crowd import Crowd
from .judge import Pair, Policies, Relation, Verdicts
from .truth import SLACK, PersonTruth, Thresholds
from .viewer import News

MINUTES, SEED = 3.0, 20250810
SETTLE_SECONDS = 15.0  # everybody has come, and the logins that were there before the server are forgotten
GOAL = 0.9999


@dataclass(frozen=True)
class ChurnFigures:
    seed: int
    seconds: float
    events: int
    viewers: int
    samples: int
    unsure: int
    wrong: int
    looks_by_rest: int
    messages: int
    violations: int
    gaps: int
    others_cpu_percent: float
    kinds: dict[str, int]
    examples: list[str]

    @property
    def right(self) -> float:
        return 1 - self.wrong / self.samples if self.samples else 0.0

    def table(self) -> str:
        """With examples of what was wrong."""
        numbers = [(name, value) for name, value in asdict(self).items() if isinstance(value, int | float)]
        rows = [f"| {name:20} | {value:12,.10g} |" for name, value in numbers]
        head = [f"| {'':20} | {'churn':>12} |", f"| {'-' * 20} | {'-' * 11}: |"]
        return "\n".join([*head, *rows, *self.examples])

    def verdicts(self) -> list[Verdict]:
        what = f"{self.right:.4%} of {self.samples:,} samples, {self.wrong} wrong"
        told = f"{self.violations} in {self.messages:,} messages"
        return [
            Verdict(f"churn: right for {self.viewers} viewers >= {GOAL:.2%}", what, self.right >= GOAL),
            Verdict("churn: privacy violations 0", told, not self.violations),
        ]


def measure(minutes: float = MINUTES, seed: int = SEED) -> ChurnFigures:
    dice, limits = random.Random(seed), Thresholds()
    made: list[world.World] = []

    def fill(url: str, secret_key: str) -> list[Person]:
        made.append(world.make(dice, url, secret_key))
        return []

    with site.prepared(fill) as prepared, prepared.serving(**_settings(limits)) as server:
        pool = Pool(servers.HOST, server.port)
        web = Web(pool, servers.HOST, server.port, lambda: time.perf_counter() + 0.1)
        others, began = Others(server, prepared), time.perf_counter()
        crowd = Crowd(made[0], pool, web, dice, limits)
        try:
            begun, ended = crowd.run(minutes * 60)
        finally:
            web.close()
            pool.close()
        busy = others.cpu_seconds() / (time.perf_counter() - began) * 100
    out = _judge(crowd, begun, ended)
    return ChurnFigures(
        seed=seed,
        seconds=ended - begun,
        events=sum(map(len, crowd.events)),
        viewers=len(crowd.viewers),
        samples=out.samples,
        unsure=out.unsure,
        wrong=out.wrong,
        looks_by_rest=len(crowd.looks),
        messages=out.messages,
        violations=out.violations,
        gaps=sum(viewer.gaps for viewer in crowd.viewers),
        others_cpu_percent=busy,
        kinds=dict(out.kinds),
        examples=out.examples,
    )


def _settings(limits: Thresholds) -> dict[str, str]:
    named = {
        "PRESENCE_IDLE_SECONDS": limits.idle,
        "PRESENCE_OFFLINE_AFTER_IDLE_SECONDS": limits.offline_after_idle,
        "PRESENCE_HEARTBEAT_SECONDS": limits.heartbeat,
        "PRESENCE_LEAVE_GRACE_SECONDS": limits.leave_grace,
        "PRESENCE_DISCONNECT_GRACE_SECONDS": limits.disconnect_grace,
        "PRESENCE_TYPING_SECONDS": limits.typing,
        "PRESENCE_ONLINE_SECONDS": limits.online,
        "SOCKET_PING_INTERVAL_SECONDS": limits.ping_interval,
        "SOCKET_PING_TIMEOUT_SECONDS": limits.ping_timeout,
    }
    return {name: f"{value:g}" for name, value in named.items()}


def _judge(crowd: Crowd, begun: float, ended: float) -> Verdicts:
    out, judging = Verdicts(), _Judging(crowd, ended)
    moments = list(
        takewhile(lambda at: at < ended - SLACK, (begun + SETTLE_SECONDS + judge.EVERY * n for n in count()))
    )
    for viewer in crowd.viewers:
        viewer.finish(ended)
        people = judging.board_members(viewer.scope) if viewer.scope else crowd.world.watches[viewer.who]
        for who in people:
            if who != viewer.who:
                pair, news = (
                    judging.pair(viewer.who, who, viewer.scope),
                    viewer.told.get(judging.id_of(who), []),
                )
                judge.judge_samples(pair, viewer, str(who), news, moments, out)
                judge.judge_news(pair, f"{viewer.who}>{who} {viewer.scope[:8]}", news, out)
    judging.looks(begun + SETTLE_SECONDS, out)
    judging.typing(out)
    return out


class _Judging:
    def __init__(self, crowd: Crowd, ended: float) -> None:
        self._crowd, self._world = crowd, crowd.world
        self._policies = Policies(crowd.policies)
        self._numbers = {human.id: number for number, human in enumerate(self._world.humans)}
        self._boards = {board.id: board for board in self._world.boards}
        self._truths = [self._truth(number, ended) for number in range(len(self._world.humans))]
        self._pairs: dict[tuple[int, int, str], Pair] = {}

    def _truth(self, who: int, ended: float) -> PersonTruth:
        boards = [self._world.boards[board].id for board in self._world.humans[who].boards]
        truth = PersonTruth(self._crowd.limits, boards)
        for event in sorted(self._crowd.events[who], key=lambda event: event.at):
            truth.tell(event)
        truth.finish(ended)
        return truth

    def id_of(self, who: int) -> str:
        return self._world.humans[who].id

    def board_members(self, board: str) -> Sequence[int]:
        return self._boards[board].members

    def pair(self, viewer: int, who: int, scope: str) -> Pair:
        key = (viewer, who, scope)
        if key not in self._pairs:
            self._pairs[key] = Pair(self._truths[who], scope, self._relation(*key), self._policies)
        return self._pairs[key]

    def _relation(self, viewer: int, who: int, scope: str) -> Relation:
        headed = [self._world.boards[number] for number in self._world.headed(viewer, who)]
        heads = frozenset(board.organization for board in headed if scope in ("", board.id))
        return Relation(self._world.is_team(viewer, who), self._world.is_contact(viewer, who), heads)

    def looks(self, since: float, out: Verdicts) -> None:
        """Of one answer: what was true when it was asked for and still when it came."""
        for look in self._crowd.looks:
            for who in {*look.asked} - {look.who}:
                pair, shown = self.pair(look.who, who, ""), look.shown.get(self.id_of(who))
                name = f"{look.who}>{who} by REST"
                judge.judge_news(pair, name, [News(look.at, "rest", shown)], out)
                if look.at < since or pair.is_unsure(look.sent_at) or pair.is_unsure(look.at):
                    out.unsure += 1
                else:
                    judge.judge_one(pair, look.at, shown, name, out)

    def typing(self, out: Verdicts) -> None:
        by_pair: dict[tuple[int, int, str], list[News]] = defaultdict(list)
        for listener, board, news in self._crowd.typing_heard:
            assert news.shown
            by_pair[listener, self._numbers[news.shown["userId"]], board].append(news)
        for (listener, who, board), heard in by_pair.items():
            if listener != who:
                judge.judge_news(self.pair(listener, who, board), f"{listener}>{who} typing", heard, out)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.churn", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    figures = measure(options.minutes, options.seed)
    print(f"{figures.table()}\n\n{verdict_lines(figures.verdicts())}")
    print(write_json(servers.RESULTS, {"churn": asdict(figures)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
