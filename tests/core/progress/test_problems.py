"""What `check` will say about entries: one case per rule, and silence where nothing is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.core.progress import problems, rate_used

from .world import entries, policy, target

RATES: dict[str, Any] = {"rates": [{"from": "美元", "to": "元", "on": "2023-03-31", "rate": "6.9"}]}
SUM = "kind: accumulate, goal: {reach: 12 亿元}"
LEVEL = "kind: level, goal: {reach: 80 %}"
CHANGE = "kind: change, goal: {reach: 12 %}"
STEPS = "kind: milestone, steps: [{key: a, name: 立项}, {key: b, name: 开工}]"


def found(plan: str, *lines: str) -> list[tuple[str, str]]:
    rows = entries("\n".join(f"- {{on: 2023-04-30, {line}}}" for line in lines) or "[]")
    return [
        (problem.place.entry[-1], problem.code)
        for problem in problems(target(f"{{{plan}}}"), rows, policy(**RATES))
    ]


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
        (SUM, ["add: 3 亿元", "add: 3 亿元", "total: 5 亿元"], [("3", "falling-total")]),
        (SUM, ["add: 3 亿元", "add: 3 亿元", "total: 6 亿元"], []),
        (
            SUM,
            ["total: 3 亿元", "add: 一些", "total: 2 亿元"],
            [("2", "amount")],
        ),  # nothing sure to fall below
        (SUM, ["total: 3 亿元", "value: 1 亿元", "total: 2 亿元"], [("2", "foreign-figure")]),
        (SUM, ["total: 一些", "add: 3 家"], [("1", "amount"), ("2", "unit")]),  # in the order of the file
        (
            LEVEL,
            ["value: 3 家", "value: 70%, corrects: 9, reason: 甲", "value: 一些"],
            [("1", "unit"), ("2", "link-unknown"), ("3", "amount")],
        ),
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
        (
            LEVEL,  # both withdrawals withdrawn: the correction counts again, and `check` is at rest
            [
                "value: 70%",
                "value: 71%, corrects: 1, reason: 甲",
                "voids: 2, reason: 乙",
                "voids: 1, reason: 丙",
                "voids: 3, reason: 丁",
                "voids: 4, reason: 戊",
            ],
            [],
        ),
        (LEVEL, ["value: 70%", "voids: 1", "voids: 2, reason: 没写理由"], []),
        (LEVEL, ["value: 70%", "value: 71%, corrects: 1", "value: 71%, corrects: 2, reason: 补写"], []),
        (LEVEL, ["value: 70%, corrects: 9, reason: 甲", "voids: 1, reason: 编号错"], []),
    ],
)
def test_each_rule(plan: str, lines: list[str], rules: list[tuple[str, str]]) -> None:
    assert found(plan, *lines) == rules


def test_the_same_line_twice() -> None:
    rows = entries("- {id: 1, on: 2023-04-30, value: 70%}\n- {id: 1, on: 2023-04-30, value: 70%}")
    one = target(f"{{{LEVEL}}}")
    assert [problem.code for problem in problems(one, rows, policy())] == ["duplicate-id"]


def test_only_the_lines_of_the_target_are_reported_but_all_are_known() -> None:
    rows = entries(
        """
        - {on: 2023-04-30, target: other, value: 70%}
        - {on: 2023-04-30, value: 70%, corrects: 1, reason: 记错了目标}
        - {on: 2023-04-30, target: other, add: 70%}
        """
    )
    assert problems(target(f"{{{LEVEL}}}"), rows, policy()) == []


RANK = "kind: rank, goal: {within: 3}"
COMPARE = "kind: compare, goal: {above: 全省平均}"
JUDGEMENT = "kind: judgement"
POINTS = "kind: change, goal: {reach: 1 百分点}"

SAID = [
    (SUM, ["add: 一些"], "amount",
     "“一些”不能读作一个数量：“些”不是已知的单位", "新单位可由维护者写进 data/ledger.yaml 的单位表"),
    (SUM, ["add: 3 家"], "unit",
     "“家”不能换算成“元”：两者量的不是同一种东西", "请按“元”填写"),
    (SUM, ["rank: 2"], "foreign-figure",
     "这类目标不报位次", "请报本期新增或累计其中一个"),
    (SUM, ["add: 3 亿元, total: 3 亿元"], "figures",
     "一条里报了本期新增、累计，不能确定以哪个为准", "请报本期新增或累计其中一个"),
    (SUM, ["total: 3 万元", "total: 2.5 万元"], "falling-total",
     "累计数“2.5 万元”比此前的 0.0003亿元 小，按后一次计", "请核对；若此前多报，请更正此前那一条"),
    (SUM, ["total: 3 亿元", "add: 2 亿元"], "same-day",
     "2023-04-30 先报了累计数，又报增量“2 亿元”，增量已加在累计数之上", "如累计数已含这一笔，请作废这条增量"),
    (SUM, ["add: -1 亿元"], "negative-add",
     "增量“-1 亿元”是负数而没有说明", "请在说明里写明核减的原因"),
    (SUM, ["add: 1 亿美元"], "rate-unrecorded",
     "外币折算而未记所用汇率", "应记汇率“美元/元 2023-03-31 6.9”"),
    (SUM, ["add: 1 亿美元, rate: 美元/元 2023-03-31 7"], "rate-unknown",
     "所记汇率“美元/元 2023-03-31 7”不是汇率表里的“美元→元”汇率", "请核对 data/ledger.yaml 里的汇率表"),
    (SUM, ["add: 1 亿美元, rate: 欧元/元 2023-03-31 7.5"], "rate-unknown",
     "所记汇率“欧元/元 2023-03-31 7.5”不是汇率表里的“美元→元”汇率", "请核对 data/ledger.yaml 里的汇率表"),
    (SUM, ["add: 1 亿美元, rate: 美元/元 2023-06-30 7.2"], "rate-unknown",
     "所记汇率“美元/元 2023-06-30 7.2”晚于数据日期 2023-04-30", "请改用当日或更早的汇率"),
    (SUM, ["add: 1 亿欧元"], "no-rate",
     "没有2023-04-30或更早的“欧元→元”汇率，不能折算", "请在 data/ledger.yaml 的汇率表里写一条欧元兑元、日期不晚于2023-04-30的汇率"),
    (SUM, ["by: 李四"], "no-figure",
     "这一条没有报任何数，也没有说明", "请更正或作废"),
    (CHANGE, ["base: 3 家"], "half",
     "报了上年同期数，缺本期数", "要在同一条里报增减幅度，或本期数和上年同期数"),
    (CHANGE, ["value: 5%, current: 3 家, base: 2 家"], "figures",
     "一条里报了数值、本期数、上年同期数，不能确定以哪个为准",
     "请报增减幅度，或本期数和上年同期数"),
    (CHANGE, ["current: 3 家, base: 0 家"], "base",
     "上年同期数“0 家”不大于零，增减幅度没有意义", "请核对上年同期数，或改报增减幅度"),
    (CHANGE, ["current: 3 家, base: 2 户"], "unit",
     "“户”不能换算成“家”：两者量的不是同一种东西", "请按“家”填写"),
    (CHANGE, ["current: 一些, base: 2 户"], "amount",
     "“一些”不能读作一个数量：“些”不是已知的单位", "新单位可由维护者写进 data/ledger.yaml 的单位表"),
    (POINTS, ["current: 3 家, base: 2 家"], "unit",
     "“家”不能换算成“百分点”：两者量的不是同一种东西", "请按“百分点”填写"),
    (LEVEL, ["add: 3%"], "foreign-figure",
     "这类目标不报本期新增", "请报当前值"),
    (LEVEL, ["value: 3 百分点"], "unit",
     "“百分点”不能换算成“%”：% 是比例，百分点是两个比例之差", "请按“%”填写"),
    (RANK, ["of: 5"], "half",
     "报了参加排名的个数，缺位次", "要在同一条里报位次，可另报参加排名的个数"),
    (RANK, ["rank: 6, of: 5"], "rank-of",
     "位次 6 大于参加排名的个数 5", "请核对位次和参加排名的个数"),
    (RANK, ["step: a"], "foreign-figure",
     "这类目标不报步骤", "请报位次，可另报参加排名的个数"),
    (COMPARE, ["value: 5%"], "half",
     "报了数值，缺参照值", "要在同一条里报本地值和参照值"),
    (COMPARE, ["value: 5%, benchmark: 5 家"], "unit",
     "“家”不能换算成“%”：两者量的不是同一种东西", "请按“%”填写"),
    (STEPS, ["step: c"], "unknown-step",
     "没有步骤“c”", "步骤代号有：a、b"),
    (STEPS, ["step: a", "step: a"], "step-twice",
     "步骤“a”已在 2023-04-30 报过完成", "完成日期以先报的为准；若有误请更正那一条"),
    (STEPS, ["verdict: met"], "foreign-figure",
     "这类目标不报评定", "请报完成的步骤代号"),
    (JUDGEMENT, ["verdict: met"], "no-evidence",
     "评定达到而没有佐证", "请更正这一条，补上佐证材料"),
    (JUDGEMENT, ["current: 3 家, base: 2 家, benchmark: 1 家"], "foreign-figure",
     "这类目标不报本期数、上年同期数、参照值", "请报评定"),
    (LEVEL, ["value: 70%", "voids: 9, reason: 重复"], "link-unknown",
     "要作废的 9 不在本文件这一条之前，作废无效", "请核对编号"),
    (LEVEL, ["value: 70%", "value: 71%, corrects: 9, reason: 重复"], "link-unknown",
     "要更正的 9 不在本文件这一条之前，更正无效", "请核对编号"),
    (LEVEL, ["value: 70%", "value: 71%, corrects: 1"], "no-reason",
     "更正 1 而没有写理由", "请作废这一条，再写明理由重记"),
    (LEVEL, ["value: 70%", "voids: 1"], "no-reason",
     "作废 1 而没有写理由", "请作废这一条，再写明理由重记"),
    (LEVEL, ["value: 70%", "corrects: 1, voids: 1, reason: 重复"], "link",
     "一条不能既更正又作废", "请分两条写"),
    (LEVEL, ["value: 70%", "value: 9%, voids: 1, reason: 重复"], "void-figure",
     "作废的一条不应再报数，所报的数不计", "要改数请用更正"),
    (LEVEL, ["value: 70%", "value: 71%, corrects: 1, reason: 甲", "value: 72%, corrects: 1, reason: 乙"], "corrected-twice",
     "1 被更正了不止一次，以最后一次为准", "再要更正时请更正最近的那一条"),
    (LEVEL, ["value: 70%", "value: 71%, corrects: 1, reason: 甲", "voids: 1, reason: 乙"], "void-superseded",
     "作废的 1 已被 2 更正，更正后的那一条仍然有效", "要整笔撤回，请作废 2"),
    (LEVEL, ["value: 70%", "id: 1, value: 71%"], "duplicate-id",
     "编号 1 与前面一条相同，只计前面一条", "若本是另一条，请以新编号重新记账"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "lines", "rule", "message", "hint"), SAID)
def test_what_is_said_of_the_last_line(
    plan: str, lines: list[str], rule: str, message: str, hint: str
) -> None:
    rows = entries("\n".join(f"- {{on: 2023-04-30, {line}}}" for line in lines))
    rates = [*RATES["rates"], {"from": "美元", "to": "元", "on": "2023-06-30", "rate": "7.2"}]
    [problem] = [
        problem
        for problem in problems(target(f"{{{plan}}}"), rows, policy(rates=rates))
        if problem.place.entry == rows[-1].id
    ]
    short = [text.replace("0" * 25, "") for text in (problem.message, problem.hint)]
    assert (problem.code, *short) == (rule, message, hint)


def test_the_rate_that_log_has_to_record() -> None:
    rules = policy(**RATES)
    day = entries("- {on: 2023-04-30}")[0].on
    assert rate_used("1 亿美元", "元", day, rules) == "美元/元 2023-03-31 6.9"
    assert rate_used("1 亿元", "元", day, rules) is None
    assert rate_used("1 亿欧元", "元", day, rules) is None
    assert rate_used("1 家", "元", day, rules) is None
