"""Every kind of target: its formula, its edges, and what must not happen to it (the other cases are in docs/reference/kinds.md)."""

from __future__ import annotations

import pytest

from ledger.core.progress import Aggregate, Light, fold

from .world import POLICY_2023, entries, policy, share, status, target


def show(plan: str, lines: str, as_of: str, rules: object = None, **fields: object) -> str:
    """Completion, expected, met and light in one line: `1/2 181/365 未 正常`."""
    found = status(plan, lines, as_of, rules or POLICY_2023, **fields)  # type: ignore[arg-type]
    met = {True: "达", False: "未", None: "无"}[found.met]
    return f"{found.completion} {found.expected} {met} {found.light.value}"


ACCUMULATE = [
    ("reach: 16 亿美元", "add: 4 亿美元", "2023-12-31", "1/4 1 未 严重滞后"),
    ("reach: 16 亿美元", "add: 40000 万美元", "2023-12-31", "1/4 1 未 严重滞后"),  # another multiplier
    ("at_least: 6 家", "add: 9 家", "2023-06-30", "3/2 181/365 达 已达标"),  # uncapped
    ("above: 6 家", "add: 6 家", "2023-06-30", "1 181/365 未 正常"),  # 超过6家: 6 is not enough
    ("above: 6 家", "add: 6 家", "2023-12-31", "1 1 未 滞后"),  # … and at the end that is not 正常
    ("at_least: 0 起", "add: 0 起", "2023-06-30", "1 181/365 达 已达标"),
    ("above: 0 个", "add: 0 个", "2023-06-30", "0 181/365 未 严重滞后"),
    ("above: 0 个", "add: 1 个", "2023-06-30", "1 181/365 达 已达标"),
    ("at_most: 5 起", "add: 3 起", "2023-06-30", "1 1 达 已达标"),
    ("at_most: 5 起", "add: 6 起", "2023-06-30", "4/5 1 未 滞后"),
    ("at_most: 5 起", "add: 11 起", "2023-06-30", "0 1 未 严重滞后"),
    ("at_most: 0 起", "add: 0 起", "2023-06-30", "1 1 达 已达标"),
    ("at_most: 0 起", "add: 1 起", "2023-06-30", "0 1 未 严重滞后"),
    ("below: 5 起", "add: 5 起", "2023-06-30", "1 1 未 滞后"),
    ("between: [15 亿元, 20 亿元]", "add: 15 亿元", "2023-06-30", "1 181/365 达 已达标"),
    ("between: [15 亿元, 20 亿元]", "add: 3 亿元", "2023-06-30", "1/5 181/365 未 滞后"),
    (
        "between: [15 亿元, 20 亿元]",
        "add: 25 亿元",
        "2023-06-30",
        "3/4 1 未 滞后",
    ),  # beyond the range: no way back
    ("reach: 100 万元", "add: -10 万元, note: 核减", "2023-06-30", "-1/10 181/365 未 严重滞后"),
    ("reach: 1 公顷", "add: 15 亩", "2023-06-30", "1 181/365 达 已达标"),  # exact: 15 亩 are 1 公顷
]


@pytest.mark.parametrize(("goal", "line", "as_of", "shown"), ACCUMULATE)
def test_accumulate(goal: str, line: str, as_of: str, shown: str) -> None:
    assert show(f"{{kind: accumulate, goal: {{{goal}}}}}", f"- {{on: 2023-03-31, {line}}}", as_of) == shown


@pytest.mark.parametrize(
    ("lines", "total", "covered", "falls"),
    [
        ("add 2, add 3", "5家", 0, False),
        ("add 2, add 3, total 5", "5家", 2, False),
        ("total 4, add 3", "7家", 0, False),
        ("add 1, total 4, add 3, total 9, add 1", "10家", 2, False),
        ("total 4, total 3", "3家", 0, True),  # the later report counts
        ("add 2, add 3, total 4", "4家", 2, True),
    ],
)
def test_a_total_supersedes_what_is_before_it_and_increments_add_on(
    lines: str, total: str, covered: int, falls: bool
) -> None:
    rows = [
        {"on": f"2023-{month:02d}-15", name: f"{number} 家"}
        for month, (name, number) in enumerate((part.split() for part in lines.split(", ")), start=1)
    ]
    found = status("{kind: accumulate, goal: {at_least: 6 家}}", rows, "2023-12-31")
    assert found.actual == total
    assert (f"{covered} 条增量已被后来的累计数覆盖" in found.notes) == (covered > 0)
    assert any("比之前的小" in note for note in found.notes) == falls


def test_on_one_day_the_place_in_the_file_decides_what_a_total_covers() -> None:
    plan = "{kind: accumulate, goal: {at_least: 6 家}}"
    assert (
        status(plan, "- {on: 2023-01-31, add: 2 家}\n- {on: 2023-01-31, total: 4 家}", "2023-12-31").actual
        == "4家"
    )
    assert (
        status(plan, "- {on: 2023-01-31, total: 4 家}\n- {on: 2023-01-31, add: 2 家}", "2023-12-31").actual
        == "6家"
    )


LEVEL = [
    ("goal: {reach: 380 亿元}", "value: 190 亿元", "2023-06-30", "1/2 None 未 无法判断"),
    ("goal: {reach: 380 亿元}", "value: 380 亿元", "2023-06-30", "1 None 达 已达标"),
    ("goal: {reach: 380 亿元}", "value: 342 亿元", "2023-12-31", "9/10 1 未 滞后"),
    ("goal: {reach: 380 亿元}, due: 2023-06-30", "value: 342 亿元", "2023-06-29", "9/10 None 未 无法判断"),
    ("goal: {reach: 380 亿元}, due: 2023-06-30", "value: 342 亿元", "2023-06-30", "9/10 1 未 滞后"),
    ("goal: {at_most: 5 %}", "value: 5%", "2023-06-30", "1 None 达 已达标"),
    ("goal: {at_most: 5 %}", "value: 5.5%", "2023-12-31", "9/10 1 未 滞后"),
    ("goal: {at_most: 5 %}", "value: 12%", "2023-12-31", "0 1 未 严重滞后"),
    ("goal: {at_most: 0 起}", "value: 0 起", "2023-06-30", "1 None 达 已达标"),
    (
        "goal: {reach: 380 亿元}, baseline: 300 亿元",
        "value: 350 亿元",
        "2023-06-30",
        "35/38 6199/6935 未 正常",
    ),
    (
        "goal: {reach: 380 亿元}, baseline: 300 亿元",
        "value: 330 亿元",
        "2023-06-30",
        "33/38 6199/6935 未 滞后",
    ),
    (
        "goal: {reach: 380 亿元}, baseline: 300 亿元",
        "value: 290 亿元",
        "2023-06-30",
        "29/38 6199/6935 未 严重滞后",
    ),
    ("goal: {at_most: 5 %}, baseline: 6 %", "value: 5.4%", "2023-12-31", "23/25 1 未 严重滞后"),
    # a baseline that already meets the goal: only to keep, and losing it is never ahead of pace
    ("goal: {at_least: 90 %}, baseline: 95 %", "value: 89%", "2023-06-30", "89/90 1 未 滞后"),
    ("goal: {at_least: 90 %}, baseline: 90 %", "value: 89%", "2023-06-30", "89/90 1 未 滞后"),
    ("goal: {at_most: 5 %}, hold: true", "value: 4.9%", "2023-02-28", "1 1 达 已达标"),
    ("goal: {at_most: 5 %}, hold: true", "value: 5.1%", "2023-03-31", "49/50 1 未 滞后"),
    ("goal: {below: 5 %}, hold: true", "value: 5%", "2023-03-31", "1 1 未 滞后"),
    # due points: between two of them the straight line, before the first nothing is expected
    (
        "goal: {reach: 40 %}, plan: [{on: 2023-06-30, value: 20 %}, {on: 2023-09-30, value: 30 %}]",
        "value: 10%",
        "2023-06-30",
        "1/4 1/2 未 滞后",
    ),
    (
        "goal: {reach: 40 %}, plan: [{on: 2023-06-30, value: 20 %}, {on: 2023-09-30, value: 30 %}]",
        "value: 10%",
        "2023-08-15",
        "1/4 5/8 未 严重滞后",
    ),
    (
        "goal: {reach: 40 %}, plan: [{on: 2023-06-30, value: 20 %}]",
        "value: 10%",
        "2023-06-29",
        "1/4 None 未 无法判断",
    ),
    (
        "goal: {reach: 40 %}, baseline: 10 %, plan: [{on: 2023-06-30, value: 10 %}]",
        "value: 10%",
        "2023-06-30",
        "1/4 1/4 未 正常",
    ),
]


@pytest.mark.parametrize(("plan", "line", "as_of", "shown"), LEVEL)
def test_level(plan: str, line: str, as_of: str, shown: str) -> None:
    assert show(f"{{kind: level, {plan}}}", f"- {{on: 2023-01-31, {line}}}", as_of) == shown


def test_a_level_without_baseline_names_what_is_missing() -> None:
    found = status(
        "{kind: level, goal: {reach: 380 亿元}}", "- {on: 2023-01-31, value: 190 亿元}", "2023-06-30"
    )
    assert found.light is Light.UNKNOWN
    assert (
        found.reason
        == "无法判断：未提供基期数，暂无法测算序时进度；请补上基期数（ledger amend 编号 --baseline 数）"
    )


def test_progress_from_a_baseline_is_what_pace_compares() -> None:
    found = status(
        "{kind: level, goal: {reach: 380 亿元}, baseline: 300 亿元}",
        "- {on: 2023-06-30, value: 330 亿元}",
        "2023-06-30",
    )
    assert (found.progress, found.expected_progress) == (share("3/8"), share("181/365"))
    assert found.gap == share("181/365") - share("3/8")


def test_a_goal_to_be_held_stays_broken_whatever_comes_later() -> None:
    plan = "{kind: level, goal: {at_most: 5 %}, hold: true}"
    lines = """
    - {on: 2023-01-31, value: 4.8%}
    - {on: 2023-02-28, value: 6%}
    - {on: 2023-03-31, value: 7%}
    - {on: 2023-04-30, value: 4.5%}
    """
    assert status(plan, lines, "2023-01-31").met is True
    found = status(plan, lines, "2023-12-31")
    assert (found.met, found.actual, found.completion, found.gap) == (False, "4.5%", 1, share("2/5"))
    assert found.light is Light.FAR_BEHIND  # by the worst report, 7%
    assert found.reason == "2023-02-28 报 6%，未守住每次上报都须达标的目标"


def test_one_unreadable_report_leaves_a_held_goal_undecided() -> None:
    lines = '- {on: 2023-01-31, value: "4.8"}\n- {on: 2023-02-28, value: 4.9%}'
    found = status("{kind: level, goal: {at_most: 5 %}, hold: true}", lines, "2023-12-31")
    assert (found.met, found.light) == (None, Light.UNKNOWN)


CHANGE = [
    ("goal: {reach: 12 %}", "value: 6%", "2023-01-01", "1/2 1 未 严重滞后"),  # never T·t
    ("goal: {reach: 12 %}", "value: 9.6%", "2023-06-30", "4/5 1 未 滞后"),
    ("goal: {reach: 12 %}", "value: -3%", "2023-06-30", "0 1 未 严重滞后"),
    ("goal: {at_least: 12 %}", "value: 15%", "2023-06-30", "5/4 1 达 已达标"),
    ("goal: {above: 12 %}", "value: 12%", "2023-06-30", "1 1 未 正常"),
    ("goal: {reach: 12 %}", "current: 106 亿元, base: 100 亿元", "2023-06-30", "1/2 1 未 严重滞后"),
    ("goal: {reach: 12 %}", "current: 10600 万元, base: 1 亿元", "2023-06-30", "1/2 1 未 严重滞后"),
    ("goal: {reach: 15 %}, direction: decrease", "value: 15%", "2023-06-30", "1 1 达 已达标"),
    (
        "goal: {reach: 15 %}, direction: decrease",
        "current: 85 件, base: 100 件",
        "2023-06-30",
        "1 1 达 已达标",
    ),
    (
        "goal: {reach: 15 %}, direction: decrease",
        "current: 120 件, base: 100 件",
        "2023-06-30",
        "0 1 未 严重滞后",
    ),
    (
        "goal: {reach: 1 百分点}, direction: decrease",
        "current: 50.2%, base: 51%",
        "2023-06-30",
        "4/5 1 未 滞后",
    ),
    ("goal: {reach: 1 百分点}, direction: decrease", "value: 1.2个百分点", "2023-06-30", "6/5 1 达 已达标"),
    (
        "goal: {reach: 200 件}, direction: decrease",
        "current: 800 件, base: 900 件",
        "2023-06-30",
        "1/2 1 未 严重滞后",
    ),
    ("goal: {at_least: 0 %}", "value: 0%", "2023-06-30", "1 1 达 已达标"),
    ("goal: {at_least: 0 %}", "value: -1%", "2023-06-30", "0 1 未 严重滞后"),
    ("goal: {at_most: 8 %}", "value: -2%", "2023-06-30", "1 1 达 已达标"),
    ("goal: {at_most: 8 %}", "value: 10%", "2023-06-30", "3/4 1 未 滞后"),
]


@pytest.mark.parametrize(("plan", "line", "as_of", "shown"), CHANGE)
def test_change(plan: str, line: str, as_of: str, shown: str) -> None:
    assert show(f"{{kind: change, {plan}}}", f"- {{on: 2023-01-01, {line}}}", as_of) == shown


def test_a_rate_that_no_decimal_writes_stays_exact_and_is_shown_rounded() -> None:
    found = status(
        "{kind: change, goal: {reach: 12 %}}", "- {on: 2023-06-30, current: 4 家, base: 3 家}", "2023-06-30"
    )
    assert (found.value, found.completion, found.actual) == (share("100/3"), share("100/36"), "约33.33%")


UNCOMPUTABLE = [
    ("kind: change, goal: {reach: 12 %}", "current: 5 家, base: 0 家", "不大于零"),
    ("kind: change, goal: {reach: 12 %}", "current: 5 家, base: -2 家", "不大于零"),
    ("kind: change, goal: {reach: 12 %}", "current: 5 家", "缺上年同期数"),
    ("kind: change, goal: {reach: 12 %}", "current: 5 家, base: 2 户", "换算"),
    ("kind: change, goal: {reach: 12 %}", "value: 3 百分点", "百分点"),
    ("kind: change, goal: {reach: 1 百分点}", "value: 3%", "百分点"),
    ("kind: change, goal: {reach: 1 百分点}", "current: 5 家, base: 4 家", "换算"),
    ("kind: level, goal: {reach: 80 %}", "value: 80 百分点", "百分点"),
    ("kind: level, goal: {reach: 80 %}", "value: '80'", "单位"),
    ("kind: level, goal: {reach: 80 %}", "add: 3%", "本期新增"),
    ("kind: level, goal: {reach: 80 %}", "value: 一些", "一些"),
    ("kind: accumulate, goal: {reach: 80 人}", "add: 30 人次", "人次"),
    ("kind: accumulate, goal: {reach: 80 亿元}", "add: 3 亿美元", "汇率"),
    ("kind: accumulate, goal: {reach: 80 亿元}", "add: 3 亿元, total: 3 亿元", "不能确定"),
    ("kind: accumulate, goal: {reach: 80 亿元}", "value: 3 亿元", "数值"),
    ("kind: accumulate, goal: {reach: 80 亿元}", "add: 3 亿元, value: 3 亿元", "数值"),
    ("kind: rank, goal: {up: 2}", "rank: 5", "基期位次"),
    ("kind: rank, goal: {within: 3}", "rank: 5, of: 4", "大于参加排名的个数"),
    ("kind: compare, goal: {above: 全省平均}", "value: 5%", "缺参照值"),
    ("kind: compare, goal: {above: 全省平均}", "benchmark: 5%", "缺数值"),
    ("kind: compare, goal: {above: 全省平均}", "value: 5%, benchmark: 5 家", "换算"),
    ("kind: milestone", "step: opened", "步骤"),
    ("kind: judgement", "value: 5%", "数值"),
]


@pytest.mark.parametrize(("plan", "line", "word"), UNCOMPUTABLE)
def test_what_cannot_be_computed_says_so_and_is_never_zero(plan: str, line: str, word: str) -> None:
    found = status(f"{{{plan}}}", f"- {{on: 2023-03-31, {line}}}", "2023-12-31")
    assert (found.completion, found.met, found.light) == (None, None, Light.UNKNOWN)
    assert found.reason is not None
    assert found.reason.startswith("无法计算：")
    assert word in found.reason


def test_an_unusable_increment_makes_the_sum_unknown_until_a_total_says_where_it_stands() -> None:
    plan = "{kind: accumulate, goal: {reach: 80 人}}"
    lines = (
        "- {on: 2023-01-31, add: 30 人次}\n- {on: 2023-02-28, add: 5 人}\n- {on: 2023-03-31, total: 20 人}"
    )
    assert status(plan, lines, "2023-02-28").completion is None
    assert status(plan, lines, "2023-03-31").actual == "20人"


def test_the_latest_reading_counts_even_when_it_cannot_be_used() -> None:
    lines = "- {on: 2023-01-31, value: 80%}\n- {on: 2023-02-28, value: '81'}"
    found = status("{kind: level, goal: {reach: 80 %}}", lines, "2023-12-31")
    assert (found.actual, found.light) == (None, Light.UNKNOWN)


def test_an_earlier_reading_that_cannot_be_used_is_history() -> None:
    lines = "- {on: 2023-01-31, value: '81'}\n- {on: 2023-02-28, value: 80%}"
    found = status("{kind: level, goal: {reach: 80 %}}", lines, "2023-12-31")
    assert (found.actual, found.light, found.reason) == ("80%", Light.MET, None)


RATES = policy(
    rates=[
        {"from": "美元", "to": "人民币", "on": "2023-03-31", "rate": "6.9"},
        {"from": "美元", "to": "元", "on": "2023-06-30", "rate": "7.2"},
    ]
)


@pytest.mark.parametrize(
    ("on", "rate", "actual"),
    [
        ("2023-03-31", "", "6.9亿元"),
        ("2023-06-29", "", "6.9亿元"),  # the latest rate of its own date or before
        ("2023-06-30", "", "7.2亿元"),
        ("2023-09-30", ", rate: 美元/元 2023-03-31 6.9", "6.9亿元"),  # the recorded rate counts
        ("2023-03-30", "", None),  # none so early
        ("2023-03-31", ", rate: 美元/元 2023-06-30 7.2", None),  # later than the figure
        ("2023-09-30", ", rate: 美元/元 2023-03-31 9.9", None),  # nobody published this one
    ],
)
def test_money_of_another_currency_needs_a_dated_rate(on: str, rate: str, actual: str | None) -> None:
    plan = "{kind: accumulate, goal: {reach: 80 亿元}}"
    found = status(plan, f"- {{on: {on}, add: 1 亿美元{rate}}}", "2023-12-31", RATES)
    assert found.actual == actual
    assert (found.reason is None) == (actual is not None)


def test_rates_are_never_turned_round() -> None:
    found = status(
        "{kind: accumulate, goal: {reach: 1 亿美元}}", "- {on: 2023-12-31, add: 7 亿元}", "2023-12-31", RATES
    )
    assert found.completion is None


@pytest.mark.parametrize(
    ("plan", "line", "as_of", "met", "light", "standing"),
    [
        ("goal: {within: 3}", "rank: 3", "2023-06-30", True, "已达标", "现第3位"),
        ("goal: {within: 3}", "rank: 5, of: 11", "2023-06-30", False, "无法判断", "现第5位，差2位"),
        ("goal: {within: 3}", "rank: 5", "2023-12-31", False, "严重滞后", "现第5位，差2位"),
        ("goal: {within: 1}", "rank: 1", "2023-12-31", True, "已达标", "现第1位"),
        ("goal: {up: 2}, baseline: 7", "rank: 5", "2023-06-30", True, "已达标", "现第5位"),
        ("goal: {up: 2}, baseline: 7", "rank: 6", "2023-06-30", False, "无法判断", "现第6位，差1位"),
        ("goal: {up: 2}, baseline: 7", "rank: 9", "2023-12-31", False, "严重滞后", "现第9位，差4位"),
    ],
)
def test_rank(plan: str, line: str, as_of: str, met: bool, light: str, standing: str) -> None:
    found = status(f"{{kind: rank, {plan}}}", f"- {{on: 2023-03-31, {line}}}", as_of)
    assert (found.met, found.light, found.standing) == (met, light, standing)
    assert (found.completion, found.expected, found.gap) == (None, None, None)
    assert (found.reason is None) == (light != "无法判断")


@pytest.mark.parametrize(
    ("op", "value", "benchmark", "met", "standing"),
    [
        ("above", "5.2%", "4.8%", True, "比全省平均高0.4个百分点"),
        ("above", "4.8%", "4.8%", False, "与全省平均持平"),
        ("above", "4.7%", "4.8%", False, "比全省平均低0.1个百分点"),
        ("below", "4.7%", "4.8%", True, "比全省平均低0.1个百分点"),
        ("below", "4.8%", "4.8%", False, "与全省平均持平"),
        ("at_least", "4.8%", "4.8%", True, "与全省平均持平"),
        ("at_least", "4.7%", "4.8%", False, "比全省平均低0.1个百分点"),
        ("at_most", "4.8%", "4.8%", True, "与全省平均持平"),
        ("at_most", "4.9%", "4.8%", False, "比全省平均高0.1个百分点"),
        ("above", "-1%", "-3%", True, "比全省平均高2个百分点"),
    ],
)
def test_compare(op: str, value: str, benchmark: str, met: bool, standing: str) -> None:
    plan = f"{{kind: compare, goal: {{{op}: 全省平均}}}}"
    line = f"- {{on: 2023-03-31, value: {value}, benchmark: {benchmark}}}"
    found = status(plan, line, "2023-06-30")
    assert (found.met, found.standing, found.completion) == (met, standing, None)
    assert found.light == ("已达标" if met else "无法判断")
    assert status(plan, line, "2023-12-31").light == ("已达标" if met else "严重滞后")


def test_a_comparison_in_a_unit_of_its_own() -> None:
    plan = "{kind: compare, unit: 元, goal: {above: 全省平均}}"
    found = status(plan, "- {on: 2023-03-31, value: 6.1 万元, benchmark: 58000 元}", "2023-06-30")
    assert (found.met, found.standing) == (True, "比全省平均高3000元")


STEPS = """
kind: milestone
steps:
  - {key: approve, name: 立项, due: 2023-03-31}
  - {key: start, name: 开工, weight: 2, due: 2023-06-30}
  - {key: open, name: 投用}
"""


@pytest.mark.parametrize(
    ("done", "as_of", "shown"),
    [
        ("approve", "2023-03-30", "1/4 0 未 正常"),
        ("approve", "2023-03-31", "1/4 1/4 未 正常"),
        ("approve", "2023-06-30", "1/4 3/4 未 严重滞后"),
        ("approve start", "2023-12-31", "3/4 1 未 滞后"),
        ("approve start open", "2023-06-30", "1 3/4 达 已达标"),
        ("open", "2023-12-31", "1/4 1 达 已达标"),  # met when the last step is done
        ("start start", "2023-06-30", "1/2 3/4 未 滞后"),  # done twice is done once
        ("approve opened", "2023-03-31", "1/4 1/4 未 正常"),  # an unknown step counts for nothing
    ],
)
def test_milestone(done: str, as_of: str, shown: str) -> None:
    lines = [{"on": "2023-03-15", "step": step} for step in done.split()]
    found = status(STEPS, lines, as_of)
    met = "达" if found.met else "未"
    assert f"{found.completion} {found.expected} {met} {found.light.value}" == shown
    assert any("不认得" in note for note in found.notes) == ("opened" in done)
    assert any("此前未报完成" in note for note in found.notes) == (done == "open")


def test_a_milestone_names_what_is_overdue_and_what_came_late() -> None:
    lines = "- {on: 2023-04-02, step: approve}"
    found = status(STEPS, lines, "2023-07-01")
    assert (found.standing, found.notes) == ("应完成而未报完成：开工", ("逾期完成：立项",))


def test_a_milestone_of_one_step() -> None:
    assert show("{kind: milestone}", "- {on: 2023-05-01, step: done}", "2023-05-01") == "1 0 达 已达标"
    assert show(
        "{kind: milestone, due: 2023-05-01}", "- {on: 2023-04-01, note: 已报批}", "2023-05-01"
    ).endswith("未报")


@pytest.mark.parametrize(
    ("line", "as_of", "met", "light"),
    [
        ("verdict: met, evidence: [通报第3期]", "2023-06-30", True, "已达标"),
        ("verdict: met", "2023-06-30", None, "无法判断"),  # no evidence
        ("verdict: unmet", "2023-06-30", False, "无法判断"),
        ("verdict: unmet", "2023-12-31", False, "严重滞后"),
        ("note: 正在评定", "2023-12-31", None, "未报"),
    ],
)
def test_judgement(line: str, as_of: str, met: bool | None, light: str) -> None:
    found = status("{kind: judgement, review: [2023-06-30]}", f"- {{on: 2023-05-31, {line}}}", as_of)
    assert (found.met, found.light, found.completion) == (met, light, None)
    assert found.notes == ("2023-06-30 应评定，尚无评定",)


@pytest.mark.parametrize(
    "plan",
    [
        "kind: accumulate, goal: {reach: 6 家}",
        "kind: level, goal: {reach: 6 家}",
        "kind: level, goal: {at_most: 6 家}, hold: true",
        "kind: change, goal: {reach: 6 %}",
        "kind: rank, goal: {within: 3}",
        "kind: rank, goal: {up: 3}",
        "kind: compare, goal: {above: 全省平均}",
        "kind: milestone",
        "kind: judgement",
    ],
)
@pytest.mark.parametrize("as_of", ["2022-12-31", "2023-06-30", "2024-06-30"])
def test_no_data_is_not_zero(plan: str, as_of: str) -> None:
    found = status(f"{{{plan}}}", "[]", as_of)
    assert (found.light, found.completion, found.actual, found.met) == (Light.UNREPORTED, None, None, None)
    assert fold(target(f"{{{plan}}}"), entries("[]"), policy=policy()) == Aggregate()


def test_about_needs_a_tolerance() -> None:
    plan = "{kind: accumulate, goal: {about: 100 万元}}"
    line = "- {on: 2023-06-30, add: 95 万元}"
    found = status(plan, line, "2023-12-31")
    assert (found.light, found.met, found.completion, found.actual) == (Light.UNKNOWN, None, None, "95万元")
    assert found.reason is not None
    assert "容差" in found.reason
    assert show(plan, line, "2023-12-31", policy(tolerance=5)) == "1 1 达 已达标"
    assert show(plan, line, "2023-12-31", policy(tolerance=4)) == "95/96 1 未 滞后"
    assert (
        show(plan, "- {on: 2023-06-30, add: 110 万元}", "2023-12-31", policy(tolerance=10)) == "1 1 达 已达标"
    )
    assert show(plan, "- {on: 2023-06-30, add: 111 万元}", "2023-12-31", policy(tolerance=10)).endswith(
        "未 滞后"
    )


def test_tiers_are_reported_and_decide_nothing() -> None:
    plan = "{kind: accumulate, goal: {at_least: 6 家}, stretch: [{at_least: 8 家}, {at_least: 10 家}]}"
    found = status(plan, "- {on: 2023-06-30, add: 8 家}", "2023-06-30")
    assert [(tier.goal, tier.reached) for tier in found.tiers] == [("≥8家", True), ("≥10家", False)]
    assert found.light is Light.MET
    short = status(plan, "- {on: 2023-06-30, add: 7 家}", "2023-12-31")
    assert (short.light, [tier.reached for tier in short.tiers]) == (Light.MET, [False, False])
    ranked = status(
        "{kind: rank, goal: {within: 3}, stretch: [{within: 1}]}", "- {on: 2023-06-30, rank: 1}", "2023-06-30"
    )
    assert [(tier.goal, tier.reached) for tier in ranked.tiers] == [("第1位", True)]
    assert [tier.reached for tier in status(plan, "[]", "2023-06-30").tiers] == [None, None]
    unranked = status("{kind: rank, goal: {within: 3}, stretch: [{within: 1}]}", "[]", "2023-06-30")
    assert [tier.reached for tier in unranked.tiers] == [None]
