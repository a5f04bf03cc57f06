"""What `check` will say about entries: one case per rule, and silence where nothing is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.progress import problems, rate_used

from .world import entries, policy, target

RATES: dict[str, Any] = {"rates": [{"from": "美元", "to": "元", "on": "2023-03-31", "rate": "6.9"}]}
SUM = "kind: accumulate, goal: {reach: 12 亿元}"
LEVEL = "kind: level, goal: {reach: 80 %}"
CHANGE = "kind: change, goal: {reach: 12 %}"
STEPS = "kind: milestone, steps: [{key: a, name: 立项}, {key: b, name: 开工}]"


def found(plan: str, *lines: str) -> list[tuple[str, str]]:
    rows = entries("\n".join(f"- {{on: 2023-04-30, {line}}}" for line in lines) or "[]")
    return [(one.entry_id[-1], one.rule) for one in problems(target(f"{{{plan}}}"), rows, policy(**RATES))]


@pytest.mark.parametrize(
    ("plan", "lines", "rules"),
    [
        (SUM, ["add: 1 亿元", "add: 2 亿元", "total: 5 亿元"], []),
        (SUM, ["add: 一些"], [("1", "amount")]),
        (SUM, ["add: 约1亿元"], [("1", "amount")]),
        (SUM, ["add: 3 家"], [("1", "unit")]),
        (SUM, ["value: 3 亿元"], [("1", "foreign-figure")]),
        (SUM, ["add: 3 亿元, rank: 2"], [("1", "foreign-figure")]),
        (SUM, ["add: 3 亿元, total: 3 亿元"], [("1", "figures")]),
        (SUM, ["total: 3 亿元", "total: 2 亿元"], [("2", "falling-total")]),
        (SUM, ["add: 3 亿元", "total: 2 亿元"], [("2", "falling-total")]),
        (
            SUM,
            ["total: 3 亿元", "add: 一些", "total: 2 亿元"],
            [("2", "amount")],
        ),  # nothing sure to fall below
        (SUM, ["total: 3 亿元", "add: 2 亿元"], [("2", "same-day")]),
        (SUM, ["add: -1 亿元"], [("1", "negative-add")]),
        (SUM, ["add: -1 亿元, note: 核减"], []),
        (SUM, ["add: 0 亿元"], []),
        (SUM, ["total: 0 亿元"], []),
        (SUM, ["add: -1 亿元, reason: 核减"], []),
        (SUM, ["add: 1 亿美元"], [("1", "rate-unrecorded")]),
        (SUM, ["add: 1 亿美元, rate: 美元/元 2023-03-31 6.9"], []),
        (SUM, ["add: 1 亿美元, rate: 美元/元 2023-03-31 7"], [("1", "rate-unknown")]),
        (SUM, ["add: 1 亿欧元"], [("1", "no-rate")]),
        (SUM, ["by: 李四"], [("1", "no-figure")]),
        (SUM, ["note: 正在统计"], []),
        (LEVEL, ["value: 70%"], []),
        (LEVEL, ["add: 3%"], [("1", "foreign-figure")]),
        (LEVEL, ["value: 3 百分点"], [("1", "unit")]),
        (CHANGE, ["value: 5%", "current: 3 家, base: 2 家"], []),
        (CHANGE, ["value: 5%, current: 3 家, base: 2 家"], [("1", "figures")]),
        (CHANGE, ["current: 3 家"], [("1", "half")]),
        (CHANGE, ["base: 3 家"], [("1", "half")]),
        (CHANGE, ["current: 3 家, base: 0 家"], [("1", "base")]),
        (CHANGE, ["current: 3 家, base: 2 户"], [("1", "unit")]),
        ("kind: rank, goal: {within: 3}", ["rank: 3, of: 11"], []),
        ("kind: rank, goal: {within: 3}", ["rank: 12, of: 11"], [("1", "rank-of")]),
        ("kind: rank, goal: {within: 3}", ["of: 11"], [("1", "half")]),
        ("kind: compare, goal: {above: 全省平均}", ["value: 5%, benchmark: 4%"], []),
        ("kind: compare, goal: {above: 全省平均}", ["value: 5%"], [("1", "half")]),
        ("kind: compare, goal: {above: 全省平均}", ["benchmark: 5%"], [("1", "half")]),
        ("kind: compare, goal: {above: 全省平均}", ["rank: 5"], [("1", "foreign-figure")]),
        (STEPS, ["step: a", "step: b"], []),
        (STEPS, ["step: c"], [("1", "unknown-step")]),
        (STEPS, ["step: a", "step: a"], [("2", "step-twice")]),
        ("kind: milestone", ["value: 5%"], [("1", "foreign-figure")]),
        ("kind: judgement", ["verdict: met, evidence: [通报]"], []),
        ("kind: judgement", ["verdict: met"], [("1", "no-evidence")]),
        ("kind: judgement", ["verdict: unmet"], []),
        ("kind: judgement", ["value: 5%"], [("1", "foreign-figure")]),
        # links between lines
        (LEVEL, ["value: 70%", "value: 71%, corrects: 1, reason: 笔误"], []),
        (
            LEVEL,
            ["value: 7 家", "value: 71%, corrects: 1, reason: 单位"],
            [],
        ),  # what was corrected is history
        (LEVEL, ["value: 70%", "value: 71%, corrects: 1"], [("2", "no-reason")]),
        (LEVEL, ["value: 70%", "voids: 1, reason: 重复"], []),
        (LEVEL, ["value: 7 家", "voids: 1, reason: 单位"], []),
        (LEVEL, ["value: 70%", "voids: 1"], [("2", "no-reason")]),
        (LEVEL, ["value: 70%", "voids: 9, reason: 重复"], [("2", "link-unknown")]),
        (LEVEL, ["value: 70%, corrects: 2, reason: 笔误", "value: 71%"], [("1", "link-unknown")]),
        (LEVEL, ["value: 70%", "value: 9%, voids: 1, reason: 重复"], [("2", "void-figure")]),
        (LEVEL, ["value: 70%", "corrects: 1, voids: 1, reason: 重复"], [("2", "link")]),
        (
            LEVEL,
            ["value: 70%", "value: 71%, corrects: 1, reason: 甲", "value: 72%, corrects: 1, reason: 乙"],
            [("3", "corrected-twice")],
        ),
        (
            LEVEL,
            ["value: 70%", "value: 71%, corrects: 1, reason: 甲", "value: 72%, corrects: 2, reason: 乙"],
            [],
        ),
        (
            LEVEL,
            ["value: 70%", "value: 71%, corrects: 1, reason: 甲", "voids: 1, reason: 乙"],
            [("3", "void-superseded")],
        ),
        (
            LEVEL,
            [
                "value: 70%",
                "value: 71%, corrects: 1, reason: 甲",
                "voids: 2, reason: 乙",
                "voids: 1, reason: 丙",
            ],
            [],
        ),
    ],
)
def test_each_rule(plan: str, lines: list[str], rules: list[tuple[str, str]]) -> None:
    assert found(plan, *lines) == rules


def test_the_same_line_twice() -> None:
    rows = entries("- {id: 1, on: 2023-04-30, value: 70%}\n- {id: 1, on: 2023-04-30, value: 70%}")
    one = target(f"{{{LEVEL}}}")
    assert [problem.rule for problem in problems(one, rows, policy())] == ["duplicate-id"]


def test_only_the_lines_of_the_target_are_reported_but_all_are_known() -> None:
    rows = entries(
        """
        - {on: 2023-04-30, target: other, value: 70%}
        - {on: 2023-04-30, value: 70%, corrects: 1, reason: 记错了目标}
        - {on: 2023-04-30, target: other, add: 70%}
        """
    )
    assert problems(target(f"{{{LEVEL}}}"), rows, policy()) == []


def test_a_message_says_what_was_found_and_what_to_do() -> None:
    rows = entries("- {on: 2023-03-31, total: 3 亿元}\n- {on: 2023-04-30, total: 20000 万元}")
    (problem,) = problems(target(f"{{{SUM}}}"), rows, policy())
    assert problem.message == "累计数“20000 万元”比此前的 3亿元 小，以后报的为准"
    assert problem.hint == "请核对；若此前多报，请更正此前那一条"


def test_the_rate_that_log_has_to_record() -> None:
    rules = policy(**RATES)
    day = entries("- {on: 2023-04-30}")[0].on
    assert rate_used("1 亿美元", "元", day, rules) == "美元/元 2023-03-31 6.9"
    assert rate_used("1 亿元", "元", day, rules) is None
    assert rate_used("1 亿欧元", "元", day, rules) is None
    assert rate_used("1 家", "元", day, rules) is None
