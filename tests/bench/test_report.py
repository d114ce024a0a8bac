"""The judgement over measured figures."""

from bench.report import Pass, Report


def passes(**figures: tuple[float, float]) -> list[Pass]:
    """Both servers at 1,000 sockets; each figure is (bare, WorkHub)."""
    return [
        Pass(server, 1_000, {key: pair[which] for key, pair in figures.items()})
        for which, server in enumerate(("bare", "workhub"))
    ]


def test_ratio_at_the_limit_passes_and_above_it_misses() -> None:
    assert Report(passes(memory_pss_kb=(80, 100))).verdicts()[0].passed
    assert not Report(passes(memory_pss_kb=(80, 101))).verdicts()[0].passed


def test_figure_of_a_size_that_was_not_measured_is_left_out() -> None:
    named = [
        verdict.figure for verdict in Report(passes(paced_p99_ms=(3, 4), head_p99_ms=(2, 90))).verdicts()
    ]
    assert named == ["head latency p99 <= 250 ms at 1,000"]


def test_median_of_rounds_is_judged() -> None:
    rounds = [Pass("workhub", 1_000, {"head_p99_ms": value}) for value in (90, 100, 900)]
    assert Report(rounds).verdicts()[0].passed


def test_failed_pass_is_shown_and_does_not_count_as_held() -> None:
    report = Report([Pass("workhub", 10_000, {}, error="refused")])
    assert not report.verdicts()[0].passed
    assert "workhub with 10,000 sockets failed: refused" in report.table()


def test_growth_compares_ten_thousand_with_one_thousand() -> None:
    report = Report(
        [Pass("workhub", 1_000, {"typing_cpu_us": 6}), Pass("workhub", 10_000, {"typing_cpu_us": 9.6})]
    )
    growth = next(verdict for verdict in report.verdicts() if "typing delivery" in verdict.figure)
    assert (growth.measured, growth.passed) == ("1.60 x", False)
