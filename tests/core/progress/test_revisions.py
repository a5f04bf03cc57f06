"""What a status says of a target that was changed or closed, and how each kind of value is worded."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ledger.core.models.revisions import in_force
from ledger.core.progress.revisions import change_notes

from .world import commitment, status, target

CHANGED = "{on: 2023-06-30, by: 张三, reason: 纪要5号, was: "
SUM = "kind: accumulate, goal: {at_least: 8 家}, revisions: [" + CHANGED


@pytest.mark.parametrize(
    ("plan", "note"),
    [
        (SUM + "{goal: {at_least: 6 家}}}]", "目标自 2023-06-30 起为 ≥8家（原 ≥6家；纪要5号）"),
        (SUM + "{name: 旧名称}}]", "2023-06-30 名称由 旧名称 改为 目标（纪要5号）"),
        (SUM + "{due: 2023-11-30}}], due: 2023-12-15", "应完成日期自 2023-06-30 起为 2023-12-15（原 2023-11-30；纪要5号）"),
        (SUM + "{due: }}]", "应完成日期自 2023-06-30 起为 （没有）（原 （没有）；纪要5号）"),
        (SUM + "{weight: 0.5}}], weight: 1.25", "权重自 2023-06-30 起为 1.25（原 0.5；纪要5号）"),
        (SUM + "{plan: [{on: 2023-03-31, value: 2 万家}, {on: 2023-06-30, value: 4 万家}]}}]",
         "2023-06-30 分时段计划由 2023-03-31 2万家、2023-06-30 4万家 改为 （没有）（纪要5号）"),
        (SUM + "{closed: {on: 2023-05-31, by: 李四, evidence: [验收]}}}]", "2023-06-30 撤销 2023-05-31 销号（纪要5号）"),
        ("kind: level, goal: {reach: 4 亿元}, baseline: 3 亿元, revisions: [" + CHANGED + "{baseline: 2.5 亿元}}]",
         "2023-06-30 基期数由 2.5亿元 改为 3亿元（纪要5号）"),
        ("kind: rank, goal: {within: 3}, baseline: 6, revisions: [" + CHANGED + "{baseline: 5}}]", "2023-06-30 基期数由 5 改为 6（纪要5号）"),
        ("kind: rank, goal: {within: 3}, revisions: [" + CHANGED + "{goal: {up: 2}}}]", "目标自 2023-06-30 起为 前3位（原 提升2位；纪要5号）"),
        ("kind: compare, goal: {above: 全省平均}, unit: 元, revisions: [" + CHANGED + "{goal: {at_least: 全省平均}, unit: }}]",
         "目标自 2023-06-30 起为 高于全省平均（原 不低于全省平均；纪要5号）"),
    ],
)  # fmt: skip
def test_a_change_is_noted_with_its_day_and_reason(plan: str, note: str) -> None:
    assert change_notes(target(f"{{{plan}}}"))[0] == note


def test_a_commitments_own_changes_are_noted_too() -> None:
    revision = {"on": "2023-06-30", "by": "张三", "reason": "评定会", "was": {"difficulty": None}}
    one = commitment(difficulty="较难", revisions=[revision])
    assert change_notes(one) == ("评定难度自 2023-06-30 起为 较难（原 （没有）；评定会）",)


def shown(plan: str, day: str = "2023-06-30") -> tuple[Any, ...]:
    found = status(f"{{{plan}}}", "- {on: 2023-03-31, add: 2 家}", day)
    return found.goal, found.original_goal, found.notes


def test_a_goal_stands_beside_the_one_signed() -> None:
    twice = (
        SUM
        + "{goal: {at_least: 6 家}}}, {on: 2023-09-30, by: 张三, reason: 纪要9号, was: {goal: {at_least: 7 家}}}]"
    )
    notes = (
        "目标自 2023-06-30 起为 ≥7家（原 ≥6家；纪要5号）",
        "目标自 2023-09-30 起为 ≥8家（原 ≥7家；纪要9号）",
    )
    assert shown(twice, "2023-06-29") == ("≥6家", "≥6家", notes)
    assert shown(twice, "2023-06-30") == ("≥7家（原≥6家）", "≥6家", notes)
    assert shown(twice, "2023-12-31") == ("≥8家（原≥6家）", "≥6家", notes)


def test_a_change_counts_from_the_day_it_names() -> None:
    early = SUM.replace("by: 张三", "from: 2023-04-01, by: 张三") + "{goal: {at_least: 6 家}}}]"
    assert shown(early, "2023-03-31")[0] == "≥6家"
    assert shown(early, "2023-04-01")[0] == "≥8家（原≥6家）"


def test_a_goal_lowered_later_leaves_the_completion_of_the_days_before() -> None:
    plan = (
        "{kind: accumulate, goal: {at_least: 5 家}, revisions: [" + CHANGED + "{goal: {at_least: 10 家}}}]}"
    )
    entry = "- {on: 2023-03-31, add: 6 家}"
    before, after = status(plan, entry, "2023-06-29"), status(plan, entry, "2023-06-30")
    assert (before.completion, before.met) == (Fraction(6, 10), False)
    assert (after.completion, after.met) == (Fraction(6, 5), True)


def test_dated_fields_are_those_of_the_day_and_the_others_of_the_year() -> None:
    item = target(
        "{kind: level, goal: {reach: 4 亿元}, baseline: 3 亿元, due: 2023-11-30, weight: 2, "
        "closed: {on: 2023-10-31, by: 李四, evidence: [验收]}, revisions: ["
        + CHANGED
        + "{goal: {reach: 5 亿元}, baseline: 2 亿元, due: , weight: 1}}]}"
    )
    before, after = in_force(item, date(2023, 6, 29)), in_force(item, date(2023, 10, 30))
    assert (before.goal.wording, before.due, before.weight) == ("5亿元", None, 1)
    assert before.baseline == item.baseline
    assert (after.goal, after.due, after.weight, after.closed) == (item.goal, item.due, 2, None)
    assert in_force(item, date(2023, 10, 31)) is item


def test_a_goal_changed_back_is_not_shown_twice() -> None:
    back = SUM + "{goal: {at_least: 8 家}}}]"
    assert shown(back)[:2] == ("≥8家", "≥8家")


def test_another_change_leaves_the_goal_alone() -> None:
    assert shown(SUM + "{name: 旧名称}}]") == (
        "≥8家",
        None,
        ("2023-06-30 名称由 旧名称 改为 目标（纪要5号）",),
    )


CLOSED = (
    "kind: accumulate, goal: {at_most: 8 家}, closed: {on: 2023-05-31, by: 李四, evidence: [验收单, 纪要]"
)


@pytest.mark.parametrize(("more", "said"), [("", ""), (", reason: 取消", "；未达标，理由：取消")])
def test_a_closing_is_noted_behind_what_else_there_is(more: str, said: str) -> None:
    goal, signed, notes = shown(CLOSED + more + "}")
    assert (goal, signed) == ("≤8家", None)
    assert notes == ("上限 8家 要守到 2023-12-31", f"已于 2023-05-31 销号（李四；佐证：验收单、纪要{said}）")
