"""The judge of histories finds what is lost. That nothing is: tests/accidents/test_database_away.py."""

import pytest

from bench.history import Act, Segment, judge

IN, OUT = Act("in", 9.8, 10.2, True), Act("out", 20.7, 20.9, True)


@pytest.mark.parametrize(
    ("segments", "is_wrong"),
    [
        ([Segment(10, 20)], False),
        ([Segment(9, 15), Segment(15, 20)], True),
        ([], True),
        ([Segment(11, 20)], True),
        ([Segment(10, 18)], True),
        ([Segment(10, None)], True),
        ([Segment(10, 20), Segment(19, 20)], True),
        ([Segment(1, 5), Segment(10, 20)], False),
    ],
)
def test_judge_finds_what_is_lost(segments: list[Segment], is_wrong: bool) -> None:
    assert bool(judge([IN, OUT], segments)) is is_wrong


def test_login_of_which_nobody_knows_may_live_on() -> None:
    acts = [Act("in", 1, 2, False), IN, OUT]
    assert judge(acts, [Segment(1, None)]) == []
    assert judge([*acts, Act("in", 30, 31, True), Act("out", 40, 41, True)], [Segment(1, 25)])
