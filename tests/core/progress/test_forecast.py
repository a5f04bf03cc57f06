"""What it would still take: pace required, best pace seen, the day a goal slips away."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ledger.core.progress import Forecast, fold, forecast_target

from .world import commitment, entries, policy, share, target


def ahead(plan: str, lines: str, as_of: str, **config: Any) -> Forecast:
    one, rows, day, rules = target(f"{{{plan}}}"), entries(lines), date.fromisoformat(as_of), policy(**config)
    return forecast_target(commitment(one), one, rows, fold(one, rows, as_of=day, policy=rules), day, rules)


SUM = "kind: accumulate, goal: {reach: 12 家}"


def test_an_even_year() -> None:
    found = ahead(SUM, "- {on: 2023-03-31, add: 3 家}\n- {on: 2023-06-30, add: 3 家}", "2023-06-30")
    assert (found.remaining, found.months_left, found.required, found.best) == (6, 6, 1, 1)
    assert (found.unreachable_from, found.reachable) == (date(2023, 7, 1), True)
    assert (found.required_text, found.best_text, found.reason) == ("每月 1家", "每月 1家", None)


def test_everything_that_is_known_of_the_way_ahead() -> None:
    plan = "kind: accumulate, goal: {reach: 12 亿元}"
    lines = "- {on: 2023-03-31, add: 3 亿元}\n- {on: 2023-06-30, add: 4.5 亿元}"
    assert ahead(plan, lines, "2023-06-30") == Forecast(
        reason=None,
        remaining=Fraction(450_000_000),
        months_left=Fraction(6),
        required=Fraction(75_000_000),
        best=Fraction(150_000_000),
        unreachable_from=date(2023, 10, 1),
        reachable=True,
        unit="元",
        scale=10**8,
    )
    assert ahead(plan, lines, "2023-06-30").required_text == "每月 0.75亿元"


def test_the_best_month_counts_and_not_a_busy_day() -> None:
    lines = """
    - {on: 2023-01-31, add: 1 家}
    - {on: 2023-02-28, add: 1 家}
    - {on: 2023-03-30, add: 1 家}
    - {on: 2023-03-31, add: 2 家}
    - {on: 2023-04-30, add: 1 家}
    """
    found = ahead(SUM, lines, "2023-04-30")
    assert found.best == 3
    assert found.unreachable_from == date(2023, 11, 1)  # 6 in the two last months, and not a day less
    assert found.reachable is True
    assert ahead(SUM, lines, "2023-11-01").reachable is False
    assert ahead(SUM, lines, "2023-10-31").reachable is True


def test_a_rare_total_is_spread_over_its_months() -> None:
    assert ahead(SUM, "- {on: 2023-06-30, total: 3 家}", "2023-06-30").best == share("1/2")


def test_less_than_a_month_of_reports_gives_their_mean() -> None:
    found = ahead(SUM, "- {on: 2023-01-15, add: 1 家}", "2023-01-15")
    assert found.best == share("31/15")


def test_the_last_month_may_be_the_best() -> None:
    lines = "- {on: 2023-01-31, add: 1 家}\n- {on: 2023-02-28, add: 4 家}"
    assert ahead(SUM, lines, "2023-02-28").best == 4


def test_a_sinking_level_within_its_first_month() -> None:
    found = ahead(
        "kind: level, goal: {at_most: 2 %}, baseline: 8 %", "- {on: 2023-01-15, value: 5%}", "2023-01-15"
    )
    assert found.best == share("3") / share("15/31")


def test_a_goal_that_a_day_would_do_slips_on_the_last_day() -> None:
    found = ahead(SUM, "- {on: 2023-01-31, add: 11.99 家}", "2023-02-01")
    assert (found.unreachable_from, found.reachable) == (date(2023, 12, 31), True)


def test_a_report_after_the_due_date_finds_the_goal_lost() -> None:
    found = ahead(SUM + ", due: 2023-01-31", "- {on: 2023-02-28, add: 1 家}", "2023-02-28")
    assert (found.unreachable_from, found.reachable, found.reason) == (date(2023, 2, 28), False, "已到期")


def test_an_about_is_reached_at_the_edge_of_its_tolerance() -> None:
    found = ahead(
        "kind: accumulate, goal: {about: 12 家}", "- {on: 2023-03-31, add: 3 家}", "2023-03-31", tolerance=25
    )
    assert (found.remaining, found.required) == (6, share("2/3"))


def test_a_remark_stops_no_trail() -> None:
    lines = "- {on: 2023-01-31, note: 在统计}\n- {on: 2023-03-31, add: 3 家}"
    assert ahead(SUM, lines, "2023-03-31").best == 1


def test_a_level_above_its_range_has_to_come_down() -> None:
    plan = "kind: level, goal: {between: [40 %, 50 %]}, baseline: 70 %"
    found = ahead(plan, "- {on: 2023-03-31, value: 61%}", "2023-03-31")
    assert (found.remaining, found.best) == (11, 3)


def test_an_unfinished_month_does_not_count() -> None:
    lines = "- {on: 2023-01-31, add: 1 家}\n- {on: 2023-02-02, add: 5 家}"
    assert ahead(SUM, lines, "2023-02-02").best == 1


def test_later_entries_are_not_known_yet() -> None:
    lines = "- {on: 2023-01-31, add: 1 家}\n- {on: 2023-02-28, add: 9 家}"
    assert ahead(SUM, lines, "2023-02-27").best == 1


def test_nothing_yet_and_nothing_gained() -> None:
    none = ahead(SUM, "[]", "2023-06-30")
    assert (none.remaining, none.required, none.best, none.unreachable_from) == (12, 2, None, None)
    fell = ahead(SUM, "- {on: 2023-01-31, add: 0 家}", "2023-06-30")
    assert (fell.best, fell.unreachable_from, fell.reachable) == (0, None, None)
    assert fell.reason == "还没有可比的进展，推算不出最快能到多少"


def test_past_the_due_date_nothing_can_be_required() -> None:
    found = ahead(SUM, "- {on: 2023-06-30, add: 3 家}", "2023-12-31")
    assert (found.reason, found.months_left, found.required, found.reachable) == ("已到期", 0, None, False)


def test_a_level_climbs_or_sinks_from_its_baseline() -> None:
    up = ahead(
        "kind: level, goal: {reach: 90 %}, baseline: 60 %", "- {on: 2023-06-30, value: 72%}", "2023-06-30"
    )
    assert (up.remaining, up.required, up.best) == (18, 3, 2)
    down = ahead(
        "kind: level, goal: {at_most: 5 %}, baseline: 8 %", "- {on: 2023-03-31, value: 6.5%}", "2023-06-30"
    )
    assert (down.remaining, down.required, down.best) == (share("3/2"), share("1/4"), share("1/2"))
    assert (down.unreachable_from, down.reachable) == (date(2023, 10, 1), True)


def test_a_level_without_baseline_has_a_pace_between_its_reports_only() -> None:
    plan = "kind: level, goal: {reach: 90 %}"
    assert ahead(plan, "- {on: 2023-03-31, value: 70%}", "2023-03-31").best is None
    lines = "- {on: 2023-03-31, value: 70%}\n- {on: 2023-04-30, value: 75%}"
    assert ahead(plan, lines, "2023-04-30").best == 5


def test_a_broken_figure_in_between_leaves_a_gap_in_the_trail() -> None:
    lines = "- {on: 2023-01-31, add: 1 家}\n- {on: 2023-02-28, add: 9}\n- {on: 2023-04-30, total: 4 家}"
    assert ahead(SUM, lines.replace("add: 9}", "add: '9'}"), "2023-04-30").best == 1
    assert "无法计算" in str(ahead(SUM, lines.replace("add: 9}", "add: '9'}"), "2023-02-28").reason)


@pytest.mark.parametrize(
    ("plan", "line", "reason"),
    [
        ("kind: accumulate, goal: {reach: 3 家}", "add: 3 家", "已达标"),
        ("kind: accumulate, goal: {above: 3 家}", "add: 3 家", "正好等于目标值"),
        ("kind: accumulate, goal: {at_most: 3 起}", "add: 1 起", "是上限目标，没有每月需完成数"),
        ("kind: accumulate, goal: {at_most: 3 起}", "add: 5 起", "是上限目标，没有每月需完成数"),
        ("kind: accumulate, goal: {between: [3 家, 5 家]}", "add: 6 家", "是上限目标，没有每月需完成数"),
        ("kind: accumulate, goal: {about: 3 家}", "add: 1 家", "“约”没有容差，无法推算"),
        ("kind: level, goal: {at_most: 5 %}, hold: true", "value: 4%", "每次上报都须达标，没有每月需完成数"),
        ("kind: level, goal: {reach: 5 %}, baseline: 3 家", "value: 4%", "无法计算"),
        ("kind: level, goal: {reach: 5 %}", "note: 无", "还没有上报，无从推算"),
        ("kind: change, goal: {reach: 5 %}", "value: 4%", "这类目标不随时间累进，没有每月需完成数"),
        ("kind: rank, goal: {within: 5}", "rank: 4", "这类目标不随时间累进，没有每月需完成数"),
    ],
)
def test_where_there_is_no_run_rate_it_says_why(plan: str, line: str, reason: str) -> None:
    found = ahead(plan, f"- {{on: 2023-06-30, {line}}}", "2023-06-30")
    assert found.reason is not None
    assert found.reason.startswith(reason)
    assert (found.required, found.required_text, found.best_text) == (None, None, None)


def test_a_milestone_lists_what_is_open() -> None:
    plan = "kind: milestone, steps: [{key: a, name: 立项}, {key: b, name: 开工, due: 2023-09-30}]"
    one_left = ahead(plan, "- {on: 2023-03-31, step: a}", "2023-06-30")
    assert one_left == Forecast("节点类没有每月需完成数", next_steps=(("开工", date(2023, 9, 30)),))
    assert ahead(plan, "[]", "2023-06-30").next_steps == (
        ("立项", date(2023, 12, 31)),
        ("开工", date(2023, 9, 30)),
    )
    done = ahead(plan, "- {on: 2023-03-31, step: a}\n- {on: 2023-03-31, step: b}", "2023-06-30")
    assert (done.reason, done.next_steps) == ("各步都已完成", ())
